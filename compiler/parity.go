package compiler

import (
	"fmt"
	"strings"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/diff"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/parity"
	"github.com/decamp-dev/decamp/compiler/spec"

	"github.com/decamp-dev/decamp/compiler/backend"
)

// SpecParity says in what the stages of a spec differ, each point with the place that
// declares it.
func SpecParity(set backend.Set, r Request, ignore []string) (parity.Report, []*ir.App, diag.List) {
	document, list := parse(r)
	if document == nil || list.HasErrors() {
		return parity.Report{}, nil, list
	}
	apps, found := load(set, r)
	if list = append(list, found...); list.HasErrors() {
		return parity.Report{}, nil, list.Normalize()
	}
	stages := make([]parity.Stage, len(apps))
	for i, app := range apps {
		stages[i] = parity.Stage{Name: app.Stage, Side: diff.Side{App: app}}
	}
	report := Parity(stages, ignore, document)
	for i := range report.Points {
		if p := &report.Points[i]; len(p.Reasons) == 0 { // stages have nothing else to differ by
			p.Reasons = []parity.Reason{{Text: "the spec refers to ${stage}"}}
		}
	}
	return report, apps, list.Normalize()
}

// Parity says in what stages differ, wherever each was read from. What may differ is
// what the spec declares; without one, what the language lets stages vary.
func Parity(stages []parity.Stage, ignore []string, declaring *spec.Document) parity.Report {
	declared := byLanguage
	if declaring != nil {
		declared = bySpec(declaring)
	}
	return parity.Of(stages, diff.Options{Ignore: ignore, Secret: spec.LooksSecret}, declared)
}

// ParseSpec reads a spec for what its stages declare.
func ParseSpec(r Request) (*spec.Document, diag.List) { return parse(r) }

func byLanguage(path string) []parity.Reason {
	if rule, ok := spec.MayVary(path); ok {
		return []parity.Reason{{Text: rule}}
	}
	return nil
}

// bySpec returns the declarations of a spec that cover a path: those of the path
// itself, of what holds it or lies in it, and where there are none, of vars.
func bySpec(document *spec.Document) func(path string) []parity.Reason {
	allowed, declarations := document.Allowances(), document.Declarations()
	return func(path string) []parity.Reason {
		var reasons []parity.Reason
		for _, a := range allowed {
			if covers(a.Path, path) {
				reasons = append(reasons, parity.Reason{Text: "parity: " + a.Why, At: a.At})
			}
		}
		for _, d := range declarations {
			if covers(d.Path, path) {
				reasons = append(reasons, parity.Reason{Text: fmt.Sprintf("stage %s declares %s", d.Stage, d.Path), At: d.At})
			}
		}
		if len(reasons) > 0 {
			return reasons
		}
		for _, d := range declarations {
			if strings.HasPrefix(d.Path, "vars.") {
				reasons = append(reasons, parity.Reason{Text: fmt.Sprintf("stage %s declares %s", d.Stage, d.Path), At: d.At})
			}
		}
		return reasons
	}
}

// covers reports whether a declaration is about a path of an app. The content of a
// config stands in an app where a spec names its file.
func covers(declared, path string) bool {
	if segments := ir.SplitPath(path); len(segments) > 2 && segments[0] == "configs" {
		path = ir.JoinPath("configs", segments[1])
	}
	return ir.HasPathPrefix(path, declared) || ir.HasPathPrefix(declared, path)
}
