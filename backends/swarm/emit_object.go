package swarm

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// unused returns the first file for what no service refers to, and 0 for the rest,
// which stands where it is used.
func (e *emitter) unused(section, name string) int {
	for _, u := range e.units {
		s := uses{map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}}
		s.add(u)
		if map[string]map[string]bool{"networks": s.networks, "volumes": s.volumes, "configs": s.configs, "secrets": s.secrets}[section][name] {
			return 0
		}
	}
	return 1
}

func (e *emitter) volumeObjects() {
	for i := range e.app.Volumes {
		name, v := e.app.Volumes[i].Key, &e.app.Volumes[i].Value
		var o volume
		suffix := ""
		if v.Each {
			suffix = "-" + slot
		}
		if v.External != "" {
			o.External, o.Name = true, templated(v.External)+suffix
		} else {
			o.Driver, o.DriverOpts, o.Labels = v.Driver, v.Options, e.labels(v.Labels)
			if v.Each {
				o.Name = e.scoped(name) + suffix
			}
		}
		e.volumes = append(e.volumes, object{name: name, value: &o, used: e.unused("volumes", name)})
	}
	e.notePins()
}

// configFile is one file that containers are given: configs of Swarm never change, so
// that a new content has a new name.
type configFile struct {
	key, file string
	content   ir.Text
}

// configObjects writes each config as files beside the stack file, and declares them.
// Those that stand only in texts have no file.
func (e *emitter) configObjects() {
	mounted := e.mountedConfigs()
	for i := range e.app.Configs {
		name, c := e.app.Configs[i].Key, &e.app.Configs[i].Value
		if len(c.Entries) > 0 {
			for j := range c.Entries {
				e.config(name, configFile{name + "." + c.Entries[j].Key, configFolder + "/" + name + "/" + c.Entries[j].Key, c.Entries[j].Value}, mounted[name])
			}
			continue
		}
		if mounted[name] || !e.inTexts(name) {
			e.config(name, configFile{name, configFolder + "/" + name, c.Content}, mounted[name])
		}
	}
}

// maxConfigSize is the largest content that Swarm takes.
const maxConfigSize = 1000 << 10

func (e *emitter) config(name string, f configFile, mounted bool) {
	o := config{File: "./" + f.file, Labels: e.labels(nil)}
	data, templated := e.configData(name, f)
	if templated {
		o.TemplateDriver = "golang"
	}
	if len(data) > maxConfigSize {
		e.report(diag.Error, CodeConfigSize, ir.JoinPath("configs", name), fmt.Sprintf("the config %q has %d bytes", f.key, len(data)),
			"Swarm takes 1000 KiB. Put it into the image, or into a volume.")
	}
	o.Name = e.objectName(f.key, data)
	e.files = append(e.files, backend.Artifact{Path: f.file, Data: []byte(data), Unmarked: true})
	c := object{name: f.key, value: &o}
	if !mounted {
		c.used = 1
	}
	e.configs = append(e.configs, c)
}

// configData is the content of a file. One that holds secrets is a template, which the
// node fills in from the secrets that the container has; so is an empty one, since
// Swarm refuses it.
func (e *emitter) configData(name string, f configFile) (data string, template bool) {
	var refs []fileReference
	data = e.write(f.content, func(s string) string { return s }, func(name, key string) string {
		refs = append(refs, e.grant(name, key))
		return ""
	})
	if len(refs) == 0 && data != "" {
		return data, false
	}
	e.granted[f.key] = refs
	data = e.write(f.content, templated, func(name, key string) string {
		return `{{secret "` + e.grant(name, key).Target + `"}}`
	})
	if data == "" {
		data = nothing
	}
	return data, true
}

// grant is the secret that a template reads, under the name that it has in the
// container.
func (e *emitter) grant(name, key string) fileReference {
	s := e.app.Secrets.Ref(name)
	if s == nil {
		return fileReference{}
	}
	if key == "" {
		key = s.AllKeys()[0]
	}
	object := secretObject(name, s, key)
	return fileReference{Source: object, Target: object}
}

// maxObjectName is the longest name of a config or secret.
const maxObjectName = 64

// objectName is the name of a config in the cluster: the stack's, its own, and a hash of
// its content.
func (e *emitter) objectName(key, content string) string { return objectName(e.scoped(key), content) }

func objectName(scoped, content string) string {
	sum := sha256.Sum256([]byte(content))
	hash := "-" + hex.EncodeToString(sum[:4])
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' || r == '.' {
			return r
		}
		return '-'
	}, scoped)
	return name[:min(len(name), maxObjectName-len(hash))] + hash
}

// mountedConfigs are those that containers have as files.
func (e *emitter) mountedConfigs() map[string]bool {
	mounted := map[string]bool{}
	for i := range e.app.Workloads {
		ir.EachContainer(&e.app.Workloads[i].Value, "", func(_, _ string, _ ir.Role, c *ir.Container) {
			for j := range c.Files {
				mounted[c.Files[j].Value.Config] = true
			}
		})
	}
	return mounted
}

// fileMounts gives the container its configs and secrets.
func (e *emitter) fileMounts(u *unit, c *ir.Container) {
	for i := range c.Files {
		target, f := c.Files[i].Key, &c.Files[i].Value
		if f.Secret != "" {
			e.secretMount(u, target, f)
			continue
		}
		config := e.app.Configs.Ref(f.Config)
		switch {
		case config == nil:
		case len(config.Entries) == 0:
			e.configMount(u, f.Config, target, f)
		case f.Key != "":
			e.configMount(u, f.Config+"."+f.Key, target, f)
		default:
			for _, entry := range config.Entries {
				e.configMount(u, f.Config+"."+entry.Key, strings.TrimSuffix(target, "/")+"/"+entry.Key, f)
			}
		}
	}
}

func (e *emitter) configMount(u *unit, key, target string, f *ir.FileMount) {
	u.Configs = append(u.Configs, owned(fileReference{Source: key, Target: target}, f))
	for _, ref := range e.granted[key] {
		has := func(other fileReference) bool { return other.Source == ref.Source && other.Target == ref.Target }
		if !slices.ContainsFunc(u.Secrets, has) {
			u.Secrets = append(u.Secrets, ref)
		}
	}
}

// owned adds whose a file is.
func owned(r fileReference, f *ir.FileMount) fileReference {
	if f.UID != nil {
		r.UID = fmt.Sprint(*f.UID)
	}
	if f.GID != nil {
		r.GID = fmt.Sprint(*f.GID)
	}
	if f.Mode != nil {
		m := fileMode(*f.Mode)
		r.Mode = &m
	}
	return r
}
