package kubernetes

import (
	"fmt"
	"slices"

	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// emitRoutes writes one Ingress a route, so that each can be patched for itself;
// controllers join the rules of one host. Those that are rules of one Ingress on the
// cluster stay together.
func (e *emitter) emitRoutes() {
	f := e.file("routes.yaml")
	done := map[string]bool{}
	for i := range e.app.Routes {
		item := &e.app.Routes[i]
		name := e.given.ingresses[item.Key]
		if name != "" && done[name] {
			continue
		}
		at := ir.JoinPath("routes", item.Key)
		in := e.ingress(or(name, item.Key), at, &item.Value)
		if name != "" {
			done[name] = true
			for j := i + 1; j < len(e.app.Routes); j++ {
				if other := &e.app.Routes[j]; e.given.ingresses[other.Key] == name {
					joinIngress(&in.Spec, e.ingress(name, ir.JoinPath("routes", other.Key), &other.Value).Spec)
				}
			}
		}
		e.add(f, at, "Ingress", in.Name, in)
	}
}

// joinIngress adds the rules of a route to those of another one.
func joinIngress(into *networkingv1.IngressSpec, other networkingv1.IngressSpec) {
	for _, rule := range other.Rules {
		if last := &into.Rules[len(into.Rules)-1]; last.Host == rule.Host {
			last.HTTP.Paths = append(last.HTTP.Paths, rule.HTTP.Paths...)
		} else {
			into.Rules = append(into.Rules, rule)
		}
	}
	for _, t := range other.TLS {
		at := slices.IndexFunc(into.TLS, func(have networkingv1.IngressTLS) bool { return have.SecretName == t.SecretName })
		if at < 0 {
			into.TLS = append(into.TLS, t)
			continue
		}
		for _, host := range t.Hosts {
			if !slices.Contains(into.TLS[at].Hosts, host) {
				into.TLS[at].Hosts = append(into.TLS[at].Hosts, host)
			}
		}
	}
}

// backendPort names the port of a Service, where it has a name that an Ingress takes: what a container's port may be called.
func (e *emitter) backendPort(to ir.PortRef) networkingv1.ServiceBackendPort {
	if w := e.byName[to.Workload]; w != nil {
		for _, p := range w.ports {
			if p.name == to.Port && (len(w.ports) == 1 && isUnnamed(to.Port, p.Port) || portName(p.name) != p.name) {
				return networkingv1.ServiceBackendPort{Number: int32(p.Port.Port)}
			}
		}
	}
	return networkingv1.ServiceBackendPort{Name: portName(to.Port)}
}

func (e *emitter) ingress(name, at string, r *ir.Route) *networkingv1.Ingress {
	match := networkingv1.PathTypePrefix
	if r.Match == "exact" {
		match = networkingv1.PathTypeExact
	}
	path := r.Path
	if path == "" {
		path = "/"
	}
	if path[0] != '/' {
		e.fail(codeName, at+".path", fmt.Sprintf("the path %q does not begin with a slash", r.Path), "Write it from the root of the host.")
	}
	in := &networkingv1.Ingress{
		TypeMeta:   metav1.TypeMeta{APIVersion: "networking.k8s.io/v1", Kind: "Ingress"},
		ObjectMeta: e.metadataOf("", at, nil, nil).object(name),
		Spec: networkingv1.IngressSpec{Rules: []networkingv1.IngressRule{{
			Host: r.Host,
			IngressRuleValue: networkingv1.IngressRuleValue{HTTP: &networkingv1.HTTPIngressRuleValue{
				Paths: []networkingv1.HTTPIngressPath{{
					Path: path, PathType: &match,
					Backend: networkingv1.IngressBackend{Service: &networkingv1.IngressServiceBackend{
						Name: e.serviceOf(r.To.Workload), Port: e.backendPort(r.To),
					}},
				}},
			}},
		}}},
	}
	if r.TLS != nil {
		t := networkingv1.IngressTLS{SecretName: r.TLS.Secret}
		if s := e.app.Secrets.Ref(r.TLS.Secret); s != nil {
			t.SecretName = secretName(r.TLS.Secret, s)
		}
		if r.Host != "" {
			t.Hosts = []string{r.Host}
		}
		in.Spec.TLS = []networkingv1.IngressTLS{t}
	}
	return in
}
