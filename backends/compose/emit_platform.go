package compose

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

// platformEntries merges what the spec says for Compose alone.
func (e *emitter) platformEntries(root *document.Value) {
	entries := ir.Clone(&ir.App{Platform: e.app.Platform}).Platform
	for i := range entries {
		entry := &entries[i]
		if entry.Platform != Name {
			continue
		}
		composeread.EntryPaths(entry, e.relative) // they are the spec's, as all paths are
		if entry.Patch != nil {
			e.patch(root, entry)
		}
		for _, object := range entry.Objects {
			e.merge(root, document.Carried(object), entry)
		}
	}
	for _, service := range members(root.Get("services")) {
		exposeOnce(service.Value)
	}
}

// exposeOnce takes the ports out of expose that a patch publishes: they are reachable
// anyway.
func exposeOnce(service *document.Value) {
	expose, ports := service.Get("expose"), service.Get("ports")
	if expose == nil || ports == nil {
		return
	}
	published := map[string]bool{}
	for _, p := range ports.Items {
		target, protocol := "", "tcp"
		if p.Kind == document.KindMap {
			if v := p.Get("target"); v != nil {
				target = v.Text
			}
			if v := p.Get("protocol"); v != nil {
				protocol = v.Text
			}
		} else {
			text, after, named := strings.Cut(p.Text, "/")
			if named {
				protocol = after
			}
			target = text[strings.LastIndexByte(text, ':')+1:]
		}
		published[target+"/"+protocol] = true
	}
	expose.Items = slices.DeleteFunc(expose.Items, func(v *document.Value) bool {
		text := v.Text
		if !strings.Contains(text, "/") {
			text += "/tcp"
		}
		return published[text]
	})
	if len(expose.Items) == 0 {
		service.Delete("expose")
	}
}

func (e *emitter) patch(root *document.Value, entry *ir.PlatformEntry) {
	if entry.On == "" {
		e.merge(root, document.Carried(entry.Patch), entry)
		return
	}
	targets := e.targets(root, entry.On)
	if len(targets) == 0 {
		e.unknownTarget(root, entry)
		return
	}
	for _, target := range targets {
		section := root.Get(target[0])
		if section == nil {
			section = document.Map()
			root.Set(target[0], section)
		}
		object := section.Get(target[1])
		if object == nil || object.Kind == document.KindNull {
			object = document.Map()
			section.Set(target[1], object)
		}
		e.merge(object, document.Carried(entry.Patch), entry)
	}
}

func (e *emitter) merge(base, patch *document.Value, entry *ir.PlatformEntry) {
	if entry.On == "" {
		for _, service := range members(base.Get("services")) {
			composefile.LongForms(service.Value, patch.Get("services").Get(service.Key))
		}
	}
	composefile.LongForms(base, patch)
	if err := document.Merge(base, patch); err != nil {
		e.report(diag.Error, CodePatchTarget, entry.Path, "the entry cannot be merged: "+err.Error(), "A patch has the form of what it changes: a map, a list or a scalar in the same place.")
	}
}

// targets are the objects of the file that a neutral path or an object's own name
// stands for, as section and name.
func (e *emitter) targets(root *document.Value, on string) [][2]string {
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
	// The object may hold the name itself, or numbered or keyed variants of it.
	section, name := segments[0], segments[1]
	if section == "networks" && name == defaultNetwork {
		return [][2]string{{section, name}}
	}
	var targets [][2]string
	if objects := root.Get(section); objects != nil {
		for _, m := range objects.Members {
			if m.Key == name || e.standsFor(section, m.Key, name) {
				targets = append(targets, [2]string{section, m.Key})
			}
		}
	}
	return targets
}

// standsFor reports whether an object is one of several that a name of the spec
// became: volumes of replicas, values of a secret.
func (e *emitter) standsFor(section, object, name string) bool {
	switch section {
	case "volumes":
		v := e.app.Volumes.Ref(name)
		return v != nil && v.Each && strings.HasPrefix(object, name+"-") && strings.Trim(object[len(name)+1:], "0123456789") == ""
	case "secrets":
		s := e.app.Secrets.Ref(name)
		return s != nil && slices.ContainsFunc(s.AllKeys(), func(key string) bool { return object == secretObject(name, s, key) })
	}
	return false
}

// workloadTargets are the services of a workload, or of one of its containers.
func (e *emitter) workloadTargets(segments []string) (targets [][2]string) {
	w := e.app.Workloads.Ref(segments[0])
	container := ""
	switch {
	case w == nil || len(segments) == 2 || len(segments) > 3:
		return nil
	case len(segments) == 3:
		container = segments[2]
		if !(segments[1] == "sidecars" && w.Sidecars.Has(container)) && !(segments[1] == "init" && w.Init.Has(container)) {
			return nil
		}
	}
	for _, instance := range instances(segments[0], w) {
		targets = append(targets, [2]string{"services", composefile.ServiceName(instance, container)})
	}
	return targets
}

func (e *emitter) routeTarget() [][2]string {
	for _, s := range e.services {
		if s.Image == caddy.Image && e.taken[s.Name] == "routes" {
			return [][2]string{{"services", s.Name}}
		}
	}
	return nil
}

func (e *emitter) unknownTarget(root *document.Value, entry *ir.PlatformEntry) {
	var names []string
	for i := range e.app.Workloads {
		names = append(names, ir.JoinPath("workloads", e.app.Workloads[i].Key))
	}
	for _, section := range root.Members {
		for _, m := range section.Value.Members {
			names = append(names, section.Key+"."+m.Key)
		}
	}
	detail := "Name a workload, volume, network, config, secret or the routes of the spec, or an object of compose.yaml such as " + names[0] + "."
	if closest := diag.Closest(entry.On, names); closest != "" {
		detail = "Did you mean " + closest + "? " + detail
	}
	e.report(diag.Error, CodePatchTarget, entry.Path, "nothing is emitted for "+entry.On, detail)
}

func members(v *document.Value) []document.Member {
	if v == nil {
		return nil
	}
	return v.Members
}
