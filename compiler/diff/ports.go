package diff

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/source"
)

// renames are other names of the ports of a workload: the name in B → the name in A.
type renames map[string]string

// alignPorts gives the ports of B the names that they have in A, where number and
// protocol are the same: a port's name is a handle, and many platforms have none. B
// stays as it is; the app that is returned is located in B's files.
func alignPorts(a, b *ir.App) *ir.App {
	all := map[string]renames{}
	for i := range b.Workloads {
		name := b.Workloads[i].Key
		if w := a.Workloads.Ref(name); w != nil {
			if r := renamesOf(w, &b.Workloads[i].Value); len(r) > 0 {
				all[name] = r
			}
		}
	}
	if len(all) == 0 {
		return b
	}
	aligned := ir.Clone(b)
	for name, r := range all {
		r.workload(aligned.Workloads.Ref(name))
	}
	for i := range aligned.Routes {
		to := &aligned.Routes[i].Value.To
		to.Port = all[to.Workload].name(to.Port)
	}
	ir.Walk(aligned, func(f *ir.Fact) { references(f, all) })
	aligned.Locator = renamedLocator{b, all}
	return aligned
}

func renamesOf(a, b *ir.Workload) renames {
	portsA, portsB := portsOf(a), portsOf(b)
	r := renames{}
	for _, p := range portsB {
		i := slices.IndexFunc(portsA, func(q port) bool { return q.at == p.at })
		if i < 0 || portsA[i].name == p.name || named(portsA, p.name) || named(portsB, portsA[i].name) {
			continue
		}
		r[p.name] = portsA[i].name
	}
	return r
}

// port is a port of a container: where it is, and how it is called.
type port struct{ at, name string }

func portsOf(w *ir.Workload) []port {
	var all []port
	ir.EachContainer(w, "", func(path, _ string, _ ir.Role, c *ir.Container) {
		for _, p := range c.Ports {
			all = append(all, port{fmt.Sprintf("%s/%d/%s", path, p.Value.Port, p.Value.ProtocolOrDefault()), p.Key})
		}
	})
	return all
}

func named(ports []port, name string) bool {
	return slices.ContainsFunc(ports, func(p port) bool { return p.name == name })
}

func (r renames) name(old string) string {
	if name, ok := r[old]; ok {
		return name
	}
	return old
}

// workload renames the ports of a workload, and those that its own fields name.
func (r renames) workload(w *ir.Workload) {
	for i := range w.Publish {
		w.Publish[i].Key = r.name(w.Publish[i].Key)
	}
	ir.EachContainer(w, "", func(_, _ string, _ ir.Role, c *ir.Container) {
		for i := range c.Ports {
			c.Ports[i].Key = r.name(c.Ports[i].Key)
		}
		if c.Health != nil {
			for _, p := range []*ir.Probe{c.Health.Startup, c.Health.Ready, c.Health.Live} {
				r.probe(p)
			}
		}
		if c.Stop != nil {
			r.hook(c.Stop.Before)
		}
		if c.Hooks != nil {
			r.hook(c.Hooks.AfterStart)
		}
	})
}

func (r renames) probe(p *ir.Probe) {
	if p == nil {
		return
	}
	if p.HTTP != nil {
		p.HTTP.Port = r.name(p.HTTP.Port)
	}
	if p.TCP != nil {
		p.TCP.Port = r.name(p.TCP.Port)
	}
	if p.GRPC != nil {
		p.GRPC.Port = r.name(p.GRPC.Port)
	}
}

func (r renames) hook(h *ir.Hook) {
	if h != nil && h.HTTP != nil {
		h.HTTP.Port = r.name(h.HTTP.Port)
	}
}

var (
	textType    = reflect.TypeFor[ir.Text]()
	commandType = reflect.TypeFor[*ir.Command]()
)

// references renames the ports that a text refers to. The app is a copy, so that the
// parts are changed in place.
func references(f *ir.Fact, all map[string]renames) {
	v := f.Reflect()
	if !v.IsValid() {
		return
	}
	switch v.Type() {
	case textType:
		inText(v.Interface().(ir.Text), all)
	case commandType:
		for _, word := range v.Interface().(*ir.Command).Words {
			inText(word, all)
		}
	}
}

func inText(t ir.Text, all map[string]renames) {
	for i := range t {
		if r := &t[i].Ref; r.Kind == ir.RefWorkloadPort {
			r.Field = all[r.Name].name(r.Field)
		}
	}
}

// renamedLocator finds the paths of an app whose ports have other names.
type renamedLocator struct {
	app *ir.App
	all map[string]renames
}

// Locate implements ir.Locator.
func (l renamedLocator) Locate(path string) (source.Range, bool) {
	segments := ir.SplitPath(path)
	if len(segments) > 3 && segments[0] == "workloads" {
		for old, name := range l.all[segments[1]] {
			for i := 3; i < len(segments); i++ {
				if segments[i] == name && (segments[i-1] == "ports" || segments[i-1] == "publish") {
					segments[i] = old
				}
			}
		}
		path = ""
		for _, s := range segments {
			path = ir.JoinPath(path, s)
		}
	}
	if l.app.Locator == nil {
		return source.Range{}, false
	}
	return l.app.Locator.Locate(path)
}
