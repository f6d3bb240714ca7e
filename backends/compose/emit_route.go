package compose

import (
	"slices"
	"strconv"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/decamp-dev/decamp/backends/internal/caddy"
	"github.com/decamp-dev/decamp/backends/internal/segment"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// routes adds the proxy, which stands where others have an ingress: Compose has none.
func (e *emitter) routes() {
	if len(e.app.Routes) == 0 {
		return
	}
	s := &service{}
	s.Name, s.Image, s.Restart = e.free("routes", "routes"), caddy.Image, types.RestartPolicyUnlessStopped
	config := e.freeConfig(s.Name)
	s.Configs = []types.ServiceConfigObjConfig{{Source: config, Target: caddy.ConfigPath}}
	e.configs = append(e.configs, named[types.ConfigObjConfig]{name: config, value: types.ConfigObjConfig{Content: caddy.File(e.app, caddy.Options{Certificates: e.certificateFiles, Host: func(to ir.PortRef) string { return to.Workload }})}})
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

// certificateFiles are where Compose mounts a certificate and its key.
func (e *emitter) certificateFiles(secret string) []string {
	var files []string
	s := e.app.Secrets.Ref(secret)
	for _, key := range s.AllKeys() {
		files = append(files, "/run/secrets/"+secretObject(secret, s, key))
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
		if own := e.plan.Own[r.To.Workload]; own != "" && segment.Admits(w, e.app.Routes[i].Key) {
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
