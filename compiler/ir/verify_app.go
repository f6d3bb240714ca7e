package ir

import (
	"fmt"
	"strings"
)

// volumes finds volumes that more writers use than they can serve.
func (v *verifier) volumes() {
	type use struct {
		workload, path string
		writes         bool
	}
	uses := map[string][]use{}
	for i := range v.app.Workloads {
		w, name := &v.app.Workloads[i].Value, v.app.Workloads[i].Key
		EachContainer(w, JoinPath("workloads", name), func(at, _ string, _ Role, c *Container) {
			for j := range c.Mounts {
				m := &c.Mounts[j]
				if m.Value.Volume != "" {
					uses[m.Value.Volume] = append(uses[m.Value.Volume], use{name, JoinPath(at+".mounts", m.Key), !m.Value.ReadOnly})
				}
			}
		})
	}
	for i := range v.app.Volumes {
		volume, name := &v.app.Volumes[i].Value, v.app.Volumes[i].Key
		path := JoinPath("volumes", name)
		if volume.Each && volume.Shared {
			v.add(CodeConflict, path+".each", "a volume for each replica is not shared", "Keep one of each and shared.")
		}
		for _, u := range uses[name] {
			w := v.workloads[u.workload]
			switch {
			case volume.Each && !w.Stateful:
				v.add(CodeVolumeShare, u.path, fmt.Sprintf("volume %q is one for each replica, and the workload has no stable replicas", name), "Make the workload stateful: true.").Other = path
			case volume.Each || volume.Shared:
			case u.workload != uses[name][0].workload:
				v.add(CodeVolumeShare, u.path, fmt.Sprintf("volume %q is used by the workloads %q and %q, and it is not shared", name, uses[name][0].workload, u.workload),
					"On a cluster the two may run on different nodes. Say shared: true (the storage has to allow it), or give each its own volume.").Other = uses[name][0].path
			case w.KindOrDefault() == Daemon || maxReplicas(w) > 1:
				v.add(CodeVolumeShare, u.path, fmt.Sprintf("several replicas use volume %q, and it is neither shared nor one for each", name),
					"Say shared: true (the storage has to allow it), or each: true with stateful: true.").Other = path
			}
		}
	}
}

func maxReplicas(w *Workload) int {
	if w.Scale != nil {
		return w.Scale.Max
	}
	return w.ReplicaCount()
}

func (v *verifier) routes() {
	seen := map[string]string{}
	for i := range v.app.Routes {
		r, path := &v.app.Routes[i].Value, JoinPath("routes", v.app.Routes[i].Key)
		if v.workloads[r.To.Workload] == nil {
			v.unknown(path+".to", "workload", r.To.Workload, v.app.Workloads.Keys(), "A route goes to workload.port.")
		} else if _, ok := v.ports[r.To.Workload][r.To.Port]; !ok {
			v.unknown(path+".to", "port of "+r.To.Workload, r.To.Port, v.portNames(r.To.Workload), "A route goes to workload.port.")
		}
		if r.TLS != nil {
			v.secretRef(path+".tls.secret", r.TLS.Secret, "")
			if s := v.app.Secrets.Ref(r.TLS.Secret); s != nil && s.Type != "tls" {
				v.add(CodeConflict, path+".tls.secret", fmt.Sprintf("secret %q is not of type tls", r.TLS.Secret), "Say type: tls in the secret.").Other = JoinPath("secrets", r.TLS.Secret)
			}
		}
		key := r.Host + "\x00" + orDefault(r.Path, "/") + "\x00" + orDefault(r.Match, "prefix")
		if other, taken := seen[key]; taken {
			v.add(CodeConflict, path, "two routes answer under the same host and path", "Change the host or the path of one of them.").Other = other
		}
		seen[key] = path
	}
}

func (v *verifier) endpoints() {
	for i := range v.app.Endpoints {
		e, path := &v.app.Endpoints[i].Value, JoinPath("endpoints", v.app.Endpoints[i].Key)
		bindings := 0
		for _, given := range []bool{e.Workload != "", e.Address != "", e.Real} {
			if given {
				bindings++
			}
		}
		if bindings > 1 {
			v.add(CodeConflict, path, "an endpoint is bound to one thing", "Give at most one of workload, address and real.")
		}
		if e.Workload == "" {
			continue
		}
		stub := v.workloads[e.Workload]
		if stub == nil {
			v.unknown(path+".workload", "workload", e.Workload, v.app.Workloads.Keys(), "A stub has to exist in the stage: list it under only, or in no only at all.")
			continue
		}
		if !listensOn(stub, e.Port) {
			v.add(CodeConflict, path+".workload", fmt.Sprintf("workload %q does not listen on port %d", e.Workload, e.Port), "The app reaches the endpoint under the same port in every stage, so the stub has to listen on it.").Other = JoinPath("workloads", e.Workload)
		}
	}
}

func listensOn(w *Workload, port int) bool {
	found := false
	EachContainer(w, "", func(_, _ string, _ Role, c *Container) {
		for _, p := range c.Ports {
			found = found || p.Value.Port == port
		}
	})
	return found
}

// publishes finds two workloads that want the same number outside.
func (v *verifier) publishes() {
	type place struct {
		address  string
		port     int
		protocol string
	}
	taken := map[place]string{}
	for i := range v.app.Workloads {
		w, name := &v.app.Workloads[i].Value, v.app.Workloads[i].Key
		protocols := map[string]string{}
		EachContainer(w, "", func(_, _ string, _ Role, c *Container) {
			for _, p := range c.Ports {
				protocols[p.Key] = p.Value.ProtocolOrDefault()
			}
		})
		for _, p := range w.Publish {
			if p.Value.Port == 0 {
				continue
			}
			path := JoinPath(JoinPath("workloads", name)+".publish", p.Key)
			key := place{p.Value.On, p.Value.Port, protocols[p.Key]}
			if other, clash := taken[key]; clash {
				v.add(CodePortClash, path, fmt.Sprintf("port %d is published twice", p.Value.Port), "Choose another number for one of them.").Other = other
			}
			taken[key] = path
		}
	}
}

// ledger finds platform entries that concern nothing of this app. What names an
// object of the platform is left to its backend.
func (v *verifier) ledger() {
	names := map[string]func() []string{
		"workloads": v.app.Workloads.Keys, "routes": v.app.Routes.Keys, "volumes": v.app.Volumes.Keys, "configs": v.app.Configs.Keys,
		"secrets": v.app.Secrets.Keys, "networks": v.app.Networks.Keys, "endpoints": v.app.Endpoints.Keys,
	}
	known := map[string]bool{} // "workloads.web"
	for section, keys := range names {
		for _, key := range keys() {
			known[JoinPath(section, key)] = true
		}
	}
	for _, e := range v.app.Platform {
		segments := SplitPath(e.On)
		if len(segments) < 2 || names[segments[0]] == nil || known[JoinPath(segments[0], segments[1])] {
			continue
		}
		v.unknown(e.Path+".on", strings.TrimSuffix(segments[0], "s"), segments[1], names[segments[0]](), "An entry concerns something of the app, or an object of its platform.")
	}
}
