package tree

import (
	"fmt"

	"go.yaml.in/yaml/v3"

	"github.com/decamp-dev/decamp/compiler/diag"
)

// tag applies an explicit tag. The tags of the core schema decide the kind; all
// others are kept for the reader of the tree.
func (c *converter) tag(written *yaml.Node, n *Node) {
	want, ok := coreTag(written.Tag)
	if !ok {
		n.Tag = written.Tag
		return
	}
	got := n.Kind
	if n.Kind.IsScalar() {
		if got = resolvePlain(n.Value); want == String || want == Float && got == Int {
			got = want
		}
	}
	if got == want {
		n.Kind = want
		return
	}
	c.add(diag.Diagnostic{
		Severity: diag.Error,
		Code:     diag.CodeInvalidTag,
		Summary:  fmt.Sprintf("the value does not fit its tag %s", written.Tag),
		Detail:   fmt.Sprintf("The tag demands the kind %s. Delete the tag, or write the value in the form that YAML 1.2 has for it.", want),
		Subject:  n.Range(),
	})
}

func coreTag(tag string) (Kind, bool) {
	switch tag {
	case "!!null":
		return Null, true
	case "!!bool":
		return Bool, true
	case "!!int":
		return Int, true
	case "!!float":
		return Float, true
	case "!!str":
		return String, true
	case "!!seq":
		return Sequence, true
	case "!!map":
		return Mapping, true
	}
	return 0, false
}
