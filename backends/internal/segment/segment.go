// Package segment plans the networks that keep egress and ingress rules where a network
// lets its members reach each other, in both directions and at every port, and nobody
// else, and where an internal one has no way out. A closed workload leaves the default
// network for one of its own, which those join that it says it reaches or that say they
// reach it. What lies outside is reached through a relay: a service on both sides that
// passes on one port and nothing else.
package segment

import (
	"slices"

	"github.com/decamp-dev/decamp/backends/internal/reference"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// Default is the network that everything is in when nothing is said.
const Default = "default"

// Plan is who joins which network besides those of the spec.
type Plan struct {
	Networks []Network
	Joined   map[string][]string // workload → planned networks
	Own      map[string]string   // closed workload → its own network
}

// Network is one that the spec does not name.
type Network struct {
	Name     string
	Internal bool
	Comment  string
}

// Closed reports whether networks keep the workload in. Where it joins networks by
// name, those alone decide; in the host's network nothing does.
func Closed(w *ir.Workload) bool {
	return (w.Egress != nil || w.Ingress != nil) && !Open(w)
}

// Open reports whether no planned network can keep the workload in.
func Open(w *ir.Workload) bool {
	return len(w.Networks) > 0 || w.Security != nil && w.Security.Network == "host"
}

// Kept reports whether the workload has no way out but to those that it names.
func Kept(w *ir.Workload) bool { return Closed(w) && w.Egress != nil }

// New plans the networks of an app.
func New(app *ir.App) *Plan {
	p := &Plan{Joined: map[string][]string{}, Own: map[string]string{}}
	for i := range app.Workloads {
		if name, w := app.Workloads[i].Key, &app.Workloads[i].Value; Closed(w) {
			p.Own[name] = p.free(app, name)
			p.join(name, p.Own[name])
			p.Networks = append(p.Networks, Network{p.Own[name], w.Egress != nil, "for " + name + " and those that it may speak to"})
		}
	}
	if len(p.Own) > 0 {
		p.peers(app)
	}
	return p
}

// LeaveEmpty takes out the networks that a workload would be alone in, where it has
// another one that leads as far out. relays are the networks that relays join, once for
// each.
func (p *Plan) LeaveEmpty(app *ir.App, relays []string) {
	others := map[string]int{} // network → members besides the workload that it is for
	for workload, joined := range p.Joined {
		for _, n := range joined {
			if n != p.Own[workload] {
				others[n]++
			}
		}
	}
	for _, n := range relays {
		others[n]++
	}
	for i := range app.Routes {
		to := app.Routes[i].Value.To.Workload
		if w := app.Workloads.Ref(to); w != nil && p.Own[to] != "" && Admits(w, app.Routes[i].Key) {
			others[p.Own[to]]++
		}
	}
	internal := map[string]bool{}
	for _, n := range p.Networks {
		internal[n.Name] = n.Internal
	}
	empty := map[string]bool{}
	for workload, own := range p.Own {
		kept := slices.DeleteFunc(slices.Clone(p.Joined[workload]), func(n string) bool { return n == own })
		as := func(n string) bool { return internal[n] == internal[own] }
		if others[own] == 0 && slices.ContainsFunc(kept, as) {
			p.Joined[workload], empty[own] = kept, true
		}
	}
	p.Networks = slices.DeleteFunc(p.Networks, func(n Network) bool { return empty[n.Name] })
}

// Admits reports whether the ingress list of a workload, if it has one, names the route.
func Admits(w *ir.Workload, route string) bool {
	return w.Ingress == nil || slices.ContainsFunc(w.Ingress.Peers, func(p ir.Peer) bool { return p.Route == route })
}

func (p *Plan) free(app *ir.App, name string) string {
	taken := func(s string) bool {
		return s == Default || app.Networks.Has(s) || slices.ContainsFunc(p.Networks, func(n Network) bool { return n.Name == s })
	}
	for taken(name) {
		name += "-only"
	}
	return name
}

func (p *Plan) join(workload, network string) {
	if !slices.Contains(p.Joined[workload], network) {
		p.Joined[workload] = append(p.Joined[workload], network)
	}
}

// peers joins each closed workload with its peers: an open one in the closed one's
// network, another closed one in a network for the two.
func (p *Plan) peers(app *ir.App) {
	uses := declaredUses(app)
	all := app.Workloads
	for i := range all {
		a, wa := all[i].Key, &all[i].Value
		if p.Own[a] == "" {
			continue
		}
		for j := range all {
			b, wb := all[j].Key, &all[j].Value
			if i == j || p.Own[b] != "" && j < i || !connected(app, uses, a, wa, b, wb) {
				continue
			}
			if p.Own[b] == "" {
				p.join(b, p.Own[a])
				continue
			}
			name := p.free(app, a+"-"+b)
			p.Networks = append(p.Networks, Network{name, wa.Egress != nil || wb.Egress != nil, "for " + a + " and " + b})
			p.join(a, name)
			p.join(b, name)
		}
	}
}

func connected(app *ir.App, uses map[string]map[string]bool, a string, wa *ir.Workload, b string, wb *ir.Workload) bool {
	return uses[a][b] && allows(app, a, wa, b, wb) || uses[b][a] && allows(app, b, wb, a, wa)
}

// allows reports whether the rules of both ends let a reach b.
func allows(app *ir.App, a string, wa *ir.Workload, b string, wb *ir.Workload) bool {
	out := wa.Egress == nil || Open(wa)
	if !out {
		for _, peer := range wa.Egress.Peers {
			endpoint := app.Endpoints.Ref(peer.Endpoint)
			out = out || peer.Workload == b || endpoint != nil && endpoint.Workload == b
		}
	}
	in := wb.Ingress == nil || Open(wb)
	if !in {
		for _, peer := range wb.Ingress.Peers {
			in = in || peer.Workload == a
		}
	}
	return out && in
}

// declaredUses says which workload names which other one as something it reaches: in
// its egress or needs, in a reference, or in the other one's ingress.
func declaredUses(app *ir.App) map[string]map[string]bool {
	uses := map[string]map[string]bool{}
	use := func(a, b string) {
		if uses[a] == nil {
			uses[a] = map[string]bool{}
		}
		uses[a][b] = true
	}
	endpoint := func(a, name string) {
		if bound := app.Endpoints.Ref(name); bound != nil && bound.Workload != "" {
			use(a, bound.Workload)
		}
	}
	for i := range app.Workloads {
		name, w := app.Workloads[i].Key, &app.Workloads[i].Value
		if w.Egress != nil {
			for _, peer := range w.Egress.Peers {
				use(name, peer.Workload)
				endpoint(name, peer.Endpoint)
			}
		}
		if w.Ingress != nil {
			for _, peer := range w.Ingress.Peers {
				use(peer.Workload, name)
			}
		}
		for _, need := range w.Needs {
			use(name, need.Key)
		}
		reference.Each(app, w, func(r ir.Ref) {
			switch r.Kind {
			case ir.RefWorkloadHost, ir.RefWorkloadPort:
				use(name, r.Name)
			case ir.RefEndpoint:
				endpoint(name, r.Name)
			}
		})
	}
	return uses
}
