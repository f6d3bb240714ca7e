package kubernetes

import (
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/support"
)

// table says what becomes of each kind of fact.
func table() support.Table {
	var t support.Table
	t = append(t, appRows()...)
	t = append(t, workloadRows()...)
	t = append(t, reachRows()...)
	t = append(t, containerRows()...)
	t = append(t, healthRows()...)
	t = append(t, securityRows()...)
	return t
}

func native(fact, source string, cases ...support.Case) support.Row {
	return support.Row{Fact: fact, Level: support.Native, Source: source, Cases: cases}
}

func emulated(fact, means, source string, cases ...support.Case) support.Row {
	return support.Row{Fact: fact, Level: support.Emulated, Means: means, Source: source, Cases: cases}
}

func approximated(fact, means, source string, cases ...support.Case) support.Row {
	return support.Row{Fact: fact, Level: support.Approximated, Means: means, Source: source, Cases: cases}
}

func dropped(fact, means, source string, cases ...support.Case) support.Row {
	return support.Row{Fact: fact, Level: support.Dropped, Means: means, Source: source, Cases: cases}
}

func when(doc string, holds func(*ir.Fact) bool, level support.Level, means string) support.Case {
	return support.Case{When: support.Condition{Doc: doc, Holds: holds}, Level: level, Means: means}
}

func below(version string, level support.Level, means string) support.Case {
	return support.Case{Below: version, Level: level, Means: means}
}

func isKind(kinds ...ir.Kind) func(*ir.Fact) bool {
	return func(f *ir.Fact) bool {
		for _, k := range kinds {
			if f.Workload != nil && f.Workload.KindOrDefault() == k {
				return true
			}
		}
		return false
	}
}

func hasRole(role ir.Role) func(*ir.Fact) bool {
	return func(f *ir.Fact) bool { return f.Role == role }
}

func isWord(words ...string) func(*ir.Fact) bool {
	return func(f *ir.Fact) bool {
		for _, w := range words {
			if f.Word() == w {
				return true
			}
		}
		return false
	}
}

func both(conditions ...func(*ir.Fact) bool) func(*ir.Fact) bool {
	return func(f *ir.Fact) bool {
		for _, holds := range conditions {
			if !holds(f) {
				return false
			}
		}
		return true
	}
}

func isStateful(f *ir.Fact) bool { return f.Workload != nil && f.Workload.Stateful }

func onHostNetwork(f *ir.Fact) bool {
	return f.Workload != nil && f.Workload.Security != nil && f.Workload.Security.Network == "host"
}

// isUnshared holds for a Deployment that mounts a volume of one node.
func isUnshared(f *ir.Fact) bool {
	return f.Workload != nil && !f.Workload.Stateful && f.Workload.KindOrDefault() == ir.Service && holdsUnshared(f.App, f.Workload)
}
