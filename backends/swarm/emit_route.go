package swarm

import (
	"slices"
	"strconv"

	"github.com/decamp-dev/decamp/backends/internal/caddy"
	"github.com/decamp-dev/decamp/backends/internal/segment"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// routes adds the proxy, which stands where others have an ingress: Swarm's mesh knows
// ports, and no names.
func (e *emitter) routes() {
	if len(e.app.Routes) == 0 {
		return
	}
	u := &unit{name: e.free("routes", "routes"), wave: 1}
	u.Image = caddy.Image
	key := u.name
	for e.app.Configs.Has(key) {
		key += "-proxy"
	}
	e.config("routes", configFile{key, configFolder + "/" + key, ir.Literal(caddy.File(e.app, caddy.Options{Certificates: e.certificateFiles, Host: e.hostOf}))}, true)
	u.Configs = []fileReference{{Source: key, Target: caddy.ConfigPath}}
	u.Ports = []port{{Target: 80, Published: 80}}
	if e.certificates(u) {
		u.Ports = append(u.Ports, port{Target: 443, Published: 443})
	}
	e.routePorts(len(u.Ports) > 1)
	e.routeNetworks(u)
	u.Deploy.Labels = e.labels(nil)
	e.units = append(e.units, u)
}

// certificates mounts the certificates that the routes end encryption with.
func (e *emitter) certificates(u *unit) bool {
	var done []string
	for i := range e.app.Routes {
		tls := e.app.Routes[i].Value.TLS
		if tls == nil || slices.Contains(done, tls.Secret) {
			continue
		}
		done = append(done, tls.Secret)
		if s := e.app.Secrets.Ref(tls.Secret); s != nil {
			for _, key := range s.AllKeys() {
				u.Secrets = append(u.Secrets, fileReference{Source: secretObject(tls.Secret, s, key)})
			}
		}
	}
	return len(done) > 0
}

// certificateFiles are where Swarm mounts a certificate and its key.
func (e *emitter) certificateFiles(name string) []string {
	var files []string
	s := e.app.Secrets.Ref(name)
	for _, key := range s.AllKeys() {
		files = append(files, "/run/secrets/"+secretObject(name, s, key))
	}
	return files
}

func (e *emitter) routePorts(tls bool) {
	for i := range e.app.Workloads {
		name, w := e.app.Workloads[i].Key, &e.app.Workloads[i].Value
		for _, p := range w.Publish {
			if p.Value.Port == 80 || tls && p.Value.Port == 443 {
				number := strconv.Itoa(p.Value.Port)
				e.report(diag.Error, CodePortTaken, ir.JoinPath(ir.JoinPath("workloads", name)+".publish", p.Key), "port "+number+" is needed for the routes",
					"Routes are served by a proxy at port "+number+" of every node. Publish this port under another number.")
			}
		}
	}
}

// routeNetworks lets the proxy reach what it serves; a workload with an ingress list
// has to name the route.
func (e *emitter) routeNetworks(u *unit) {
	networks := []string{defaultNetwork}
	for i := range e.app.Routes {
		to := e.app.Routes[i].Value.To.Workload
		w := e.app.Workloads.Ref(to)
		if w == nil {
			continue
		}
		u.wave = max(u.wave, e.waveOfMain(to))
		joined := w.Networks.Keys()
		if own := e.plan.Own[to]; own != "" && segment.Admits(w, e.app.Routes[i].Key) {
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
			u.Networks.Set(n, nil)
		}
	}
}
