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

// sourceConfig is a ConfigMap of the files.
type sourceConfig struct {
	*sourceObject
	typed  *corev1.ConfigMap
	config string // its name in the app
	keys   []string
	folder bool // it is given as a folder somewhere
}

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

func (r *sourceReader) useConfigs(w *sourceWorkload) {
	use := func(name string) { r.usedConfigs[objectKey("ConfigMap", w.namespace, name)] = true }
	spec := &w.template.Spec
	for _, v := range spec.Volumes {
		if v.ConfigMap != nil {
			use(v.ConfigMap.Name)
		}
	}
	for _, list := range [][]corev1.Container{spec.Containers, spec.InitContainers} {
		for i := range list {
			for _, from := range list[i].EnvFrom {
				if from.ConfigMapRef != nil {
					use(from.ConfigMapRef.Name)
				}
			}
			for _, v := range list[i].Env {
				if v.ValueFrom != nil && v.ValueFrom.ConfigMapKeyRef != nil {
					use(v.ValueFrom.ConfigMapKeyRef.Name)
				}
			}
		}
	}
}

func (r *sourceReader) mountsWhole(w *sourceWorkload, volume string) bool {
	spec := &w.template.Spec
	for _, list := range [][]corev1.Container{spec.Containers, spec.InitContainers} {
		for i := range list {
			for _, m := range list[i].VolumeMounts {
				if m.Name == volume && m.SubPath == "" && m.SubPathExpr == "" {
					return true
				}
			}
		}
	}
	return false
}

func (r *sourceReader) configKeys(namespace, name string) []string {
	if c := r.configs[objectKey("ConfigMap", namespace, name)]; c != nil {
		return c.keys
	}
	return nil
}

// configRef refers to a key of a ConfigMap of the files.
func (r *sourceReader) configRef(namespace, name, key string) (ir.Ref, bool) {
	c := r.configs[objectKey("ConfigMap", namespace, name)]
	if c == nil || !slices.Contains(c.keys, key) {
		return ir.Ref{}, false
	}
	if c.isFolder() {
		return ir.Ref{Kind: ir.RefConfig, Name: c.config, Field: key}, true
	}
	return ir.Ref{Kind: ir.RefConfig, Name: c.config}, true
}

func (c *sourceConfig) isFolder() bool { return c.folder || len(c.keys) > 1 }

// finishConfigs writes the contents of configs, when it is known which are folders.
func (r *sourceReader) finishConfigs() {
	files := map[string]int{}
	for _, c := range r.configs {
		if !c.isFolder() {
			files[c.keys[0]]++
		}
	}
	byName := map[string]*sourceConfig{}
	for _, c := range r.configs {
		byName[c.config] = c
	}
	for i := range r.app.Configs {
		item := &r.app.Configs[i]
		if c := byName[item.Key]; c != nil {
			content := func(key string) ir.Text {
				if text, ok := c.typed.Data[key]; ok {
					return joinLiterals(r.hostsIn(c.namespace, "", text, false))
				}
				return ir.Literal(string(c.typed.BinaryData[key]))
			}
			if !c.isFolder() {
				item.Value.Content, item.Value.Origin = content(c.keys[0]), path.Join("config", c.keys[0])
				if files[c.keys[0]] > 1 {
					item.Value.Origin = path.Join("config", c.config, c.keys[0])
				}
				continue
			}
			for _, key := range c.keys {
				item.Value.Entries = append(item.Value.Entries, ir.Item[ir.Text]{Key: key, Value: content(key)})
			}
		}
	}
}

func secretKeysOf(o *sourceObject) []string {
	typed, ok := o.typed.(*corev1.Secret)
	if !ok {
		return nil
	}
	keys := map[string]bool{}
	for key := range typed.Data {
		keys[key] = true
	}
	for key := range typed.StringData {
		keys[key] = true
	}
	return slices.Sorted(maps.Keys(keys))
}

// readSecret keeps what a Secret is and never what it is worth.
func (r *sourceReader) readSecret(o *sourceObject, typed *corev1.Secret) {
	o.taken = true
	if typed.Type == corev1.SecretTypeServiceAccountToken {
		r.report(diag.Note, codeServerFields, o.node, "", fmt.Sprintf("Secret %s holds a token of the cluster and is left out", o.name), "Kubernetes makes such tokens itself.")
		return
	}
	name := r.unique(&r.names.secrets, o, func(name string) bool { return r.app.Secrets.Has(name) })
	s := ir.Secret{Keys: secretKeysOf(o)}
	switch typed.Type {
	case corev1.SecretTypeTLS:
		s.Type = "tls"
		if slices.Equal(s.Keys, []string{"tls.crt", "tls.key"}) || len(s.Keys) == 0 {
			s.Keys = nil
		}
	case corev1.SecretTypeDockerConfigJson, corev1.SecretTypeDockercfg:
		s.Type, s.Keys = "registry", nil
	}
	if name != o.name {
		s.External = o.name
	}
	r.secrets[o.key()] = name
	r.app.Secrets.Set(name, s)
	r.place(ir.JoinPath("secrets", name), dig(o.node, "metadata", "name"))
	keys := ""
	if list := secretKeysOf(o); len(list) > 0 {
		keys = " (" + strings.Join(list, ", ") + ")"
	}
	var also []string
	for _, key := range []string{"labels", "annotations"} {
		also = append(also, orderedKeys(o.node.Get("metadata"), key)...)
	}
	for _, key := range []string{"immutable", "type"} {
		if o.node.Get(key) != nil {
			also = append(also, key)
		}
	}
	detail := "A spec says where a secret comes from and never its value. Create it on each platform from where the value is kept, and take this file out of the repository."
	if o.namespace != "" {
		detail += " On Kubernetes it is in the namespace " + o.namespace + "."
	}
	if len(also) > 0 {
		detail += " Not kept either: " + strings.Join(also, ", ") + "."
	}
	d := r.report(diag.Note, codeSecretNeeded, dig(o.node, "metadata"), ir.JoinPath("secrets", name), fmt.Sprintf("the values of Secret %s%s are not copied", o.name, keys), detail)
	d.Redact = true
}

// secret returns the app's name of a Secret that something refers to, and declares
// the key.
func (r *sourceReader) secret(namespace, name, key string) string {
	id := objectKey("Secret", namespace, name)
	known, ok := r.secrets[id]
	if !ok {
		known = r.names.secrets.Name(name)
		if r.app.Secrets.Has(known) {
			known = r.names.secrets.Name(name + "-" + or(namespace, "default"))
		}
		s := ir.Secret{}
		if known != name {
			s.External = name
		}
		r.secrets[id] = known
		r.app.Secrets.Set(known, s)
		r.report(diag.Note, codeMissing, nil, ir.JoinPath("secrets", known), fmt.Sprintf("Secret %s is not in these files", name), "It is declared, and has to be created on each platform.")
	}
	if s := r.app.Secrets.Ref(known); key != "" && !slices.Contains(s.AllKeys(), key) || key != "" && len(s.Keys) == 0 && s.Type == "" {
		if s.Type == "tls" && len(s.Keys) == 0 {
			s.Keys = s.AllKeys()
		}
		if !slices.Contains(s.Keys, key) {
			s.Keys = append(slices.Clip(s.Keys), key)
		}
	}
	return known
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

func (r *sourceReader) configMount(w *sourceWorkload, v *corev1.ConfigMapVolumeSource, place string, m corev1.VolumeMount, out *ir.Container) {
	c := r.configs[objectKey("ConfigMap", w.namespace, v.Name)]
	if c == nil {
		r.report(diag.Warning, codeMissing, w.pod.Get("volumes"), w.path, fmt.Sprintf("ConfigMap %s is not in these files", v.Name), "What is mounted from it stays in the ledger; elsewhere nothing is mounted there.")
		return
	}
	file := func(place, key string, item *int32) {
		if !slices.Contains(c.keys, key) || out.Files.Has(place) || out.Mounts.Has(place) {
			return
		}
		f := ir.FileMount{Config: c.config, Mode: modeOf(item, v.DefaultMode)}
		if c.isFolder() {
			f.Key = key
		}
		out.Files.Set(place, f)
	}
	filesOf(v.Items, m, place, file, func() {
		out.Files.Set(place, ir.FileMount{Config: c.config, Mode: modeOf(nil, v.DefaultMode)})
	})
}

// filesOf finds which files a mount of keys makes: one by its path, the chosen ones,
// or all of them.
func filesOf(items []corev1.KeyToPath, m corev1.VolumeMount, place string, file func(place, key string, mode *int32), whole func()) {
	switch {
	case m.SubPath != "" && len(items) == 0:
		file(place, m.SubPath, nil)
	case m.SubPath != "":
		for _, item := range items {
			if item.Path == m.SubPath {
				file(place, item.Key, item.Mode)
			}
		}
	case len(items) > 0:
		for _, item := range items {
			file(path.Join(place, item.Path), item.Key, item.Mode)
		}
	default:
		whole()
	}
}

func (r *sourceReader) secretMount(w *sourceWorkload, v *corev1.SecretVolumeSource, place string, m corev1.VolumeMount, out *ir.Container) {
	name := r.secret(w.namespace, v.SecretName, "")
	file := func(place, key string, item *int32) {
		if out.Files.Has(place) || out.Mounts.Has(place) {
			return
		}
		r.secret(w.namespace, v.SecretName, key)
		out.Files.Set(place, ir.FileMount{Secret: name, Key: key, Mode: modeOf(item, v.DefaultMode)})
	}
	filesOf(v.Items, m, place, file, func() {
		if s := r.app.Secrets.Ref(name); len(s.Keys) == 0 && s.Type != "tls" {
			s.Keys = []string{ir.DefaultSecretKey}
			r.report(diag.Warning, codeMissing, w.pod.Get("volumes"), ir.JoinPath("secrets", name), fmt.Sprintf("the keys of Secret %s are not known", v.SecretName), "All of it is mounted as a folder. List the names of its files under keys.")
		}
		out.Files.Set(place, ir.FileMount{Secret: name, Mode: modeOf(nil, v.DefaultMode)})
	})
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
