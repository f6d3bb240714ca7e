package kubernetes

import (
	"fmt"
	"slices"

	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// platform merges the ledger's entries for Kubernetes into what was emitted, and adds
// their objects.
func (e *emitter) platform() {
	extra := e.file("platform.yaml")
	for i := range e.app.Platform {
		entry := &e.app.Platform[i]
		if entry.Platform != Name {
			continue
		}
		for n, v := range entry.Objects {
			e.addForeign(extra, ir.JoinPath(entry.Path, "objects")+fmt.Sprintf("[%d]", n), v)
		}
	}
	targets := map[string]bool{}
	for _, f := range e.files {
		for _, o := range f.objects {
			for _, name := range o.targets() {
				targets[name] = true
			}
			if e.jobs[ownerOf(o.on)] != o { // jobs are patched before their names are made
				e.patch(o)
			}
		}
	}
	for i := range e.app.Platform {
		entry := &e.app.Platform[i]
		if entry.Platform == Name && entry.Patch != nil && !targets[entry.On] {
			e.missedTarget(entry, targets)
		}
	}
}

// ownerOf returns the workload of a path such as workloads.web, "" of any other.
func ownerOf(path string) string {
	segments := ir.SplitPath(path)
	if len(segments) == 2 && segments[0] == "workloads" {
		return segments[1]
	}
	return ""
}

// targets are the names under which a patch finds the object: the neutral path and
// Kind/name, of a job also without the hash.
func (o *object) targets() []string {
	list := []string{o.kind + "/" + o.name}
	if o.on != "" {
		list = append(list, o.on)
		if segments := ir.SplitPath(o.on); len(segments) == 2 {
			list = append(list, o.kind+"/"+segments[1])
		}
	}
	return list
}

func (e *emitter) patch(o *object) {
	targets := o.targets()
	for i := range e.app.Platform {
		entry := &e.app.Platform[i]
		if entry.Platform != Name || entry.Patch == nil || !slices.Contains(targets, entry.On) {
			continue
		}
		if err := document.Merge(o.value, foreign(entry.Patch)); err != nil {
			e.fail(codePatch, entry.Path, fmt.Sprintf("the patch does not fit %s/%s", o.kind, o.name), err.Error())
		}
	}
}

func (e *emitter) missedTarget(entry *ir.PlatformEntry, targets map[string]bool) {
	var names []string
	for name := range targets {
		names = append(names, name)
	}
	slices.Sort(names)
	detail := "Write a neutral path such as workloads.web, or an emitted object as Kind/name."
	if closest := diag.Closest(entry.On, names); closest != "" {
		detail = fmt.Sprintf("Did you mean %s? ", closest) + detail
	}
	e.fail(codePatchTarget, entry.Path, fmt.Sprintf("nothing was emitted for %q", entry.On), detail)
}

// addForeign adds an object of the ledger as it is, unless it holds a secret.
func (e *emitter) addForeign(f *file, at string, v *ir.Value) {
	o := &object{value: foreign(v)}
	o.kind, o.name = text(o.value.Get("kind")), text(o.value.Get("metadata").Get("name"))
	if o.kind == "Secret" && (!o.value.Get("data").Empty() || !o.value.Get("stringData").Empty()) {
		e.fail(codeSecretValue, at, "a secret's value stands in the spec", "Declare the secret under secrets and create it on the cluster.").Redact = true
		return
	}
	f.objects = append(f.objects, o)
}

func text(v *document.Value) string {
	if v == nil {
		return ""
	}
	return v.Text
}

// foreign turns a carried value into a document.
func foreign(v *ir.Value) *document.Value {
	if v == nil {
		return document.Null()
	}
	switch v.Kind {
	case ir.BoolValue:
		return &document.Value{Kind: document.KindBool, Text: v.Text}
	case ir.NumberValue:
		return &document.Value{Kind: document.KindNumber, Text: v.Text}
	case ir.StringValue:
		return document.String(v.Text)
	case ir.ListValue:
		list := document.List()
		for _, item := range v.Items {
			list.Items = append(list.Items, foreign(item))
		}
		return list
	case ir.MapValue:
		m := document.Map()
		for _, member := range v.Members {
			m.Add(member.Key, foreign(member.Value))
		}
		return m
	}
	return document.Null()
}
