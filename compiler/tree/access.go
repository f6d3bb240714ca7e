package tree

// Keys returns the keys of a mapping in order; nil for everything else.
func (n *Node) Keys() []string {
	if n == nil {
		return nil
	}
	keys := make([]string, len(n.Pairs))
	for i, p := range n.Pairs {
		keys[i] = p.Key.Value
	}
	return keys
}

// Strings returns the texts of the scalars of a sequence in order; of one scalar,
// its text; nil for everything else.
func (n *Node) Strings() []string {
	switch {
	case n.IsNull():
		return nil
	case n.Kind.IsScalar():
		return []string{n.Value}
	}
	texts := make([]string, 0, len(n.Items))
	for _, item := range n.Items {
		if item.Kind.IsScalar() {
			texts = append(texts, item.Value)
		}
	}
	return texts
}

// Elements returns the items of a sequence; a mapping or scalar is its own only
// element, null has none.
func (n *Node) Elements() []*Node {
	switch {
	case n.IsNull():
		return nil
	case n.Kind == Sequence:
		return n.Items
	}
	return []*Node{n}
}
