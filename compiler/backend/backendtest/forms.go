package backendtest

import "github.com/decamp-dev/decamp/compiler/ir"

// others lists other values of the kinds whose values have a form or refer to
// something. Values that make the app meaningless are sorted out by ir.Verify.
var others = map[string]func(app *ir.App, p *place, old any) []any{
	"app.name":  words("changed-app"),
	"app.stage": words("changed"),

	"container.image":               words("registry.example.com/changed:9"),
	"container.build.context":       words("./changed"),
	"container.workdir":             words("/changed"),
	"container.files.config":        content,
	"container.files.secret":        content,
	"container.files.key":           content,
	"container.mounts.volume":       volume,
	"container.devices.permissions": words("w", "rw"),
	"container.ports.app":           words("h2c", "grpc"),
	"container.log.driver":          words("syslog", "journald"),
	"container.stop.signal":         words("SIGUSR1", "SIGHUP"),
	"container.security.seccomp":    words("unconfined", "default", "profiles/changed.json"),
	"container.security.apparmor":   words("unconfined", "default", "changed-profile"),
	"container.security.user":       words("1234", "changed"),
	"container.security.group":      words("1234", "changed"),

	"workload.schedule.cron":      words("30 4 * * 1", "*/7 * * * *"),
	"workload.schedule.timezone":  words("America/New_York", "Asia/Tokyo"),
	"workload.publish.on":         words("127.0.0.2", "0.0.0.0"),
	"workload.publish.range":      words("29000-29010"),
	"workload.networks.addresses": func(*ir.App, *place, any) []any { return []any{[]string{"172.28.0.77"}} },
	"workload.needs":              words(ir.Started, ir.Ready, ir.Completed),
	"workload.egress":             peer,
	"workload.ingress":            peer,
	"workload.placement.require":  rule,
	"workload.placement.prefer":   rule,

	"route.host":       words("changed.example.com"),
	"route.path":       words("/changed"),
	"route.to":         func(app *ir.App, _ *place, _ any) []any { return toAny(portRefs(app)) },
	"route.tls.secret": func(app *ir.App, _ *place, old any) []any { return names(app.Secrets, old.(string)) },

	"network.subnet":    words("172.30.0.0/24"),
	"endpoint.host":     words("changed.example.com"),
	"endpoint.scheme":   words("grpc", "http"),
	"endpoint.workload": func(app *ir.App, _ *place, old any) []any { return names(app.Workloads, old.(string)) },
	"endpoint.address":  words("10.99.0.9"),
	"secret.env":        words("CHANGED"),
	"secret.file":       words("./changed"),
}

// words offers the same values whatever the old one is.
func words(list ...any) func(*ir.App, *place, any) []any {
	return func(*ir.App, *place, any) []any { return list }
}

func content(app *ir.App, p *place, old any) []any { return otherSources(app, p, old.(string)) }

func volume(app *ir.App, _ *place, old any) []any { return names(app.Volumes, old.(string)) }

func peer(app *ir.App, _ *place, old any) []any { return otherPeers(app, old.(ir.Peer)) }

// rule changes each part of a condition on nodes.
func rule(_ *ir.App, _ *place, old any) []any {
	r := old.(ir.NodeRule)
	list := []any{ir.NodeRule{Label: "changed", Operator: r.Operator, Values: r.Values}}
	if r.Operator == "exists" {
		return append(list, ir.NodeRule{Label: r.Label, Operator: "==", Values: []string{"changed"}})
	}
	opposite := map[string]string{"==": "!=", "!=": "==", "in": "not in", "not in": "in"}
	return append(list,
		ir.NodeRule{Label: r.Label, Operator: opposite[r.Operator], Values: r.Values},
		ir.NodeRule{Label: r.Label, Operator: r.Operator, Values: append([]string{"changed"}, r.Values[1:]...)})
}

func toAny[T any](list []T) []any {
	result := make([]any, len(list))
	for i := range list {
		result[i] = list[i]
	}
	return result
}

// anyPort offers the ports of the container that a probe or hook asks.
func anyPort(app *ir.App, p *place, old any) []any {
	return names(containerAt(app, p).Ports, old.(string))
}
