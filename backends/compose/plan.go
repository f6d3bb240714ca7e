package compose

import (
	"slices"
	"strconv"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// Egress and ingress are kept by networks. A Docker network lets its members reach
// each other, in both directions and at every port, and nobody else; an internal one
// has no way out. So a closed workload leaves the default network for one of its own,
// which those join that it says it reaches or that say they reach it. What lies
// outside is reached through a relay: a service on both sides that passes on one
// port and nothing else.

const defaultNetwork = "default"

// networkPlan is who joins which network besides those of the spec.
type networkPlan struct {
	networks []plannedNetwork
	joined   map[string][]string // workload → planned networks
	relays   []*relay
	links    map[string][]string // workload → relay:name
	own      map[string]string   // closed workload → its own network, where it is not alone
}

type plannedNetwork struct {
	name     string
	internal bool
	comment  string
}

// relay passes connections on from one name and port to another.
type relay struct {
	service  string
	networks []string
	pairs    [][2]string // socat addresses
	ports    []types.ServicePortConfig
	to       []string // services that it waits for
	path     string
}

// closed reports whether networks keep the workload in. Where it joins networks by
// name, those alone decide; in the host's network nothing does.
func closed(w *ir.Workload) bool {
	return (w.Egress != nil || w.Ingress != nil) && !open(w)
}

func open(w *ir.Workload) bool {
	return len(w.Networks) > 0 || w.Security != nil && w.Security.Network == "host"
}

func (e *emitter) planNetworks() *networkPlan {
	p := &networkPlan{joined: map[string][]string{}, links: map[string][]string{}, own: map[string]string{}}
	for i := range e.app.Workloads {
		if name, w := e.app.Workloads[i].Key, &e.app.Workloads[i].Value; closed(w) {
			p.own[name] = e.freeNetwork(p, name)
			p.join(name, p.own[name])
			p.networks = append(p.networks, plannedNetwork{p.own[name], w.Egress != nil, "for " + name + " and those that it may speak to"})
		}
	}
	if len(p.own) > 0 {
		e.planPeers(p)
	}
	for i := range e.app.Workloads {
		name, w := e.app.Workloads[i].Key, &e.app.Workloads[i].Value
		if p.own[name] != "" && w.Egress != nil {
			e.planOutside(p, name, w)
		}
		e.planPublished(p, name, w)
	}
	e.leaveEmptyNetworks(p)
	return p
}

// leaveEmptyNetworks takes out the networks that a workload would be alone in, where
// it has another one that leads as far out.
func (e *emitter) leaveEmptyNetworks(p *networkPlan) {
	others := map[string]int{} // network → members besides the workload that it is for
	for workload, joined := range p.joined {
		for _, n := range joined {
			if n != p.own[workload] {
				others[n]++
			}
		}
	}
	for _, r := range p.relays {
		for _, n := range r.networks {
			others[n]++
		}
	}
	for i := range e.app.Routes {
		to := e.app.Routes[i].Value.To.Workload
		if w := e.app.Workloads.Ref(to); w != nil && p.own[to] != "" && admits(w, e.app.Routes[i].Key) {
			others[p.own[to]]++
		}
	}
	internal := map[string]bool{}
	for _, n := range p.networks {
		internal[n.name] = n.internal
	}
	empty := map[string]bool{}
	for workload, own := range p.own {
		kept := slices.DeleteFunc(slices.Clone(p.joined[workload]), func(n string) bool { return n == own })
		as := func(n string) bool { return internal[n] == internal[own] }
		if others[own] == 0 && slices.ContainsFunc(kept, as) {
			p.joined[workload], empty[own] = kept, true
		}
	}
	p.networks = slices.DeleteFunc(p.networks, func(n plannedNetwork) bool { return empty[n.name] })
}

func (e *emitter) freeNetwork(p *networkPlan, name string) string {
	taken := func(s string) bool {
		for _, n := range p.networks {
			if n.name == s {
				return true
			}
		}
		return s == defaultNetwork || e.app.Networks.Has(s)
	}
	for taken(name) {
		name += "-only"
	}
	return name
}

func (p *networkPlan) join(workload, network string) {
	for _, n := range p.joined[workload] {
		if n == network {
			return
		}
	}
	p.joined[workload] = append(p.joined[workload], network)
}

// planPeers joins each closed workload with its peers: an open one in the closed
// one's network, another closed one in a network for the two.
func (e *emitter) planPeers(p *networkPlan) {
	uses := e.declaredUses()
	all := e.app.Workloads
	for i := range all {
		a, wa := all[i].Key, &all[i].Value
		if p.own[a] == "" {
			continue
		}
		for j := range all {
			b, wb := all[j].Key, &all[j].Value
			if i == j || p.own[b] != "" && j < i || !e.connected(uses, a, wa, b, wb) {
				continue
			}
			if p.own[b] == "" {
				p.join(b, p.own[a])
				continue
			}
			name := e.freeNetwork(p, a+"-"+b)
			p.networks = append(p.networks, plannedNetwork{name, wa.Egress != nil || wb.Egress != nil, "for " + a + " and " + b})
			p.join(a, name)
			p.join(b, name)
		}
	}
}

func (e *emitter) connected(uses map[string]map[string]bool, a string, wa *ir.Workload, b string, wb *ir.Workload) bool {
	return uses[a][b] && e.allows(a, wa, b, wb) || uses[b][a] && e.allows(b, wb, a, wa)
}

// allows reports whether the rules of both ends let a reach b.
func (e *emitter) allows(a string, wa *ir.Workload, b string, wb *ir.Workload) bool {
	out := wa.Egress == nil || open(wa)
	if !out {
		for _, peer := range wa.Egress.Peers {
			endpoint := e.app.Endpoints.Ref(peer.Endpoint)
			out = out || peer.Workload == b || endpoint != nil && endpoint.Workload == b
		}
	}
	in := wb.Ingress == nil || open(wb)
	if !in {
		for _, peer := range wb.Ingress.Peers {
			in = in || peer.Workload == a
		}
	}
	return out && in
}

// declaredUses says which workload names which other one as something it reaches:
// in its egress or needs, in a reference, or in the other one's ingress.
func (e *emitter) declaredUses() map[string]map[string]bool {
	uses := map[string]map[string]bool{}
	use := func(a, b string) {
		if uses[a] == nil {
			uses[a] = map[string]bool{}
		}
		uses[a][b] = true
	}
	endpoint := func(a, name string) {
		if bound := e.app.Endpoints.Ref(name); bound != nil && bound.Workload != "" {
			use(a, bound.Workload)
		}
	}
	for i := range e.app.Workloads {
		name, w := e.app.Workloads[i].Key, &e.app.Workloads[i].Value
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
		e.eachReference(w, func(r ir.Ref) {
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

// eachReference visits what a workload refers to, also by the configs that it is
// given.
func (e *emitter) eachReference(w *ir.Workload, visit func(ir.Ref)) {
	seen := map[string]bool{}
	var text func(ir.Text)
	config := func(name string) {
		c := e.app.Configs.Ref(name)
		if c == nil || seen[name] {
			return
		}
		seen[name] = true
		text(c.Content)
		for _, entry := range c.Entries {
			text(entry.Value)
		}
	}
	text = func(t ir.Text) {
		for _, p := range t {
			switch {
			case p.Ref.Kind == ir.RefConfig:
				config(p.Ref.Name)
			case p.IsRef():
				visit(p.Ref)
			}
		}
	}
	ir.EachContainer(w, "", func(_, _ string, _ ir.Role, c *ir.Container) {
		eachText(c, text)
		for j := range c.Files {
			config(c.Files[j].Value.Config)
		}
	})
}

// planOutside makes the relays through which a closed workload reaches what lies
// outside: one for each host, with exactly the ports that its list names.
func (e *emitter) planOutside(p *networkPlan, name string, w *ir.Workload) {
	type outside struct {
		host, label string
		targets     []string // port and target
	}
	var hosts []*outside
	reach := func(host, label string, port int, target string) {
		pair := strconv.Itoa(port) + " " + target
		for _, h := range hosts {
			if h.host == host {
				h.targets = append(h.targets, pair)
				return
			}
		}
		hosts = append(hosts, &outside{host, label, []string{pair}})
	}
	for _, peer := range w.Egress.Peers {
		endpoint := e.app.Endpoints.Ref(peer.Endpoint)
		switch {
		case endpoint != nil && endpoint.Workload == "":
			target := endpoint.Host
			if endpoint.Address != "" {
				target = endpoint.Address
			}
			reach(endpoint.Host, peer.Endpoint, endpoint.Port, target)
		case peer.Host != "" && peer.Port != 0:
			reach(peer.Host, strings.ReplaceAll(strings.ToLower(peer.Host), ".", "-"), peer.Port, peer.Host)
		}
	}
	for _, h := range hosts {
		var pairs [][2]string
		for _, t := range h.targets {
			port, target, _ := strings.Cut(t, " ")
			pairs = append(pairs, [2]string{listen("TCP", port), connect("TCP", target, port)})
		}
		r := e.relay(p, h.label, pairs, ir.JoinPath("workloads", name)+".egress")
		r.join(p.own[name])
		p.links[name] = append(p.links[name], r.service+":"+h.host)
	}
}

func listen(protocol, port string) string {
	return protocol + "-LISTEN:" + port + ",fork,reuseaddr"
}

func connect(protocol, host, port string) string {
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	return protocol + ":" + host + ":" + port
}

// relay returns the relay that passes on exactly these ports; equal ones are shared.
func (e *emitter) relay(p *networkPlan, label string, pairs [][2]string, path string) *relay {
	for _, r := range p.relays {
		if len(r.ports) == 0 && equalPairs(r.pairs, pairs) {
			return r
		}
	}
	r := &relay{service: e.free(label+"-relay", path), networks: []string{defaultNetwork}, pairs: pairs, path: path}
	p.relays = append(p.relays, r)
	return r
}

func equalPairs(a, b [][2]string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func (r *relay) join(network string) {
	for _, n := range r.networks {
		if n == network {
			return
		}
	}
	r.networks = append(r.networks, network)
}

// relayed reports whether a published port goes through a relay: out of an internal
// network no port is published, and one number of the host cannot lead to several
// containers.
func relayed(w *ir.Workload, p *ir.Publish) bool {
	if w.Security != nil && w.Security.Network == "host" {
		return false
	}
	return closed(w) && w.Egress != nil || several(w) && p.Range == ""
}

func several(w *ir.Workload) bool {
	return w.KindOrDefault() == ir.Service && w.ReplicaCount() > 1
}

func (e *emitter) planPublished(p *networkPlan, name string, w *ir.Workload) {
	for i := range w.Publish {
		item := &w.Publish[i]
		port, ok := portOf(w, item.Key)
		if !ok || !relayed(w, &item.Value) {
			continue
		}
		path := ir.JoinPath(ir.JoinPath("workloads", name)+".publish", item.Key)
		protocol := strings.ToUpper(port.ProtocolOrDefault())
		number := strconv.Itoa(port.Port)
		r := &relay{
			service: e.free(name+"-"+item.Key+"-relay", path), path: path,
			pairs: [][2]string{{listen(protocol, number), connect(protocol, name, number)}},
			ports: []types.ServicePortConfig{publishedPort(item.Key, port, &item.Value)},
			to:    instances(name, w),
		}
		switch {
		case p.own[name] != "":
			r.networks = []string{defaultNetwork, p.own[name]}
		case len(w.Networks) > 0:
			r.networks = w.Networks.Keys()
		default:
			r.networks = []string{defaultNetwork}
		}
		p.relays = append(p.relays, r)
	}
}
