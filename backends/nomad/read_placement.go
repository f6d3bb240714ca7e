package nomad

import (
	"fmt"
	"slices"
	"strings"

	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/pattern"
)

// placement reads constraints, affinities and spreads that are about labels of nodes.
func (r *reader) placement(g *sourceGroup) {
	p := &ir.Placement{}
	at := g.path() + ".placement"
	constraints, _ := placementOf(g, "constraint")
	for _, c := range constraints {
		r.constraint(p, at, c)
	}
	affinities, _ := placementOf(g, "affinity")
	for _, a := range affinities {
		if g.workload.KindOrDefault() != ir.Daemon {
			p.Prefer = addRule(p.Prefer, ruleOf(a, "regexp"))
			r.said(fmt.Sprintf("%s.prefer[%d]", at, len(p.Prefer)-1), a)
		}
	}
	for _, s := range append(blocksOf(g.job.doc, "spread"), blocksOf(g.doc, "spread")...) {
		if label := nodeLabel(textOf(s.Get("attribute"), "")); label != "" && g.workload.KindOrDefault() != ir.Daemon && !slices.Contains(p.Spread, label) {
			p.Spread = append(p.Spread, label)
			r.said(fmt.Sprintf("%s.spread[%d]", at, len(p.Spread)-1), s)
		}
	}
	if p.Require != nil || p.Prefer != nil || p.Spread != nil || p.Arch != "" || p.OS != "" {
		g.workload.Placement = p
	}
}

var architectures = []string{"amd64", "arm64", "arm", "386", "ppc64le", "s390x", "riscv64"}

func (r *reader) constraint(p *ir.Placement, at string, c *document.Value) {
	rule := ruleOf(c, "is_set")
	switch {
	case rule == nil:
	case rule.Label == "arch" && rule.Operator == "==" && p.Arch == "" && slices.Contains(architectures, rule.Values[0]):
		p.Arch = rule.Values[0]
		r.said(at+".arch", c)
	case rule.Label == "os" && rule.Operator == "==" && p.OS == "" && (rule.Values[0] == "linux" || rule.Values[0] == "windows"):
		p.OS = rule.Values[0]
		r.said(at+".os", c)
	default:
		p.Require = addRule(p.Require, rule)
		r.said(fmt.Sprintf("%s.require[%d]", at, len(p.Require)-1), c)
	}
}

// addRule adds a rule; several values that a label must not have are one rule.
func addRule(rules []ir.NodeRule, rule *ir.NodeRule) []ir.NodeRule {
	if n := len(rules); n > 0 && rule.Operator == "!=" && rules[n-1].Label == rule.Label {
		last := &rules[n-1]
		if last.Operator == "!=" {
			last.Operator = "not in"
		}
		if last.Operator == "not in" {
			last.Values = append(last.Values, rule.Values...)
			return rules
		}
	}
	return append(rules, *rule)
}

// ruleOf reads a comparison of a label of nodes; nil where it is another.
func ruleOf(v *document.Value, exists string) *ir.NodeRule {
	label := nodeLabel(textOf(v.Get("attribute"), ""))
	value := textOf(v.Get("value"), "")
	if label == "" || strings.Contains(value, "${") {
		return nil
	}
	switch operator := textOf(v.Get("operator"), "="); {
	case operator == exists && (exists == "is_set" || value == ".+"):
		return &ir.NodeRule{Label: label, Operator: "exists"}
	case (operator == "=" || operator == "==" || operator == "is") && plainWord(value):
		return &ir.NodeRule{Label: label, Operator: "==", Values: []string{value}}
	case (operator == "!=" || operator == "not") && plainWord(value):
		return &ir.NodeRule{Label: label, Operator: "!=", Values: []string{value}}
	case operator == "set_contains_any" && plainWord(strings.ReplaceAll(value, ",", "")):
		return &ir.NodeRule{Label: label, Operator: "in", Values: strings.Split(value, ",")}
	}
	return nil
}

// plainWord is what a value of a label may be in the spec's rules.
func plainWord(s string) bool { return s != "" && labelText().MatchString(s) }

// nodeReference is an attribute of a node as job files write it.
var nodeReference = pattern.New(`^\$\{(?:meta\.)([A-Za-z0-9][A-Za-z0-9._/-]*)\}$`)

// nodeLabel is the inverse of nodeAttribute.
func nodeLabel(attribute string) string {
	for label, known := range nodeAttributes {
		if known == attribute && label != "name" {
			return label
		}
	}
	switch attribute {
	case "${node.unique.name}":
		return "name"
	case "${attr.kernel.name}":
		return "os"
	}
	if found := nodeReference().FindStringSubmatch(attribute); found != nil {
		if _, clash := nodeAttributes[found[1]]; !clash {
			return found[1]
		}
	}
	return ""
}
