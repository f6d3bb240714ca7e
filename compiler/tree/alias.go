package tree

import (
	"fmt"

	"go.yaml.in/yaml/v3"

	"github.com/decamp-dev/decamp/compiler/diag"
)

// aliasAllowance is how many nodes the aliases of a file may stand for, in
// addition to one for each byte of it. Real files stay far below; the texts that
// are made to exhaust memory pass it with their first few lines.
const aliasAllowance = 250_000

// register notes a node that has an anchor.
func (c *converter) register(n *yaml.Node) *anchored {
	if c.anchors == nil {
		c.anchors = make(map[*yaml.Node]*anchored)
	}
	entry := &anchored{}
	c.anchors[n] = entry
	return entry
}

// alias returns the node that an alias refers to. The node is shared, and counts
// with its whole content at each use.
func (c *converter) alias(n *yaml.Node, depth int, start cursor) (*Node, cursor) {
	end := start.forward(c.file.Data, start.offset+1+len(n.Value))
	place := &Node{Kind: Null}
	place.setRange(c.file, start.pos, end.pos)
	if c.stopped {
		return place, end
	}
	entry := c.anchors[n.Alias]
	switch {
	case entry == nil:
		c.add(unknownAnchor(n.Value, place.Range()))
		return place, end
	case entry.node == nil:
		c.add(diag.Diagnostic{
			Severity: diag.Error,
			Code:     diag.CodeAliasCycle,
			Summary:  fmt.Sprintf("*%s stands inside of the value that it refers to", n.Value),
			Detail:   "The value would contain itself without end. Write out what is meant here.",
			Subject:  place.Range(),
			Related:  []diag.Related{{Range: c.anchorRange(n.Alias), Message: "the value begins here"}},
		})
		return place, end
	}
	c.nodes += entry.nodes
	c.expanded += entry.nodes
	switch {
	case c.expanded > aliasAllowance+len(c.file.Data) || c.nodes > c.limits.Nodes:
		c.stop(diag.Diagnostic{
			Severity: diag.Error,
			Code:     diag.CodeAliasBomb,
			Summary:  fmt.Sprintf("aliases multiply the file to more than %d values", min(c.limits.Nodes, aliasAllowance+len(c.file.Data))),
			Detail:   "Aliases of values that hold aliases grow without bounds. Such a text is made to exhaust memory, or its aliases are mixed up.",
			Subject:  place.Range(),
			Related:  []diag.Related{{Range: c.anchorRange(n.Alias), Message: fmt.Sprintf("the value used here stands for %d values", entry.nodes)}},
		})
		return place, end
	case depth+entry.height > c.limits.Depth:
		c.stop(tooDeep(c.limits.Depth, place.Range()))
		return place, end
	}
	c.height = entry.height
	return entry.node, end
}

// merge adds the members of a merge key's value that a mapping does not have.
// They come after its own members, and a duplicate among them is no mistake.
func (c *converter) merge(into *Node, pair Pair, keys *keySet) {
	sources := []*Node{pair.Value}
	if pair.Value.Kind == Sequence {
		sources = pair.Value.Items
	}
	for _, from := range sources {
		if from.Kind != Mapping {
			if !c.stopped {
				c.add(diag.Diagnostic{
					Severity: diag.Error,
					Code:     diag.CodeInvalidMerge,
					Summary:  fmt.Sprintf("the merge key << takes a mapping or a sequence of mappings, and this is a %s", from.Kind),
					Detail:   "Refer to a mapping, as in <<: *name, or put the key in quotes if its name is meant.",
					Subject:  pair.Key.Range(),
				})
			}
			continue
		}
		for _, member := range from.Pairs {
			if keys.find(into.Pairs, member.Key.Value) < 0 {
				into.Pairs = append(into.Pairs, member)
			}
		}
	}
}
