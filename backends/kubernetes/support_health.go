package kubernetes

import (
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/support"
)

// healthRows are about probes.
func healthRows() []support.Row {
	once := "A container that has begun, or is alive, is so at the first success on Kubernetes."
	init := when("when the container is an init container", hasRole(ir.Init), support.Dropped, "An init container runs to its end before anything asks.")
	value := when("when the command needs a secret or a config", needsValue, support.Dropped,
		"Kubernetes fills no such values into probes. Let a script in the image read them from variables.")
	rows := []support.Row{native("container.health", "Container probes", init)}
	for _, p := range []struct{ name, source string }{{"startup", "startupProbe"}, {"ready", "readinessProbe"}, {"live", "livenessProbe"}} {
		kind := "container.health." + p.name
		rows = append(rows,
			native(kind, "Container."+p.source, init),
			native(kind+".exec", "Container."+p.source+".exec", init, value),
		)
		if p.name != "ready" {
			rows = append(rows, dropped(kind+".successes", once, "Probe.successThreshold", init,
				when("when it is 1", isWord("1"), support.Native, "")))
		}
	}
	return rows
}
