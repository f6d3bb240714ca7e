package kubernetes

import (
	"fmt"
	"path"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// sourceConfig is a ConfigMap of the files.
type sourceConfig struct {
	*sourceObject
	typed  *corev1.ConfigMap
	config string // its name in the app
	keys   []string
	folder bool // it is given as a folder somewhere
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
