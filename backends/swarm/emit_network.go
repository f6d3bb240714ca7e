package swarm

import (
	"slices"

	"github.com/decamp-dev/decamp/backends/internal/composefile"
	"github.com/decamp-dev/decamp/backends/internal/reference"
	"github.com/decamp-dev/decamp/backends/internal/segment"
	"github.com/decamp-dev/decamp/compiler/ir"
)

const (
	defaultNetwork = segment.Default
	// hostNetwork is Docker's own name of the node's network.
	hostNetwork = "host"
)

// networkPlan is how egress and ingress are kept by networks, with the relays that pass
// on to what lies outside and from published ports.
type networkPlan struct {
	*segment.Plan
	relays []*relay
}

// relay passes connections on from one name and port to another.
type relay struct {
	service  string
	networks ir.Map[*attachment]
	passes   []segment.Pass
	ports    []port
	wave     int
}

func (e *emitter) planNetworks() *networkPlan {
	p := &networkPlan{Plan: segment.New(e.app)}
	for i := range e.app.Workloads {
		name, w := e.app.Workloads[i].Key, &e.app.Workloads[i].Value
		if p.Own[name] != "" && w.Egress != nil {
			e.planOutside(p, name, w)
		}
		e.planPublished(p, name, w)
	}
	var joined []string
	for _, r := range p.relays {
		joined = append(joined, r.networks.Keys()...)
	}
	p.LeaveEmpty(e.app, joined)
	return p
}

// planOutside makes the relays through which a closed workload reaches what lies
// outside. In the workload's own network the relay has the name of what it leads to, so
// that it cannot ask for that name itself: a second one, which is not in that network,
// does it.
func (e *emitter) planOutside(p *networkPlan, name string, w *ir.Workload) {
	path := ir.JoinPath("workloads", name) + ".egress"
	for _, o := range segment.OutsideOf(e.app, w) {
		passes := o.PassAll()
		if slices.ContainsFunc(o.Targets, func(t segment.Target) bool { return t.Address == o.Host }) {
			exit := e.relay(p, o.Label+"-exit", passes, path, e.waves[name])
			passes = nil
			for _, t := range o.Targets {
				passes = append(passes, segment.PassOn("tcp", t.Port, exit.service))
			}
		}
		r := e.relay(p, o.Label+"-relay", passes, path, e.waves[name])
		r.networks.Set(p.Own[name], &attachment{Aliases: words{o.Host}})
	}
}

// relay returns the relay that passes on exactly these ports; equal ones are shared.
func (e *emitter) relay(p *networkPlan, label string, passes []segment.Pass, path string, wave int) *relay {
	for _, r := range p.relays {
		if len(r.ports) == 0 && slices.Equal(r.passes, passes) {
			r.wave = min(r.wave, wave)
			return r
		}
	}
	r := &relay{service: e.free(label, path), networks: ir.Map[*attachment]{{Key: defaultNetwork}}, passes: passes, wave: wave}
	p.relays = append(p.relays, r)
	return r
}

// planPublished puts a relay in front of a workload that has no way out: a published
// port would join it to the network that ports are published by, which leads out.
func (e *emitter) planPublished(p *networkPlan, name string, w *ir.Workload) {
	if !segment.Kept(w) {
		return
	}
	for i := range w.Publish {
		item := &w.Publish[i]
		number, container, ok := reference.Port(w, item.Key)
		if !ok {
			continue
		}
		path := ir.JoinPath(ir.JoinPath("workloads", name)+".publish", item.Key)
		p.relays = append(p.relays, &relay{
			service:  e.free(name+"-"+item.Key+"-relay", path),
			networks: ir.Map[*attachment]{{Key: defaultNetwork}, {Key: p.Own[name]}},
			passes:   []segment.Pass{segment.PassOn(number.ProtocolOrDefault(), number.Port, composefile.ServiceName(name, container))},
			ports:    []port{published(number, &item.Value)},
			wave:     e.waveOfMain(name),
		})
	}
}

// relays adds the services that the plan asks for.
func (e *emitter) relays() {
	for _, r := range e.plan.relays {
		u := &unit{name: r.service, wave: r.wave}
		u.Image, u.Ports, u.Networks = segment.RelayImage, r.ports, r.networks
		u.Entrypoint, u.Command = segment.RelayCommand(r.passes)
		if len(r.networks) == 1 && r.networks[0].Key == defaultNetwork {
			u.Networks = nil
		}
		u.Deploy.Labels = e.labels(nil)
		e.units = append(e.units, u)
	}
}

// attach puts the service of one container of a workload into its networks. Only the
// service of the main container, which container "" stands for, answers to the
// workload's further names.
func (e *emitter) attach(u *unit, name string, w *ir.Workload, container string) {
	if onHost(w) {
		u.Networks.Set(e.hostKey(), nil)
		return
	}
	e.hosts(u, w)
	main := u.name == name
	var aliases words
	if main {
		aliases = e.aliases(name, w)
	}
	join := func(network string, own []string) {
		a := &attachment{Aliases: slices.Clone(aliases)}
		if main {
			put(&a.Aliases, own...)
		}
		u.Networks.Set(network, a)
	}
	planned := e.plan.Joined[name]
	switch {
	case len(w.Networks) > 0:
		for i := range w.Networks {
			join(w.Networks[i].Key, w.Networks[i].Value.Aliases)
		}
	case e.plan.Own[name] == "" && (len(planned) > 0 || len(aliases) > 0):
		join(defaultNetwork, nil)
	}
	for _, n := range planned {
		join(n, nil)
	}
}

func onHost(w *ir.Workload) bool { return w.Security != nil && w.Security.Network == "host" }

// hostKey is the key under which the file knows the node's network.
func (e *emitter) hostKey() string {
	key := hostNetwork
	for e.app.Networks.Has(key) || slices.ContainsFunc(e.plan.Networks, func(n segment.Network) bool { return n.Name == key }) {
		key += "-network"
	}
	return key
}

// aliases are the names that a workload answers to besides its service's.
func (e *emitter) aliases(name string, w *ir.Workload) words {
	var aliases words
	put(&aliases, w.Aliases...)
	for i := range e.app.Endpoints {
		if endpoint := &e.app.Endpoints[i].Value; endpoint.Workload == name {
			put(&aliases, endpoint.Host)
		}
	}
	return aliases
}

// hosts binds the names of endpoints to the addresses that the stage has for them.
func (e *emitter) hosts(u *unit, w *ir.Workload) {
	if segment.Kept(w) {
		return // what it may reach, it reaches through relays
	}
	for i := range e.app.Endpoints {
		if endpoint := &e.app.Endpoints[i].Value; endpoint.Address != "" {
			u.ExtraHosts = append(u.ExtraHosts, endpoint.Host+":"+endpoint.Address)
		}
	}
}

// ports publishes what is published of one container.
func (e *emitter) ports(u *unit, name string, w *ir.Workload, container string) {
	if onHost(w) || segment.Kept(w) {
		return
	}
	for i := range w.Publish {
		if number, ok := portIn(w, w.Publish[i].Key, container); ok {
			u.Ports = append(u.Ports, published(number, &w.Publish[i].Value))
		}
	}
}

// published writes one port: on the mesh, unless a pass says otherwise.
func published(number ir.Port, p *ir.Publish) port {
	protocol := number.Protocol
	if protocol == "tcp" {
		protocol = ""
	}
	return port{Target: number.Port, Published: p.Port, Protocol: protocol, Range: p.Range}
}

// plainDrivers are drivers of networks of one node, which no service can join.
var plainDrivers = []string{"bridge", "host", "none", "null"}

// networkObjects declares the networks of the spec and those of the plan.
func (e *emitter) networkObjects() {
	for i := range e.app.Networks {
		n := &e.app.Networks[i].Value
		var o network
		if n.External != "" {
			o.External, o.Name = true, n.External
		} else {
			if !slices.Contains(plainDrivers, n.Driver) {
				o.Driver = n.Driver
			}
			o.DriverOpts, o.Internal, o.Labels = n.Options, n.Internal, e.labels(n.Labels)
			if n.Subnet != "" {
				o.IPAM.Config = []ipamPool{{Subnet: n.Subnet}}
			}
		}
		e.networks = append(e.networks, object{name: e.app.Networks[i].Key, value: &o, used: e.unused("networks", e.app.Networks[i].Key)})
	}
	for _, n := range e.plan.Networks {
		e.networks = append(e.networks, object{name: n.Name, value: &network{Internal: n.Internal}, comment: n.Comment})
	}
	if key := e.hostKey(); slices.ContainsFunc(e.units, func(u *unit) bool { return u.Networks.Has(key) }) {
		e.networks = append(e.networks, object{name: key, value: &network{External: true, Name: hostNetwork}})
	}
}
