package composeread

import (
	"slices"
	"strings"

	"github.com/decamp-dev/decamp/backends/internal/segment"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// objects reads volumes, networks, configs and secrets.
func (r *reader) objects() {
	r.volumes()
	r.networks()
	r.configs()
	r.secrets()
}

// object is one member of a section at the top.
func (r *reader) eachObject(section string, visit func(name, label, at string, f *fields)) {
	list, all := r.section(section)
	r.model.take(section)
	for _, name := range list {
		label := map[string]func(string) string{
			"volumes": r.names.volumes.Name, "networks": r.names.networks.Name, "configs": r.names.configs.Name, "secrets": r.names.secrets.Name,
		}[section](name)
		f := newFields(all[name], r.at(section, name))
		at := ir.JoinPath(section, label)
		r.positions.Set(at, f.place.node())
		r.comments(at, r.at(section), name)
		visit(name, label, at, f)
		if rest := f.rest(); len(rest) > 0 && !(section == "networks" && name == segment.Default) {
			r.carry(at, rest, f.place)
		}
	}
}

// external returns the name of what exists already; "" for what the app makes.
func (r *reader) external(f *fields, name, at string) string {
	if f.m["external"] != true {
		if f.m["external"] == false {
			f.take("external")
		}
		return ""
	}
	f.take("external")
	if own := f.text("name"); own != "" {
		r.set(at+".external", f.at("name"), own)
		return own
	}
	r.positions.Set(at+".external", f.at("external").node())
	return name
}

func (r *reader) volumes() {
	users := r.volumeUsers()
	defer r.stable()
	r.eachObject("volumes", func(name, label, at string, f *fields) {
		v := ir.Volume{External: r.external(f, name, at), Shared: users[label]}
		r.eachVolume(&v, name, f)
		if v.External == "" {
			v.Driver = f.text("driver")
			r.set(at+".driver", f.at("driver"), v.Driver)
			r.keepName(name, label, f) // where its data is
			if options, _ := f.m["driver_opts"].(model); relativePath(scalar(options["device"])) && strings.Contains(scalar(options["o"]), "bind") {
				f.keep("driver_opts") // a folder beside the file, which no option is
			} else {
				r.options(&v.Options, f, at)
			}
			for _, l := range r.ownLabels(f) {
				v.Labels.Set(l.key, l.value)
				r.setKeyed(ir.JoinPath(at+".labels", l.key), l.place, l.key, l.value)
			}
		}
		r.app.Volumes = append(r.app.Volumes, ir.Item[ir.Volume]{Key: label, Value: v})
	})
}

// eachVolume reads the form of a volume of which each replica has one.
func (r *reader) eachVolume(v *ir.Volume, name string, f *fields) {
	if of, numbered := r.numbered(v.External); numbered {
		v.External, v.Each = of, true
	} else if _, plain := r.plain(v.External); !plain {
		f.keep("name", "external")
		r.templated(f.at("name"), ir.JoinPath("volumes", r.names.volumes.Name(name)), "the name of a volume")
	}
	if of, numbered := r.numbered(scalar(f.m["name"])); numbered && of == r.stackName(name) {
		f.take("name")
		v.Each = true
	}
	v.Shared = v.Shared && !v.Each
}

// stable says that what has a volume for each replica has stable replicas, which is why
// its host name is that of the service.
func (r *reader) stable() {
	for _, s := range r.services {
		for _, m := range s.c.Mounts {
			if v := r.app.Volumes.Ref(m.Value.Volume); v != nil && v.Each && !s.w.Stateful {
				s.w.Stateful = true
				if s.c.Hostname == s.name {
					s.c.Hostname = ""
				}
			}
		}
	}
}

// keepName carries the name that Docker has for an object, which it has from a name
// that the app cannot take over.
func (r *reader) keepName(name, label string, f *fields) {
	if n := f.at("name").node(); n != nil && strings.HasPrefix(n.Value, "${"+projectVariable+"}") && len(f.m) > 0 {
		f.m = mergeModels(f.m, model{"name": n.Value}).(model) // it follows the project's name
		r.raw[n.Value] = true
		return
	}
	if label != name && f.m["name"] == nil {
		own := "${" + projectVariable + "}_" + name
		if r.dialect.Stack != nil {
			own = r.stackName(name)
		}
		f.m = mergeModels(f.m, model{"name": own}).(model)
		r.raw[own] = true
	}
}

// ownLabels takes the labels that an object has besides those of the app.
func (r *reader) ownLabels(f *fields) []pair {
	return slices.DeleteFunc(pairs(f.take("labels"), f.at("labels")), r.isCommon)
}

func (r *reader) options(to *ir.Map[string], f *fields, at string) {
	for _, o := range pairs(f.take("driver_opts"), f.at("driver_opts")) {
		to.Set(o.key, o.value)
		r.setKeyed(ir.JoinPath(at+".options", o.key), o.place, o.key, o.value)
	}
}

// volumeUsers says which volumes several workloads or replicas use.
func (r *reader) volumeUsers() map[string]bool {
	first, shared := map[string]string{}, map[string]bool{}
	for i := range r.app.Workloads {
		w, name := &r.app.Workloads[i].Value, r.app.Workloads[i].Key
		ir.EachContainer(w, "", func(_, _ string, _ ir.Role, c *ir.Container) {
			for j := range c.Mounts {
				v := c.Mounts[j].Value.Volume
				if v == "" {
					continue
				}
				if first[v] == "" {
					first[v] = name
				}
				shared[v] = shared[v] || first[v] != name || w.KindOrDefault() == ir.Daemon || w.ReplicaCount() > 1
			}
		})
	}
	return shared
}

func (r *reader) networks() {
	r.eachObject("networks", func(name, label, at string, f *fields) {
		if name == segment.Default {
			if len(f.m) > 0 {
				r.topRest = append(r.topRest, carriedPart{"networks", model{name: f.m}, f.place})
			}
			return
		}
		if r.hostNetwork(name) && r.onHost() {
			for key := range f.m {
				f.take(key) // it is said where it is joined
			}
			return
		}
		n := ir.Network{External: r.external(f, name, at)}
		if n.External == "" {
			n.Driver, n.Internal = f.text("driver"), f.flag("internal")
			r.set(at+".driver", f.at("driver"), n.Driver)
			if r.dialect.Stack != nil && (n.Driver == "overlay" || n.Driver == "") {
				n.Driver = "" // it is what a network of a stack is
				f.inner["driver_opts"] = newFields(f.m["driver_opts"], f.at("driver_opts"))
			}
			r.positions.Set(at+".internal", f.at("internal").node())
			r.subnet(&n, f, at)
			r.keepName(name, label, f)         // by which other projects join it
			if f.inner["driver_opts"] == nil { // those of the overlay stay as they are
				r.options(&n.Options, f, at)
			}
			for _, l := range r.ownLabels(f) {
				n.Labels.Set(l.key, l.value)
				r.setKeyed(ir.JoinPath(at+".labels", l.key), l.place, l.key, l.value)
			}
		}
		r.app.Networks = append(r.app.Networks, ir.Item[ir.Network]{Key: label, Value: n})
	})
}

// onHost reports whether something is in the network of the node.
func (r *reader) onHost() bool {
	return slices.ContainsFunc(r.services, func(s *composeService) bool { return s.c.Security != nil && s.c.Security.Network == "host" })
}

// subnet reads the first pool of addresses; more than its subnet stays as it is.
func (r *reader) subnet(n *ir.Network, f *fields, at string) {
	ipam := f.in("ipam")
	pools, _ := ipam.m["config"].([]any)
	if len(pools) == 0 {
		return
	}
	pool := newFields(clone(pools[0]), ipam.at("config").item(0, len(pools)))
	n.Subnet = pool.text("subnet")
	r.set(at+".subnet", pool.at("subnet"), n.Subnet)
	if len(pools) == 1 && len(pool.rest()) == 0 {
		ipam.take("config")
	}
}

// carryNull takes a member out of what is emitted.
func (r *reader) carryNull(f *fields, key string) {
	f.m = clone(f.m).(model)
	f.m[key] = removed{}
}

// removed is a member that a patch takes out.
type removed struct{}

// top carries what is left at the top.
func (r *reader) top() {
	rest := r.model.rest()
	for _, key := range sorted(rest) {
		r.topRest = append(r.topRest, carriedPart{"", model{key: rest[key]}, r.model.at(key)})
	}
	for _, part := range r.topRest {
		r.carryObject(part)
	}
}

// carriedPart is a part of the top of the file that goes into the ledger whole.
type carriedPart struct {
	section string
	value   model
	place   place
}
