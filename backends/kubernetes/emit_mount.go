package kubernetes

import (
	"fmt"
	"path"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// mounts writes the files, mounts, devices and shared memory of one container.
func (p *pod) mounts(out *corev1.Container, name, at string, role ir.Role, c *ir.Container) {
	add := func(m corev1.VolumeMount) { out.VolumeMounts = append(out.VolumeMounts, m) }
	for i := range c.Files {
		p.fileMount(c.Files[i].Key, &c.Files[i].Value, add)
	}
	for i := range c.Mounts {
		add(p.mount(name, c.Mounts[i].Key, &c.Mounts[i].Value))
	}
	if c.Shm > 0 {
		volume := p.volume("shm "+name, ownName("shm", name, role), memory(c.Shm))
		add(corev1.VolumeMount{Name: volume, MountPath: "/dev/shm"})
	}
	for _, d := range c.Devices {
		if !isPrivileged(c) {
			break // the device would be there and could not be opened
		}
		inside := d.Path
		if inside == "" {
			inside = d.Host
		}
		volume := p.volume("host "+d.Host, mountName("device", path.Base(d.Host)), hostPath(d.Host))
		add(corev1.VolumeMount{Name: volume, MountPath: inside})
	}
}

func isPrivileged(c *ir.Container) bool { return c.Security != nil && c.Security.Privileged }

// ownName is the name of a container's own volume; the main container's is the plain
// one.
func ownName(sort, container string, role ir.Role) string {
	if role == ir.Main {
		return sort
	}
	return shorten(sort+"-"+container, maxLabel)
}

func (p *pod) mount(container, place string, m *ir.Mount) corev1.VolumeMount {
	out := corev1.VolumeMount{MountPath: place, SubPath: m.Subpath, ReadOnly: m.ReadOnly}
	own := container + " " + place
	switch {
	case m.Volume != "":
		out.Name = p.claim(m.Volume)
	case m.Host != "":
		out.Name = p.volume("host "+m.Host, mountName("host", m.Host), hostPath(m.Host))
	case m.Memory != nil:
		out.Name = p.volume("memory "+own, mountName("memory", place), memory(m.Memory.Size))
	case m.Scratch != nil:
		out.Name = p.scratch(place, m.Scratch.Size)
	}
	return out
}

// scratch returns the workload's one disk for a path: what an init container leaves
// there, the others find. It is as large as the largest that is asked for.
func (p *pod) scratch(place string, size ir.Bytes) string {
	name := p.volume("scratch "+place, mountName("scratch", place), corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}})
	for i := range p.spec.Volumes {
		if disk := p.spec.Volumes[i].EmptyDir; p.spec.Volumes[i].Name == name && size > 0 {
			if disk.SizeLimit == nil || disk.SizeLimit.Value() < int64(size) {
				disk.SizeLimit = limit(size)
			}
		}
	}
	return name
}

func hostPath(host string) corev1.VolumeSource {
	return corev1.VolumeSource{HostPath: &corev1.HostPathVolumeSource{Path: host}}
}

func memory(b ir.Bytes) corev1.VolumeSource {
	return corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{Medium: corev1.StorageMediumMemory, SizeLimit: limit(b)}}
}

func limit(b ir.Bytes) *resource.Quantity {
	if b == 0 {
		return nil
	}
	return pointer(size(b))
}

// claim returns the pod's volume for a volume of the app. One for each replica comes
// from the StatefulSet's templates, under the same name.
func (p *pod) claim(name string) string {
	v := p.e.app.Volumes.Ref(name)
	if v != nil && v.Each {
		if _, ok := p.volumes["claim "+name]; !ok {
			template := or(p.w.id.claims[name], name)
			p.volumes["claim "+name] = template
			p.taken["volume "+template] = p.w.path
		}
		return p.volumes["claim "+name]
	}
	claim := name
	if v != nil && v.External != "" {
		claim = v.External
	}
	return p.volume("claim "+name, name, corev1.VolumeSource{
		PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{ClaimName: claim},
	})
}

// fileMount gives the container one file by its path, or a whole folder. What is
// mounted by path never changes in a running pod.
func (p *pod) fileMount(place string, f *ir.FileMount, add func(corev1.VolumeMount)) {
	if f.Secret != "" {
		p.secretMount(place, f, add)
		return
	}
	c := p.e.configs[f.Config]
	if c == nil {
		return
	}
	m := corev1.VolumeMount{MountPath: place, ReadOnly: true}
	if c.single() || f.Key != "" {
		m.SubPath = c.keys[c.index(f.Key)]
	}
	if c.rendered {
		m.Name = p.renderedVolume(c)
		add(m)
		return
	}
	source := &corev1.ConfigMapVolumeSource{
		LocalObjectReference: corev1.LocalObjectReference{Name: c.object}, DefaultMode: mode(f),
	}
	content := "config " + f.Config + modeSuffix(f)
	if m.SubPath == "" && !sameNames(c.keys, c.files) {
		content += " as a folder"
		for i, key := range c.keys {
			source.Items = append(source.Items, corev1.KeyToPath{Key: key, Path: c.files[i]})
		}
	}
	m.Name = p.volume(content, "config-"+f.Config, corev1.VolumeSource{ConfigMap: source})
	add(m)
}

func sameNames(a, b []string) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func (p *pod) secretMount(place string, f *ir.FileMount, add func(corev1.VolumeMount)) {
	s := p.e.app.Secrets.Ref(f.Secret)
	if s == nil {
		return
	}
	name := p.volume("secret "+f.Secret+modeSuffix(f), "secret-"+f.Secret, corev1.VolumeSource{
		Secret: &corev1.SecretVolumeSource{SecretName: secretName(f.Secret, s), DefaultMode: mode(f)},
	})
	m := corev1.VolumeMount{Name: name, MountPath: place, ReadOnly: true}
	switch {
	case f.Key != "":
		m.SubPath = f.Key
	case len(s.Keys) == 0 && s.Type != "tls": // one unnamed value
		m.SubPath = secretKeys(s)[0]
	}
	add(m)
}

func mode(f *ir.FileMount) *int32 {
	if f.Mode == nil {
		return nil
	}
	return pointer(int32(*f.Mode & 0o777))
}

// modeSuffix tells volumes of one source apart that differ in the mode of their files.
func modeSuffix(f *ir.FileMount) string {
	if f.Mode == nil {
		return ""
	}
	return fmt.Sprintf(" mode %s", *f.Mode)
}
