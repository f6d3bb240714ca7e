package ir

import (
	"fmt"
	"strings"
)

func (v *verifier) container(path, workload string, role Role, w *Workload, c *Container) {
	if c.Image == "" && c.Build == nil {
		v.add(CodeMissing, path, "a container needs an image or a build", "Add for instance image: ghcr.io/acme/web:1.4.2.")
	}
	v.probes(path, role, c)
	v.mountsAndFiles(path, c)
	v.textRefs(path, c)
	v.security(path, role, c)
	if c.Stop != nil && c.Stop.Before != nil {
		v.hook(path+".stop.before", c, c.Stop.Before)
	}
	if c.Hooks != nil && c.Hooks.AfterStart != nil {
		v.hook(path+".hooks.afterStart", c, c.Hooks.AfterStart)
	}
	v.resources(path, c)
}

func (v *verifier) probes(path string, role Role, c *Container) {
	if c.Health == nil {
		return
	}
	if role == Init {
		v.add(CodeMisplaced, path+".health", "an init container has no health", "It runs to its end before anything asks. Take the probes out.")
	}
	for _, p := range []struct {
		name  string
		probe *Probe
	}{{"startup", c.Health.Startup}, {"ready", c.Health.Ready}, {"live", c.Health.Live}} {
		if p.probe == nil {
			continue
		}
		at := path + ".health." + p.name
		set := 0
		if p.probe.Exec != nil {
			set++
		}
		if h := p.probe.HTTP; h != nil {
			set++
			v.containerPort(at+".http.port", h.Port, c)
		}
		if t := p.probe.TCP; t != nil {
			set++
			v.containerPort(at+".tcp.port", t.Port, c)
		}
		if g := p.probe.GRPC; g != nil {
			set++
			v.containerPort(at+".grpc.port", g.Port, c)
		}
		if p.probe.Exec != nil && len(p.probe.Exec.Words) == 0 {
			v.add(CodeConflict, at+".exec", "the command has no words", "Name the program that asks.")
		}
		if set != 1 {
			v.add(CodeConflict, at, fmt.Sprintf("a probe asks in one way, and %d are given", set), "Give exactly one of exec, http, tcp and grpc.")
		}
		if p.probe.Successes > 1 && p.name != "ready" {
			v.add(CodeConflict, at+".successes", "only readiness counts successes", "A container that has begun, or is alive, is so at the first success.")
		}
	}
}

func (v *verifier) containerPort(path, name string, c *Container) {
	if !c.Ports.Has(name) {
		v.unknown(path, "port", name, c.Ports.Keys(), "Probes and hooks name a port that the container declares under ports.")
	}
}

func (v *verifier) hook(path string, c *Container, h *Hook) {
	switch {
	case (h.Exec == nil) == (h.HTTP == nil):
		v.add(CodeConflict, path, "a hook does one thing", "Give exactly one of exec and http.")
	case h.HTTP != nil:
		v.containerPort(path+".http.port", h.HTTP.Port, c)
	}
}

func (v *verifier) mountsAndFiles(path string, c *Container) {
	for i := range c.Mounts {
		m, at := &c.Mounts[i].Value, JoinPath(path+".mounts", c.Mounts[i].Key)
		set := 0
		for _, given := range []bool{m.Volume != "", m.Host != "", m.Scratch != nil, m.Memory != nil} {
			if given {
				set++
			}
		}
		if set != 1 {
			v.add(CodeConflict, at, fmt.Sprintf("a mount is one thing, and %d are given", set), "Give exactly one of volume, host, scratch and memory.")
		}
		if m.Volume != "" && !v.app.Volumes.Has(m.Volume) {
			v.unknown(at+".volume", "volume", m.Volume, v.app.Volumes.Keys(), "Declare it under volumes.")
		}
		if m.Subpath != "" && m.Volume == "" {
			v.add(CodeMisplaced, at+".subpath", "only a volume has subpaths", "Write the whole path under host, or take the subpath out.")
		}
		v.absolute(at, c.Mounts[i].Key)
	}
	for i := range c.Files {
		f, at := &c.Files[i].Value, JoinPath(path+".files", c.Files[i].Key)
		v.absolute(at, c.Files[i].Key)
		if c.Mounts.Has(c.Files[i].Key) {
			v.add(CodeConflict, at, "the same path is a mount and a file", "Use two paths.").Other = JoinPath(path+".mounts", c.Files[i].Key)
		}
		v.fileSource(at, f)
	}
}

func (v *verifier) absolute(path, place string) {
	if !strings.HasPrefix(place, "/") && !(len(place) > 2 && place[1] == ':') {
		v.add(CodeConflict, path, fmt.Sprintf("%q is not an absolute path", place), "Paths in a container begin with a slash.")
	}
}

func (v *verifier) fileSource(at string, f *FileMount) {
	switch {
	case (f.Config == "") == (f.Secret == ""):
		v.add(CodeConflict, at, "a file comes from one config or one secret", "Write for instance ${configs.web} or ${secrets.db-password}.")
	case f.Config != "":
		v.configRef(at, f.Config, f.Key)
	default:
		v.secretRef(at, f.Secret, f.Key)
	}
}

func (v *verifier) configRef(at, name, key string) {
	config := v.app.Configs.Ref(name)
	switch {
	case config == nil:
		v.unknown(at, "config", name, v.app.Configs.Keys(), "Declare it under configs.")
	case key != "" && !config.Entries.Has(key):
		v.unknown(at, "file in the config", key, config.Entries.Keys(), "Only a config that is a folder has keys: its file names.")
	}
}

func (v *verifier) secretRef(at, name, key string) {
	secret := v.app.Secrets.Ref(name)
	if secret == nil {
		v.unknown(at, "secret", name, v.app.Secrets.Keys(), "Declare it under secrets; its value is given when the app is deployed.")
		return
	}
	if keys := secret.AllKeys(); key != "" && !contains(keys, key) {
		v.unknown(at, "key of the secret", key, keys, "The keys of a secret stand under its keys.")
	}
}

// AllKeys returns the names of the values that the secret holds: its keys, those
// that its type implies, or the one key of an unnamed value.
func (s *Secret) AllKeys() []string {
	switch {
	case len(s.Keys) > 0:
		return s.Keys
	case s.Type == "tls":
		return []string{"tls.crt", "tls.key"}
	}
	return []string{DefaultSecretKey}
}

// DefaultSecretKey is the key of a secret that has one unnamed value.
const DefaultSecretKey = "value"

func contains(list []string, s string) bool {
	for _, e := range list {
		if e == s {
			return true
		}
	}
	return false
}

func (v *verifier) textRefs(path string, c *Container) {
	for i := range c.Env {
		v.refs(JoinPath(path+".env", c.Env[i].Key), c.Env[i].Value)
	}
	for _, command := range []struct {
		name string
		c    *Command
	}{{"entrypoint", c.Entrypoint}, {"args", c.Args}} {
		if command.c == nil {
			continue
		}
		for i, word := range command.c.Words {
			v.refs(fmt.Sprintf("%s.%s[%d]", path, command.name, i), word)
		}
	}
}

// refs checks what a text refers to.
func (v *verifier) refs(at string, t Text) {
	for _, p := range t {
		r := p.Ref
		switch r.Kind {
		case RefSecret:
			v.secretRef(at, r.Name, r.Field)
			if s := v.app.Secrets.Ref(r.Name); s != nil && r.Field == "" && len(s.AllKeys()) > 1 {
				v.unknown(at, "single value of the secret", r.Name, nil, "It has the keys "+strings.Join(s.AllKeys(), ", ")+": say which, as in ${secrets."+r.Name+"."+s.AllKeys()[0]+"}.")
			}
		case RefConfig:
			v.configRef(at, r.Name, r.Field)
		case RefWorkloadHost, RefWorkloadPort:
			if v.workloads[r.Name] == nil {
				v.unknown(at, "workload", r.Name, v.app.Workloads.Keys(), "References name workloads of this app and stage.")
			} else if _, ok := v.ports[r.Name][r.Field]; r.Kind == RefWorkloadPort && !ok {
				v.unknown(at, "port of "+r.Name, r.Field, v.portNames(r.Name), "The workload declares its ports under ports.")
			}
		case RefEndpoint:
			if !v.app.Endpoints.Has(r.Name) {
				v.unknown(at, "endpoint", r.Name, v.app.Endpoints.Keys(), "Declare it under endpoints.")
			}
		}
	}
}

func (v *verifier) security(path string, role Role, c *Container) {
	s := c.Security
	if s == nil || role == Main {
		return
	}
	for _, f := range []struct {
		name string
		set  bool
	}{{"fsGroup", s.FSGroup != nil}, {"pid", s.PID != ""}, {"ipc", s.IPC != ""}, {"network", s.Network != ""}} {
		if f.set {
			v.add(CodeMisplaced, path+".security."+f.name, fmt.Sprintf("%s belongs to the workload, not to one of its further containers", f.name), "Move it to the security of the workload.")
		}
	}
}

func (v *verifier) resources(path string, c *Container) {
	r := c.Resources
	if r == nil || r.Limits == nil {
		return
	}
	above := func(name string, reserved, limit int64, show string) {
		if limit > 0 && reserved > limit {
			v.add(CodeConflict, path+".resources."+name, "more "+name+" is reserved than the limit allows", "The limit is "+show+". Raise it, or reserve less.").Other = path + ".resources.limits." + name
		}
	}
	above("cpu", int64(r.CPU), int64(r.Limits.CPU), r.Limits.CPU.String())
	above("memory", int64(r.Memory), int64(r.Limits.Memory), r.Limits.Memory.String())
	above("disk", int64(r.Disk), int64(r.Limits.Disk), r.Limits.Disk.String())
}
