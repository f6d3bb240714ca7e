package kubernetes

import (
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// helperImage runs the init containers that wait and those that write files.
const helperImage = "busybox:1.37"

// The marks of secrets in a ConfigMap: ${SECRET_DB_PASSWORD}.
const (
	markPrefix = "SECRET_"
	markStart  = "${" + markPrefix
)

// renderScript copies each template and puts the variables' values in the places of
// their marks, byte for byte.
const renderScript = `cd /templates && for file in *; do
  awk 'BEGIN { RS = "\001"; ORS = "" } {
    while (match($0, /\$\{SECRET_[A-Z0-9_]+\}/)) {
      printf "%s%s", substr($0, 1, RSTART - 1), ENVIRON[substr($0, RSTART + 2, RLENGTH - 3)]
      $0 = substr($0, RSTART + RLENGTH)
    }
    print
  }' "$file" > "/rendered/$file" || exit 1
done
`

// markName is the variable of the init container that holds a secret.
func (e *emitter) markName(r ir.Ref) string {
	name := markPrefix + variableName(r.Name)
	if s := e.app.Secrets.Ref(r.Name); s != nil && len(secretKeys(s)) > 1 {
		name += "_" + variableName(e.secretKey(r.Name, r.Field))
	}
	return name
}

// renders writes an init container for each config with secrets that a container of
// the pod is given. The files are kept in memory, never on the node's disk.
func (p *pod) renders() {
	done := map[string]bool{}
	ir.EachContainer(p.w.Workload, "", func(_, _ string, _ ir.Role, c *ir.Container) {
		for _, f := range c.Files {
			config := p.e.configs[f.Value.Config]
			if config == nil || !config.rendered || done[config.name] {
				continue
			}
			done[config.name] = true
			p.spec.InitContainers = append(p.spec.InitContainers, p.render(config))
		}
	})
}

func (p *pod) render(c *config) corev1.Container {
	templates := p.volume("template "+c.name, "template-"+c.name, corev1.VolumeSource{
		ConfigMap: &corev1.ConfigMapVolumeSource{LocalObjectReference: corev1.LocalObjectReference{Name: c.object}},
	})
	out := corev1.Container{
		Name: p.free("container", "render-"+c.name), Image: helperImage,
		Command: []string{"sh", "-c", escape(renderScript)},
		VolumeMounts: []corev1.VolumeMount{
			{Name: templates, MountPath: "/templates", ReadOnly: true},
			{Name: p.renderedVolume(c), MountPath: "/rendered"},
		},
		SecurityContext: helperSecurity(),
	}
	seen := map[string]bool{}
	for _, t := range c.texts {
		for _, r := range t.Refs() {
			if name := p.e.markName(r); r.Kind == ir.RefSecret && !seen[name] {
				seen[name] = true
				out.Env = append(out.Env, corev1.EnvVar{Name: name, ValueFrom: p.e.secretSource(r)})
			}
		}
	}
	return out
}

func (p *pod) renderedVolume(c *config) string {
	return p.volume("rendered "+c.name, "config-"+c.name, corev1.VolumeSource{
		EmptyDir: &corev1.EmptyDirVolumeSource{Medium: corev1.StorageMediumMemory},
	})
}

// helperSecurity is the least that a container can do with: it is admitted wherever
// the app's own containers are.
func helperSecurity() *corev1.SecurityContext {
	return &corev1.SecurityContext{
		RunAsUser: pointer(int64(65534)), RunAsGroup: pointer(int64(65534)), RunAsNonRoot: pointer(true),
		ReadOnlyRootFilesystem: pointer(true), AllowPrivilegeEscalation: pointer(false),
		Capabilities: &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}},
	}
}

// mountName makes the name of a volume from what it is and where it is mounted.
func mountName(sort, place string) string {
	if place == "/" {
		place = "root"
	}
	return shorten(sort+"-"+strings.TrimPrefix(slug(place), "-"), maxLabel)
}
