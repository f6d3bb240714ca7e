package nomad

import (
	"slices"
	"strings"

	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/pattern"
)

// blockNames are the names that are blocks in HCL, with how many labels each has.
// A patch says them as maps.
var blockNames = map[string]int{
	"job": 1, "group": 1, "task": 1, "volume": 1, "port": 1, "device": 1, "secret": 1, "action": 1,
	"constraint": 0, "affinity": 0, "spread": 0, "scaling": 0, "policy": 0, "update": 0, "migrate": 0, "restart": 0,
	"reschedule": 0, "disconnect": 0, "ephemeral_disk": 0, "network": 0, "dns": 0, "service": 0, "check": 0,
	"check_restart": 0, "lifecycle": 0, "identity": 0, "config": 0, "template": 0, "change_script": 0, "wait": 0,
	"volume_mount": 0, "resources": 0, "logs": 0, "periodic": 0, "parameterized": 0, "vault": 0, "consul": 0,
	"artifact": 0, "logging": 0, "mount": 0, "devices": 0, "auth": 0, "mount_options": 0, "capability": 0, "ui": 0,
	"numa": 0, "connect": 0, "csi_plugin": 0, "dispatch_payload": 0, "multiregion": 0, "cni": 0,
}

// patch applies the platform's entries that are for a file, or for a part of it.
func (e *emitter) patch(f *file) {
	if f.unit != nil {
		e.targets = append(e.targets, "workloads."+f.unit.name, "job/"+f.unit.id, "group/"+f.unit.name)
	} else if name, ok := strings.CutSuffix(f.path, ".volume.hcl"); ok {
		e.targets = append(e.targets, "volumes."+name)
	}
	changed := false
	for i := range e.app.Platform {
		entry := &e.app.Platform[i]
		if entry.Platform != Name || entry.Patch == nil {
			continue
		}
		target := patchTarget(f, entry.On)
		if target == nil {
			continue
		}
		e.patched[entry.Path] = true
		changed = true
		patch := document.Carried(entry.Patch)
		if strings.HasPrefix(entry.On, "job/") && f.unit != nil {
			e.onlyGroup(f.unit, patch)
		}
		if err := mergeBody(target, patch); err != nil {
			e.report(diag.Error, CodePatchForm, entry.Path+".patch", "the patch does not fit what is emitted", err.Error()+".")
		}
	}
	if !changed {
		return
	}
	if job := f.doc.Get("job"); job != nil {
		e.shape(job)
		if f.unit != nil {
			f.unit.arrange("job", job)
		}
		return
	}
	blocks(f.doc)
}

// onlyGroup takes the groups of other workloads out of a patch for their job: each is
// patched by itself.
func (e *emitter) onlyGroup(u *unit, patch *document.Value) {
	if groups := patch.Get("group"); groups != nil {
		groups.Members = slices.DeleteFunc(groups.Members, func(m document.Member) bool {
			_, workload := e.ids[m.Key]
			return workload && m.Key != u.name
		})
	}
}

// shape gives a job that was patched the form of HCL: blocks where a patch has maps,
// and labels that a patch gives by name.
func (e *emitter) shape(job *document.Value) {
	(&normalizer{schema: e.schema, keep: true}).body(job, e.schema.job())
	bodies(job, e.schema.job())
	if id := job.Get("id"); id != nil {
		job.Labels = []string{id.Text}
		job.Delete("id")
	}
	for _, group := range blocksOf(job, "group") {
		for _, key := range []string{"task", "volume"} {
			for _, block := range blocksOf(group, key) {
				relabel(block)
			}
		}
		for _, network := range blocksOf(group, "network") {
			for _, port := range blocksOf(network, "port") {
				relabel(port)
			}
		}
		relabel(group)
	}
}

func relabel(block *document.Value) {
	if name := block.Get("name"); name != nil && name.Kind == document.KindString {
		block.Labels = []string{name.Text}
		block.Delete("name")
	}
}

// bodies turns maps of texts into blocks, as people write them, where their names
// allow it.
func bodies(v *document.Value, b *body) {
	for _, m := range v.Members {
		f := b.fields[m.Key]
		switch {
		case f == nil:
		case f.body != nil && m.Value.Kind == document.KindBlock:
			bodies(m.Value, f.body)
		case (f.form == textsForm || f.form == headersForm) && m.Value.Kind == document.KindMap && !slices.ContainsFunc(m.Value.Members, func(m document.Member) bool { return !attributeName().MatchString(m.Key) }):
			m.Value.Kind = document.KindBlock
		}
	}
}

// attributeName is what HCL takes for the name of an attribute.
var attributeName = pattern.New(`^[A-Za-z_][A-Za-z0-9_-]*$`)

// notePatches reports the entries that nothing was emitted for.
func (e *emitter) notePatches() {
	for i := range e.app.Platform {
		entry := &e.app.Platform[i]
		if entry.Platform != Name || entry.Patch == nil || e.patched[entry.Path] {
			continue
		}
		detail := "On names a workload or a volume of the app, or job/<id>, group/<name>, task/<group>.<name>, volume/<name>."
		if closest := diag.Closest(entry.On, e.targets); closest != "" {
			detail = "Did you mean " + closest + "? " + detail
		}
		e.report(diag.Error, CodePatchTarget, entry.Path+".on", "nothing is emitted for "+entry.On, detail)
	}
}

// patchTarget finds what an entry is for: a job by the path of its workload or by
// name, or a part of one; a volume.
func patchTarget(f *file, on string) *document.Value {
	segments := ir.SplitPath(on)
	neutral := func(collection, name string) bool {
		return len(segments) == 2 && segments[0] == collection && segments[1] == name
	}
	kind, name, _ := strings.Cut(on, "/")
	if f.unit == nil {
		volume, ok := strings.CutSuffix(f.path, ".volume.hcl")
		if ok && (neutral("volumes", volume) || kind == "volume" && name == volume) {
			return f.doc
		}
		return nil
	}
	job := f.doc.Get("job")
	switch {
	case neutral("workloads", f.unit.name), kind == "job" && (name == f.unit.id || name == f.unit.name):
		return job
	case kind == "group":
		return labelled(job, "group", name)
	case kind == "task":
		group, task, _ := strings.Cut(name, ".")
		return labelled(labelled(job, "group", group), "task", task)
	}
	return nil
}

func labelled(v *document.Value, key, label string) *document.Value {
	if v == nil {
		return nil
	}
	for i := range v.Members {
		if m := &v.Members[i]; m.Key == key && slices.Equal(m.Value.Labels, []string{label}) {
			return m.Value
		}
	}
	return nil
}

// printObjects adds the whole jobs and volumes of the platform's entries:
// {job: {NAME: {…}}} or {volume: {NAME: {…}}}.
func (e *emitter) printObjects() {
	for i := range e.app.Platform {
		entry := &e.app.Platform[i]
		if entry.Platform != Name {
			continue
		}
		for _, object := range entry.Objects {
			if f := e.objectFile(object); f != nil {
				e.printFile(f)
				continue
			}
			e.report(diag.Error, CodePatchForm, entry.Path+".objects", "an object is neither a job nor a volume",
				"Write {job: {NAME: {…}}} or {volume: {NAME: {…}}}.")
		}
	}
}

func (e *emitter) objectFile(object *ir.Value) *file {
	doc := document.Carried(object)
	if doc.Kind != document.KindMap || len(doc.Members) != 1 || len(doc.Members[0].Value.Members) != 1 {
		return nil
	}
	named := doc.Members[0].Value.Members[0]
	switch doc.Members[0].Key {
	case "job":
		job := document.Block([]string{named.Key}, named.Value.Members...)
		e.shape(job)
		return &file{path: named.Key + ".nomad", doc: document.Map(document.Member{Key: "job", Value: job})}
	case "volume":
		blocks(named.Value)
		return &file{path: named.Key + ".volume.hcl", doc: named.Value}
	}
	return nil
}

// blocks turns the maps that a patch brought into blocks, where HCL has them.
func blocks(v *document.Value) {
	var members []document.Member
	for _, m := range v.Members {
		labels, isBlock := blockNames[m.Key]
		switch {
		case !isBlock || m.Value.Kind == document.KindBlock:
			members = append(members, m)
		case m.Value.Kind == document.KindMap && labels == 1:
			for _, named := range m.Value.Members {
				named.Value.Kind, named.Value.Labels = document.KindBlock, []string{named.Key}
				members = append(members, document.Member{Key: m.Key, Value: named.Value, Comment: m.Comment})
			}
		case m.Value.Kind == document.KindMap:
			m.Value.Kind = document.KindBlock
			members = append(members, m)
		case m.Value.Kind == document.KindList && m.Key != "devices":
			for _, item := range m.Value.Items {
				item.Kind = document.KindBlock
				members = append(members, document.Member{Key: m.Key, Value: item})
			}
		default:
			members = append(members, m)
		}
	}
	v.Members = members
	for i := range v.Members {
		if v.Members[i].Value.Kind == document.KindBlock {
			blocks(v.Members[i].Value)
		}
	}
}
