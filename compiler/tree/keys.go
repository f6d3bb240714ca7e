package tree

import (
	"fmt"

	"go.yaml.in/yaml/v3"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/source"
)

// keySet finds a key among the members of one growing mapping. Most mappings are
// so small that comparing is faster than hashing.
type keySet struct {
	index map[string]int
}

const smallMapping = 12

// find returns the position of a key in pairs; -1 when it is not there.
func (s *keySet) find(pairs []Pair, key string) int {
	if len(pairs) <= smallMapping {
		for i := range pairs {
			if pairs[i].Key.Value == key {
				return i
			}
		}
		return -1
	}
	if s.index == nil {
		s.index = make(map[string]int, 2*len(pairs))
	}
	for i := len(s.index); i < len(pairs); i++ {
		s.index[pairs[i].Key.Value] = i
	}
	if i, ok := s.index[key]; ok {
		return i
	}
	return -1
}

// checkKey reports whether a node can be a key, and says so when it cannot.
func (c *converter) checkKey(key *Node, written *yaml.Node) bool {
	if c.stopped {
		return false
	}
	if !key.Kind.IsScalar() || key.Kind == Null {
		c.add(invalidKey(key, written))
		return false
	}
	return true
}

// checkNew reports whether a mapping lacks a key, and says so when it does not.
// Keys are compared by their text: 1 and "1" are the same name to all readers of
// the tree.
func (c *converter) checkNew(key, mapping *Node, keys *keySet) bool {
	if i := keys.find(mapping.Pairs, key.Value); i >= 0 {
		c.add(duplicateKey(key, mapping.Pairs[i].Key))
		return false
	}
	return true
}

func duplicateKey(key, first *Node) diag.Diagnostic {
	return diag.Diagnostic{
		Severity: diag.Error,
		Code:     diag.CodeDuplicateKey,
		Summary:  fmt.Sprintf("the key %q stands twice in one mapping", key.Value),
		Detail:   "Only one of the two could take effect. Delete one, or merge their values.",
		Subject:  key.Range(),
		Related:  []diag.Related{{Range: first.Range(), Message: "it is first given here"}},
	}
}

func invalidKey(key *Node, written *yaml.Node) diag.Diagnostic {
	finding := diag.Diagnostic{
		Severity: diag.Error,
		Code:     diag.CodeInvalidKey,
		Subject:  key.Range(),
	}
	switch {
	case key.Kind == Mapping && written.Style&yaml.FlowStyle != 0:
		finding.Summary = "a mapping stands where a key is expected"
		finding.Detail = "A text that begins with a brace needs quotes, such as \"{{ name }}\"."
	case key.Kind == Null && key.Value != "":
		finding.Summary = fmt.Sprintf("the key %s means null, not a name", key.Value)
		finding.Detail = fmt.Sprintf("Put it in quotes if the name is meant: %q.", key.Value)
	case key.Kind == Null:
		finding.Summary = "a key is missing before the colon"
		finding.Detail = "Write a name there, or put the text in quotes if the colon belongs to it."
	default:
		finding.Summary = fmt.Sprintf("a %s stands where a key is expected", key.Kind)
		finding.Detail = "A key is a name: a text, number or boolean."
	}
	return finding
}

func unknownAnchor(name string, at source.Range) diag.Diagnostic {
	return diag.Diagnostic{
		Severity: diag.Error,
		Code:     diag.CodeUnknownAnchor,
		Summary:  fmt.Sprintf("*%s refers to an anchor that is not defined above", name),
		Detail:   fmt.Sprintf("Mark the value with &%s before its first use in the same document, or put the text in quotes if it is meant literally.", name),
		Subject:  at,
	}
}
