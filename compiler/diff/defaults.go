package diff

import (
	"strings"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// fallbacks are the values of facts that nobody says, where they are the same
// everywhere. What a platform fills in otherwise, its reader says.
var fallbacks = map[string]string{
	"workload.kind":                 string(ir.Service),
	"workload.job.completions":      "1",
	"workload.job.parallel":         "1",
	"workload.schedule.timezone":    "UTC",
	"workload.schedule.overlap":     "allow",
	"container.pull":                "missing",
	"container.ports.protocol":      "tcp",
	"container.devices.permissions": "rwm",
	"container.security.pid":        "own",
	"container.security.ipc":        "own",
	"container.security.network":    "own",
	"route.path":                    "/",
	"route.match":                   "prefix",
	"secret.type":                   "opaque",
	"endpoint.real":                 "true",
}

// probes are the defaults of the three probes.
var probes = map[string]string{
	"every": ir.DefaultProbeEvery.String(), "timeout": ir.DefaultProbeTimeout.String(), "failures": "3", "successes": "1",
	"http.path": "/", "http.scheme": "http",
}

// fallback returns the word of a fact of that kind that is not said, and whether it
// has one.
func (c *comparer) fallback(kind string) (string, bool) {
	switch kind {
	case "workload.replicas":
		return "1", c.inBoth(func(w *ir.Workload) bool { return w.Scale == nil })
	case "workload.restart.policy":
		return "unless-stopped", c.inBoth(func(w *ir.Workload) bool { return !w.RunsToCompletion() })
	}
	if otherwise, ok := fallbacks[kind]; ok {
		return otherwise, true
	}
	if question, ok := strings.CutPrefix(kind, "container.health."); ok {
		_, field, _ := strings.Cut(question, ".")
		otherwise, ok := probes[field]
		return otherwise, ok
	}
	return "", false
}

// inBoth reports whether something holds for the workloads that are compared.
func (c *comparer) inBoth(holds func(*ir.Workload) bool) bool {
	return (c.workloadA == nil || holds(c.workloadA)) && (c.workloadB == nil || holds(c.workloadB))
}
