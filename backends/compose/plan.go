package compose

import (
	"slices"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/decamp-dev/decamp/backends/internal/reference"
	"github.com/decamp-dev/decamp/backends/internal/segment"
	"github.com/decamp-dev/decamp/compiler/ir"
)

const defaultNetwork = segment.Default

// networkPlan is how egress and ingress are kept by networks, with the relays that
// pass on to what lies outside and from published ports.
type networkPlan struct {
	*segment.Plan
	relays []*relay
	links  map[string][]string // workload → relay:name
}

// relay passes connections on from one name and port to another.
type relay struct {
	service  string
	networks []string
	passes   []segment.Pass
	ports    []types.ServicePortConfig
	to       []string // services that it waits for
	path     string
}

func (e *emitter) planNetworks() *networkPlan {
	p := &networkPlan{Plan: segment.New(e.app), links: map[string][]string{}}
	for i := range e.app.Workloads {
		name, w := e.app.Workloads[i].Key, &e.app.Workloads[i].Value
		if p.Own[name] != "" && w.Egress != nil {
			e.planOutside(p, name, w)
		}
		e.planPublished(p, name, w)
	}
	var joined []string
	for _, r := range p.relays {
		joined = append(joined, r.networks...)
	}
	p.LeaveEmpty(e.app, joined)
	return p
}

// planOutside makes the relays through which a closed workload reaches what lies
// outside.
func (e *emitter) planOutside(p *networkPlan, name string, w *ir.Workload) {
	for _, o := range segment.OutsideOf(e.app, w) {
		r := e.relay(p, o.Label, o.PassAll(), ir.JoinPath("workloads", name)+".egress")
		r.join(p.Own[name])
		p.links[name] = append(p.links[name], r.service+":"+o.Host)
	}
}

// relay returns the relay that passes on exactly these ports; equal ones are shared.
func (e *emitter) relay(p *networkPlan, label string, passes []segment.Pass, path string) *relay {
	for _, r := range p.relays {
		if len(r.ports) == 0 && slices.Equal(r.passes, passes) {
			return r
		}
	}
	r := &relay{service: e.free(label+"-relay", path), networks: []string{defaultNetwork}, passes: passes, path: path}
	p.relays = append(p.relays, r)
	return r
}

func (r *relay) join(network string) {
	if !slices.Contains(r.networks, network) {
		r.networks = append(r.networks, network)
	}
}

// relayed reports whether a published port goes through a relay: out of an internal
// network no port is published, and one number of the host cannot lead to several
// containers.
func relayed(w *ir.Workload, p *ir.Publish) bool {
	if w.Security != nil && w.Security.Network == "host" {
		return false
	}
	return segment.Kept(w) || several(w) && p.Range == ""
}

func several(w *ir.Workload) bool {
	return w.KindOrDefault() == ir.Service && w.ReplicaCount() > 1
}

func (e *emitter) planPublished(p *networkPlan, name string, w *ir.Workload) {
	for i := range w.Publish {
		item := &w.Publish[i]
		port, _, ok := reference.Port(w, item.Key)
		if !ok || !relayed(w, &item.Value) {
			continue
		}
		path := ir.JoinPath(ir.JoinPath("workloads", name)+".publish", item.Key)
		r := &relay{
			service: e.free(name+"-"+item.Key+"-relay", path), path: path,
			passes: []segment.Pass{segment.PassOn(port.ProtocolOrDefault(), port.Port, name)},
			ports:  []types.ServicePortConfig{publishedPort(item.Key, port, &item.Value)},
			to:     instances(name, w),
		}
		switch {
		case p.Own[name] != "":
			r.networks = []string{defaultNetwork, p.Own[name]}
		case len(w.Networks) > 0:
			r.networks = w.Networks.Keys()
		default:
			r.networks = []string{defaultNetwork}
		}
		p.relays = append(p.relays, r)
	}
}
