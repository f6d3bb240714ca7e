package nomad

import (
	"fmt"
	"slices"

	"github.com/hashicorp/nomad/api"

	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// builtinPlugin makes volumes that are folders of a client's disk.
const builtinPlugin = "mkdir"

// volumeSource is the name of a volume in the cluster.
func (e *emitter) volumeSource(name string, v *ir.Volume) string {
	if v.External != "" {
		return v.External
	}
	return e.app.Name + "-" + name
}

// volumeType is csi where a folder of one client cannot serve.
func volumeType(v *ir.Volume) string {
	if v.Shared || v.Class != "" || v.Driver != "" && v.Driver != "local" {
		return "csi"
	}
	return "host"
}

// accessMode is the narrowest that serves all who mount the volume.
func (e *emitter) accessMode(name string, v *ir.Volume) string {
	writers := 0
	for _, user := range e.users[name] {
		w := e.app.Workloads.Ref(user)
		replicas := w.ReplicaCount()
		if w.KindOrDefault() == ir.Daemon || w.Scale != nil && w.Scale.Max > 1 {
			replicas = 2
		}
		if v.Each {
			replicas = 1
		}
		writers += replicas
	}
	switch {
	case v.Shared:
		return "multi-node-multi-writer"
	case writers > 1 && volumeType(v) == "host":
		return "single-node-multi-writer"
	}
	return "single-node-writer"
}

// perAllocation reports whether a volume of the workload belongs to one replica.
func (u *unit) perAllocation() bool {
	found := false
	for i := range u.emitter.app.Volumes {
		name, v := u.emitter.app.Volumes[i].Key, &u.emitter.app.Volumes[i].Value
		found = found || v.Each && slices.Contains(u.emitter.users[name], u.name)
	}
	return found
}

// volumeGroups asks for the volumes that the workload's containers mount.
func (u *unit) volumeGroups() {
	for i := range u.emitter.app.Volumes {
		name, v := u.emitter.app.Volumes[i].Key, &u.emitter.app.Volumes[i].Value
		if !slices.Contains(u.emitter.users[name], u.name) {
			continue
		}
		if u.group.Volumes == nil {
			u.group.Volumes = map[string]*api.VolumeRequest{}
		}
		u.group.Volumes[name] = &api.VolumeRequest{
			Type: volumeType(v), Source: u.emitter.volumeSource(name, v), PerAlloc: v.Each,
			AccessMode: u.emitter.accessMode(name, v), AttachmentMode: "file-system",
		}
		u.orders["volume"] = append(u.orders["volume"], name)
	}
}

func (t *task) volumeMount(target string, m *ir.Mount) *api.VolumeMount {
	out := &api.VolumeMount{Volume: new(m.Volume), Destination: new(target)}
	if m.ReadOnly {
		out.ReadOnly = new(true)
	}
	return out
}

// volumeDocument is what `nomad volume create` takes.
func (e *emitter) volumeDocument(name string, v *ir.Volume) *document.Value {
	doc := document.Map()
	source := e.volumeSource(name, v)
	if v.Each {
		source += "[0]"
	}
	kind := volumeType(v)
	doc.Set("name", document.String(source))
	if kind == "csi" {
		doc.Set("id", document.String(source))
	}
	doc.Set("type", document.String(kind))
	doc.Set("plugin_id", document.String(volumePlugin(v)))
	if v.Size != 0 {
		doc.Set("capacity_min", document.String(capacity(v.Size)))
		if kind == "host" { // without it, it is 0 there, and refused as smaller
			doc.Set("capacity_max", document.String(capacity(v.Size)))
		}
	}
	doc.Set("capability", document.Block(nil,
		document.Member{Key: "access_mode", Value: document.String(e.accessMode(name, v))},
		document.Member{Key: "attachment_mode", Value: document.String("file-system")}))
	if len(v.Options) > 0 {
		parameters := document.Map()
		for _, option := range v.Options {
			parameters.Set(option.Key, document.String(option.Value))
		}
		doc.Set("parameters", parameters)
	}
	return doc
}

func volumePlugin(v *ir.Volume) string {
	switch {
	case v.Driver != "" && v.Driver != "local":
		return v.Driver
	case v.Class != "":
		return v.Class
	case v.Shared:
		return "csi"
	}
	return builtinPlugin
}

// capacity is in the words that volume specifications know: KiB to PiB, kB to PB.
func capacity(b ir.Bytes) string {
	for _, unit := range []struct {
		suffix string
		size   ir.Bytes
	}{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"GB", 1e9}, {"MB", 1e6}, {"KB", 1e3}} {
		if b%unit.size == 0 {
			return fmt.Sprintf("%d%s", b/unit.size, unit.suffix)
		}
	}
	return fmt.Sprintf("%dB", b)
}

// noteVolume says that a volume has to be made before a job that mounts it is placed.
func (e *emitter) noteVolume(name string, v *ir.Volume, file string) {
	path := ir.JoinPath("volumes", name)
	if v.External != "" {
		e.report(diag.Note, CodeVolumeNeeded, path, "a volume has to exist before the first deployment",
			"Look: nomad volume status "+v.External+".")
		return
	}
	detail := "Run: nomad volume create " + file + "."
	if v.Each {
		detail = "Run: nomad volume create " + file + ", once for each replica, with its number in the place of [0]."
	}
	if volumeType(v) == "csi" && v.Driver == "" && v.Class == "" {
		detail += " Put the id of a CSI plugin of the cluster into plugin_id first, or say it in volumes." + name + ".driver."
	}
	e.report(diag.Note, CodeVolumeNeeded, path, "a volume has to be made before the first deployment", detail)
}
