package spec

import (
	"strconv"

	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/source"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// locator answers from the tree that an app was decoded from: paths of the app are
// paths of the tree, but for short forms, where the nearest node answers.
type locator struct{ root *tree.Node }

// Locate implements ir.Locator. A member of a mapping is shown at its key when its
// value is not a scalar: that is what a person would point at.
func (l *locator) Locate(path string) (source.Range, bool) {
	n, at := l.root, source.Range{}
	for _, segment := range ir.SplitPath(path) {
		switch n.Kind {
		case tree.Mapping:
			p := n.Pair(segment)
			if p == nil {
				return at, !at.IsZero()
			}
			n, at = p.Value, p.Key.Range()
			if n.Kind.IsScalar() && !n.IsNull() {
				at = n.Range()
			}
		case tree.Sequence:
			next := sequenceItem(n, segment)
			if next == nil {
				return at, !at.IsZero()
			}
			n, at = next, next.Range()
		default:
			return at, !at.IsZero()
		}
	}
	return at, !at.IsZero()
}

// sequenceItem finds an item by its number, or, in a list of names that stands for
// a mapping, by its name.
func sequenceItem(n *tree.Node, segment string) *tree.Node {
	if i, err := strconv.Atoi(segment); err == nil && i >= 0 && i < len(n.Items) {
		return n.Items[i]
	}
	for _, item := range n.Items {
		if item.Kind.IsScalar() && item.Value == segment {
			return item
		}
	}
	return nil
}
