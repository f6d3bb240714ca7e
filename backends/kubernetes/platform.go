package kubernetes

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// indexPatches finds the patches of the ledger that are for Kubernetes.
func (e *emitter) indexPatches() {
	e.patches = map[string][]*ir.PlatformEntry{}
	for i := range e.app.Platform {
		entry := &e.app.Platform[i]
		if entry.Platform == Name && entry.Patch != nil {
			e.patches[entry.On] = append(e.patches[entry.On], entry)
		}
	}
}

// patch merges into an object what is said for its neutral path, or for it as
// Kind/name.
func (e *emitter) patch(o *object) {
	if len(e.patches) == 0 {
		return
	}
	targets := []string{o.kind + "/" + o.name}
	if o.on != "" {
		targets = append(targets, o.on)
	}
	e.targets = append(e.targets, targets...)
	for _, target := range targets {
		for _, entry := range e.patches[target] {
			if text(document.Carried(entry.Patch).Get("$patch")) == "delete" {
				o.dropped = true
				continue
			}
			patch := document.Carried(entry.Patch)
			followSidecars(o.value, patch)
			namePorts(o.value, patch)
			if err := document.Merge(o.value, patch); err != nil {
				e.fail(codePatch, entry.Path, fmt.Sprintf("the patch does not fit %s/%s", o.kind, o.name), err.Error())
			}
		}
	}
}

// followSidecars lets a patch find a sidecar wherever it is: among the containers, or,
// as a native one, among the init containers.
func followSidecars(object, patch *document.Value) {
	spec, change := podOf(object), podOf(patch)
	containers, inits := change.Get("containers"), change.Get("initContainers")
	if spec == nil || change == nil {
		return
	}
	if inits != nil { // what the patch makes native
		for _, item := range inits.Items {
			if text(item.Get("restartPolicy")) == string(corev1.ContainerRestartPolicyAlways) {
				moveNamed(spec, "containers", "initContainers", text(item.Get("name")))
			}
		}
	}
	if containers != nil { // what is native already
		for _, item := range slices.Clone(containers.Items) {
			name := text(item.Get("name"))
			if named(spec.Get("initContainers"), name) >= 0 && named(spec.Get("containers"), name) < 0 {
				moveNamed(change, "containers", "initContainers", name)
			}
		}
	}
}

// namePorts lets a patch speak of the ports of a container by their numbers, as
// kubectl does: what is named stays named. A patch that lists other ports takes their
// place.
func namePorts(object, patch *document.Value) {
	spec, change := podOf(object), podOf(patch)
	for _, key := range []string{"containers", "initContainers"} {
		containers := change.Get(key)
		if containers == nil {
			continue
		}
		for _, container := range containers.Items {
			at := named(spec.Get(key), text(container.Get("name")))
			if at < 0 {
				continue
			}
			have, want := spec.Get(key).Items[at].Get("ports"), container.Get("ports")
			if have == nil || want == nil || have.Kind != want.Kind || len(have.Items) != len(want.Items) {
				continue
			}
			names := make([]*document.Value, len(want.Items))
			for i, port := range want.Items {
				if own := samePort(have.Items, port); own != nil && port.Get("name") == nil {
					names[i] = own.Get("name")
				}
			}
			if slices.Contains(names, nil) {
				continue
			}
			for i, port := range want.Items {
				port.Members = slices.Insert(port.Members, 0, document.Member{Key: "name", Value: names[i].Clone()})
			}
		}
	}
}

func samePort(ports []*document.Value, port *document.Value) *document.Value {
	at := slices.IndexFunc(ports, func(o *document.Value) bool {
		return text(o.Get("containerPort")) == text(port.Get("containerPort")) && text(o.Get("protocol")) == text(port.Get("protocol"))
	})
	if at < 0 {
		return nil
	}
	return ports[at]
}

// podOf returns the spec of the pod in an object; nil when there is none.
func podOf(v *document.Value) *document.Value {
	spec := v.Get("spec")
	if job := spec.Get("jobTemplate"); job != nil {
		spec = job.Get("spec")
	}
	return spec.Get("template").Get("spec")
}

func named(list *document.Value, name string) int {
	if list == nil {
		return -1
	}
	return slices.IndexFunc(list.Items, func(item *document.Value) bool { return text(item.Get("name")) == name })
}

// moveNamed moves an item between two lists of a map.
func moveNamed(v *document.Value, from, to, name string) {
	source := v.Get(from)
	at := named(source, name)
	if at < 0 {
		return
	}
	if v.Get(to) == nil {
		v.Add(to, document.List())
	}
	target := v.Get(to)
	target.Items = append(target.Items, source.Items[at])
	source.Items = slices.Delete(source.Items, at, at+1)
	if len(source.Items) == 0 {
		v.Delete(from)
	}
}

// missedPatches reports what was on nothing.
func (e *emitter) missedPatches() {
	targets := map[string]bool{}
	for _, t := range e.targets {
		targets[t] = true
	}
	for i := range e.app.Platform {
		entry := &e.app.Platform[i]
		if entry.Platform != Name || entry.Patch == nil || targets[entry.On] {
			continue
		}
		detail := "Write a neutral path such as workloads.web, or an emitted object as Kind/name."
		if closest := diag.Closest(entry.On, e.targets); closest != "" {
			detail = fmt.Sprintf("Did you mean %s? ", closest) + detail
		}
		e.fail(codePatchTarget, entry.Path, fmt.Sprintf("nothing was emitted for %q", entry.On), detail)
	}
}

// addForeignObjects adds the objects of the ledger's entries.
func (e *emitter) addForeignObjects() {
	f := e.file("platform.yaml")
	for i := range e.app.Platform {
		entry := &e.app.Platform[i]
		if entry.Platform != Name {
			continue
		}
		for n, v := range entry.Objects {
			e.addForeign(f, fmt.Sprintf("%s.objects[%d]", entry.Path, n), v)
		}
	}
}

// addForeign adds an object of the ledger as it is, unless it holds a secret.
func (e *emitter) addForeign(f *file, at string, v *ir.Value) {
	o := &object{value: document.Carried(v)}
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
