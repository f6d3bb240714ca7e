package kubernetes

import (
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// placement reads what names nodes by their labels.
func (r *sourceReader) placement(w *sourceWorkload) {
	spec := &w.template.Spec
	p := &ir.Placement{}
	for _, pair := range pairs(w.pod.Get("nodeSelector")) {
		key, value := pair.Key.Value, spec.NodeSelector[pair.Key.Value]
		switch key {
		case corev1.LabelOSStable, "beta.kubernetes.io/os":
			p.OS = value
		case corev1.LabelArchStable, "beta.kubernetes.io/arch":
			p.Arch = value
		default:
			p.Require = append(p.Require, ir.NodeRule{Label: neutralLabel(key), Operator: "==", Values: []string{value}})
		}
	}
	if spec.Affinity != nil && spec.Affinity.NodeAffinity != nil {
		affinity := spec.Affinity.NodeAffinity
		if required := affinity.RequiredDuringSchedulingIgnoredDuringExecution; required != nil && len(required.NodeSelectorTerms) == 1 {
			if rules, ok := rulesOf(required.NodeSelectorTerms[0]); ok {
				p.Require = append(p.Require, rules...)
			}
		}
		for _, preferred := range affinity.PreferredDuringSchedulingIgnoredDuringExecution {
			if rules, ok := rulesOf(preferred.Preference); ok && len(rules) == 1 {
				if rules[0].Operator == "in" && len(rules[0].Values) == 1 {
					rules[0].Operator = "=="
				}
				p.Prefer = append(p.Prefer, rules...)
			}
		}
	}
	for _, c := range spec.TopologySpreadConstraints {
		if label := neutralLabel(c.TopologyKey); !slices.Contains(p.Spread, label) && w.kind != ir.Daemon {
			p.Spread = append(p.Spread, label)
		}
	}
	if p.OS != "" || p.Arch != "" || len(p.Require)+len(p.Prefer)+len(p.Spread) > 0 {
		w.result.Placement = p
	}
}

// rulesOf reads a term whose expressions a spec can say.
func rulesOf(term corev1.NodeSelectorTerm) ([]ir.NodeRule, bool) {
	var rules []ir.NodeRule
	for _, e := range term.MatchExpressions {
		rule := ir.NodeRule{Label: neutralLabel(e.Key), Values: e.Values}
		switch e.Operator {
		case corev1.NodeSelectorOpIn:
			rule.Operator = "in"
		case corev1.NodeSelectorOpNotIn:
			rule.Operator = "not in"
			if len(e.Values) == 1 {
				rule.Operator = "!="
			}
		case corev1.NodeSelectorOpExists:
			rule.Operator = "exists"
		default:
			return nil, false
		}
		rules = append(rules, rule)
	}
	return rules, len(rules) > 0 && len(term.MatchFields) == 0
}

// neutralLabel is the inverse of nodeLabel.
func neutralLabel(key string) string {
	switch key {
	case corev1.LabelTopologyZone, corev1.LabelFailureDomainBetaZone:
		return "zone"
	case corev1.LabelTopologyRegion, corev1.LabelFailureDomainBetaRegion:
		return "region"
	case corev1.LabelHostname:
		return "host"
	case corev1.LabelArchStable, "beta.kubernetes.io/arch":
		return "arch"
	case corev1.LabelOSStable, "beta.kubernetes.io/os":
		return "os"
	case corev1.LabelInstanceTypeStable, corev1.LabelInstanceType:
		return "instanceType"
	}
	return key
}
