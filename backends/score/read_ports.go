package score

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// ports gives the service's ports to the containers that listen on them: Score does
// not say which, so that is a sidecar whose probes ask there, else the main container.
func (r *reader) ports(w *workload, into *ir.Workload) {
	if w.Service == nil {
		return
	}
	for _, p := range w.Service.Ports {
		number, ok := r.number(p.Value.target(), w.path())
		if !ok {
			continue
		}
		owner, at := &into.Container, w.path()
		if name := w.proberOf(p.Value.target().Text); name != "" && into.Sidecars.Ref(name) != nil {
			owner, at = into.Sidecars.Ref(name), ir.JoinPath(at+".sidecars", name)
		}
		path := ir.JoinPath(at+".ports", p.Name)
		r.place(path, p.Key, p.Value.target().Node)
		port := ir.Port{Port: number, Protocol: strings.ToLower(p.Value.Protocol.Text)}
		if s := p.Value.Protocol; s.said() && s.Text != "TCP" && s.Text != "UDP" {
			r.report(diag.Error, CodeValue, s.Node, path+".protocol", fmt.Sprintf("%q is neither TCP nor UDP", s.Text), "")
			port.Protocol = ""
		}
		owner.Ports.Set(p.Name, port)
		if outside, ok := r.number(p.Value.Port, path); ok && outside != number {
			r.report(diag.Warning, CodePort, p.Value.Port.Node, path, fmt.Sprintf("the service has port %d, and the workload listens on %d", outside, number),
				fmt.Sprintf("Inside the app %s is reached at %d. References follow; what names %d itself has to be changed.", w.name, number, outside))
			r.carry(w, fmt.Sprintf("on Score port %d leads to %d; here a workload is reached where it listens", outside, number), fmt.Sprintf("let all that uses %s:%d use %d", w.name, outside, number), p.Value.Port.Node,
				piece{[]string{"service", "ports", p.Name, "port"}, p.Value.Port.Node})
		}
	}
}

// number reads a port.
func (r *reader) number(s scalar, path string) (int, bool) {
	if !s.said() {
		return 0, false
	}
	n, err := strconv.Atoi(s.Text)
	if err != nil || n < 1 || n > 65535 {
		r.report(diag.Error, CodeValue, s.Node, path, fmt.Sprintf("%q is no port", s.Text), "Ports are numbers from 1 to 65535.")
		return 0, false
	}
	return n, true
}

// proberOf returns the container besides the main one that alone has probes that ask
// at a port, "" when there is none.
func (w *workload) proberOf(port string) string {
	var names []string
	for _, c := range w.Containers {
		for _, p := range []*probe{c.Value.LivenessProbe, c.Value.ReadinessProbe} {
			if p != nil && p.HTTPGet != nil && p.HTTPGet.Port.Text == port && !slices.Contains(names, c.Name) {
				names = append(names, c.Name)
			}
		}
	}
	if len(names) == 1 && names[0] != w.main {
		return names[0]
	}
	return ""
}

// probes gives the containers their probes.
func (r *reader) probes(w *workload, o order, into *ir.Workload) {
	for _, c := range o.containers {
		target, at := &into.Container, w.path()
		switch {
		case o.init[c.Name]:
			r.initProbes(w, c)
			continue
		case c.Name != w.main:
			target, at = into.Sidecars.Ref(c.Name), ir.JoinPath(w.path()+".sidecars", c.Name)
		}
		var health ir.Health
		health.Live = r.probe(w, c, "livenessProbe", c.Value.LivenessProbe, target, into, at+".health.live")
		health.Ready = r.probe(w, c, "readinessProbe", c.Value.ReadinessProbe, target, into, at+".health.ready")
		if health != (ir.Health{}) {
			target.Health = &health
		}
	}
}

// initProbes keeps the probes of a container that has ended before anything asks.
func (r *reader) initProbes(w *workload, c member[container]) {
	for _, key := range []string{"livenessProbe", "readinessProbe"} {
		if n := w.root.Get("containers").Get(c.Name).Get(key); n != nil {
			r.report(diag.Warning, CodeProbe, n, w.path(), fmt.Sprintf("init container %s has a %s", c.Name, key), "It has ended before anything asks; the probe is kept in the ledger.")
			r.carry(w, "an init container has ended before anything could ask", "drop it", n, piece{[]string{"containers", c.Name, key}, n})
		}
	}
}

// probe reads one probe. Where it asks in two ways the command is taken, which Score
// prefers too.
func (r *reader) probe(w *workload, c member[container], key string, p *probe, target *ir.Container, into *ir.Workload, at string) *ir.Probe {
	if p == nil {
		return nil
	}
	node := w.root.Get("containers").Get(c.Name).Get(key)
	r.positions.Set(at, node)
	if p.Exec != nil {
		if p.HTTPGet != nil {
			r.unsayable(w, c, key, node.Get("httpGet"), at, "a probe asks in one way, and the command is taken", "httpGet")
		}
		return &ir.Probe{Exec: r.command(p.Exec.Command, node.Get("exec").Get("command"), at+".exec")}
	}
	if p.HTTPGet == nil {
		r.report(diag.Error, CodeShape, node, at, "a probe has an httpGet or an exec", "")
		return nil
	}
	http := r.httpProbe(w, c, key, p.HTTPGet, node.Get("httpGet"), target, into, at+".http")
	if http == nil {
		return nil
	}
	return &ir.Probe{HTTP: http}
}

// unsayable keeps a part of a probe in the ledger.
func (r *reader) unsayable(w *workload, c member[container], key string, n *tree.Node, at, why string, path ...string) {
	r.report(diag.Warning, CodeProbe, n, at, why, "The rest is kept in the ledger.")
	r.carry(w, why, "see whether the probe is still needed", n, piece{append([]string{"containers", c.Name, key}, path...), n})
}

func (r *reader) httpProbe(w *workload, c member[container], key string, p *httpProbe, n *tree.Node, target *ir.Container, into *ir.Workload, at string) *ir.HTTPAction {
	number, ok := r.number(p.Port, at+".port")
	if !ok {
		return nil
	}
	name := r.probePort(w, number, p.Port.Node, target, into, strings.Split(at, ".health.")[0])
	if name == "" {
		r.unsayable(w, c, key, n, at, fmt.Sprintf("port %d belongs to another container of the workload", number), "httpGet")
		return nil
	}
	r.positions.Set(at+".port", p.Port.Node)
	r.positions.Set(at+".path", p.Path.Node)
	action := &ir.HTTPAction{Port: name, Path: p.Path.Text, Scheme: strings.ToLower(p.Scheme.Text), Host: p.Host.Text}
	if s := p.Scheme; s.said() && s.Text != "HTTP" && s.Text != "HTTPS" {
		r.report(diag.Error, CodeValue, s.Node, at+".scheme", fmt.Sprintf("%q is neither HTTP nor HTTPS", s.Text), "")
		action.Scheme = ""
	}
	for _, h := range p.HTTPHeaders {
		path := ir.JoinPath(at+".headers", h.Name.Text)
		if action.Headers.Has(h.Name.Text) {
			r.unsayable(w, c, key, n.Get("httpHeaders"), path, fmt.Sprintf("header %s is sent twice", h.Name.Text), "httpGet", "httpHeaders")
			continue
		}
		r.positions.Set(path, h.Value.Node)
		action.Headers.Set(h.Name.Text, h.Value.Text)
	}
	return action
}

// probePort returns the name of a port of the container, which it declares where the
// file does not; "" when another container of the workload has the port.
func (r *reader) probePort(w *workload, number int, n *tree.Node, target *ir.Container, into *ir.Workload, at string) string {
	name, elsewhere := "", false
	taken := map[string]bool{}
	ir.EachContainer(into, "", func(_, _ string, role ir.Role, c *ir.Container) {
		if role == ir.Init {
			return
		}
		for _, p := range c.Ports {
			taken[p.Key] = true
			switch {
			case p.Value.Port != number || p.Value.ProtocolOrDefault() != "tcp":
			case c == target:
				name = p.Key
			default:
				elsewhere = true
			}
		}
	})
	if name != "" || elsewhere {
		return name
	}
	name = "http"
	if taken[name] {
		name = fmt.Sprintf("http-%d", number)
	}
	for taken[name] {
		name += "-probe"
	}
	target.Ports.Set(name, ir.Port{Port: number})
	r.positions.Set(ir.JoinPath(at+".ports", name), n)
	return name
}
