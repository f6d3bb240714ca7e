package kubernetes

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// defaultVolumeSize is asked for where the spec names no size: a claim has to have
// one.
const defaultVolumeSize = ir.Bytes(1 << 30)

func (e *emitter) emitVolumes() {
	f := e.file("volumes.yaml")
	for i := range e.app.Volumes {
		item := &e.app.Volumes[i]
		if item.Value.External == "" && !item.Value.Each {
			at := ir.JoinPath("volumes", item.Key)
			claim := e.newClaim(item.Key, &item.Value)
			claim.TypeMeta = metav1.TypeMeta{APIVersion: "v1", Kind: "PersistentVolumeClaim"}
			e.add(f, at, "PersistentVolumeClaim", item.Key, claim)
		}
	}
	e.finishEarly(f)
}

func (e *emitter) newClaim(name string, v *ir.Volume) *corev1.PersistentVolumeClaim {
	at := ir.JoinPath("volumes", name)
	want := v.Size
	if want == 0 {
		want = defaultVolumeSize
		e.note(codeDefault, at, fmt.Sprintf("the volume is given %s, because Kubernetes wants a size", defaultVolumeSize), "Say size: … in the volume to choose another.")
	}
	access := corev1.ReadWriteOnce
	if v.Shared {
		access = corev1.ReadWriteMany
	}
	claim := &corev1.PersistentVolumeClaim{
		ObjectMeta: e.metadataOf("", at, v.Labels, nil).object(name),
		Spec: corev1.PersistentVolumeClaimSpec{
			AccessModes: []corev1.PersistentVolumeAccessMode{access},
			Resources: corev1.VolumeResourceRequirements{
				Requests: corev1.ResourceList{corev1.ResourceStorage: size(want)},
			},
		},
	}
	if v.Class != "" {
		claim.Spec.StorageClassName = &v.Class
	}
	return claim
}

// claimTemplates are the claims that each replica of the workload gets for itself.
func (e *emitter) claimTemplates(w *workload) []corev1.PersistentVolumeClaim {
	var list []corev1.PersistentVolumeClaim
	seen := map[string]bool{}
	ir.EachContainer(w.Workload, "", func(_, _ string, _ ir.Role, c *ir.Container) {
		for _, m := range c.Mounts {
			v := e.app.Volumes.Ref(m.Value.Volume)
			if v == nil || !v.Each || seen[m.Value.Volume] {
				continue
			}
			seen[m.Value.Volume] = true
			claim := e.newClaim(m.Value.Volume, v)
			claim.Name = or(w.id.claims[m.Value.Volume], claim.Name)
			list = append(list, *claim)
		}
	})
	return list
}
