package nomad

import (
	"slices"

	"github.com/hashicorp/nomad/api"

	"github.com/decamp-dev/decamp/backends/internal/document"
)

// ruleShorthands are the operators that a rule about nodes may name in place of
// operator and value, in the order in which Nomad looks: the last one counts.
var ruleShorthands = map[string][]string{
	"Constraint": {api.ConstraintVersion, api.ConstraintSemver, api.ConstraintRegex, api.ConstraintSetContains,
		api.ConstraintSetContainsAll, api.ConstraintSetContainsAny, api.ConstraintAttributeIsSet, api.ConstraintAttributeIsNotSet,
		api.ConstraintDistinctHosts, api.ConstraintDistinctProperty},
	"Affinity": {api.ConstraintVersion, api.ConstraintSemver, api.ConstraintRegex,
		api.ConstraintSetContainsAny, api.ConstraintSetContainsAll, api.ConstraintSetContains},
}

// passedOver are the shorthands of constraints that Nomad's own reader takes and makes
// nothing of: what is left has no value, and the servers refuse it.
var passedOver = []string{api.ConstraintSetContainsAll, api.ConstraintSetContainsAny, api.ConstraintAttributeIsSet, api.ConstraintAttributeIsNotSet}

// rule writes the shorthands of a constraint or an affinity out: regexp = "x" is
// operator = "regexp" and value = "x".
func (n *normalizer) rule(v *document.Value, b *body) {
	for _, operator := range ruleShorthands[b.name] {
		at := slices.IndexFunc(v.Members, func(m document.Member) bool { return m.Key == operator })
		if at < 0 {
			continue
		}
		m := v.Members[at]
		v.Members = slices.Delete(v.Members, at, at+1)
		if m.Value.Kind == document.KindNull || m.Value.Text == "" {
			continue
		}
		if b.name == "Constraint" && slices.Contains(passedOver, operator) && n.passed != nil {
			n.passed(&m)
		}
		asString(m.Value)
		key := "value"
		switch operator {
		case api.ConstraintDistinctProperty, api.ConstraintAttributeIsSet, api.ConstraintAttributeIsNotSet:
			key = "attribute"
		}
		v.Set(key, m.Value)
		v.Set("operator", document.String(operator))
	}
	if operator := v.Get("operator"); operator != nil && (operator.Text == "=" || operator.Text == "") {
		v.Delete("operator") // what is meant when nothing is said
	}
}
