package kubernetes

import (
	"fmt"
	"strconv"
	"strings"

	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// scalers reads how the number of replicas is chosen.
func (r *sourceReader) scalers() {
	for _, o := range r.objects {
		typed, ok := o.typed.(*autoscalingv2.HorizontalPodAutoscaler)
		if !ok {
			continue
		}
		w := r.scaled(o, typed.Spec.ScaleTargetRef)
		if w == nil || w.kind != ir.Service || w.result.Scale != nil || typed.Spec.MaxReplicas < 1 {
			r.report(diag.Warning, codeScale, o.node, "", fmt.Sprintf("HorizontalPodAutoscaler %s scales nothing of these files", o.name), "It stays in the ledger.")
			continue
		}
		s := &ir.Scale{Max: int(typed.Spec.MaxReplicas)}
		if typed.Spec.MinReplicas != nil {
			s.Min = int(*typed.Spec.MinReplicas)
		}
		for _, m := range typed.Spec.Metrics {
			name, target := corev1.ResourceName(""), autoscalingv2.MetricTarget{}
			switch {
			case m.Resource != nil:
				name, target = m.Resource.Name, m.Resource.Target
			case m.ContainerResource != nil:
				name, target = m.ContainerResource.Name, m.ContainerResource.Target
			}
			if percent := target.AverageUtilization; percent != nil && *percent >= 1 && *percent <= 1000 {
				switch name {
				case corev1.ResourceCPU:
					s.CPU = int(*percent)
				case corev1.ResourceMemory:
					s.Memory = int(*percent)
				}
			}
		}
		reserved := w.result.Resources
		if reserved == nil {
			reserved = &ir.Resources{}
		}
		if s.CPU > 0 && reserved.CPU == 0 || s.Memory > 0 && reserved.Memory == 0 || s.CPU+s.Memory == 0 && reserved.CPU == 0 || s.Min > s.Max {
			r.report(diag.Warning, codeScale, o.node, w.path, fmt.Sprintf("HorizontalPodAutoscaler %s follows what a spec has no words for", o.name),
				"A spec keeps a share of what the container reserves of CPU or memory. The object stays in the ledger; elsewhere the number of replicas is fixed.")
			o.unmapped = "it follows what a spec has no words for"
			continue
		}
		w.result.Scale, w.result.Replicas = s, nil
		w.scaler = o
		r.place(w.path+".scale", o.node)
		r.place(w.path+".scale.min", dig(o.node, "spec", "minReplicas"))
		r.place(w.path+".scale.max", dig(o.node, "spec", "maxReplicas"))
	}
}

func (r *sourceReader) scaled(o *sourceObject, ref autoscalingv2.CrossVersionObjectReference) *sourceWorkload {
	for _, w := range r.workloads {
		if w.namespace == o.namespace && w.sourceObject.name == ref.Name && (w.sourceObject.kind == ref.Kind || ref.Kind == "ReplicationController" || ref.Kind == "ReplicaSet") {
			return w
		}
	}
	return nil
}

// budgets reads how many replicas maintenance may take away.
func (r *sourceReader) budgets() {
	for _, o := range r.objects {
		typed, ok := o.typed.(*policyv1.PodDisruptionBudget)
		if !ok {
			continue
		}
		var w *sourceWorkload
		for _, candidate := range r.workloads {
			if typed.Spec.Selector != nil && len(typed.Spec.Selector.MatchExpressions) == 0 && candidate.namespace == o.namespace &&
				candidate.kind == ir.Service && selects(typed.Spec.Selector.MatchLabels, candidate.template.Labels) {
				if w != nil {
					w = nil
					break
				}
				w = candidate
			}
		}
		if w == nil || w.result.Disruption != nil {
			r.report(diag.Warning, codeScale, o.node, "", fmt.Sprintf("PodDisruptionBudget %s is about no workload, or about several", o.name), "It stays in the ledger.")
			continue
		}
		unavailable, ok := unavailableOf(typed, w)
		if !ok {
			r.report(diag.Warning, codeScale, o.node, w.path, fmt.Sprintf("PodDisruptionBudget %s says what a spec has no words for", o.name), "It stays in the ledger.")
			continue
		}
		w.result.Disruption = &ir.Disruption{Unavailable: unavailable}
		w.budget = o
		r.place(w.path+".disruption", o.node)
		r.place(w.path+".disruption.unavailable", o.node.Get("spec"))
	}
}

// unavailableOf turns what has to stay into what may go.
func unavailableOf(b *policyv1.PodDisruptionBudget, w *sourceWorkload) (ir.Amount, bool) {
	if v := b.Spec.MaxUnavailable; v != nil {
		if v.String() == "0" || v.String() == "0%" {
			return ir.Amount{}, false // nothing said, to a spec
		}
		return amountOf(*v), true
	}
	v := b.Spec.MinAvailable
	if v == nil {
		return ir.Amount{}, false
	}
	if v.Type == intstr.String {
		percent, err := strconv.Atoi(strings.TrimSuffix(v.StrVal, "%"))
		if err != nil || percent < 0 || percent >= 100 {
			return ir.Amount{}, false
		}
		return ir.Amount{Value: 100 - percent, Percent: true}, true
	}
	rest := w.result.ReplicaCount() - int(v.IntVal)
	if rest <= 0 {
		return ir.Amount{}, false
	}
	return ir.Amount{Value: rest}, true
}
