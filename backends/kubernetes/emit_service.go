package kubernetes

import (
	"fmt"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// markNamed finds the workloads that something reaches by name.
func (e *emitter) markNamed() {
	texts := func(t ir.Text) {
		for _, r := range t.Refs() {
			if w := e.byName[r.Name]; w != nil && r.Kind == ir.RefWorkloadHost {
				w.named = true
			}
		}
	}
	for _, w := range e.workloads {
		eachText(w.Workload, texts)
		for _, need := range w.Needs {
			if other := e.byName[need.Key]; other != nil && need.Value != ir.Completed {
				other.named = true
			}
		}
	}
	for i := range e.app.Configs {
		c := &e.app.Configs[i].Value
		texts(c.Content)
		for _, entry := range c.Entries {
			texts(entry.Value)
		}
	}
}

func eachText(w *ir.Workload, visit func(ir.Text)) {
	command := func(c *ir.Command) {
		if c != nil {
			for _, word := range c.Words {
				visit(word)
			}
		}
	}
	ir.EachContainer(w, "", func(_, _ string, _ ir.Role, c *ir.Container) {
		command(c.Entrypoint)
		command(c.Args)
		for _, v := range c.Env {
			visit(v.Value)
		}
		for _, p := range probesOf(c) {
			command(p.Exec)
		}
		if c.Hooks != nil && c.Hooks.AfterStart != nil {
			command(c.Hooks.AfterStart.Exec)
		}
		if c.Stop != nil && c.Stop.Before != nil {
			command(c.Stop.Before.Exec)
		}
	})
}

// hasService reports whether the workload is reached by name: it has ports, an
// identity for each replica, aliases, or something that asks for its host.
func (e *emitter) hasService(w *workload) bool {
	if w.id.noService {
		return false
	}
	if w.RunsToCompletion() && len(w.ports) == 0 {
		return w.named && w.KindOrDefault() == ir.Job || len(w.Aliases) > 0
	}
	return len(w.ports) > 0 || w.Stateful || w.named || len(aliasesOf(w.Workload)) > 0
}

// aliasesOf lists the aliases of a workload, those in its networks too, each once
// and only those that can be names of Services.
func aliasesOf(w *ir.Workload) []string {
	var list []string
	seen := map[string]bool{}
	add := func(aliases []string) {
		for _, alias := range aliases {
			if !seen[alias] && isServiceName(alias) {
				seen[alias] = true
				list = append(list, alias)
			}
		}
	}
	add(w.Aliases)
	for _, n := range w.Networks {
		add(n.Value.Aliases)
	}
	return list
}

// reserveServices takes the names of all Services of a workload.
func (e *emitter) reserveServices(w *workload) {
	if e.hasService(w) {
		e.takeService(w.id.service, w.path)
	}
	for _, alias := range aliasesOf(w.Workload) {
		if alias != w.id.service {
			e.takeService(alias, w.path+".aliases")
		}
	}
	if e.publishesByBalancer(w) && !e.publishesAll(w) {
		e.takeService(w.id.public, w.path+".publish")
	}
}

func publicName(workload string) string { return shorten(workload+"-public", maxLabel) }

// publishesByBalancer is false for daemons, which publish on their own nodes.
func (e *emitter) publishesByBalancer(w *workload) bool {
	return len(w.Publish) > 0 && w.KindOrDefault() != ir.Daemon
}

// publishesAll reports whether every port is published under its own number: then the
// workload's Service is the balancer too.
func (e *emitter) publishesAll(w *workload) bool {
	if !e.publishesByBalancer(w) {
		return false
	}
	if w.id.public == w.id.service {
		return true // one on the cluster
	}
	if w.Stateful || len(w.Publish) != len(w.ports) || e.given.workloads[w.name].public != "" || w.id.noService {
		return false
	}
	for _, p := range w.ports {
		public, ok := w.Publish.Get(p.name)
		if !ok || int(publishedPort(public)) != p.Port.Port {
			return false
		}
	}
	return true
}

// emitServices writes the Service of the workload, one for each alias, and one for
// what it publishes.
func (e *emitter) emitServices(f *file, w *workload) {
	if e.hasService(w) {
		e.addService(f, w, w.id.service)
	}
	for _, alias := range aliasesOf(w.Workload) {
		if alias != w.id.service && e.services[alias] == w.path+".aliases" {
			e.addService(f, w, alias)
		}
	}
	if !e.publishesByBalancer(w) || e.publishesAll(w) {
		return
	}
	s := e.newService(w, w.id.public)
	s.Spec.Type = corev1.ServiceTypeLoadBalancer
	for _, p := range w.Publish {
		for _, own := range w.ports {
			if own.name == p.Key {
				number := publishedPort(p.Value)
				public := servicePort(own)
				if number != public.Port {
					public.TargetPort = intstr.FromInt32(public.Port)
				}
				public.Port = number
				if len(w.Publish) == 1 && isUnnamed(own.name, own.Port) {
					public.Name = ""
				}
				s.Spec.Ports = append(s.Spec.Ports, public)
			}
		}
	}
	e.add(f, w.path+".publish", "Service", s.Name, s)
}

// publishedPort is the number outside; of a range its first.
func publishedPort(p ir.Publish) int32 {
	if p.Port != 0 {
		return int32(p.Port)
	}
	first, _, _ := strings.Cut(p.Range, "-")
	n, _ := strconv.Atoi(strings.TrimSpace(first))
	return int32(n)
}

func (e *emitter) newService(w *workload, name string) *corev1.Service {
	return &corev1.Service{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Service"},
		ObjectMeta: w.meta.object(name),
		Spec:       corev1.ServiceSpec{Selector: w.selector},
	}
}

// addService writes a Service under one of the workload's names. Its ports are those
// that the containers listen on, never others.
func (e *emitter) addService(f *file, w *workload, name string) {
	s := e.newService(w, name)
	if w.Stateful || len(w.ports) == 0 {
		s.Spec.ClusterIP = corev1.ClusterIPNone
	}
	taken := names{}
	for _, p := range w.ports {
		sp := servicePort(p)
		if len(w.ports) == 1 && isUnnamed(p.name, p.Port) {
			sp.Name = ""
		}
		short := portName(p.name)
		if other, clash := taken[short]; clash && name == w.id.service {
			d := e.report(diag.Error, codeCollision, p.path, fmt.Sprintf("the port is called %q on Kubernetes, like another one", short),
				"Names of ports have at most 15 characters there. Rename one of the two.")
			e.related(d, other, "the other one")
		}
		taken[short] = p.path
		s.Spec.Ports = append(s.Spec.Ports, sp)
	}
	on := ""
	if name == w.id.service && e.publishesAll(w) {
		s.Spec.Type = corev1.ServiceTypeLoadBalancer
		on = w.path + ".publish"
	}
	e.add(f, on, "Service", name, s)
}

func servicePort(p port) corev1.ServicePort {
	s := corev1.ServicePort{Name: p.name, Port: int32(p.Port.Port), Protocol: protocol(p.Port)}
	if p.App != "" {
		s.AppProtocol = pointer(appProtocol(p.App))
	}
	return s
}

// protocol is empty for TCP, the default.
func protocol(p ir.Port) corev1.Protocol {
	if p.ProtocolOrDefault() == "tcp" {
		return ""
	}
	return corev1.Protocol(strings.ToUpper(p.Protocol))
}

// appProtocol writes the names that Kubernetes has of its own; others are IANA's.
func appProtocol(name string) string {
	switch name {
	case "h2c", "ws", "wss":
		return "kubernetes.io/" + name
	}
	return name
}
