package nomad

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/nomad/api"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// onHost reports whether the workload shares the node's network.
func (u *unit) onHost() bool {
	return u.workload.Security != nil && u.workload.Security.Network == "host"
}

// network writes the group's network with its ports.
func (u *unit) network() {
	n := &api.NetworkResource{Mode: "bridge", Hostname: u.hostname()}
	if u.onHost() {
		n.Mode, n.Hostname = "host", ""
	}
	for i := range u.ports {
		p := &u.ports[i]
		out := api.Port{Label: p.label, To: p.fact.Port}
		if u.onHost() {
			// Nothing is forwarded there: the task listens on the node's own port.
			out = api.Port{Label: p.label, Value: p.fact.Port}
		}
		if publish, ok := u.workload.Publish.Get(p.label); ok {
			u.publish(&out, p, publish)
		}
		if other := sameNumber(n.DynamicPorts, &out); other != "" {
			p.label = other
			continue
		}
		n.DynamicPorts = append(n.DynamicPorts, out)
	}
	if !u.alone() {
		u.group.Networks = []*api.NetworkResource{n}
	}
	for i := range u.emitter.app.Endpoints {
		u.checkAddress(u.emitter.app.Endpoints[i].Key, &u.emitter.app.Endpoints[i].Value)
	}
}

// sameNumber finds the port that has the same fixed number and leads to the same one: it forwards both protocols, and Nomad
// refuses a second one.
func sameNumber(ports []api.Port, p *api.Port) (label string) {
	for _, other := range ports {
		if p.Value != 0 && other.Value == p.Value && other.To == p.To && other.HostNetwork == p.HostNetwork {
			return other.Label
		}
	}
	return ""
}

// alone reports a workload whose only container shares its network with nothing and is
// reached by nobody: Docker's own network is enough.
func (u *unit) alone() bool {
	w := u.workload
	return len(u.ports) == 0 && len(w.Sidecars) == 0 && !u.onHost() && u.hostname() == "" && (w.Hooks == nil || w.Hooks.AfterStart == nil) &&
		!slices.ContainsFunc(u.emitter.app.Endpoints, func(e ir.Item[ir.Endpoint]) bool { return u.stubbed(e.Key, &e.Value) })
}

// hostname is the one name that all containers of the group see.
func (u *unit) hostname() string {
	name := u.workload.Hostname
	if u.workload.Stateful {
		if name == "" {
			name = u.name
		}
		return name + "-${NOMAD_ALLOC_INDEX}"
	}
	return name
}

func (u *unit) publish(out *api.Port, p *port, publish ir.Publish) {
	if !u.onHost() {
		out.Value = publish.Port
		if publish.Range != "" && publish.Port == 0 {
			out.Value = u.emitter.freeNumber(publish.Range)
			u.notes["port "+p.label] = "of " + publish.Range
		}
	}
	u.noteFixed(out, p)
	if publish.On == "" {
		return
	}
	out.HostNetwork = hostNetwork(publish.On)
	u.emitter.client(clientNeed{
		what: "the address " + publish.On,
		path: ir.JoinPath(u.path+".publish", p.name) + ".on",
		text: fmt.Sprintf("client { host_network %q { cidr = %q } }", out.HostNetwork, prefix(publish.On)),
	})
}

// freeNumber takes a number of a range that the app has not taken for another port: its first one, where none is free.
func (e *emitter) freeNumber(numbers string) int {
	if e.numbers == nil {
		e.numbers = map[int]bool{}
		for i := range e.app.Workloads {
			for _, p := range e.app.Workloads[i].Value.Publish {
				e.numbers[p.Value.Port] = true
			}
		}
	}
	from, to, _ := strings.Cut(numbers, "-")
	first, _ := strconv.Atoi(strings.TrimSpace(from))
	last, _ := strconv.Atoi(strings.TrimSpace(to))
	for n := first; n <= last; n++ {
		if !e.numbers[n] {
			e.numbers[n] = true
			return n
		}
	}
	return first
}

// noteFixed says that a number of the node is had by one allocation only.
func (u *unit) noteFixed(out *api.Port, p *port) {
	most := u.workload.ReplicaCount()
	if s := u.workload.Scale; s != nil {
		most = max(most, s.Max)
	}
	if u.workload.KindOrDefault() != ir.Service || most < 2 {
		return
	}
	u.emitter.report(diag.Note, CodeFixedPort, ir.JoinPath(u.path+".publish", p.label), "a replica needs a node of its own",
		fmt.Sprintf("A node has the port %d once, so that %d replicas need %d nodes; those for which there is none stay pending. Leave publish out where a proxy stands in front.", out.Value, most, most))
}

// hostNetwork names the network of the client that holds an address.
func hostNetwork(address string) string {
	return strings.Trim(strings.NewReplacer(".", "-", ":", "-", "/", "-").Replace(address), "-")
}

func prefix(address string) string {
	if a, err := netip.ParseAddr(address); err == nil {
		return netip.PrefixFrom(a, a.BitLen()).String()
	}
	return address
}

// services registers each port of a container. They are services of the task and
// not of the group, so that they are registered when the container runs, and so
// that a failing check restarts this container only.
func (u *unit) services(container string, role ir.Role, c *ir.Container) []*api.Service {
	var services []*api.Service
	for i := range u.ports {
		p := &u.ports[i]
		if p.container != container {
			continue
		}
		services = append(services, &api.Service{
			Name: p.service, PortLabel: p.label, Provider: "nomad",
			Tags:   u.tags(p),
			Checks: u.checks(p, container, role, c),
		})
	}
	return services
}

// tags say what Nomad has no words for, and lead a Traefik that watches Nomad.
func (u *unit) tags(p *port) []string {
	var tags []string
	if p.fact.Protocol == "udp" {
		tags = append(tags, "udp")
	}
	if p.fact.App != "" {
		tags = append(tags, p.fact.App)
	}
	for i := range u.emitter.app.Routes {
		name, r := u.emitter.app.Routes[i].Key, &u.emitter.app.Routes[i].Value
		if r.To.Workload == u.name && r.To.Port == p.label {
			if !slices.Contains(tags, "traefik.enable=true") {
				tags = append(tags, "traefik.enable=true")
			}
			tags = append(tags, u.routeTags(name, r, p)...)
		}
	}
	return tags
}

func (u *unit) routeTags(name string, r *ir.Route, p *port) []string {
	router := "traefik.http.routers." + u.emitter.app.Name + "-" + name
	tags := []string{router + ".rule=" + rule(r)}
	if r.TLS == nil {
		return tags
	}
	note := "Traefik needs the certificate " + u.certificate(r.TLS.Secret) + " for the route " + name + "."
	u.notes["service "+p.service] = strings.TrimPrefix(u.notes["service "+p.service]+"\n"+note, "\n")
	return append(tags, router+".tls=true")
}

// certificate says which one a route is meant to have, for the person who gives it
// to Traefik.
func (u *unit) certificate(name string) string {
	s := u.emitter.app.Secrets.Ref(name)
	if s == nil {
		return name
	}
	var words []string
	for _, word := range []string{s.Description, s.External, s.File, s.Env} {
		if word != "" {
			words = append(words, word)
		}
	}
	if words == nil {
		return name
	}
	return name + " (" + strings.Join(words, ", ") + ")"
}

// rule is in Traefik's language of rules.
func rule(r *ir.Route) string {
	path := r.Path
	if path == "" {
		path = "/"
	}
	var conditions []string
	if r.Host != "" {
		conditions = append(conditions, "Host(`"+r.Host+"`)")
	}
	switch {
	case r.Match == "exact":
		conditions = append(conditions, "Path(`"+path+"`)")
	case path != "/" || r.Host == "":
		conditions = append(conditions, "PathPrefix(`"+path+"`)")
	}
	return strings.Join(conditions, " && ")
}

func (u *unit) checkAddress(name string, endpoint *ir.Endpoint) {
	if endpoint.Address == "" {
		return
	}
	if _, err := netip.ParseAddr(endpoint.Address); err != nil {
		u.emitter.report(diag.Error, CodeAddress, ir.JoinPath("endpoints", name)+".address",
			"an endpoint is bound to a name where a hosts file needs an address",
			"Write an IP address, or bind the endpoint to a workload.")
	}
}

// noteUnreached names the services without ports that others need: a service of Nomad belongs to a port, so that nobody
// finds them, though on other platforms whatever listens there is reached by the workload's name.
func (e *emitter) noteUnreached() {
	needed := map[string]bool{}
	for _, w := range e.app.Workloads {
		for _, n := range w.Value.Needs {
			needed[n.Key] = true
		}
	}
	for i := range e.app.Workloads {
		name, w := e.app.Workloads[i].Key, &e.app.Workloads[i].Value
		if needed[name] && w.KindOrDefault() == ir.Service && len(e.ports[name]) == 0 {
			e.report(diag.Warning, CodeUnreached, ir.JoinPath("workloads", name), "others need a workload that says no port on which they reach it",
				"On Nomad a service belongs to a port, and without one nobody finds the workload by its name. Say under ports what its image listens on.")
		}
	}
}
