package nomad

import (
	"strings"

	"github.com/hashicorp/nomad/api"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// preferenceWeight is the weight of what is preferred; several preferences weigh the
// same.
const preferenceWeight = 50

// nodeAttributes says how Nomad calls the labels that every platform has.
var nodeAttributes = map[string]string{
	"host":       "${attr.unique.hostname}",
	"name":       "${node.unique.name}",
	"arch":       "${attr.cpu.arch}",
	"os":         "${attr.kernel.name}",
	"region":     "${node.region}",
	"datacenter": "${node.datacenter}",
	"class":      "${node.class}",
	"pool":       "${node.pool}",
}

// nodeAttribute translates a label of nodes: what is not a label of every platform
// is metadata of the client.
func nodeAttribute(label string) string {
	label = strings.TrimPrefix(label, "node.")
	if attribute, ok := nodeAttributes[label]; ok {
		return attribute
	}
	return "${meta." + label + "}"
}

// placementFacts writes on which nodes the job may and should run, and over what the
// group is spread.
func (u *unit) placementFacts() {
	p := u.workload.Placement
	if p == nil {
		return
	}
	if p.Arch != "" {
		u.require(ir.NodeRule{Label: "arch", Operator: "==", Values: []string{p.Arch}})
	}
	if p.OS != "" {
		u.require(ir.NodeRule{Label: "os", Operator: "==", Values: []string{p.OS}})
	}
	for _, rule := range p.Require {
		u.require(rule)
	}
	if u.workload.KindOrDefault() == ir.Daemon {
		return // Nomad refuses affinities and spreads of system jobs.
	}
	for _, rule := range p.Prefer {
		u.prefer(rule)
	}
	for _, label := range p.Spread {
		u.group.Spreads = append(u.group.Spreads, &api.Spread{Attribute: nodeAttribute(label), Weight: new(int8(preferenceWeight))})
	}
}

func (u *unit) require(rule ir.NodeRule) {
	for _, c := range comparisons(rule, "is_set", "") {
		u.job.Constraints = append(u.job.Constraints, &api.Constraint{LTarget: c.attribute, Operand: c.operator, RTarget: c.value})
	}
}

func (u *unit) prefer(rule ir.NodeRule) {
	for _, c := range comparisons(rule, "regexp", ".+") {
		u.job.Affinities = append(u.job.Affinities, &api.Affinity{
			LTarget: c.attribute, Operand: c.operator, RTarget: c.value, Weight: new(int8(preferenceWeight)),
		})
	}
}

type comparison struct{ attribute, operator, value string }

// comparisons writes one rule in Nomad's operators; "not in" takes one for each
// value.
func comparisons(rule ir.NodeRule, exists, existsValue string) []comparison {
	attribute := nodeAttribute(rule.Label)
	switch rule.Operator {
	case "exists":
		return []comparison{{attribute, exists, existsValue}}
	case "in":
		if len(rule.Values) > 1 {
			return []comparison{{attribute, "set_contains_any", strings.Join(rule.Values, ",")}}
		}
	case "!=", "not in":
		var out []comparison
		for _, value := range rule.Values {
			out = append(out, comparison{attribute, "!=", value})
		}
		return out
	}
	value := ""
	if len(rule.Values) > 0 {
		value = rule.Values[0]
	}
	return []comparison{{attribute, "=", value}}
}
