package kubernetes

import "github.com/decamp-dev/decamp/compiler/backend"

// Name of the platform in flags, diagnostics and reports.
const Name = "kubernetes"

// newest is the version of Kubernetes that the table and the judges speak of.
const newest = "1.35"

// New returns the backend.
func New() *backend.Backend {
	return &backend.Backend{
		Name: Name,
		Doc: "Kubernetes\n\nPlain manifests for `kubectl apply -f DIR`: one file a workload with all that belongs to it, " +
			"and configs.yaml, volumes.yaml, routes.yaml, priorities.yaml, secrets.yaml where the app has such things. " +
			"The namespace is chosen by who applies them.",
		Version:  newest,
		Support:  table(),
		Passes:   passes(),
		Codes:    Codes(),
		Defaults: []backend.Default{{Fact: "container.stop.grace", Value: "30s"}},
		Emit:     emit,
		Check:    check,
		Detect:   detect,
		Read:     read,
		Fields:   fields,
	}
}
