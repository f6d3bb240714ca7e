package backendtest

import (
	"strconv"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// otherTexts changes the literal parts, and each reference to another one of its
// sort.
func otherTexts(app *ir.App, t ir.Text) []any {
	list := []any{append(append(ir.Text{}, t...), ir.Part{Literal: "x"})}
	for i, part := range t {
		for _, ref := range otherRefs(app, part.Ref) {
			next := append(ir.Text{}, t...)
			next[i].Ref = ref
			list = append(list, next)
		}
	}
	return list
}

// otherRefs returns references to other things of the sort: one to another thing,
// one to another part of the same thing.
func otherRefs(app *ir.App, r ir.Ref) []ir.Ref {
	switch r.Kind {
	case ir.RefSecret:
		return oneOfEach(secretRefs(app, "opaque"), r)
	case ir.RefConfig:
		var refs []ir.Ref
		for _, c := range app.Configs {
			if len(c.Value.Entries) == 0 {
				refs = append(refs, ir.Ref{Kind: r.Kind, Name: c.Key})
			}
		}
		return oneOfEach(refs, r)
	case ir.RefWorkloadHost:
		var refs []ir.Ref
		for _, w := range app.Workloads {
			refs = append(refs, ir.Ref{Kind: r.Kind, Name: w.Key})
		}
		return oneOfEach(refs, r)
	case ir.RefWorkloadPort:
		var refs []ir.Ref
		for _, p := range portRefs(app) {
			if ref := (ir.Ref{Kind: r.Kind, Name: p.Workload, Field: p.Port}); portNumber(app, ref) != portNumber(app, r) {
				refs = append(refs, ref)
			}
		}
		return oneOfEach(refs, r)
	case ir.RefEndpoint:
		var refs []ir.Ref
		for _, e := range app.Endpoints {
			for _, field := range []string{"host", "port", "scheme", "url"} {
				ref := ir.Ref{Kind: r.Kind, Name: e.Key, Field: field}
				if constant(app, ref) != "" && constant(app, ref) != constant(app, r) {
					refs = append(refs, ref)
				}
			}
		}
		return oneOfEach(refs, r)
	}
	return nil
}

// constant returns what a reference to an endpoint stands for, in every stage; two
// references that stand for the same cannot be told apart.
func constant(app *ir.App, r ir.Ref) string {
	e, _ := app.Endpoints.Get(r.Name)
	switch r.Field {
	case "host":
		return e.Host
	case "port":
		return strconv.Itoa(e.Port)
	case "scheme":
		return e.Scheme
	}
	if e.Scheme == "" {
		return ""
	}
	return e.Scheme + "://" + e.Host + ":" + strconv.Itoa(e.Port)
}

// portNumber returns the number that a reference to a port stands for.
func portNumber(app *ir.App, r ir.Ref) int {
	number := 0
	if w := app.Workloads.Ref(r.Name); w != nil {
		ir.EachContainer(w, "", func(_, _ string, _ ir.Role, c *ir.Container) {
			if p, ok := c.Ports.Get(r.Field); ok {
				number = p.Port
			}
		})
	}
	return number
}

// oneOfEach picks a reference to the same part of another thing, and one to another
// part of the same thing.
func oneOfEach(refs []ir.Ref, r ir.Ref) []ir.Ref {
	var picked []ir.Ref
	thing, part := false, false
	for _, x := range refs {
		switch {
		case x.Name != r.Name && !thing && (x.Field == r.Field || r.Kind == ir.RefSecret || r.Kind == ir.RefWorkloadPort):
			picked, thing = append(picked, x), true
		case x.Name == r.Name && x.Field != r.Field && !part && r.Field != "":
			picked, part = append(picked, x), true
		}
	}
	return picked
}

// secretRefs lists references to every value of every secret of a type.
func secretRefs(app *ir.App, sort string) []ir.Ref {
	var refs []ir.Ref
	for i := range app.Secrets {
		s := &app.Secrets[i]
		if s.Value.Type != sort && !(s.Value.Type == "" && sort == "opaque") {
			continue
		}
		for _, key := range s.Value.AllKeys() {
			if key == ir.DefaultSecretKey {
				key = "" // as a person writes it
			}
			refs = append(refs, ir.Ref{Kind: ir.RefSecret, Name: s.Key, Field: key})
		}
	}
	return refs
}

// portRefs lists the ports of all workloads.
func portRefs(app *ir.App) []ir.PortRef {
	var refs []ir.PortRef
	for i := range app.Workloads {
		ir.EachContainer(&app.Workloads[i].Value, "", func(_, _ string, _ ir.Role, c *ir.Container) {
			for _, p := range c.Ports {
				refs = append(refs, ir.PortRef{Workload: app.Workloads[i].Key, Port: p.Key})
			}
		})
	}
	return refs
}

// otherPeers changes each part of a peer, and turns it into another peer of its sort.
func otherPeers(app *ir.App, peer ir.Peer) []any {
	var list []any
	add := func(change func(*ir.Peer)) {
		next := peer
		change(&next)
		list = append(list, next)
	}
	switch {
	case peer.Workload != "":
		add(func(p *ir.Peer) { p.Workload = another(app.Workloads, p.Workload) })
	case peer.Endpoint != "":
		add(func(p *ir.Peer) { p.Endpoint = another(app.Endpoints, p.Endpoint) })
	case peer.Route != "":
		add(func(p *ir.Peer) { p.Route = another(app.Routes, p.Route) })
	case peer.Host != "":
		add(func(p *ir.Peer) { p.Host = "changed." + p.Host })
	case peer.CIDR != "":
		add(func(p *ir.Peer) { p.CIDR = "203.0.113.0/24" })
	}
	if peer.Host != "" || peer.CIDR != "" {
		add(func(p *ir.Peer) { p.Port += 1 })
	}
	return list
}

// another returns the last name that is not the given one.
func another[V any](m ir.Map[V], name string) string {
	other := name
	for _, item := range m {
		if item.Key != name {
			other = item.Key
		}
	}
	return other
}

// names returns all names of a map but one.
func names[V any](m ir.Map[V], but string) []any {
	var list []any
	for _, item := range m {
		if item.Key != but {
			list = append(list, item.Key)
		}
	}
	return list
}

// otherSources lists other configs, secrets or keys for a file.
func otherSources(app *ir.App, p *place, old string) []any {
	file := p.parent(app).Addr().Interface().(*ir.FileMount)
	switch {
	case p.kind == "container.files.config":
		return names(app.Configs, old)
	case p.kind == "container.files.secret":
		return names(app.Secrets, old)
	case file.Config != "":
		config, _ := app.Configs.Get(file.Config)
		return names(config.Entries, old)
	}
	secret, _ := app.Secrets.Get(file.Secret)
	var list []any
	for _, key := range secret.AllKeys() {
		if key != old {
			list = append(list, key)
		}
	}
	return list
}
