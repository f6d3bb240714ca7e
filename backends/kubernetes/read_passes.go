package kubernetes

import (
	"reflect"
	"slices"

	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// passFacts are facts that a pass writes by itself: each takes one of them away from a
// workload, and reports whether it was there.
var passFacts = []func(*ir.Workload) bool{
	func(w *ir.Workload) bool {
		if w.Placement == nil || w.Placement.Spread == nil {
			return false
		}
		placement := *w.Placement
		placement.Spread = nil
		w.Placement = &placement
		if placement.Require == nil && placement.Prefer == nil && placement.Arch == "" && placement.OS == "" {
			w.Placement = nil
		}
		return true
	},
	func(w *ir.Workload) bool {
		found := w.Disruption != nil
		w.Disruption = nil
		return found
	},
	func(w *ir.Workload) bool {
		if !allAtOnce(w.Update) {
			return false
		}
		update := *w.Update
		update.Order, update.Parallel = "", ir.Amount{}
		w.Update = &update
		if update == (ir.Update{}) {
			w.Update = nil
		}
		return true
	},
}

// dropPassFacts takes away what the passes have written where decamp wrote the files:
// without it the same files are written.
func (r *sourceReader) dropPassFacts() {
	if !r.own {
		return
	}
	for i := range r.app.Workloads {
		ir.EachContainer(&r.app.Workloads[i].Value, "", func(_, _ string, _ ir.Role, c *ir.Container) { dropSeccomp(c) })
	}
	for _, drop := range passFacts {
		without := ir.Clone(r.app)
		var found []string
		for i := range without.Workloads {
			if drop(&without.Workloads[i].Value) {
				found = append(found, without.Workloads[i].Key)
			}
		}
		if len(found) == 0 {
			continue
		}
		with, less := r.written(r.app), r.written(without)
		for _, name := range found {
			path := ir.JoinPath("workloads", name)
			if slices.EqualFunc(with[path], less[path], (*document.Value).Equal) {
				drop(r.app.Workloads.Ref(name))
			}
		}
	}
}

// written emits an app as decamp does by default, and returns the objects of each
// workload.
func (r *sourceReader) written(app *ir.App) map[string][]*document.Value {
	e := newEmitter(app, backend.Options{Passes: r.passes()})
	e.keep = true
	e.run()
	objects := map[string][]*document.Value{}
	for _, o := range e.kept {
		if segments := ir.SplitPath(o.on); len(segments) > 1 && segments[0] == "workloads" {
			path := ir.JoinPath(segments[0], segments[1])
			objects[path] = append(objects[path], o.value)
		}
	}
	return objects
}

// dropSeccomp takes away the profile that the pass gives to all pods.
func dropSeccomp(c *ir.Container) {
	if c.Security == nil || c.Security.Seccomp != "default" {
		return
	}
	security := *c.Security
	security.Seccomp = ""
	c.Security = &security
	if reflect.ValueOf(security).IsZero() {
		c.Security = nil
	}
}
