package segment

import (
	"strconv"
	"strings"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// RelayImage is what passes connections on where a network alone cannot.
const RelayImage = "alpine/socat:1.8.0.3"

// Outside is one host that a closed workload may reach outside, with exactly the ports
// that its list names.
type Outside struct {
	Host    string // name under which the workload reaches it
	Label   string // for the name of a service
	Targets []Target
}

// Target is where a port of a host leads: to the host itself, or to the address that it
// is bound to.
type Target struct {
	Port    int
	Address string
}

// OutsideOf lists what a closed workload may reach outside.
func OutsideOf(app *ir.App, w *ir.Workload) []*Outside {
	var hosts []*Outside
	reach := func(host, label string, target Target) {
		for _, h := range hosts {
			if h.Host == host {
				h.Targets = append(h.Targets, target)
				return
			}
		}
		hosts = append(hosts, &Outside{host, label, []Target{target}})
	}
	for _, peer := range w.Egress.Peers {
		endpoint := app.Endpoints.Ref(peer.Endpoint)
		switch {
		case endpoint != nil && endpoint.Workload == "":
			target := endpoint.Host
			if endpoint.Address != "" {
				target = endpoint.Address
			}
			reach(endpoint.Host, peer.Endpoint, Target{endpoint.Port, target})
		case peer.Host != "" && peer.Port != 0:
			reach(peer.Host, strings.ReplaceAll(strings.ToLower(peer.Host), ".", "-"), Target{peer.Port, peer.Host})
		}
	}
	return hosts
}

// Pass is one connection that a relay passes on, as two addresses of socat.
type Pass struct{ Listen, Connect string }

// PassOn listens on a port and passes on to the same port of a host. protocol is tcp,
// udp or sctp.
func PassOn(protocol string, port int, host string) Pass {
	protocol = strings.ToUpper(protocol)
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	number := strconv.Itoa(port)
	return Pass{protocol + "-LISTEN:" + number + ",fork,reuseaddr", protocol + ":" + host + ":" + number}
}

// PassAll are the passes of a relay to what lies outside, straight to each target.
func (o *Outside) PassAll() []Pass {
	passes := make([]Pass, len(o.Targets))
	for i, t := range o.Targets {
		passes[i] = PassOn("tcp", t.Port, t.Address)
	}
	return passes
}

// RelayCommand is what a relay runs; the entrypoint is nil where the image's own does.
func RelayCommand(passes []Pass) (entrypoint, args []string) {
	if len(passes) == 1 {
		return nil, []string{passes[0].Listen, passes[0].Connect}
	}
	var commands []string
	for _, p := range passes {
		commands = append(commands, "socat "+p.Listen+" "+p.Connect)
	}
	return []string{"/bin/sh", "-c"}, []string{strings.Join(commands, " & ") + " & wait"}
}
