package nomad

import "github.com/decamp-dev/decamp/compiler/backend"

// Name is the platform's name in flags, diagnostics and reports.
const Name = "nomad"

// The forms of the artifacts.
const (
	formatHCL  = "hcl"
	formatJSON = "json"
)

const description = `HashiCorp Nomad with the docker driver
One job for each workload (<workload>.nomad.hcl), one group in it, one task for each
container; services with Nomad's own provider, secrets as Nomad variables, a
specification for each volume (<volume>.volume.hcl).`

// New returns the backend.
func New() *backend.Backend {
	return &backend.Backend{
		Name:     Name,
		Doc:      description,
		Version:  "1.11",
		Support:  table(),
		Passes:   passes(),
		Formats:  []string{formatHCL, formatJSON},
		Codes:    Codes(),
		Detect:   detect,
		Read:     Read,
		Fields:   fields,
		Defaults: []backend.Default{{Fact: "container.stop.grace", Value: "5s"}},
		Emit:     Emit,
		Check:    Check,
	}
}
