package compose

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// routeImage is the proxy that serves the routes.
const routeImage = "caddy:2"

// routes adds the proxy, which stands where others have an ingress: Compose has none.
func (e *emitter) routes() {
	if len(e.app.Routes) == 0 {
		return
	}
	s := &service{}
	s.Name, s.Image, s.Restart = e.free("routes", "routes"), routeImage, types.RestartPolicyUnlessStopped
	config := e.freeConfig(s.Name)
	s.Configs = []types.ServiceConfigObjConfig{{Source: config, Target: "/etc/caddy/Caddyfile"}}
	e.configs = append(e.configs, named[types.ConfigObjConfig]{name: config, value: types.ConfigObjConfig{Content: e.caddyfile()}})
	s.Ports = []types.ServicePortConfig{{Target: 80, Published: "80"}}
	if tls := e.certificates(s); tls {
		s.Ports = append(s.Ports, types.ServicePortConfig{Target: 443, Published: "443"})
	}
	e.routePorts(len(s.Ports) > 1)
	e.routeNetworks(s)
	e.labels(s, &ir.Workload{})
	e.add(s)
}

func (e *emitter) freeConfig(name string) string {
	for e.app.Configs.Has(name) {
		name += "-proxy"
	}
	return name
}

// certificates mounts the certificates that the routes end encryption with.
func (e *emitter) certificates(s *service) bool {
	var done []string
	for i := range e.app.Routes {
		tls := e.app.Routes[i].Value.TLS
		if tls == nil || slices.Contains(done, tls.Secret) {
			continue
		}
		done = append(done, tls.Secret)
		secret := e.app.Secrets.Ref(tls.Secret)
		if secret == nil {
			continue
		}
		for _, key := range secret.AllKeys() {
			s.Secrets = append(s.Secrets, types.ServiceSecretConfig{Source: secretObject(tls.Secret, secret, key)})
		}
	}
	return len(done) > 0
}

func (e *emitter) routePorts(tls bool) {
	for i := range e.app.Workloads {
		name, w := e.app.Workloads[i].Key, &e.app.Workloads[i].Value
		for _, p := range w.Publish {
			if p.Value.Port == 80 || tls && p.Value.Port == 443 {
				number := strconv.Itoa(p.Value.Port)
				e.report(diag.Error, CodePortTaken, ir.JoinPath(ir.JoinPath("workloads", name)+".publish", p.Key), "port "+number+" is needed for the routes",
					"Routes are served by a proxy at port "+number+" of the host. Publish this port under another number.")
			}
		}
	}
}

// routeNetworks lets the proxy reach what it serves; a workload with an ingress list
// has to name the route.
func (e *emitter) routeNetworks(s *service) {
	networks := []string{defaultNetwork}
	for i := range e.app.Routes {
		r := &e.app.Routes[i].Value
		w := e.app.Workloads.Ref(r.To.Workload)
		if w == nil {
			continue
		}
		s.depend(instances(r.To.Workload, w)[0], types.ServiceConditionStarted, false)
		joined := w.Networks.Keys()
		if own := e.plan.own[r.To.Workload]; own != "" && admits(w, e.app.Routes[i].Key) {
			joined = []string{own}
		}
		for _, n := range joined {
			if !slices.Contains(networks, n) {
				networks = append(networks, n)
			}
		}
	}
	if len(networks) > 1 {
		for _, n := range networks {
			s.join(n, nil)
		}
	}
}

func admits(w *ir.Workload, route string) bool {
	return w.Ingress == nil || slices.ContainsFunc(w.Ingress.Peers, func(p ir.Peer) bool { return p.Route == route })
}

// caddyfile writes the routes as Caddy's configuration: a site for each host, in it
// the longest path first.
func (e *emitter) caddyfile() string {
	var b strings.Builder
	b.WriteString("{\n\tadmin off\n\tauto_https disable_certs\n}\n")
	sites := e.sites()
	encrypted := slices.ContainsFunc(sites, func(s *site) bool { return s.tls != "" })
	for _, site := range sites {
		b.WriteString("\n" + site.address + " {\n")
		if site.tls != "" {
			secret := e.app.Secrets.Ref(site.tls)
			b.WriteString("\ttls")
			for _, key := range secret.AllKeys() {
				b.WriteString(" /run/secrets/" + secretObject(site.tls, secret, key))
			}
			b.WriteByte('\n')
		}
		b.WriteString("\troute {\n")
		for i, r := range site.routes {
			e.handle(&b, r, "@"+strconv.Itoa(i+1))
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

func (e *emitter) sites() []*site {
	var sites []*site
	for i := range e.app.Routes {
		r := &e.app.Routes[i].Value
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
func (e *emitter) handle(b *strings.Builder, r *ir.Route, matcher string) {
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
	b.WriteString("\t\t" + head + " {\n\t\t\treverse_proxy " + e.upstream(r) + "\n\t\t}\n")
}

// upstream is the workload's port, with the protocol above where it is not HTTP/1.1
// without encryption.
func (e *emitter) upstream(r *ir.Route) string {
	port, _ := portOf(e.app.Workloads.Ref(r.To.Workload), r.To.Port)
	address := r.To.Workload + ":" + strconv.Itoa(port.Port)
	switch port.App {
	case "h2c", "grpc":
		return "h2c://" + address
	case "https":
		return "https://" + address
	}
	return address
}
