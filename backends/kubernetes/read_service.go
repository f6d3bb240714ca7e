package kubernetes

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// sourceService is a Service of the files.
type sourceService struct {
	*sourceObject
	typed    *corev1.Service
	workload *sourceWorkload // that it leads to; nil when it is none or several
}

// portName is the name, in the app, of the port behind a number of the Service.
func (s *sourceService) portName(number int32) string {
	for _, p := range s.typed.Spec.Ports {
		if p.Port == number {
			return s.workload.nameOfPort(targetNumber(&s.workload.template.Spec, p), p.Protocol)
		}
	}
	return ""
}

// remaps reports whether a number of the Service is not the one that is listened on.
func (s *sourceService) remaps(number int32) bool {
	for _, p := range s.typed.Spec.Ports {
		if p.Port == number {
			return targetNumber(&s.workload.template.Spec, p) != number
		}
	}
	return false
}

// nameOfPort foretells the name that a port will have: other workloads may be read
// before the one that has it.
func (w *sourceWorkload) nameOfPort(number int32, protocol corev1.Protocol) string {
	if w.foretold == nil {
		w.foretell()
	}
	return w.foretold[portKey{number, protocolOf(protocol)}]
}

// foretell reads the ports of the containers in the order of containers.
func (w *sourceWorkload) foretell() {
	w.foretold = map[portKey]string{}
	r := &sourceReader{positions: backend.Positions{}}
	c := *w
	c.ports, c.portNames = map[portKey]string{}, map[string]bool{}
	c.result = ir.Workload{}
	spec := &w.template.Spec
	visit := func(role ir.Role, container *corev1.Container) {
		out := ir.Container{}
		r.containerPorts(&c, "", container, nil, &out, role)
		if role != ir.Init {
			r.health(&c, "", container, nil, &out)
			r.lifecycle(&c, "", container, nil, &out)
		}
	}
	visit(ir.Main, &spec.Containers[w.main])
	for i := range spec.Containers {
		if i != w.main {
			visit(ir.Sidecar, &spec.Containers[i])
		}
	}
	for i := range spec.InitContainers {
		if isNativeSidecar(&spec.InitContainers[i]) {
			visit(ir.Sidecar, &spec.InitContainers[i])
		}
	}
	maps.Copy(w.foretold, c.ports)
}

// findServices joins Services to the workloads that they select.
func (r *sourceReader) findServices() {
	for _, o := range r.objects {
		typed, ok := o.typed.(*corev1.Service)
		if !ok {
			continue
		}
		s := &sourceService{sourceObject: o, typed: typed}
		r.services[o.key()] = s
		if typed.Spec.Type == corev1.ServiceTypeExternalName {
			r.externalName(s)
			continue
		}
		var selected []*sourceWorkload
		for _, w := range r.labelled(o.namespace, typed.Spec.Selector) {
			if !w.result.RunsToCompletion() {
				selected = append(selected, w)
			}
		}
		switch {
		case len(selected) == 1:
			s.workload = selected[0]
			s.workload.services = append(s.workload.services, s)
			r.nameHosts(s)
		case len(selected) > 1:
			var names []string
			for _, w := range selected {
				names = append(names, w.name)
			}
			r.report(diag.Warning, codeService, o.node, "", fmt.Sprintf("Service %s leads to several workloads", o.name),
				"They are "+strings.Join(names, ", ")+". A spec has one name for each workload. The Service stays in the ledger; elsewhere its name means nothing.")
		case len(typed.Spec.Selector) > 0:
			r.report(diag.Warning, codeService, o.node, "", fmt.Sprintf("Service %s leads to no workload of these files", o.name),
				"Name the files of the workload too. The Service stays in the ledger; elsewhere its name means nothing.")
		default:
			r.report(diag.Warning, codeService, o.node, "", fmt.Sprintf("Service %s selects nothing", o.name),
				"Someone else says what is behind it. Declare an endpoint for what the app reaches by it. The Service stays in the ledger.")
		}
	}
	for _, w := range r.workloads {
		r.nameServices(w)
	}
}

// labelled returns the workloads of a namespace whose pods a selector selects.
func (r *sourceReader) labelled(namespace string, selector map[string]string) []*sourceWorkload {
	if r.byLabel == nil {
		r.byLabel = map[[3]string][]*sourceWorkload{}
		for _, w := range r.workloads {
			for key, value := range w.template.Labels {
				at := [3]string{w.namespace, key, value}
				r.byLabel[at] = append(r.byLabel[at], w)
			}
		}
	}
	var fewest []*sourceWorkload
	first := true
	for key, value := range selector {
		if list := r.byLabel[[3]string{namespace, key, value}]; first || len(list) < len(fewest) {
			fewest, first = list, false
		}
	}
	var selected []*sourceWorkload
	for _, w := range fewest {
		if selects(selector, w.template.Labels) {
			selected = append(selected, w)
		}
	}
	return selected
}

func selects(selector, labels map[string]string) bool {
	for key, value := range selector {
		if have, ok := labels[key]; !ok || have != value {
			return false
		}
	}
	return len(selector) > 0
}

// nameHosts notes the names under which a Service is reached.
func (r *sourceReader) nameHosts(s *sourceService) {
	r.hosts[s.namespace+"\x00"+s.name] = s
	if s.namespace != "" {
		r.hosts[s.name+"."+s.namespace] = s
	}
}

// host finds the Service that a name means in a namespace.
func (r *sourceReader) host(namespace, name string) *sourceService {
	name = strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(name, "."), ".cluster.local"), ".svc")
	if s := r.hosts[namespace+"\x00"+name]; s != nil {
		return s
	}
	return r.hosts[name]
}

// nameServices decides which Service is the workload's own: the one with its name,
// else the first that is reached within the cluster.
func (r *sourceReader) nameServices(w *sourceWorkload) {
	inside := func(s *sourceService) bool {
		return s.typed.Spec.Type == "" || s.typed.Spec.Type == corev1.ServiceTypeClusterIP
	}
	var own, public *sourceService
	for _, s := range w.services {
		if inside(s) && (own == nil || s.name == w.sourceObject.name) {
			own = s
		}
		if !inside(s) && (public == nil || s.name == w.sourceObject.name) {
			public = s
		}
	}
	if governing := w.governing(); governing != "" {
		for _, s := range w.services {
			if s.name == governing && inside(s) {
				own = s
			}
		}
	}
	switch {
	case own == nil && public == nil:
		w.id.noService = true
		return
	case own == nil:
		own = public
	}
	w.id.service = own.name
	if public != nil {
		w.id.public = public.name
	}
	w.own, w.public = own, public
}

// governing is the Service that gives the pods of a StatefulSet their names.
func (w *sourceWorkload) governing() string {
	if n := dig(w.node, "spec", "serviceName"); n != nil && w.kind == ir.Service {
		return n.Value
	}
	return ""
}

// reach says under which names, and at which numbers from outside, a workload is
// reached.
func (r *sourceReader) reach(w *sourceWorkload) {
	for _, s := range w.services {
		if s == w.own || s == w.public {
			continue
		}
		if isServiceName(s.name) && !slices.Contains(w.result.Aliases, s.name) {
			r.place(w.path+".aliases", s.node.Get("metadata"))
			w.result.Aliases = append(w.result.Aliases, s.name)
		}
	}
	for _, s := range w.services {
		for i, p := range s.typed.Spec.Ports {
			target := targetNumber(&w.template.Spec, p)
			name := w.ports[portKey{target, protocolOf(p.Protocol)}]
			if name == "" {
				r.report(diag.Warning, codeService, dig(s.node, "spec", "ports", i), w.path, fmt.Sprintf("Service %s has a port that leads to nothing", s.name),
					"No container of the workload listens there. It stays in the ledger.")
				continue
			}
			if s == w.own && target != p.Port && s != w.public {
				r.report(diag.Note, codeRemapped, dig(s.node, "spec", "ports", i), ir.JoinPath(w.path+".ports", name),
					fmt.Sprintf("Service %s answers at %d, and the container at %d", s.name, p.Port, target),
					"Elsewhere a workload is reached where it listens. References in variables and commands follow; a number that is built into an image does not.")
			}
			if s == w.public && w.kind != ir.Daemon {
				r.publish(w, s, p, name, i)
			}
		}
	}
}

// publish reads the number at which a port is reached from outside.
func (r *sourceReader) publish(w *sourceWorkload, s *sourceService, p corev1.ServicePort, name string, i int) {
	public := ir.Publish{Port: int(p.Port)}
	if s.typed.Spec.Type == corev1.ServiceTypeNodePort {
		public.Port = int(p.NodePort)
		if p.NodePort == 0 {
			public = ir.Publish{Range: "30000-32767"}
		}
	}
	at := ir.JoinPath(w.path+".publish", name)
	r.place(at, dig(s.node, "spec", "ports", i))
	key := fmt.Sprintf("%d/%s", public.Port, protocolOf(p.Protocol))
	if other := r.published[key]; public.Port != 0 && other != "" {
		r.report(diag.Warning, codePublished, dig(s.node, "spec", "ports", i), w.path, fmt.Sprintf("the number %d is published by %s too", public.Port, other),
			"Each has an address of its own on Kubernetes, and elsewhere they share one. The Service stays in the ledger; publish the port under another number for other platforms.")
		return
	}
	if !w.result.Publish.Has(name) {
		r.published[key] = w.name
		w.result.Publish.Set(name, public)
	}
}

// externalName makes an endpoint of a name for something outside.
func (r *sourceReader) externalName(s *sourceService) {
	if len(s.typed.Spec.Ports) == 0 {
		r.report(diag.Warning, codeService, s.node, "", fmt.Sprintf("Service %s is another name for %s", s.name, s.typed.Spec.ExternalName),
			"It says no port, so no endpoint can be made of it. Declare one under endpoints. The Service stays in the ledger.")
		return
	}
	name := r.names.endpoints.Name(s.name)
	p := s.typed.Spec.Ports[0]
	e := ir.Endpoint{Host: s.typed.Spec.ExternalName, Port: int(p.Port)}
	for scheme, port := range map[string]int{"http": 80, "https": 443} {
		if p.Name == scheme || p.Name == "" && int(p.Port) == port {
			e.Scheme = scheme
		}
	}
	r.place(ir.JoinPath("endpoints", name), s.node)
	r.app.Endpoints.Set(name, e)
	r.report(diag.Note, codeService, s.node, ir.JoinPath("endpoints", name), fmt.Sprintf("Service %s is the endpoint %s", s.name, e.Host),
		"Only Kubernetes knows it under the short name: elsewhere write the endpoint's own.")
}
