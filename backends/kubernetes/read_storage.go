package kubernetes

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// findStorage finds what containers are given: ConfigMaps, Secrets and claims.
func (r *sourceReader) findStorage() {
	for _, o := range r.objects {
		switch typed := o.typed.(type) {
		case *corev1.ConfigMap:
			c := &sourceConfig{sourceObject: o, typed: typed}
			c.keys = orderedKeys(o.node, "data", "binaryData")
			slices.Sort(c.keys) // as the files of a folder are
			if len(c.keys) > 0 && r.isUsed(o) {
				c.config = r.unique(&r.names.configs, o, func(name string) bool { return r.app.Configs.Has(name) })
				r.configs[o.key()] = c
				r.app.Configs.Set(c.config, ir.Config{})
				r.place(ir.JoinPath("configs", c.config), o.node)
				r.comment(ir.JoinPath("configs", c.config), o.node)
			}
		case *corev1.Secret:
			r.readSecret(o, typed)
		case *corev1.PersistentVolumeClaim:
			r.claim(o, typed)
		}
	}
	for _, w := range r.workloads {
		for _, v := range w.template.Spec.Volumes {
			if v.ConfigMap != nil && r.mountsWhole(w, v.Name) && len(v.ConfigMap.Items) == 0 {
				if c := r.configs[objectKey("ConfigMap", w.namespace, v.ConfigMap.Name)]; c != nil {
					c.folder = true
				}
			}
		}
		if typed, ok := w.typed.(*appsv1.StatefulSet); ok {
			r.claimTemplates(w, typed)
		}
	}
}

// unique names what an object becomes, told apart by its namespace where needed.
func (r *sourceReader) unique(names interface{ Name(string) string }, o *sourceObject, taken func(string) bool) string {
	plain := r.plainName(o.kind, o.name)
	name := names.Name(plain)
	if taken(name) {
		name = names.Name(plain + "-" + or(o.namespace, "default"))
	}
	if name != plain {
		r.report(diag.Note, codeRenamed, dig(o.node, "metadata", "name"), "", fmt.Sprintf("%s %s is called %s", o.kind, o.name, name), "Names are DNS labels, each once in an app. The object keeps its own name on Kubernetes.")
	}
	return name
}

func orderedKeys(n *tree.Node, members ...string) []string {
	var keys []string
	for _, member := range members {
		for _, p := range pairs(n.Get(member)) {
			keys = append(keys, p.Key.Value)
		}
	}
	return keys
}

// isUsed reports whether a workload refers to a ConfigMap in a way that a spec can say.
func (r *sourceReader) isUsed(o *sourceObject) bool {
	if r.usedConfigs == nil {
		r.usedConfigs = map[string]bool{}
		for _, w := range r.workloads {
			r.useConfigs(w)
		}
	}
	return r.usedConfigs[o.key()]
}

// claim makes a volume of a claim.
func (r *sourceReader) claim(o *sourceObject, typed *corev1.PersistentVolumeClaim) {
	name := r.unique(&r.names.volumes, o, func(name string) bool { return r.app.Volumes.Has(name) })
	r.claims[o.key()] = name
	v := volumeOf(typed)
	v.External = "" // the claim is made by this app
	if name != o.name {
		r.renamedClaims[name] = o.name
	}
	r.app.Volumes.Set(name, v)
	r.place(ir.JoinPath("volumes", name), o.node)
	r.place(ir.JoinPath("volumes", name)+".size", dig(o.node, "spec", "resources", "requests", "storage"))
	r.place(ir.JoinPath("volumes", name)+".class", dig(o.node, "spec", "storageClassName"))
	r.comment(ir.JoinPath("volumes", name), o.node)
}

func volumeOf(c *corev1.PersistentVolumeClaim) ir.Volume {
	v := ir.Volume{Size: bytesOf(c.Spec.Resources.Requests, corev1.ResourceStorage)}
	if c.Spec.StorageClassName != nil {
		v.Class = *c.Spec.StorageClassName
	}
	v.Shared = slices.Contains(c.Spec.AccessModes, corev1.ReadWriteMany)
	for _, key := range slices.Sorted(maps.Keys(c.Labels)) {
		v.Labels.Set(key, c.Labels[key])
	}
	return v
}

// claimTemplates makes a volume for each replica of each template.
func (r *sourceReader) claimTemplates(w *sourceWorkload, typed *appsv1.StatefulSet) {
	for i := range typed.Spec.VolumeClaimTemplates {
		t := &typed.Spec.VolumeClaimTemplates[i]
		name := t.Name
		if r.app.Volumes.Has(name) || !ir.IsName(name) {
			name = r.names.volumes.Name(w.name + "-" + t.Name)
		}
		v := volumeOf(t)
		v.Each, v.Shared = true, false
		w.claims[t.Name] = name
		if name != t.Name {
			if w.id.claims == nil {
				w.id.claims = map[string]string{}
			}
			w.id.claims[name] = t.Name
		}
		r.app.Volumes.Set(name, v)
		r.place(ir.JoinPath("volumes", name), dig(w.node, "spec", "volumeClaimTemplates", i))
	}
}

// shareMounts finds disks of the pod that several containers have under several paths.
// A spec's scratch is one for each path.
func (r *sourceReader) shareMounts(w *sourceWorkload) {
	places := map[string]map[string]bool{}
	for _, list := range [][]corev1.Container{w.template.Spec.InitContainers, w.template.Spec.Containers} {
		for i := range list {
			for _, m := range list[i].VolumeMounts {
				if places[m.Name] == nil {
					places[m.Name] = map[string]bool{}
				}
				places[m.Name][m.MountPath] = true
			}
		}
	}
	for i, v := range w.template.Spec.Volumes {
		if v.EmptyDir != nil && len(places[v.Name]) > 1 {
			r.report(diag.Warning, codeShared, dig(w.pod, "volumes", i), w.path, fmt.Sprintf("the containers share the disk %s under several paths", v.Name),
				"A spec has one scratch for each path, so elsewhere each path ("+strings.Join(slices.Sorted(maps.Keys(places[v.Name])), ", ")+") is a disk of its own. Mount it under one path, or declare a volume.")
		}
	}
}

// mounts reads the mounts of a container.
func (r *sourceReader) mounts(w *sourceWorkload, path_ string, c *corev1.Container, n *tree.Node, out *ir.Container) {
	volumes := map[string]*corev1.Volume{}
	for i := range w.template.Spec.Volumes {
		volumes[w.template.Spec.Volumes[i].Name] = &w.template.Spec.Volumes[i]
	}
	for i, m := range c.VolumeMounts {
		place := strings.TrimRight(m.MountPath, "/")
		if place == "" || !strings.HasPrefix(place, "/") && !(len(place) > 2 && place[1] == ':') || out.Mounts.Has(place) || out.Files.Has(place) || m.SubPathExpr != "" {
			continue
		}
		node := dig(n, i)
		r.place(ir.JoinPath(path_+".mounts", place), node)
		r.place(ir.JoinPath(path_+".files", place), node)
		if name := w.claims[m.Name]; name != "" {
			out.Mounts.Set(place, ir.Mount{Volume: name, Subpath: m.SubPath, ReadOnly: m.ReadOnly})
			continue
		}
		v := volumes[m.Name]
		switch {
		case v == nil:
		case v.PersistentVolumeClaim != nil:
			readOnly := m.ReadOnly || v.PersistentVolumeClaim.ReadOnly
			out.Mounts.Set(place, ir.Mount{Volume: r.volumeOfClaim(w.namespace, v.PersistentVolumeClaim.ClaimName), Subpath: m.SubPath, ReadOnly: readOnly})
		case v.HostPath != nil:
			host := v.HostPath.Path
			if m.SubPath != "" {
				host = path.Join(host, m.SubPath)
			}
			out.Mounts.Set(place, ir.Mount{Host: host, ReadOnly: m.ReadOnly})
		case v.EmptyDir != nil:
			r.emptyDir(v.EmptyDir, place, m, out)
		case v.ConfigMap != nil:
			r.writable(node, ir.JoinPath(path_+".files", place))
			r.configMount(w, v.ConfigMap, place, m, out)
		case v.Secret != nil:
			r.writable(node, ir.JoinPath(path_+".files", place))
			r.secretMount(w, v.Secret, place, m, out)
		default:
			if v.Projected != nil || v.DownwardAPI != nil {
				r.writable(node, path_)
			}
			r.report(diag.Warning, codeVolume, node, path_, fmt.Sprintf("the volume at %s is of a sort that only Kubernetes has", place), "It stays in the ledger; elsewhere nothing is mounted there.")
		}
	}
}

// writable says that files are not, where a mount of them says so.
func (r *sourceReader) writable(mount *tree.Node, path string) {
	if n := mount.Get("readOnly"); n != nil && n.Value == "false" {
		r.report(diag.Warning, codeNoEffect, n, path, "readOnly: false has no effect here", "Files of ConfigMaps and Secrets are read-only whatever the mount says. Take the line out.")
	}
}

func (r *sourceReader) emptyDir(e *corev1.EmptyDirVolumeSource, place string, m corev1.VolumeMount, out *ir.Container) {
	space := &ir.Space{}
	if e.SizeLimit != nil {
		space.Size = quantityBytes(*e.SizeLimit)
	}
	switch {
	case e.Medium == corev1.StorageMediumMemory && place == "/dev/shm" && space.Size > 0 && m.SubPath == "" && !m.ReadOnly:
		out.Shm = space.Size
	case e.Medium == corev1.StorageMediumMemory:
		out.Mounts.Set(place, ir.Mount{Memory: space, ReadOnly: m.ReadOnly})
	default:
		out.Mounts.Set(place, ir.Mount{Scratch: space, ReadOnly: m.ReadOnly})
	}
}

// volumeOfClaim returns the volume for a claim; one that is not in the files exists
// already.
func (r *sourceReader) volumeOfClaim(namespace, claim string) string {
	key := objectKey("PersistentVolumeClaim", namespace, claim)
	if name := r.claims[key]; name != "" {
		return name
	}
	name := r.names.volumes.Name(claim)
	if r.app.Volumes.Has(name) {
		name = r.names.volumes.Name(claim + "-" + or(namespace, "default"))
	}
	r.claims[key] = name
	r.app.Volumes.Set(name, ir.Volume{External: claim})
	r.report(diag.Note, codeMissing, nil, ir.JoinPath("volumes", name), fmt.Sprintf("PersistentVolumeClaim %s is not in these files", claim), "It is declared as a volume that exists already.")
	return name
}

func modeOf(item, all *int32) *ir.FileMode {
	m := item
	if m == nil {
		m = all
	}
	if m == nil || *m < 0 || *m > 0o7777 {
		return nil
	}
	return pointer(ir.FileMode(*m))
}

// shareVolumes says of each volume whether several have to write to it.
func (r *sourceReader) shareVolumes() {
	for _, p := range ir.Verify(r.app) {
		if p.Code != ir.CodeVolumeShare {
			continue
		}
		segments := ir.SplitPath(p.Path)
		for i := range r.app.Volumes {
			v := &r.app.Volumes[i]
			if strings.Contains(p.Summary, fmt.Sprintf("volume %q", v.Key)) && len(segments) > 2 && !v.Value.Each && !v.Value.Shared {
				v.Value.Shared = true
				r.report(diag.Warning, codeShared, nil, p.Path, fmt.Sprintf("volume %s is used by several pods", v.Key),
					"One node at a time can have such a claim, so on Kubernetes they run there together, or wait. It is declared as shared; the claim keeps its access mode in the ledger.")
			}
		}
	}
}
