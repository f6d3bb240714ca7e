package nomad

import (
	"fmt"
	"strings"

	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/source"
)

// sourceVolume is a specification of a volume.
type sourceVolume struct {
	doc  *document.Value
	file *source.File
	name string // of the volume in the app; "" until a job asks for it
}

func (v *sourceVolume) source() (name string, each bool) {
	return strings.CutSuffix(textOf(v.doc.Get("id"), textOf(v.doc.Get("name"), "")), "[0]")
}

// volumeMount mounts a volume of the group.
func (r *reader) volumeMount(t *sourceTask, mount *document.Value) {
	label, target := textOf(mount.Get("volume"), ""), textOf(mount.Get("destination"), "")
	request := labelled(t.group.doc, "volume", label)
	if request == nil || !strings.HasPrefix(target, "/") || t.out.Mounts.Has(target) || t.out.Files.Has(target) {
		return
	}
	name := r.volume(t.group, label, request)
	if name == "" {
		return
	}
	at := ir.JoinPath(t.path()+".mounts", target)
	t.out.Mounts.Set(target, ir.Mount{Volume: name, ReadOnly: textOf(mount.Get("read_only"), "") == "true" || textOf(request.Get("read_only"), "") == "true"})
	r.said(at, mount)
	r.ids[mount] = target
}

// volume adds the volume that a group asks for, once for each source.
func (r *reader) volume(g *sourceGroup, label string, request *document.Value) string {
	from := textOf(request.Get("source"), label)
	if strings.Contains(from, "${") {
		r.report(diag.Warning, CodeRuntime, r.whereOf(request), g.path(), "only a client of Nomad knows "+from, "The volume stays in the ledger, for Nomad only.")
		return ""
	}
	var spec *sourceVolume
	for _, v := range r.volumes {
		if name, _ := v.source(); name == from {
			spec = v
		}
	}
	name := r.volumeName(label, from)
	r.ids[request] = name
	v := r.app.Volumes.Ref(name)
	if v == nil {
		r.app.Volumes.Set(name, ir.Volume{})
		v = r.app.Volumes.Ref(name)
		r.said(ir.JoinPath("volumes", name), request)
		if spec == nil || from != r.app.Name+"-"+name {
			v.External = from
		}
		if spec != nil {
			r.volumeSpec(name, v, spec)
		}
	}
	if textOf(request.Get("per_alloc"), "") == "true" && !v.Shared {
		v.Each = true
		r.said(ir.JoinPath("volumes", name)+".each", request.Get("per_alloc"))
	}
	if strings.HasPrefix(textOf(request.Get("access_mode"), ""), "multi-node") && !v.Each {
		v.Shared = true
		r.said(ir.JoinPath("volumes", name)+".shared", request.Get("access_mode"))
	}
	return name
}

// volumeName names a volume after the label that the group gives it, as long as no
// other volume has the name.
func (r *reader) volumeName(label, from string) string {
	if r.volumeOf == nil {
		r.volumeOf, r.volumeFrom = map[string]string{}, map[string]string{}
	}
	if name := r.volumeOf[from]; name != "" {
		return name
	}
	wish := label
	if other, taken := r.volumeFrom[r.names.volumes.Name(wish)]; taken && other != from {
		wish = from
	}
	name := r.names.volumes.Name(wish)
	if other, taken := r.volumeFrom[name]; taken && other != from {
		name = r.names.volumes.Name(wish + "-" + label)
	}
	r.volumeOf[from], r.volumeFrom[name] = name, from
	return name
}

// volumeSpec reads what the specification of a volume says.
func (r *reader) volumeSpec(name string, v *ir.Volume, spec *sourceVolume) {
	spec.name = name
	at := ir.JoinPath("volumes", name)
	if size := spec.doc.Get("capacity_min"); size != nil {
		if b, err := parseCapacity(size.Text); err == nil {
			v.Size = b
			r.said(at+".size", size)
		}
	}
	if plugin := textOf(spec.doc.Get("plugin_id"), ""); plugin != builtinPlugin && plugin != "" && !(plugin == "csi" && decampWrote(spec.file)) {
		v.Driver = plugin
		r.saidText(at+".driver", spec.doc.Get("plugin_id"))
	}
	for _, m := range or(spec.doc.Get("parameters")).Members {
		v.Options.Set(m.Key, m.Value.Text)
		r.said(ir.JoinPath(at+".options", m.Key), m.Value)
	}
	if _, each := spec.source(); each {
		v.Each = true
	}
	r.carryVolume(name, spec)
}

// parseCapacity reads a size as volume specifications say it: GiB, MB, ….
func parseCapacity(s string) (ir.Bytes, error) {
	s = strings.ReplaceAll(strings.TrimSpace(s), " ", "")
	switch {
	case strings.HasSuffix(s, "iB"):
		s = strings.TrimSuffix(s, "B")
	case strings.HasSuffix(s, "B"):
		s = strings.TrimSuffix(s, "B")
		if n := len(s); n > 0 && s[n-1] == 'k' {
			s = s[:n-1] + "K"
		}
	}
	return ir.ParseBytes(s)
}

// carryVolume keeps of a specification what the app does not say.
func (r *reader) carryVolume(name string, spec *sourceVolume) {
	patch := document.Map()
	known := map[string]bool{"name": true, "id": true, "type": true, "plugin_id": true, "capacity_min": true, "parameters": true}
	for _, m := range spec.doc.Members {
		if known[m.Key] || m.Key == "capacity_max" && m.Value.Text == textOf(spec.doc.Get("capacity_min"), "") {
			continue
		}
		if m.Key == "capability" && textOf(m.Value.Get("attachment_mode"), "file-system") == "file-system" && decampWrote(spec.file) {
			continue
		}
		patch.Set(m.Key, carry(m.Value))
		r.bakeCarried(m.Value)
	}
	if len(patch.Members) == 0 || r.app.Volumes.Ref(name).External != "" {
		if len(patch.Members) > 0 {
			r.report(diag.Note, CodeVolumeNeeded, r.whereOf(spec.doc), ir.JoinPath("volumes", name), "a volume exists already under its own name", "Its specification is not part of the app; keep the file beside it.")
		}
		return
	}
	r.entry(ir.JoinPath("volumes", name), patch, "the specification of the volume says more than a volume has here", "say it in the words of the platform that makes the volume", r.whereOf(spec.doc))
}

// finishVolumes notes specifications that nothing asks for, and volumes that several
// use at once.
func (r *reader) finishVolumes() {
	for _, v := range r.volumes {
		if v.name != "" {
			continue
		}
		name, _ := v.source()
		r.report(diag.Warning, CodeVolumeUnused, r.whereOf(v.doc), "", fmt.Sprintf("no job asks for the volume %q", name), "Its specification is not part of the app; keep the file, or give the jobs too.")
	}
	type use struct {
		workload string
		several  bool
	}
	users := map[string][]use{}
	for i := range r.app.Workloads {
		name, w := r.app.Workloads[i].Key, &r.app.Workloads[i].Value
		several := w.KindOrDefault() == ir.Daemon || w.ReplicaCount() > 1 || w.Scale != nil && w.Scale.Max > 1
		eachContainer(w, func(_ string, _ ir.Role, c *ir.Container) {
			for _, m := range c.Mounts {
				if m.Value.Volume != "" {
					users[m.Value.Volume] = append(users[m.Value.Volume], use{name, several})
				}
			}
		})
	}
	for i := range r.app.Volumes {
		name, v := r.app.Volumes[i].Key, &r.app.Volumes[i].Value
		if v.Each {
			for _, u := range users[name] {
				if w := r.app.Workloads.Ref(u.workload); w.KindOrDefault() == ir.Service {
					w.Stateful = true
				} else {
					v.Each = false
				}
			}
			if v.Each {
				continue
			}
		}
		for _, u := range users[name] {
			v.Shared = v.Shared || u.several || u.workload != users[name][0].workload
		}
	}
}
