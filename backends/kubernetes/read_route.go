package kubernetes

import (
	"fmt"
	"strings"

	networkingv1 "k8s.io/api/networking/v1"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// routes reads Ingresses and the routes of the Gateway API.
func (r *sourceReader) routes() {
	for _, o := range r.objects {
		switch typed := o.typed.(type) {
		case *networkingv1.Ingress:
			r.ingress(o, typed)
		case nil:
			if o.kind == "HTTPRoute" && strings.HasPrefix(o.version, "gateway.networking.k8s.io/") {
				r.httpRoute(o)
			}
		}
	}
}

// found is a route of a source object, not yet part of the app.
type found struct {
	route ir.Route
	node  *tree.Node
}

func (r *sourceReader) ingress(o *sourceObject, typed *networkingv1.Ingress) {
	var list []found
	tls := map[string]string{} // host → Secret
	everywhere := ""
	for _, t := range typed.Spec.TLS {
		for _, host := range t.Hosts {
			tls[host] = t.SecretName
		}
		if len(t.Hosts) == 0 {
			everywhere = t.SecretName
		}
	}
	add := func(host, path string, match networkingv1.PathType, b *networkingv1.IngressBackend, n *tree.Node) bool {
		if b.Service == nil {
			return false
		}
		to, ok := r.portOfService(o.namespace, b.Service.Name, b.Service.Port.Name, b.Service.Port.Number)
		if !ok {
			return false
		}
		route := ir.Route{Host: host, Path: path, To: to}
		if match == networkingv1.PathTypeExact {
			route.Match = "exact"
		}
		if secret := or(tls[host], everywhere); secret != "" {
			route.TLS = &ir.RouteTLS{Secret: r.tlsSecret(o.namespace, secret)}
		}
		list = append(list, found{route, n})
		return true
	}
	ok := true
	for i, rule := range typed.Spec.Rules {
		if rule.HTTP == nil {
			continue
		}
		for j, p := range rule.HTTP.Paths {
			match := networkingv1.PathTypePrefix
			if p.PathType != nil {
				match = *p.PathType
			}
			ok = add(rule.Host, p.Path, match, &p.Backend, dig(o.node, "spec", "rules", i, "http", "paths", j)) && ok
		}
	}
	if b := typed.Spec.DefaultBackend; b != nil && len(list) == 0 && ok {
		ok = add("", "", networkingv1.PathTypePrefix, b, dig(o.node, "spec", "defaultBackend"))
	}
	if !ok || len(list) == 0 {
		r.unroutable(o)
		return
	}
	if names := r.addRoutes(o, list); names != nil && (len(names) > 1 || names[0] != o.name) {
		r.ingresses.Set(o.name, names)
	}
}

func (r *sourceReader) unroutable(o *sourceObject) {
	r.report(diag.Warning, codeRoute, o.node, "", fmt.Sprintf("%s %s cannot be said as routes", o.kind, o.name),
		"It leads to something that is not in these files, or in a way that a spec has no words for. It stays in the ledger; elsewhere nothing answers from outside.")
	o.unmapped = "a spec has no words for how it leads to its Services"
}

// addRoutes gives the routes of an object their names. nil when one of them is taken
// by another object.
func (r *sourceReader) addRoutes(o *sourceObject, list []found) []string {
	seen := map[string]bool{}
	for _, have := range r.app.Routes {
		seen[routeKey(&have.Value)] = true
	}
	for _, f := range list {
		key := routeKey(&f.route)
		if seen[key] {
			r.unroutable(o)
			return nil
		}
		seen[key] = true
	}
	var names []string
	for i, f := range list {
		base := o.name
		if i > 0 {
			base = fmt.Sprintf("%s-%s", o.name, f.route.To.Workload)
		}
		name := r.names.routes.Name(base)
		for n := 2; r.app.Routes.Has(name); n++ {
			name = r.names.routes.Name(fmt.Sprintf("%s-%d", base, n))
		}
		names = append(names, name)
		r.place(ir.JoinPath("routes", name), f.node)
		r.app.Routes.Set(name, f.route)
	}
	return names
}

func routeKey(r *ir.Route) string {
	return r.Host + "\x00" + or(r.Path, "/") + "\x00" + or(r.Match, "prefix")
}

func (r *sourceReader) tlsSecret(namespace, name string) string {
	known := r.secret(namespace, name, "")
	if s := r.app.Secrets.Ref(known); s.Type != "tls" {
		s.Type = "tls"
	}
	return known
}

// portOfService finds the port of the app behind a port of a Service.
func (r *sourceReader) portOfService(namespace, service, name string, number int32) (ir.PortRef, bool) {
	s := r.services[objectKey("Service", namespace, service)]
	if s == nil || s.workload == nil {
		return ir.PortRef{}, false
	}
	for _, p := range s.typed.Spec.Ports {
		if name != "" && p.Name == name || name == "" && (p.Port == number || number == 0) {
			if port := s.portName(p.Port); port != "" {
				return ir.PortRef{Workload: s.workload.name, Port: port}, true
			}
		}
	}
	return ir.PortRef{}, false
}

// httpRoute reads a route of the Gateway API that only matches hosts and paths. The
// object itself is carried: an Ingress is what decamp writes.
func (r *sourceReader) httpRoute(o *sourceObject) {
	spec := o.node.Get("spec")
	hosts := spec.Get("hostnames").Strings()
	if len(hosts) == 0 {
		hosts = []string{""}
	}
	var list []found
	for _, rule := range spec.Get("rules").Elements() {
		backends := rule.Get("backendRefs").Elements()
		if len(backends) != 1 || rule.Get("filters") != nil {
			r.unroutable(o)
			return
		}
		var number int32
		if port := backends[0].Get("port"); port != nil {
			fmt.Sscan(port.Value, &number)
		}
		name := backends[0].Get("name")
		if name == nil {
			return
		}
		to, ok := r.portOfService(o.namespace, name.Value, "", number)
		matches := rule.Get("matches").Elements()
		if len(matches) == 0 {
			matches = []*tree.Node{rule}
		}
		for _, match := range matches {
			if match.Get("headers") != nil || match.Get("method") != nil || match.Get("queryParams") != nil {
				ok = false
			}
			for _, host := range hosts {
				route := ir.Route{Host: host, To: to}
				if value := dig(match, "path", "value"); value != nil {
					route.Path = value.Value
				}
				if kind := dig(match, "path", "type"); kind != nil && kind.Value == "Exact" {
					route.Match = "exact"
				} else if kind != nil && kind.Value != "PathPrefix" {
					ok = false
				}
				list = append(list, found{route, rule})
			}
		}
		if !ok {
			r.unroutable(o)
			return
		}
	}
	if len(list) == 0 {
		r.unroutable(o)
		return
	}
	r.addRoutes(o, list)
}
