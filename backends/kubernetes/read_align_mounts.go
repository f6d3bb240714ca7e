package kubernetes

import (
	"reflect"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

func trimMounts(spec *corev1.PodSpec) {
	for _, list := range [][]corev1.Container{spec.InitContainers, spec.Containers} {
		for i := range list {
			for j := range list[i].VolumeMounts {
				if place := &list[i].VolumeMounts[j].MountPath; len(*place) > 1 {
					*place = strings.TrimRight(*place, "/")
				}
			}
		}
	}
}

// alignVolumes gives the volumes of the files the names of the emitted ones that stand
// at the same places.
func alignVolumes(have, want *corev1.PodSpec, templates []corev1.PersistentVolumeClaim) {
	names, taken := map[string]string{}, map[string]bool{}
	isTemplate := func(name string) bool {
		return slices.ContainsFunc(templates, func(t corev1.PersistentVolumeClaim) bool { return t.Name == name })
	}
	sortOf := func(spec *corev1.PodSpec, name string) string {
		for i := range spec.Volumes {
			if v := &spec.Volumes[i]; v.Name == name {
				return volumeSort(v)
			}
		}
		return ""
	}
	for _, pair := range containerPairs(have, want) {
		for _, m := range pair[1].VolumeMounts {
			for _, emitted := range pair[0].VolumeMounts {
				if emitted.MountPath == m.MountPath && names[m.Name] == "" && !taken[emitted.Name] && !isTemplate(m.Name) &&
					sortOf(have, emitted.Name) != "" && sortOf(have, emitted.Name) == sortOf(want, m.Name) {
					names[m.Name], taken[emitted.Name] = emitted.Name, true
				}
			}
		}
	}
	for i := range have.Volumes {
		taken[have.Volumes[i].Name] = true
	}
	for i := range want.Volumes { // what is only there keeps its name, unless an emitted one has it
		if name := want.Volumes[i].Name; names[name] == "" && isTemplate(name) {
			names[name] = name
		} else if names[name] == "" {
			for names[name] = name; taken[names[name]]; {
				names[name] += "-own"
			}
			taken[names[name]] = true
		}
	}
	for i := range want.Volumes {
		want.Volumes[i].Name = names[want.Volumes[i].Name]
	}
	for _, list := range [][]corev1.Container{want.InitContainers, want.Containers} {
		for i := range list {
			for j := range list[i].VolumeMounts {
				if name := names[list[i].VolumeMounts[j].Name]; name != "" {
					list[i].VolumeMounts[j].Name = name
				}
			}
		}
	}
	readOnlyFiles(have)
	readOnlyFiles(want)
	matchMounts(have, want)
}

// volumeSort tells which of the sorts of volumes one is.
func volumeSort(v *corev1.Volume) string {
	switch {
	case v.ConfigMap != nil:
		return "configMap " + v.ConfigMap.Name
	case v.Secret != nil:
		return "secret " + v.Secret.SecretName
	case v.PersistentVolumeClaim != nil:
		return "claim " + v.PersistentVolumeClaim.ClaimName
	case v.EmptyDir != nil:
		return "emptyDir " + string(v.EmptyDir.Medium)
	case v.HostPath != nil:
		return "hostPath"
	}
	source := reflect.ValueOf(v.VolumeSource)
	for i := range source.NumField() {
		if field := source.Field(i); field.Kind() == reflect.Pointer && !field.IsNil() {
			return source.Type().Field(i).Name
		}
	}
	return ""
}

// readOnlyFiles drops readOnly where nothing can be written anyway.
func readOnlyFiles(spec *corev1.PodSpec) {
	files := map[string]bool{}
	for i := range spec.Volumes {
		v := &spec.Volumes[i]
		files[v.Name] = v.ConfigMap != nil || v.Secret != nil || v.Projected != nil || v.DownwardAPI != nil
	}
	for _, list := range [][]corev1.Container{spec.InitContainers, spec.Containers} {
		for i := range list {
			for j := range list[i].VolumeMounts {
				if m := &list[i].VolumeMounts[j]; files[m.Name] {
					m.ReadOnly = false
				}
			}
		}
	}
}

// matchMounts puts mounts into the order of the files.
func matchMounts(have, want *corev1.PodSpec) {
	for _, pair := range containerPairs(have, want) {
		at := map[string]int{}
		for i, m := range pair[1].VolumeMounts {
			at[m.MountPath] = i + 1
		}
		slices.SortStableFunc(pair[0].VolumeMounts, func(a, b corev1.VolumeMount) int { return at[a.MountPath] - at[b.MountPath] })
	}
	at := map[string]int{}
	for i := range want.Volumes {
		at[want.Volumes[i].Name] = i + 1
	}
	slices.SortStableFunc(have.Volumes, func(a, b corev1.Volume) int { return at[a.Name] - at[b.Name] })
}
