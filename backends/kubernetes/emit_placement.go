package kubernetes

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// nodeLabel translates the neutral names of what nodes are labelled with; any other
// name is a label as it is.
func nodeLabel(name string) string {
	switch name {
	case "zone":
		return corev1.LabelTopologyZone
	case "region":
		return corev1.LabelTopologyRegion
	case "host", "hostname", "name":
		return corev1.LabelHostname
	case "arch":
		return corev1.LabelArchStable
	case "os":
		return corev1.LabelOSStable
	case "instanceType":
		return corev1.LabelInstanceTypeStable
	}
	return name
}

func (p *pod) placement() {
	place := p.w.Placement
	if place == nil {
		place = &ir.Placement{}
	}
	selector := map[string]string{}
	if place.Arch != "" {
		selector[corev1.LabelArchStable] = place.Arch
	}
	if place.OS != "" {
		selector[corev1.LabelOSStable] = place.OS
	}
	var require []ir.NodeRule
	for _, r := range place.Require {
		key := nodeLabel(r.Label)
		if _, taken := selector[key]; r.Operator == "==" && len(r.Values) == 1 && !taken {
			selector[key] = r.Values[0]
		} else {
			require = append(require, r)
		}
	}
	if len(selector) > 0 {
		p.spec.NodeSelector = selector
	}
	affinity := &corev1.NodeAffinity{}
	if len(require) > 0 {
		term := corev1.NodeSelectorTerm{MatchExpressions: expressions(require)}
		affinity.RequiredDuringSchedulingIgnoredDuringExecution = &corev1.NodeSelector{NodeSelectorTerms: []corev1.NodeSelectorTerm{term}}
	}
	for _, e := range expressions(place.Prefer) {
		affinity.PreferredDuringSchedulingIgnoredDuringExecution = append(affinity.PreferredDuringSchedulingIgnoredDuringExecution,
			corev1.PreferredSchedulingTerm{Weight: 1, Preference: corev1.NodeSelectorTerm{MatchExpressions: []corev1.NodeSelectorRequirement{e}}})
	}
	if len(require)+len(place.Prefer) > 0 {
		p.spec.Affinity = &corev1.Affinity{NodeAffinity: affinity}
	}
	p.spread(place.Spread)
}

func expressions(rules []ir.NodeRule) []corev1.NodeSelectorRequirement {
	var list []corev1.NodeSelectorRequirement
	for _, r := range rules {
		requirement := corev1.NodeSelectorRequirement{Key: nodeLabel(r.Label), Values: r.Values}
		switch r.Operator {
		case "!=", "not in":
			requirement.Operator = corev1.NodeSelectorOpNotIn
		case "exists":
			requirement.Operator = corev1.NodeSelectorOpExists
		default:
			requirement.Operator = corev1.NodeSelectorOpIn
		}
		list = append(list, requirement)
	}
	return list
}

// spread asks for replicas to be spread as evenly as room allows; a pod that would
// make it uneven is still started.
func (p *pod) spread(over []string) {
	if p.w.KindOrDefault() == ir.Daemon {
		return
	}
	replicated := p.w.KindOrDefault() == ir.Service && p.w.ReplicaCount() > 1
	if len(over) == 0 && replicated && p.w.Placement == nil && p.e.pass(passSpread) {
		over = []string{"zone", "host"}
	}
	for _, label := range over {
		p.spec.TopologySpreadConstraints = append(p.spec.TopologySpreadConstraints, corev1.TopologySpreadConstraint{
			MaxSkew: 1, TopologyKey: nodeLabel(label), WhenUnsatisfiable: corev1.ScheduleAnyway,
			LabelSelector: &metav1.LabelSelector{MatchLabels: p.w.selector},
		})
	}
}
