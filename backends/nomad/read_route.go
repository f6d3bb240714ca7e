package nomad

import (
	"strings"

	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/decamp-dev/decamp/backends/internal/naming"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/pattern"
)

const routerTag = "traefik.http.routers."

// routeRule is what a rule of Traefik may be to be a route.
var routeRule = pattern.New("^(?:Host\\([`\"]([^`\"]+)[`\"]\\))?(?: *&& *)?(?:(PathPrefix|Path)\\([`\"]([^`\"]+)[`\"]\\))?$")

// routes reads the tags that lead a Traefik.
func (r *reader) routes(g *sourceGroup, s sourceService) {
	key := r.ids[s.doc]
	tags := or(s.doc.Get("tags"))
	if key == "" {
		return
	}
	for _, tag := range tags.Items {
		router, rule, isRule := strings.Cut(strings.TrimPrefix(tag.Text, routerTag), ".rule=")
		if !isRule || !strings.HasPrefix(tag.Text, routerTag) || strings.Contains(router, ".") {
			continue
		}
		parts := routeRule().FindStringSubmatch(rule)
		if parts == nil || parts[1] == "" && parts[3] == "" {
			r.report(diag.Warning, CodeRoute, r.whereOf(tag), g.path(), "a rule of Traefik is more than a host and a path: "+rule, "It stays in the ledger, for Nomad only. Write routes for the names and paths that it lets through.")
			continue
		}
		route := ir.Route{Host: parts[1], Path: parts[3], To: ir.PortRef{Workload: g.name, Port: key}}
		if parts[2] == "Path" {
			route.Match = "exact"
		}
		if r.hasRoute(&route) {
			continue
		}
		name := r.names.routes.Name(strings.TrimPrefix(router, r.app.Name+"-"))
		at := ir.JoinPath("routes", name)
		if routerHas(tags, router, "tls=true") {
			route.TLS = &ir.RouteTLS{Secret: r.certificate(s.doc, name)}
			r.said(at+".tls", tag)
		}
		r.app.Routes.Set(name, route)
		r.said(at, tag)
	}
}

func (r *reader) hasRoute(route *ir.Route) bool {
	for _, other := range r.app.Routes {
		o := other.Value
		if o.Host == route.Host && orSlash(o.Path) == orSlash(route.Path) && o.Match == route.Match {
			return true
		}
	}
	return false
}

func orSlash(path string) string {
	if path == "" {
		return "/"
	}
	return path
}

func routerHas(tags *document.Value, router, setting string) bool {
	for _, tag := range tags.Items {
		if tag.Text == routerTag+router+"."+setting {
			return true
		}
	}
	return false
}

// certificateComment is what we write above a service with a route of TLS.
var certificateComment = pattern.New(`(?m)^Traefik needs the certificate ([a-z0-9-]+)(?: \(([^\n]*)\))? for the route ([a-z0-9-]+)\.$`)

// certificate names the secret that a route ends TLS with.
func (r *reader) certificate(service *document.Value, route string) string {
	name, description := naming.Label(route+"-cert"), ""
	if p := r.places[service]; p != nil {
		for _, found := range certificateComment().FindAllStringSubmatch(p.comment, -1) {
			if found[3] == route {
				name, description = found[1], found[2]
			}
		}
	}
	if r.app.Secrets.Ref(name) == nil {
		r.app.Secrets.Set(name, ir.Secret{Type: "tls", Description: description})
		r.said(ir.JoinPath("secrets", name), service)
		r.report(diag.Note, CodeSecretNeeded, r.whereOf(service), ir.JoinPath("secrets", name), "secret "+name+" has to be created, with tls.crt and tls.key",
			"Traefik has the certificate for the route "+route+" on Nomad; elsewhere the platform needs it.")
	}
	return name
}
