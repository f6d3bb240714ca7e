package compose

import (
	"net/netip"
	"slices"
	"strconv"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/decamp-dev/decamp/backends/internal/reference"
	"github.com/decamp-dev/decamp/backends/internal/segment"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// attach puts a service of a workload into its networks. Only the service of the
// main container answers to the workload's names.
func (e *emitter) attach(s *service, name string, w *ir.Workload, main bool) {
	if w.Security != nil && w.Security.Network == "host" {
		s.NetworkMode = "host"
		return
	}
	e.hosts(s, name, w)
	s.Links = e.plan.links[name]
	var aliases []string
	if main {
		aliases = e.aliases(name, s.Name, w)
	}
	planned := e.plan.Joined[name]
	switch {
	case len(w.Networks) > 0:
		for i := range w.Networks {
			s.join(w.Networks[i].Key, attachment(&w.Networks[i].Value, aliases, main))
		}
	case e.plan.Own[name] == "" && (len(planned) > 0 || len(aliases) > 0):
		s.join(defaultNetwork, attachment(&ir.Attachment{}, aliases, main))
	}
	for _, n := range planned {
		s.join(n, attachment(&ir.Attachment{}, aliases, main))
	}
}

// aliases are the names that a workload answers to besides its service's.
func (e *emitter) aliases(name, instance string, w *ir.Workload) []string {
	aliases := slices.Clone(w.Aliases)
	if instance != name {
		aliases = append([]string{name}, aliases...)
	}
	for i := range e.app.Endpoints {
		if endpoint := &e.app.Endpoints[i].Value; endpoint.Workload == name && !slices.Contains(aliases, endpoint.Host) {
			aliases = append(aliases, endpoint.Host)
		}
	}
	return aliases
}

func attachment(a *ir.Attachment, aliases []string, main bool) *types.ServiceNetworkConfig {
	if !main {
		return nil
	}
	config := types.ServiceNetworkConfig{Aliases: append(slices.Clone(aliases), a.Aliases...)}
	for _, address := range a.Addresses {
		if ip, err := netip.ParseAddr(address); err == nil && ip.Is6() {
			config.Ipv6Address = address
		} else {
			config.Ipv4Address = address
		}
	}
	if len(config.Aliases) == 0 && config.Ipv4Address == "" && config.Ipv6Address == "" {
		return nil
	}
	return &config
}

// hosts binds names to addresses: endpoints that the stage has an address for, and
// workloads in the host's network, which no DNS of Docker knows.
func (e *emitter) hosts(s *service, name string, w *ir.Workload) {
	if segment.Kept(w) {
		return // what it may reach, it reaches through relays
	}
	for i := range e.app.Endpoints {
		if endpoint := &e.app.Endpoints[i].Value; endpoint.Address != "" {
			put(&s.ExtraHosts, endpoint.Host, []string{endpoint.Address})
		}
	}
	for _, other := range e.onHost {
		if other.Key == name {
			continue
		}
		for _, alias := range append([]string{other.Key}, other.Value.Aliases...) {
			put(&s.ExtraHosts, alias, []string{"host-gateway"})
		}
	}
}

func listeningOnHost(app *ir.App) (list []*ir.Item[ir.Workload]) {
	for i := range app.Workloads {
		w := &app.Workloads[i].Value
		if w.Security != nil && w.Security.Network == "host" && len(w.Ports) > 0 {
			list = append(list, &app.Workloads[i])
		}
	}
	return list
}

// ports publishes and exposes the ports of all containers that share the main one's
// network.
func (e *emitter) ports(s *service, name string, w *ir.Workload) {
	host := w.Security != nil && w.Security.Network == "host"
	published := map[string]bool{}
	for i := range w.Publish {
		item := &w.Publish[i]
		port, _, ok := reference.Port(w, item.Key)
		if !ok || host || relayed(w, &item.Value) {
			continue
		}
		published[item.Key] = true
		s.Ports = append(s.Ports, publishedPort(item.Key, port, &item.Value))
	}
	ir.EachContainer(w, "", func(_, _ string, role ir.Role, c *ir.Container) {
		for i := range c.Ports {
			if role == ir.Init || published[c.Ports[i].Key] {
				continue
			}
			s.expose(c.Ports[i].Key, &c.Ports[i].Value)
		}
	})
}

// expose documents a port that only the app reaches, which needs no opening here.
func (s *service) expose(name string, p *ir.Port) {
	number := strconv.Itoa(p.Port)
	if p.Protocol != "" && p.Protocol != "tcp" {
		number += "/" + p.Protocol
	}
	s.Expose = append(s.Expose, number)
	if p.App != "" {
		comment := p.App
		if name != p.App {
			comment = name + ": " + p.App
		}
		s.portComments = append(s.portComments, comment)
	}
}

func publishedPort(name string, port ir.Port, p *ir.Publish) types.ServicePortConfig {
	published := p.Range
	if published == "" && p.Port != 0 {
		published = strconv.Itoa(p.Port)
	}
	config := types.ServicePortConfig{Target: uint32(port.Port), Published: published, HostIP: p.On}
	if port.Protocol != "tcp" {
		config.Protocol = port.Protocol
	}
	if port.App != "" {
		config.Name, config.AppProtocol = name, port.App
	}
	return config
}

// relays adds the services that the plan asks for.
func (e *emitter) relays() {
	for _, r := range e.plan.relays {
		s := &service{}
		s.Name, s.Image, s.Restart, s.Ports = r.service, segment.RelayImage, types.RestartPolicyUnlessStopped, r.ports
		s.Entrypoint, s.Command = segment.RelayCommand(r.passes)
		if len(r.networks) != 1 || r.networks[0] != defaultNetwork {
			for _, n := range r.networks {
				s.join(n, nil)
			}
		}
		for _, on := range r.to {
			s.depend(on, types.ServiceConditionStarted, false)
		}
		e.labels(s, &ir.Workload{})
		e.add(s)
	}
}
