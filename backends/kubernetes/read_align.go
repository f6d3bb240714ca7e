package kubernetes

import (
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
)

func clonedObject(o metav1.Object) (metav1.Object, bool) {
	if object, ok := o.(runtime.Object); ok {
		clone, ok := object.DeepCopyObject().(metav1.Object)
		return clone, ok
	}
	return o, false
}

// align writes an emitted object and the one of the files in one form, where they mean
// the same in different words. All of it is listed here:
//
//   - what the API server would add by itself, on both sides (read_defaults.go);
//   - names of volumes within a pod, names of container ports, and the order of a pod's
//     containers: nothing outside of the pod sees them;
//   - ports of containers that a Service or a probe uses and the container does not list;
//   - what the pod says for all containers, written on each of them;
//   - keys of a whole ConfigMap or Secret as variables, one each;
//   - files of ConfigMaps and Secrets are read-only anyway;
//   - a Service's only port has no need of a name;
//   - a policy that lets pods reach everything says nothing of what they may reach.
func (r *sourceReader) align(source *sourceObject, emitted, want metav1.Object) {
	want.SetManagedFields(nil)
	switch have := emitted.(type) {
	case *appsv1.Deployment:
		want := want.(*appsv1.Deployment)
		r.alignPods(source, &have.Spec.Template, &want.Spec.Template, nil)
		stripDeployment(&have.Spec)
		stripDeployment(&want.Spec)
	case *appsv1.StatefulSet:
		want := want.(*appsv1.StatefulSet)
		r.alignPods(source, &have.Spec.Template, &want.Spec.Template, want.Spec.VolumeClaimTemplates)
		stripStatefulSet(&have.Spec)
		stripStatefulSet(&want.Spec)
	case *appsv1.DaemonSet:
		want := want.(*appsv1.DaemonSet)
		r.alignPods(source, &have.Spec.Template, &want.Spec.Template, nil)
		stripDaemonSet(&have.Spec)
		stripDaemonSet(&want.Spec)
	case *batchv1.Job:
		want := want.(*batchv1.Job)
		r.alignPods(source, &have.Spec.Template, &want.Spec.Template, nil)
		stripJob(&have.Spec)
		stripJob(&want.Spec)
	case *batchv1.CronJob:
		want := want.(*batchv1.CronJob)
		r.alignPods(source, &have.Spec.JobTemplate.Spec.Template, &want.Spec.JobTemplate.Spec.Template, nil)
		stripCronJob(&have.Spec)
		stripCronJob(&want.Spec)
	case *corev1.Service:
		want := want.(*corev1.Service)
		w := r.served(source)
		stripService(&have.Spec, w)
		stripService(&want.Spec, w)
		if len(have.Spec.Ports) == 1 && len(want.Spec.Ports) == 1 && want.Spec.Ports[0].Name == "" {
			have.Spec.Ports[0].Name = ""
		}
	case *networkingv1.Ingress:
		r.alignIngress(source, have, want.(*networkingv1.Ingress))
	case *corev1.PersistentVolumeClaim:
		stripClaim(have)
		stripClaim(want.(*corev1.PersistentVolumeClaim))
	case *autoscalingv2.HorizontalPodAutoscaler:
		stripScaler(&have.Spec)
		stripScaler(&want.(*autoscalingv2.HorizontalPodAutoscaler).Spec)
	case *networkingv1.NetworkPolicy:
		fillPolicy(&have.Spec)
		fillPolicy(&want.(*networkingv1.NetworkPolicy).Spec)
	case *policyv1.PodDisruptionBudget, *corev1.ConfigMap, *corev1.ServiceAccount:
	}
}

func (r *sourceReader) alignPods(source *sourceObject, have, want *corev1.PodTemplateSpec, templates []corev1.PersistentVolumeClaim) {
	for i := range want.Spec.InitContainers {
		r.listVariables(source.namespace, &want.Spec.InitContainers[i])
	}
	for i := range want.Spec.Containers {
		r.listVariables(source.namespace, &want.Spec.Containers[i])
	}
	numberPorts(&have.Spec)
	numberPorts(&want.Spec)
	alignContainers(&have.Spec, &want.Spec)
	trimMounts(&want.Spec)
	alignVolumes(&have.Spec, &want.Spec, templates)
	stripPod(&have.Spec)
	stripPod(&want.Spec)
	for _, pair := range containerPairs(&have.Spec, &want.Spec) {
		alignContainerPorts(pair[0], pair[1])
	}
}

// listVariables writes the keys of whole ConfigMaps and Secrets as variables.
func (r *sourceReader) listVariables(namespace string, c *corev1.Container) {
	if len(c.EnvFrom) == 0 {
		return
	}
	own := map[string]bool{}
	for _, v := range c.Env {
		own[v.Name] = true
	}
	var list []corev1.EnvVar
	for _, v := range r.expandEnvFrom(namespace, c) {
		if !own[v.Name] {
			list = append(list, v)
		}
	}
	c.Env = append(list, c.Env...)
	c.EnvFrom = slices.DeleteFunc(c.EnvFrom, func(from corev1.EnvFromSource) bool {
		switch {
		case from.ConfigMapRef != nil:
			return r.configKeys(namespace, from.ConfigMapRef.Name) != nil
		case from.SecretRef != nil:
			return r.byKey[objectKey("Secret", namespace, from.SecretRef.Name)] != nil
		}
		return false
	})
	if len(c.EnvFrom) == 0 {
		c.EnvFrom = nil
	}
}

// numberPorts writes the numbers of ports where their names stand, and takes the names
// away.
func numberPorts(spec *corev1.PodSpec) {
	number := func(p *intstr.IntOrString) {
		if n := portNumberIn(spec, *p); n > 0 {
			*p = intstr.FromInt32(n)
		}
	}
	handler := func(h *corev1.LifecycleHandler) {
		if h != nil && h.HTTPGet != nil {
			number(&h.HTTPGet.Port)
		}
	}
	lists := [][]corev1.Container{spec.InitContainers, spec.Containers}
	for _, list := range lists {
		for i := range list {
			for _, p := range []*corev1.Probe{list[i].StartupProbe, list[i].ReadinessProbe, list[i].LivenessProbe} {
				if p != nil && p.HTTPGet != nil {
					number(&p.HTTPGet.Port)
				}
				if p != nil && p.TCPSocket != nil {
					number(&p.TCPSocket.Port)
				}
			}
			if l := list[i].Lifecycle; l != nil {
				handler(l.PostStart)
				handler(l.PreStop)
			}
		}
	}
	for _, list := range lists {
		for i := range list {
			for j := range list[i].Ports {
				list[i].Ports[j].Name = ""
			}
		}
	}
}

// alignContainers puts the emitted containers into the lists and the order of the
// files.
func alignContainers(have, want *corev1.PodSpec) {
	for i := range want.InitContainers {
		if c := &want.InitContainers[i]; isNativeSidecar(c) {
			promote(have, c.Name)
		}
	}
	order := func(list, like []corev1.Container) {
		at := map[string]int{}
		for i := range like {
			at[like[i].Name] = i
		}
		slices.SortStableFunc(list, func(a, b corev1.Container) int { return at[a.Name] - at[b.Name] })
	}
	order(have.Containers, want.Containers)
	order(have.InitContainers, want.InitContainers)
}

// promote moves a sidecar among the init containers.
func promote(spec *corev1.PodSpec, name string) {
	at := slices.IndexFunc(spec.Containers, func(c corev1.Container) bool { return c.Name == name })
	if at >= 0 {
		spec.InitContainers = append(spec.InitContainers, spec.Containers[at])
		spec.Containers = slices.Delete(spec.Containers, at, at+1)
	}
}

func containerPairs(have, want *corev1.PodSpec) [][2]*corev1.Container {
	var pairs [][2]*corev1.Container
	match := func(a, b []corev1.Container) {
		for i := range a {
			for j := range b {
				if a[i].Name == b[j].Name {
					pairs = append(pairs, [2]*corev1.Container{&a[i], &b[j]})
				}
			}
		}
	}
	match(have.InitContainers, want.InitContainers)
	match(have.Containers, want.Containers)
	return pairs
}

// alignContainerPorts takes away what only tells that a container listens somewhere: a
// container's list of ports opens nothing.
func alignContainerPorts(have, want *corev1.Container) {
	has := func(list []corev1.ContainerPort, p corev1.ContainerPort) bool {
		return slices.Contains(list, p)
	}
	have.Ports = slices.DeleteFunc(have.Ports, func(p corev1.ContainerPort) bool { return p.HostPort == 0 && !has(want.Ports, p) })
	if len(have.Ports) == len(want.Ports) {
		slices.SortStableFunc(have.Ports, func(a, b corev1.ContainerPort) int {
			return slices.Index(want.Ports, a) - slices.Index(want.Ports, b)
		})
	}
	if len(have.Ports) == 0 {
		have.Ports = nil
	}
}

func (r *sourceReader) alignIngress(source *sourceObject, have, want *networkingv1.Ingress) {
	number := func(b *networkingv1.IngressBackend) {
		if b == nil || b.Service == nil || b.Service.Port.Name == "" {
			return
		}
		if s := r.services[objectKey("Service", source.namespace, b.Service.Name)]; s != nil {
			for _, p := range s.typed.Spec.Ports {
				if p.Name == b.Service.Port.Name {
					b.Service.Port = networkingv1.ServiceBackendPort{Number: p.Port}
					return
				}
			}
		}
	}
	for _, in := range []*networkingv1.Ingress{have, want} {
		number(in.Spec.DefaultBackend)
		for i := range in.Spec.Rules {
			if in.Spec.Rules[i].HTTP != nil {
				for j := range in.Spec.Rules[i].HTTP.Paths {
					number(&in.Spec.Rules[i].HTTP.Paths[j].Backend)
				}
			}
		}
	}
}

// fillPolicy writes out what a NetworkPolicy means by what it leaves out.
func fillPolicy(s *networkingv1.NetworkPolicySpec) {
	if len(s.PolicyTypes) == 0 {
		s.PolicyTypes = []networkingv1.PolicyType{networkingv1.PolicyTypeIngress}
		if len(s.Egress) > 0 {
			s.PolicyTypes = append(s.PolicyTypes, networkingv1.PolicyTypeEgress)
		}
	}
	if slices.ContainsFunc(s.Egress, func(r networkingv1.NetworkPolicyEgressRule) bool { return len(r.To)+len(r.Ports) == 0 }) {
		s.Egress = nil // everything
		s.PolicyTypes = slices.DeleteFunc(s.PolicyTypes, func(t networkingv1.PolicyType) bool { return t == networkingv1.PolicyTypeEgress })
	}
	tcp := corev1.ProtocolTCP
	ports := func(list []networkingv1.NetworkPolicyPort) {
		for i := range list {
			if list[i].Protocol == nil {
				list[i].Protocol = &tcp
			}
		}
	}
	for i := range s.Ingress {
		ports(s.Ingress[i].Ports)
	}
	for i := range s.Egress {
		ports(s.Egress[i].Ports)
	}
}

// renameKey moves the value of a label that has a newer name.
func renameKey(m map[string]string, old, today string) {
	if value, ok := m[old]; ok {
		if _, taken := m[today]; !taken {
			m[today] = value
		}
		delete(m, old)
	}
}
