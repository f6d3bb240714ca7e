package swarm

import (
	"slices"
	"strconv"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// nodeLabels are what Swarm itself knows of a node, by the neutral names; everything
// else is a label that somebody gives the node.
var nodeLabels = map[string]string{
	"host": "node.hostname", "hostname": "node.hostname", "name": "node.hostname",
	"role": "node.role", "os": "node.platform.os", "arch": "node.platform.arch",
}

// arches are the names of processors by the kernel, which nodes report.
var arches = map[string]string{"amd64": "x86_64", "arm64": "aarch64", "arm": "armv7l", "386": "i686"}

func nodeLabel(label string) string {
	if own, ok := nodeLabels[label]; ok {
		return own
	}
	return "node.labels." + label
}

// constraints writes a rule; false where Swarm, which compares with one value and has
// no "or", cannot say it.
func constraints(r ir.NodeRule) (list []string, ok bool) {
	label := nodeLabel(r.Label)
	value := func(v string) string {
		if other, known := arches[v]; known && r.Label == "arch" {
			return other
		}
		return v
	}
	switch {
	case r.Operator == "==", r.Operator == "!=":
		return []string{label + " " + r.Operator + " " + value(r.Values[0])}, true
	case r.Operator == "in" && len(r.Values) == 1:
		return []string{label + " == " + value(r.Values[0])}, true
	case r.Operator == "not in":
		for _, v := range r.Values {
			list = append(list, label+" != "+value(v))
		}
		return list, true
	}
	return nil, false
}

// place says on which nodes a service runs.
func (e *emitter) place(u *unit, w *ir.Workload) {
	p := w.Placement
	if p == nil {
		return
	}
	to := &u.Deploy.Placement
	for _, rule := range p.Require {
		list, _ := constraints(rule)
		to.Constraints = append(to.Constraints, list...)
	}
	if p.Arch != "" {
		arch := p.Arch
		if other, known := arches[arch]; known {
			arch = other
		}
		to.Constraints = append(to.Constraints, "node.platform.arch == "+arch)
	}
	if p.OS != "" {
		to.Constraints = append(to.Constraints, "node.platform.os == "+p.OS)
	}
	for _, s := range p.Spread {
		if s != "host" { // over nodes Swarm spreads by itself
			to.Preferences = append(to.Preferences, preference{Spread: nodeLabel(s)})
		}
	}
}

// pinned reports whether the data of a volume is on one node only.
func pinned(v *ir.Volume) bool {
	if v == nil || v.External != "" || v.Driver != "" && v.Driver != "local" {
		return false
	}
	kind, _ := v.Options.Get("type")
	return kind == "" || kind == "none" || kind == "bind"
}

// pin keeps a service on the node that has its volumes: elsewhere Docker would make an
// empty one of the same name.
func (e *emitter) pin(u *unit, c *ir.Container) {
	if !e.options.Passes[passPinVolumes] {
		return
	}
	for _, m := range c.Mounts {
		name := m.Value.Volume
		if name == "" || !pinned(e.app.Volumes.Ref(name)) {
			continue
		}
		constraint := "node.labels." + e.pinLabel(name) + " == true"
		if !slices.Contains(u.Deploy.Placement.Constraints, constraint) {
			u.Deploy.Placement.Constraints = append(u.Deploy.Placement.Constraints, constraint)
		}
	}
}

func (e *emitter) pinLabel(volume string) string { return stack(e.app) + "." + volume }

// notePins says which nodes need which labels.
func (e *emitter) notePins() {
	if !e.options.Passes[passPinVolumes] {
		return
	}
	for i := range e.app.Volumes {
		name := e.app.Volumes[i].Key
		if !pinned(&e.app.Volumes[i].Value) || !e.mounted(name) {
			continue
		}
		e.report(diag.Note, CodeNodeLabel, ir.JoinPath("volumes", name), "a node has to be chosen for the volume "+strconv.Quote(name),
			"Its data is on one node, and what mounts it runs there: docker node update --label-add "+e.pinLabel(name)+"=true NODE")
	}
}

func (e *emitter) mounted(volume string) bool {
	for i := range e.app.Workloads {
		found := false
		ir.EachContainer(&e.app.Workloads[i].Value, "", func(_, _ string, _ ir.Role, c *ir.Container) {
			for _, m := range c.Mounts {
				found = found || m.Value.Volume == volume
			}
		})
		if found {
			return true
		}
	}
	return false
}
