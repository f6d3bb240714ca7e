package kubernetes

import (
	"fmt"
	"slices"

	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// defaultTarget is the share of the CPU reservation that a scaler without a target
// keeps, which is also what Kubernetes would choose.
const defaultTarget = 80

func (e *emitter) emitScaler(f *file, w *workload) {
	s := w.Scale
	if s == nil || w.KindOrDefault() != ir.Service {
		return
	}
	kind := "Deployment"
	if w.Stateful {
		kind = "StatefulSet"
	}
	h := &autoscalingv2.HorizontalPodAutoscaler{
		TypeMeta:   metav1.TypeMeta{APIVersion: "autoscaling/v2", Kind: "HorizontalPodAutoscaler"},
		ObjectMeta: w.plain(w.name),
		Spec: autoscalingv2.HorizontalPodAutoscalerSpec{
			ScaleTargetRef: autoscalingv2.CrossVersionObjectReference{APIVersion: "apps/v1", Kind: kind, Name: w.id.object},
			MinReplicas:    optionalCount(s.Min),
			MaxReplicas:    int32(s.Max),
		},
	}
	percent := s.CPU
	if s.CPU == 0 && s.Memory == 0 {
		percent = defaultTarget
		e.note(codeDefault, w.path+".scale", fmt.Sprintf("the number of replicas follows %d %% of the CPU reservation", defaultTarget), "Kubernetes wants a target. Say scale.cpu or scale.memory to choose another.")
		if w.Resources == nil || w.Resources.CPU == 0 {
			e.fail(codeDefault, w.path+".scale", "the default target is a share of the CPU reservation, and none is made", "Add resources: {cpu: …}, or a target for memory.")
		}
	}
	if percent > 0 {
		h.Spec.Metrics = append(h.Spec.Metrics, e.metric(w, corev1.ResourceCPU, percent))
	}
	if s.Memory > 0 {
		h.Spec.Metrics = append(h.Spec.Metrics, e.metric(w, corev1.ResourceMemory, s.Memory))
	}
	e.add(f, w.path+".scale", "HorizontalPodAutoscaler", w.name, h)
}

// metric follows the whole pod where all its containers reserve the resource. Where a
// sidecar does not, the pod's use cannot be computed, and the main container's is
// followed.
func (e *emitter) metric(w *workload, resource corev1.ResourceName, percent int) autoscalingv2.MetricSpec {
	target := autoscalingv2.MetricTarget{Type: autoscalingv2.UtilizationMetricType, AverageUtilization: pointer(int32(percent))}
	reserved := func(c *ir.Container) bool {
		_, request := resources(c).Requests[resource]
		_, limit := resources(c).Limits[resource]
		return request || limit
	}
	for i := range w.Sidecars {
		if !reserved(&w.Sidecars[i].Value) {
			return autoscalingv2.MetricSpec{
				Type:              autoscalingv2.ContainerResourceMetricSourceType,
				ContainerResource: &autoscalingv2.ContainerResourceMetricSource{Name: resource, Container: w.id.container, Target: target},
			}
		}
	}
	return autoscalingv2.MetricSpec{
		Type:     autoscalingv2.ResourceMetricSourceType,
		Resource: &autoscalingv2.ResourceMetricSource{Name: resource, Target: target},
	}
}

// emitBudget writes how many replicas maintenance may take away at once.
func (e *emitter) emitBudget(f *file, w *workload) {
	if w.KindOrDefault() != ir.Service {
		return
	}
	unavailable := intstr.FromInt32(1)
	switch {
	case w.Disruption != nil:
		unavailable = amount(w.Disruption.Unavailable, 0)
	case !e.pass(passDisruptionBudget) || w.ReplicaCount() < 2:
		return
	}
	e.add(f, w.path+".disruption", "PodDisruptionBudget", w.name, &policyv1.PodDisruptionBudget{
		TypeMeta:   metav1.TypeMeta{APIVersion: "policy/v1", Kind: "PodDisruptionBudget"},
		ObjectMeta: w.plain(w.name),
		Spec: policyv1.PodDisruptionBudgetSpec{
			MaxUnavailable: &unavailable,
			Selector:       &metav1.LabelSelector{MatchLabels: w.selector},
		},
	})
}

func (e *emitter) priorityName(priority int) string {
	return shorten(fmt.Sprintf("%s-%d", e.app.Name, priority), maxLabel)
}

// emitPriorities writes a class for each priority that the app uses. 50 is what pods
// without a class have, 0 on Kubernetes.
func (e *emitter) emitPriorities() {
	var priorities []int
	for _, w := range e.workloads {
		if w.Priority != 0 && !slices.Contains(priorities, w.Priority) {
			priorities = append(priorities, w.Priority)
		}
	}
	slices.Sort(priorities)
	f := e.file("priorities.yaml")
	for _, p := range priorities {
		name := e.priorityName(p)
		e.add(f, "", "PriorityClass", name, &schedulingv1.PriorityClass{
			TypeMeta:    metav1.TypeMeta{APIVersion: "scheduling.k8s.io/v1", Kind: "PriorityClass"},
			ObjectMeta:  e.metadataOf("", "priorities", nil, nil).object(name),
			Value:       int32((p - 50) * 1000),
			Description: fmt.Sprintf("Priority %d of 100 in %s; 50 is ordinary.", p, e.app.Name),
		})
	}
	e.finishEarly(f)
}
