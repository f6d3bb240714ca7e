package compose

import (
	"path"
	"unicode/utf8"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/decamp-dev/decamp/backends/internal/composefile"
	"github.com/decamp-dev/decamp/backends/internal/reference"
	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

func (e *emitter) networkObjects() {
	for i := range e.app.Networks {
		n := &e.app.Networks[i].Value
		var config types.NetworkConfig
		if n.External != "" {
			config.External, config.Name = true, n.External
		} else {
			config.Driver, config.DriverOpts, config.Internal = n.Driver, orderless[types.Options](n.Options), n.Internal
			if n.Subnet != "" {
				config.Ipam.Config = []*types.IPAMPool{{Subnet: n.Subnet}}
			}
			config.Labels = e.objectLabels(n.Labels)
		}
		e.networks = append(e.networks, named[types.NetworkConfig]{name: e.app.Networks[i].Key, value: config})
	}
	for _, n := range e.plan.Networks {
		e.networks = append(e.networks, named[types.NetworkConfig]{name: n.Name, value: types.NetworkConfig{Internal: n.Internal}, comment: n.Comment})
	}
}

func (e *emitter) objectLabels(own ir.Map[string]) types.Labels {
	var labels types.Labels
	for _, l := range e.app.Labels {
		put(&labels, l.Key, l.Value)
	}
	for _, l := range own {
		put(&labels, l.Key, l.Value)
	}
	return labels
}

func (e *emitter) volumeObjects() {
	scratch := e.volumes
	e.volumes = nil
	for i := range e.app.Volumes {
		name, v := e.app.Volumes[i].Key, &e.app.Volumes[i].Value
		for ordinal := range e.volumeCount(name, v) {
			var config types.VolumeConfig
			if v.External != "" {
				config.External, config.Name = true, volumeName(v.External, v, ordinal)
			} else {
				config.Driver, config.DriverOpts = v.Driver, orderless[types.Options](v.Options)
				config.Labels = e.objectLabels(v.Labels)
			}
			e.volumes = append(e.volumes, named[types.VolumeConfig]{name: volumeName(name, v, ordinal), value: config})
		}
	}
	e.volumes = append(e.volumes, scratch...)
}

// volumeCount is how many of a volume there are: one for each replica of the
// workload with the most of them.
func (e *emitter) volumeCount(name string, v *ir.Volume) int {
	count := 1
	if !v.Each {
		return count
	}
	for i := range e.app.Workloads {
		w := &e.app.Workloads[i].Value
		if !numbered(w) {
			continue
		}
		ir.EachContainer(w, "", func(_, _ string, _ ir.Role, c *ir.Container) {
			for j := range c.Mounts {
				if c.Mounts[j].Value.Volume == name {
					count = max(count, w.ReplicaCount())
				}
			}
		})
	}
	return count
}

// usage says how configs and secrets are used, which decides in what form they stand.
type usage struct {
	readOnly  map[string]bool // configs and secrets of containers with a read-only root, as "config/x"
	mounted   map[string]bool // as files, as "config/x"
	keys      map[string]bool // as files, as "secret/x/key"; "secret/x/" for all of them
	variables map[string]bool // in texts, as "secret/x"
}

func usageOf(app *ir.App) usage {
	u := usage{map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}}
	text := func(t ir.Text) {
		for _, p := range t {
			switch p.Ref.Kind {
			case ir.RefSecret:
				u.variables["secret/"+p.Ref.Name] = true
			case ir.RefConfig:
				u.variables["config/"+p.Ref.Name] = true
			}
		}
	}
	for i := range app.Workloads {
		ir.EachContainer(&app.Workloads[i].Value, "", func(_, _ string, _ ir.Role, c *ir.Container) {
			readOnly := c.Security != nil && c.Security.ReadOnlyRoot
			for j := range c.Files {
				key := fileKey(&c.Files[j].Value)
				if s := app.Secrets.Ref(c.Files[j].Value.Secret); s != nil && readOnly && s.Env != "" && s.File == "" {
					continue // it cannot be mounted there
				}
				u.mounted[key] = true
				u.keys[key+"/"+c.Files[j].Value.Key] = true
				u.readOnly[key] = u.readOnly[key] || readOnly
			}
			reference.EachText(c, text)
		})
	}
	for i := range app.Configs {
		text(app.Configs[i].Value.Content)
		for _, entry := range app.Configs[i].Value.Entries {
			text(entry.Value)
		}
	}
	for i := range app.Routes {
		if tls := app.Routes[i].Value.TLS; tls != nil {
			u.mounted["secret/"+tls.Secret] = true
			u.keys["secret/"+tls.Secret+"/"] = true
		}
	}
	return u
}

func fileKey(f *ir.FileMount) string {
	if f.Secret != "" {
		return "secret/" + f.Secret
	}
	return "config/" + f.Config
}

// asFile reports whether a config is written as a file beside the Compose file: one
// whose content cannot stand inside, or that goes to a read-only root, into which
// Compose cannot write content.
func (u usage) asFile(name string, c *ir.Config) bool {
	if len(c.Entries) > 0 {
		return true
	}
	text, plain := c.Content.Plain()
	return u.readOnly["config/"+name] || plain && (text == "" || !printable(text))
}

func printable(s string) bool { return utf8.ValidString(s) && !composefile.HasVariable(s) }

func (e *emitter) configObjects() {
	for i := range e.app.Configs {
		name, c := e.app.Configs[i].Key, &e.app.Configs[i].Value
		key := "config/" + name
		if e.usage.variables[key] && !e.usage.mounted[key] {
			continue // its content stands where it is used
		}
		file := configFolder + "/" + name
		switch {
		case len(c.Entries) > 0:
			for j := range c.Entries {
				e.file(name, file+"/"+c.Entries[j].Key, c.Entries[j].Value)
			}
		case e.usage.asFile(name, c):
			e.file(name, file, c.Content)
			e.configs = append(e.configs, named[types.ConfigObjConfig]{name: name, value: types.ConfigObjConfig{File: "./" + file}})
		default:
			e.configs = append(e.configs, named[types.ConfigObjConfig]{name: name, value: types.ConfigObjConfig{Content: e.text(c.Content)}})
		}
	}
}

// file writes a config beside the Compose file, where no variable is filled in.
func (e *emitter) file(name, file string, content ir.Text) {
	data, plain := content.Plain()
	if !plain {
		data = e.text(content)
	}
	if !plain && composefile.HasVariable(data) {
		e.report(diag.Error, CodeConfigSecret, ir.JoinPath("configs", name), "a config that holds a secret has to be a file here",
			"Compose fills variables in only where the content stands in compose.yaml, and such content cannot be written into a read-only root or belong to a folder. Mount the secret as a file of its own, or let the root be written to.")
		data = content.String()
	}
	e.files = append(e.files, backend.Artifact{Path: file, Data: []byte(data), Unmarked: true})
}

// fileMounts gives the container its configs and secrets.
func (e *emitter) fileMounts(s *service, c *ir.Container) {
	for i := range c.Files {
		target, f := c.Files[i].Key, &c.Files[i].Value
		if f.Secret != "" {
			e.secretMount(s, target, f)
			continue
		}
		config := e.app.Configs.Ref(f.Config)
		if config == nil {
			continue
		}
		if len(config.Entries) > 0 {
			source := path.Join(configFolder, f.Config, f.Key)
			s.Volumes = append(s.Volumes, types.ServiceVolumeConfig{Type: types.VolumeTypeBind, Source: "./" + source, Target: target, ReadOnly: true})
			continue
		}
		mount := types.ServiceConfigObjConfig{Source: f.Config, Target: target}
		if !e.usage.asFile(f.Config, config) {
			mount.UID, mount.GID, mount.Mode = owner(f)
		}
		s.Configs = append(s.Configs, mount)
	}
}

// owner writes whose a file is; Compose heeds it for what it writes itself and not
// for files of the host.
func owner(f *ir.FileMount) (uid, gid string, mode *types.FileMode) {
	if f.UID != nil {
		uid = formatID(*f.UID)
	}
	if f.GID != nil {
		gid = formatID(*f.GID)
	}
	if f.Mode != nil {
		m := types.FileMode(*f.Mode)
		mode = &m
	}
	return uid, gid, mode
}
