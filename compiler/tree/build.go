package tree

import "github.com/decamp-dev/decamp/compiler/source"

// NewNull returns a null at the place of another node.
func NewNull(at *Node) *Node { return newAt(at, Node{Kind: Null}) }

// NewString returns a string at the place of another node.
func NewString(text string, at *Node) *Node {
	return newAt(at, Node{Kind: String, Style: DoubleQuoted, Value: text})
}

// NewScalar returns a plain scalar of a kind at the place of another node. The
// text is the value as YAML writes it.
func NewScalar(kind Kind, text string, at *Node) *Node {
	return newAt(at, Node{Kind: kind, Value: text})
}

// NewSequence returns a sequence at the place of another node.
func NewSequence(at *Node, items ...*Node) *Node {
	return newAt(at, Node{Kind: Sequence, Items: items})
}

// NewMapping returns a mapping at the place of another node.
func NewMapping(at *Node, pairs ...Pair) *Node {
	return newAt(at, Node{Kind: Mapping, Pairs: pairs})
}

// NewPair returns a member whose key stands at the place of another node.
func NewPair(key string, value, at *Node) Pair {
	return Pair{Key: NewScalar(String, key, at), Value: value}
}

// WithRange returns a copy of the node, its children shared, at another place.
func (n *Node) WithRange(r source.Range) *Node {
	moved := *n
	moved.setRange(r.File, r.Start, r.End)
	return &moved
}

// Clone returns a deep copy, in which nothing is shared; nil for nil.
func (n *Node) Clone() *Node {
	if n == nil {
		return nil
	}
	copied := *n
	if n.Comments != nil {
		comments := *n.Comments
		copied.Comments = &comments
	}
	if n.Items != nil {
		copied.Items = make([]*Node, len(n.Items))
		for i, item := range n.Items {
			copied.Items[i] = item.Clone()
		}
	}
	if n.Pairs != nil {
		copied.Pairs = make([]Pair, len(n.Pairs))
		for i, pair := range n.Pairs {
			copied.Pairs[i] = Pair{Key: pair.Key.Clone(), Value: pair.Value.Clone()}
		}
	}
	return &copied
}

// Equal reports whether two trees hold the same data: kinds, tags, values and
// the order of members. Places, styles and comments do not count. It makes trees
// comparable by go-cmp.
func (n *Node) Equal(other *Node) bool {
	if n == nil || other == nil || n == other {
		return n == other
	}
	if n.Kind != other.Kind || n.Value != other.Value || n.Tag != other.Tag ||
		len(n.Items) != len(other.Items) || len(n.Pairs) != len(other.Pairs) {
		return false
	}
	for i := range n.Items {
		if !n.Items[i].Equal(other.Items[i]) {
			return false
		}
	}
	for i := range n.Pairs {
		if !n.Pairs[i].Key.Equal(other.Pairs[i].Key) || !n.Pairs[i].Value.Equal(other.Pairs[i].Value) {
			return false
		}
	}
	return true
}

func newAt(at *Node, n Node) *Node {
	if at != nil {
		n.file, n.start, n.endLines, n.endColumn = at.file, at.start, at.endLines, at.endColumn
	}
	return &n
}
