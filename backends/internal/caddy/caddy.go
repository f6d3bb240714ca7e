// Package caddy writes the routes of an app for the proxy Caddy, which stands in front
// where the platform itself has no routes.
package caddy

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/decamp-dev/decamp/backends/internal/reference"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// Image is the proxy.
const Image = "caddy:2"

// ConfigPath is where the image looks for its configuration.
const ConfigPath = "/etc/caddy/Caddyfile"

// Options are what a platform makes of what the routes refer to.
type Options struct {
	// Certificates returns the paths of a certificate and of its key, for a secret.
	Certificates func(secret string) []string
	// Host returns the name under which a port is reached.
	Host func(ir.PortRef) string
}

// File writes the routes of an app as Caddy's configuration: a site for each host, in
// it the longest path first.
func File(app *ir.App, o Options) string {
	var b strings.Builder
	b.WriteString("{\n\tadmin off\n\tauto_https disable_certs\n}\n")
	sites := sitesOf(app)
	encrypted := slices.ContainsFunc(sites, func(s *site) bool { return s.tls != "" })
	for _, site := range sites {
		b.WriteString("\n" + site.address + " {\n")
		if site.tls != "" {
			b.WriteString("\ttls " + strings.Join(o.Certificates(site.tls), " ") + "\n")
		}
		b.WriteString("\troute {\n")
		for i, r := range site.routes {
			handle(&b, r, "@"+strconv.Itoa(i+1), upstream(app, r, o))
		}
		last := site.routes[len(site.routes)-1]
		if rest := routePath(last) == "/" && last.Match != "exact"; !rest && !(encrypted && site.address == "http://") {
			// Otherwise Caddy answers what no route matches with 200 and nothing. The
			// site of all names leaves the rest to the redirects to https.
			b.WriteString("\t\trespond 404\n")
		}
		b.WriteString("\t}\n}\n")
	}
	return b.String()
}

type site struct {
	address, tls string
	routes       []*ir.Route
}

func sitesOf(app *ir.App) []*site {
	var sites []*site
	for i := range app.Routes {
		r := &app.Routes[i].Value
		address, tls := "http://"+r.Host, ""
		if r.TLS != nil {
			address, tls = "https://"+r.Host, r.TLS.Secret
		}
		at := slices.IndexFunc(sites, func(s *site) bool { return s.address == address })
		if at < 0 {
			sites, at = append(sites, &site{address: address, tls: tls}), len(sites)
		}
		sites[at].routes = append(sites[at].routes, r)
	}
	for _, s := range sites {
		slices.SortStableFunc(s.routes, func(a, b *ir.Route) int {
			if n := len(routePath(b)) - len(routePath(a)); n != 0 {
				return n
			}
			return strings.Compare(a.Match, b.Match) // exact before prefix
		})
	}
	return sites
}

func routePath(r *ir.Route) string {
	if p := strings.TrimRight(r.Path, "/"); p != "" {
		return p
	}
	return "/"
}

// handle writes one route. A prefix ends at a slash or at the path's end, and case
// counts, which Caddy's own path matcher does not see.
func handle(b *strings.Builder, r *ir.Route, matcher, upstream string) {
	pattern := ""
	switch path := routePath(r); {
	case r.Match == "exact":
		pattern = "^" + regexp.QuoteMeta(path) + "$"
	case path != "/":
		pattern = "^" + regexp.QuoteMeta(path) + "(/|$)"
	}
	head := "handle"
	// A backquote would end the quoted pattern.
	pattern = strings.ReplaceAll(pattern, "`", `\x60`)
	if pattern != "" {
		b.WriteString("\t\t" + matcher + " path_regexp `" + pattern + "`\n")
		head += " " + matcher
	}
	b.WriteString("\t\t" + head + " {\n\t\t\treverse_proxy " + upstream + "\n\t\t}\n")
}

// upstream is the workload's port, with the protocol above where it is not HTTP/1.1
// without encryption.
func upstream(app *ir.App, r *ir.Route, o Options) string {
	port, _, _ := reference.Port(app.Workloads.Ref(r.To.Workload), r.To.Port)
	address := o.Host(r.To) + ":" + strconv.Itoa(port.Port)
	switch port.App {
	case "h2c", "grpc":
		return "h2c://" + address
	case "https":
		return "https://" + address
	}
	return address
}
