package compiler

import (
	"github.com/decamp-dev/decamp/compiler/audit"
	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// Audit holds apps against the targets of a request: one report for each app, in
// their order. From the request only targets, versions and optimisations count.
// measure has the lines counted that each optimisation adds.
func Audit(set backend.Set, apps []*ir.App, r Request, w audit.Weights, measure bool) ([]audit.Report, diag.List) {
	selected, list := selectTargets(set, r)
	if list.HasErrors() {
		return nil, list.Normalize()
	}
	targets := make([]audit.Target, len(selected))
	for i, b := range selected {
		passes, _ := b.SelectPasses(r.Optimize)
		targets[i] = audit.Target{Backend: b, Options: backend.Options{Version: r.Versions[b.Name], Passes: passes, Folder: "."}, Measure: measure}
	}
	reports := make([]audit.Report, len(apps))
	for i, app := range apps {
		reports[i] = audit.Of(app, targets, w)
	}
	return reports, list.Normalize()
}
