package diff

import (
	"reflect"
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

// otherwise returns the word of what the silent side means by saying nothing, and
// whether that is known: its platform's default, or what is the default everywhere. A
// spec leaves to the platform what that one decides.
func (c *comparer) otherwise(silent, speaking Side, kind string) (string, bool) {
	if silent.Platform != nil {
		if d := silent.Platform.Default(kind); d != nil && d.Value != "" {
			return d.Value, true
		}
	}
	if word, ok := c.fallback(kind); ok {
		return word, true
	}
	if silent.Platform == nil && speaking.Platform != nil {
		if d := speaking.Platform.Default(kind); d != nil && d.Value != "" {
			return d.Value, true
		}
	}
	return "", false
}

// platformDefaults notes what neither side says of a container, where the platforms
// differ in what they then do.
func (c *comparer) platformDefaults(a, b reflect.Value, pathA, pathB string) {
	if c.a.Platform == nil || c.b.Platform == nil || c.a.Platform == c.b.Platform {
		return
	}
	atA, atB := pathA, pathB
	for _, d := range c.a.Platform.Defaults {
		pathA, pathB = atA, atB
		other := c.b.Platform.Default(d.Fact)
		field, ok := strings.CutPrefix(d.Fact, "container.")
		if other == nil || !ok || d.Value == "" || other.Value == "" || d.Value == other.Value || says(a, field) || says(b, field) {
			continue
		}
		for key := range strings.SplitSeq(field, ".") {
			pathA, pathB = ir.JoinPath(pathA, key), ir.JoinPath(pathB, key)
		}
		c.add(Change{Sort: Changed, Path: pathA, Kind: d.Fact, A: d.Value + " (the default)", B: other.Value + " (the default)"}, pathB)
	}
}

// says reports whether a struct says something of a field, given as keys with dots
// between.
func says(v reflect.Value, field string) bool {
	key, below, deeper := strings.Cut(field, ".")
	s := ir.ShapeOf(v.Type())
	for i := range s.Fields {
		if f := &s.Fields[i]; f.Key == key {
			value := v.FieldByIndex(f.Index)
			if !deeper || !said(value) {
				return said(value)
			}
			return says(reflect.Indirect(value), below)
		}
	}
	return false
}

// inBoth reports whether something holds for the workloads that are compared.
func (c *comparer) inBoth(holds func(*ir.Workload) bool) bool {
	return (c.workloadA == nil || holds(c.workloadA)) && (c.workloadB == nil || holds(c.workloadB))
}
