package backendtest

import (
	"fmt"
	"strings"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/support"
)

// outcome is what became of one mutation.
type outcome struct {
	mutation  mutation
	demand    demand
	differs   bool
	refused   bool // the backend answered with an error
	artifacts []backend.Artifact
	shown     []string // paths of facts that are in the files before or after
	violation *Violation
}

// saidAnyway accepts that taking a fact out changes nothing: its value is then what
// the platform does by itself. That is believed only where every other value is
// seen in the files, or is dropped with a diagnostic.
func saidAnyway(all []outcome) bool {
	seen := false
	for i := range all {
		if all[i].mutation.sort != changed {
			continue
		}
		if all[i].violation != nil {
			return false
		}
		seen = seen || all[i].differs
	}
	return seen
}

// presence reports whether a change takes away, or moves, a struct that is more than
// the dropped facts in it: a mount is there, although its size is dropped.
func (p *prover) presence(m *mutation) bool {
	if m.place.leaf || m.sort == emptied {
		return false
	}
	row := p.levels.row(m.place.kind)
	return row == nil || row.Level != support.Dropped || len(row.Cases) > 0
}

// seenWithoutPasses emits without passes. A pass may say by itself what the app says:
// then only what is emitted without it shows that the fact was there.
func (p *prover) seenWithoutPasses(of *outcome, app *ir.App) bool {
	o := p.options
	o.Passes = backend.Passes{}
	p.plain.Do(func() { p.emissionPlain = emit(p.backend, ir.Clone(p.app), o) })
	return p.seen(of, p.emissionPlain.artifacts, emit(p.backend, app, o).artifacts)
}

// seen reports whether a change shows. What only people read may show in a comment.
func (p *prover) seen(o *outcome, before, after []backend.Artifact) bool {
	if o.demand == mustDiffer && isForPeople(o.mutation.place.kind) {
		return !sameArtifacts(before, after)
	}
	return !obeyed(before, after)
}

func (p *prover) judge(o *outcome, differences []difference) *Violation {
	problem := ""
	switch {
	case o.demand == mustDiffer && !o.differs && !sameArtifacts(p.emission.artifacts, o.artifacts):
		problem = "the files have to change, and nothing but a comment does" + where(p.emission.artifacts, o.artifacts)
	case o.demand == mustDiffer && !o.differs:
		problem = "the files have to change, and they stay the same"
	case o.demand == mustAgree && o.differs:
		problem = "the files have to stay the same, and they change" + where(p.emission.artifacts, o.artifacts)
	default:
		return nil
	}
	v := p.violation(&o.mutation, differences, "mutation", problem)
	return &v
}

// named demands a diagnostic for each fact that the change puts, or leaves, at a
// level that has to be said.
func (p *prover) named(m *mutation, app *ir.App, differences []difference) (list []Violation) {
	var findings diag.List
	for _, d := range differences {
		if d.after == nil || d.after.level < support.Approximated {
			continue
		}
		if findings == nil {
			findings = support.Diagnostics(app, p.backend.Name, support.Assess(app, p.backend.Support, p.backend.Version), support.Policy{})
		}
		if problem := unnamed(d.after, findings); problem != "" {
			list = append(list, p.violation(m, differences, "diagnostic", problem))
		}
	}
	return list
}

// unnamed says what is missing where no diagnostic names the fact.
func unnamed(f *fact, findings diag.List) string {
	code := support.CodeApproximated
	if f.level == support.Dropped {
		code = support.CodeDropped
	}
	for i := range findings {
		if d := &findings[i]; d.Code == code && ir.HasPathPrefix(f.at, d.Path) && d.Severity <= diag.Warning {
			return ""
		}
	}
	return fmt.Sprintf("no warning %q names %s or what holds it", code, f.at)
}

func (p *prover) violation(m *mutation, differences []difference, check, problem string) Violation {
	at := m.place
	return Violation{
		Check: check, Kind: at.kind, Path: at.path, Role: at.role, Life: at.life,
		From: m.from, To: m.to, Level: promise(at, differences), Problem: problem,
	}
}

// promise words the levels of the fact that was changed, and where that is no fact
// of its own, of those that differ.
func promise(at *place, differences []difference) string {
	var words []string
	for _, d := range differences {
		text := levelOf(d.before) + " → " + levelOf(d.after)
		if d.before != nil && d.after != nil && d.before.level == d.after.level {
			text = levelOf(d.before)
		}
		path := ""
		if d.before != nil {
			path = d.before.path
		} else {
			path = d.after.path
		}
		if path != at.path {
			text = path + " " + text
		}
		words = append(words, text)
	}
	const most = 4
	if len(words) > most {
		words = append(words[:most], fmt.Sprintf("and %d more", len(words)-most))
	}
	return strings.Join(words, "; ")
}

func levelOf(f *fact) string {
	if f == nil {
		return "not said"
	}
	return f.level.String()
}

// where shows the first line that differs.
func where(a, b []backend.Artifact) string {
	for i := range a {
		if i >= len(b) || a[i].Path != b[i].Path {
			return fmt.Sprintf(" (other files, from %s on)", a[i].Path)
		}
		before, after := strings.Split(string(a[i].Data), "\n"), strings.Split(string(b[i].Data), "\n")
		for j := range before {
			if j >= len(after) || before[j] != after[j] {
				line := ""
				if j < len(after) {
					line = after[j]
				}
				return fmt.Sprintf(" (%s:%d: %q, was %q)", a[i].Path, j+1, short(strings.TrimSpace(line)), short(strings.TrimSpace(before[j])))
			}
		}
	}
	return " (more files)"
}
