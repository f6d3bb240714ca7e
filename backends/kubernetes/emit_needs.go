package kubernetes

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// tokenPath is where every client of the API server looks for its token.
const tokenPath = "/var/run/secrets/kubernetes.io/serviceaccount"

// kubectlImage waits for jobs. Its version is the cluster's: one more or less is
// supported.
func (e *emitter) kubectlImage() string {
	return fmt.Sprintf("registry.k8s.io/kubectl:v1.%d.0", e.minor())
}

// waits writes an init container for each need.
func (p *pod) waits() {
	for _, need := range p.w.Needs {
		other := p.e.byName[need.Key]
		if other == nil {
			continue
		}
		if need.Value == ir.Completed {
			p.waitForJob(other)
			continue
		}
		if !reaches(p.e.app, p.w.name, other.name) {
			continue // its own policy would make the wait endless
		}
		if script := p.waitScript(other); script != "" {
			p.spec.InitContainers = append(p.spec.InitContainers, corev1.Container{
				Name: p.free("container", "wait-for-"+other.name), Image: helperImage,
				Command:         []string{"sh", "-c", script},
				SecurityContext: helperSecurity(),
			})
		}
	}
}

// waitScript connects to a Service until it answers: a pod is behind it only while it
// is ready. Without a TCP port the name itself is asked for, since a headless Service
// has an address only while a pod is ready.
func (p *pod) waitScript(other *workload) string {
	for _, port := range other.ports {
		if port.ProtocolOrDefault() == "tcp" {
			return fmt.Sprintf("until nc -z -w 2 %s %d; do sleep 1; done", other.id.service, port.Port.Port)
		}
	}
	if !p.e.hasService(other) || len(other.ports) > 0 && !other.Stateful {
		return ""
	}
	return fmt.Sprintf("while nc -z -w 2 %s 1 2>&1 | grep -q 'bad address'; do sleep 1; done", other.id.service)
}

func (p *pod) waitForJob(other *workload) {
	job := "job/" + p.e.job(other).name
	wait := func(name string, condition string) {
		c := corev1.Container{
			Name: p.free("container", name), Image: p.e.kubectlImage(),
			Args:            []string{"wait", "--for=" + condition, "--timeout=1h", job},
			SecurityContext: helperSecurity(),
		}
		if p.spec.AutomountServiceAccountToken != nil {
			c.VolumeMounts = []corev1.VolumeMount{{Name: p.tokenVolume(), MountPath: tokenPath, ReadOnly: true}}
		}
		p.spec.InitContainers = append(p.spec.InitContainers, c)
	}
	if p.spec.RestartPolicy == corev1.RestartPolicyNever && p.e.atLeast(31) {
		// A pod that is not restarted must not fail because the job is applied after it.
		wait("wait-for-creation-of-"+other.name, "create")
	}
	wait("wait-for-"+other.name, "condition=complete")
}

// tokenVolume gives a token to the containers that wait, and to no other.
func (p *pod) tokenVolume() string {
	return p.volume("token", "api-token", corev1.VolumeSource{Projected: &corev1.ProjectedVolumeSource{
		Sources: []corev1.VolumeProjection{
			{ServiceAccountToken: &corev1.ServiceAccountTokenProjection{Path: "token"}},
			{ConfigMap: &corev1.ConfigMapProjection{
				LocalObjectReference: corev1.LocalObjectReference{Name: "kube-root-ca.crt"},
				Items:                []corev1.KeyToPath{{Key: "ca.crt", Path: "ca.crt"}},
			}},
			{DownwardAPI: &corev1.DownwardAPIProjection{Items: []corev1.DownwardAPIVolumeFile{
				{Path: "namespace", FieldRef: &corev1.ObjectFieldSelector{FieldPath: "metadata.namespace"}},
			}}},
		},
	}})
}

// emitWaitRights lets the account of the workload look at the jobs it waits for.
func (e *emitter) emitWaitRights(f *file, w *workload, account string, jobs []*workload) {
	name := shorten(w.name+"-wait", maxLabel)
	var objects []string
	for _, j := range jobs {
		objects = append(objects, e.job(j).name)
	}
	e.add(f, "", "Role", name, &rbacv1.Role{
		TypeMeta:   metav1.TypeMeta{APIVersion: "rbac.authorization.k8s.io/v1", Kind: "Role"},
		ObjectMeta: w.plain(name),
		Rules: []rbacv1.PolicyRule{{
			APIGroups: []string{"batch"}, Resources: []string{"jobs"}, ResourceNames: objects,
			Verbs: []string{"get", "list", "watch"},
		}},
	})
	e.add(f, "", "RoleBinding", name, &rbacv1.RoleBinding{
		TypeMeta:   metav1.TypeMeta{APIVersion: "rbac.authorization.k8s.io/v1", Kind: "RoleBinding"},
		ObjectMeta: w.plain(name),
		RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "Role", Name: name},
		Subjects:   []rbacv1.Subject{{Kind: rbacv1.ServiceAccountKind, Name: account}},
	})
}
