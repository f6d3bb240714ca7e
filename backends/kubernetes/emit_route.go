package kubernetes

import (
	"fmt"

	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// emitRoutes writes one Ingress a route, so that each can be patched for itself;
// controllers join the rules of one host.
func (e *emitter) emitRoutes() {
	f := e.file("routes.yaml")
	for i := range e.app.Routes {
		item := &e.app.Routes[i]
		at := ir.JoinPath("routes", item.Key)
		e.add(f, at, "Ingress", item.Key, e.ingress(item.Key, at, &item.Value))
	}
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
						Name: r.To.Workload, Port: networkingv1.ServiceBackendPort{Name: portName(r.To.Port)},
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
