package diff

import (
	"slices"

	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/support"
)

// facts are those of one side, with what the other side's platform makes of each.
type facts struct {
	known  bool
	levels []level
	below  map[string][2]int // path → the facts at and below it, which follow each other
}

type level struct {
	support.Level
	means string
}

// silence says whether the platform of the silent side cannot say what is at a path
// of the other one, and what it makes of it.
func (c *comparer) silence(f *facts, speaking, silent Side, path string) (cannot, because string) {
	some, worst := f.at(speaking, silent, path)
	if len(some) == 0 {
		return "", ""
	}
	if !slices.ContainsFunc(some, func(l level) bool { return l.Level != support.Dropped }) {
		return silent.Platform.Name, worst.means
	}
	if worst.Level >= support.Emulated {
		return "", worst.Level.String() + " on " + silent.Platform.Name + ": " + worst.means
	}
	return "", ""
}

// inevitable says whether the silent side's platform can say what is at a path of the
// other one only otherwise: its default is as near as it comes.
func (c *comparer) inevitable(f *facts, speaking, silent Side, path string) (cannot, because string) {
	if _, worst := f.at(speaking, silent, path); worst.Level >= support.Approximated {
		return silent.Platform.Name, worst.means
	}
	return "", ""
}

// at returns what the silent side's platform makes of the facts at and below a path,
// and the worst of it.
func (f *facts) at(speaking, silent Side, path string) (some []level, worst level) {
	if silent.Platform == nil || silent.Platform.Support == nil {
		return nil, level{}
	}
	if !f.known {
		f.fill(speaking.App, silent.Platform.Support)
	}
	between, ok := f.below[path]
	if !ok {
		return nil, level{}
	}
	some = f.levels[between[0]:between[1]]
	return some, slices.MaxFunc(some, func(a, b level) int { return int(a.Level) - int(b.Level) })
}

// needless says whether a thing of that kind holds on the silent side's platform
// without being said.
func needless(silent Side, kind string) (platform, because string) {
	if silent.Platform == nil {
		return "", ""
	}
	if d := silent.Platform.Default(kind); d != nil && d.Value == "" {
		return silent.Platform.Name, "It need not be said there: " + d.Means
	}
	return "", ""
}

func (f *facts) fill(app *ir.App, table support.Table) {
	f.known, f.below = true, map[string][2]int{}
	rows := map[string]*support.Row{}
	ir.Walk(app, func(fact *ir.Fact) {
		row, known := rows[fact.Kind]
		if !known {
			row = table.Row(fact.Kind)
			rows[fact.Kind] = row
		}
		l := level{Level: support.Native}
		if row != nil {
			l.Level, l.means = row.At(fact, "")
		}
		n := len(f.levels)
		f.levels = append(f.levels, l)
		path := fact.Path()
		f.note(path, n)
		for i := len(path) - 1; i > 0; i-- {
			if path[i] == '.' || path[i] == '[' {
				f.note(path[:i], n)
			}
		}
	})
}

func (f *facts) note(path string, n int) {
	between, ok := f.below[path]
	if !ok {
		between[0] = n
	}
	between[1] = n + 1
	f.below[path] = between
}
