package swarm

import (
	"slices"
	"strings"

	"github.com/decamp-dev/decamp/backends/internal/caddy"
	"github.com/decamp-dev/decamp/backends/internal/composefile"
	"github.com/decamp-dev/decamp/backends/internal/composeread"
	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// platformEntries merges what the spec says for Swarm alone.
func (e *emitter) platformEntries(roots []*document.Value) {
	entries := ir.Clone(&ir.App{Platform: e.app.Platform}).Platform
	for i := range entries {
		entry := &entries[i]
		if entry.Platform != Name {
			continue
		}
		composeread.EntryPaths(entry, e.relative) // they are the spec's, as all paths are
		if entry.Patch != nil {
			e.patch(roots, entry)
		}
		for _, object := range entry.Objects {
			e.whole(roots, document.Carried(object), entry)
		}
	}
}

func (e *emitter) patch(roots []*document.Value, entry *ir.PlatformEntry) {
	if entry.On == "" {
		e.whole(roots, document.Carried(entry.Patch), entry)
		return
	}
	targets := e.targets(roots, entry.On)
	if len(targets) == 0 {
		e.unknownTarget(roots, entry)
		return
	}
	for _, target := range targets {
		e.member(roots, target[0], target[1], document.Carried(entry.Patch), entry)
	}
}

// whole merges what is said of the stack as a whole: members of its sections where they
// are, everything else into the first file.
func (e *emitter) whole(roots []*document.Value, patch *document.Value, entry *ir.PlatformEntry) {
	for _, section := range patch.Members {
		if !slices.Contains(sections, section.Key) || section.Value == nil || section.Value.Kind != document.KindMap {
			e.merge(roots[0], document.Map(section), entry)
			continue
		}
		for _, m := range section.Value.Members {
			e.member(roots, section.Key, m.Key, m.Value, entry)
		}
	}
}

// sections are the maps of names at the top of a stack file.
var sections = []string{"services", "networks", "volumes", "configs", "secrets"}

// member merges a patch into a member of a section, in every file that has it, and in
// the first where none has.
func (e *emitter) member(roots []*document.Value, section, name string, patch *document.Value, entry *ir.PlatformEntry) {
	in := slices.DeleteFunc(slices.Clone(roots), func(root *document.Value) bool { return !has(root.Get(section), name) })
	if len(in) == 0 {
		in = roots[:1]
	}
	for _, root := range in {
		all := root.Get(section)
		if all == nil {
			all = document.Map()
			root.Set(section, all)
		}
		object := all.Get(name)
		switch {
		case patch == nil || patch.Kind == document.KindNull:
			if has(all, name) && object.Kind == document.KindMap && len(object.Members) > 0 {
				all.Delete(name)
			} else if !has(all, name) {
				all.Set(name, document.Null())
			}
			continue
		case object == nil || object.Kind == document.KindNull:
			object = document.Map()
			all.Set(name, object)
		}
		e.merge(object, patch.Clone(), entry)
	}
}

func has(v *document.Value, key string) bool {
	return v != nil && slices.ContainsFunc(v.Members, func(m document.Member) bool { return m.Key == key })
}

func (e *emitter) merge(base, patch *document.Value, entry *ir.PlatformEntry) {
	composefile.LongForms(base, patch)
	if err := document.Merge(base, patch); err != nil {
		e.report(diag.Error, CodePatchTarget, entry.Path, "the entry cannot be merged: "+err.Error(), "A patch has the form of what it changes: a map, a list or a scalar in the same place.")
	}
}

// targets are the objects of the files that a neutral path or an object's own name
// stands for, as section and name.
func (e *emitter) targets(roots []*document.Value, on string) (targets [][2]string) {
	segments := ir.SplitPath(on)
	if segments[0] == "workloads" && len(segments) >= 2 {
		return e.workloadTargets(segments[1:])
	}
	if segments[0] == "routes" {
		return e.routeTarget()
	}
	if len(segments) != 2 {
		return nil
	}
	section, name := segments[0], segments[1]
	if section == "networks" && name == defaultNetwork {
		return [][2]string{{section, name}}
	}
	for _, root := range roots {
		if objects := root.Get(section); objects != nil {
			for _, m := range objects.Members {
				target := [2]string{section, m.Key}
				if (m.Key == name || e.standsFor(section, m.Key, name)) && !slices.Contains(targets, target) {
					targets = append(targets, target)
				}
			}
		}
	}
	return targets
}

// standsFor reports whether an object is one of several that a name of the spec became:
// files of a config, values of a secret.
func (e *emitter) standsFor(section, object, name string) bool {
	switch section {
	case "configs":
		c := e.app.Configs.Ref(name)
		return c != nil && len(c.Entries) > 0 && strings.HasPrefix(object, name+".") && c.Entries.Has(object[len(name)+1:])
	case "secrets":
		s := e.app.Secrets.Ref(name)
		return s != nil && slices.ContainsFunc(s.AllKeys(), func(key string) bool { return object == secretObject(name, s, key) })
	}
	return false
}

// workloadTargets is the service of a workload, or of one of its containers.
func (e *emitter) workloadTargets(segments []string) [][2]string {
	w := e.app.Workloads.Ref(segments[0])
	switch {
	case w == nil:
		return nil
	case len(segments) == 1:
		return [][2]string{{"services", segments[0]}}
	case len(segments) == 3 && (segments[1] == "sidecars" && w.Sidecars.Has(segments[2]) || segments[1] == "init" && w.Init.Has(segments[2])):
		return [][2]string{{"services", composefile.ServiceName(segments[0], segments[2])}}
	}
	return nil
}

func (e *emitter) routeTarget() [][2]string {
	for _, u := range e.units {
		if u.Image == caddy.Image && e.taken[u.name] == "routes" {
			return [][2]string{{"services", u.name}}
		}
	}
	return nil
}

func (e *emitter) unknownTarget(roots []*document.Value, entry *ir.PlatformEntry) {
	var names []string
	for i := range e.app.Workloads {
		names = append(names, ir.JoinPath("workloads", e.app.Workloads[i].Key))
	}
	for _, root := range roots {
		for _, section := range root.Members {
			for _, m := range section.Value.Members {
				names = append(names, section.Key+"."+m.Key)
			}
		}
	}
	detail := "Name a workload, volume, network, config, secret or the routes of the spec, or an object of the stack file such as " + names[0] + "."
	if closest := diag.Closest(entry.On, names); closest != "" {
		detail = "Did you mean " + closest + "? " + detail
	}
	e.report(diag.Error, CodePatchTarget, entry.Path, "nothing is emitted for "+entry.On, detail)
}
