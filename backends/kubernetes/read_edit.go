package kubernetes

import (
	"slices"

	"github.com/decamp-dev/decamp/compiler/tree"
)

// edit replaces a member by what change makes of it.
func edit(n *tree.Node, key string, change func(*tree.Node) *tree.Node) *tree.Node {
	if member := n.Get(key); !member.IsNull() {
		return set(n, key, change(member))
	}
	return n
}

func eachItem(n *tree.Node, change func(*tree.Node) *tree.Node) *tree.Node {
	c := cloneNode(n)
	for i := range c.Items {
		c.Items[i] = change(c.Items[i])
	}
	return c
}

// set returns the mapping with a member.
func set(n *tree.Node, key string, value *tree.Node) *tree.Node {
	c := cloneNode(n)
	for i := range c.Pairs {
		if c.Pairs[i].Key.Value == key {
			c.Pairs[i].Value = value
			return c
		}
	}
	c.Pairs = append(c.Pairs, tree.Pair{Key: with(value, key), Value: value})
	return c
}

func without(n *tree.Node, key string) *tree.Node {
	c := cloneNode(n)
	c.Pairs = slices.DeleteFunc(c.Pairs, func(p tree.Pair) bool { return p.Key.Value == key })
	return c
}

// mappingOf makes a mapping, at the place of a node, of at most one member.
func mappingOf(at *tree.Node, member ...any) *tree.Node {
	c := *at
	c.Kind, c.Value, c.Style, c.Items, c.Pairs, c.Comments = tree.Mapping, "", tree.Plain, nil, nil, nil
	if len(member) == 2 {
		key, value := member[0].(string), member[1].(*tree.Node)
		c.Pairs = []tree.Pair{{Key: with(value, key), Value: value}}
	}
	return &c
}
