package tree

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/source"
)

// maxFindings bounds the findings of one file: a file with so many is not what
// its reader takes it for.
const maxFindings = 100

// converter turns the library's nodes of one file into nodes of this package.
type converter struct {
	file   *source.File
	limits Limits
	places *places
	list   diag.List

	texts    map[string]string // one copy of each short text: keys recur a lot
	anchors  map[*yaml.Node]*anchored
	nodes    int // nodes so far, those under aliases counted at each use
	expanded int // the part of them that aliases brought
	height   int // levels below the last converted node
	path     []segment
	stopped  bool // a limit is reached: convert nothing more
}

// anchored is a node that aliases may refer to.
type anchored struct {
	node   *Node // nil while its own content is converted
	nodes  int   // nodes it stands for
	height int   // levels below it
}

func newConverter(f *source.File, limits Limits) *converter {
	return &converter{file: f, limits: limits, places: newPlaces(f), texts: make(map[string]string)}
}

// document converts one document; nil for an empty one.
func (c *converter) document(document *yaml.Node) *Node {
	if len(document.Content) == 0 {
		return nil
	}
	root := document.Content[0]
	if root.Kind == yaml.ScalarNode && root.Value == "" && root.Style == 0 && root.Anchor == "" {
		return nil
	}
	c.anchors = nil // an anchor ends with its document
	node, _ := c.convert(root, 1)
	addComments(node, document.HeadComment, document.LineComment, document.FootComment)
	return node
}

// convert returns the node and where it ends.
func (c *converter) convert(n *yaml.Node, depth int) (*Node, cursor) {
	start := c.places.at(n.Line, n.Column)
	c.height = 0
	if n.Kind == yaml.AliasNode {
		return c.alias(n, depth, start)
	}
	node := &Node{}
	node.setRange(c.file, start.pos, start.pos)
	c.nodes++
	switch {
	case depth > c.limits.Depth:
		c.stop(tooDeep(c.limits.Depth, node.Range()))
	case c.nodes > c.limits.Nodes:
		c.stop(tooManyNodes(c.limits.Nodes, node.Range()))
	}
	if c.stopped {
		node.Kind = Null
		return node, start
	}
	var entry *anchored
	before := c.nodes - 1
	if n.Anchor != "" {
		entry = c.register(n)
	}
	end := start
	switch n.Kind {
	case yaml.MappingNode:
		end = c.mapping(n, node, depth, start)
	case yaml.SequenceNode:
		end = c.sequence(n, node, depth, start)
	default:
		end = c.scalar(n, node, start)
	}
	node.setRange(c.file, start.pos, end.pos)
	addComments(node, n.HeadComment, n.LineComment, n.FootComment)
	if entry != nil {
		entry.node, entry.nodes, entry.height = node, c.nodes-before, c.height
	}
	return node, end
}

func (c *converter) scalar(n *yaml.Node, node *Node, start cursor) cursor {
	end := start.forward(c.file.Data, scalarEnd(c.file.Data, start.offset, n))
	node.Value = c.text(n.Value)
	node.Style = scalarStyle(n.Style)
	if node.Style == Plain {
		node.Kind = resolvePlain(node.Value)
	} else {
		node.Kind = String
	}
	if n.Style&yaml.TaggedStyle != 0 {
		node.setRange(c.file, start.pos, end.pos)
		c.tag(n, node)
	}
	return end
}

func (c *converter) sequence(n *yaml.Node, node *Node, depth int, start cursor) cursor {
	node.Kind = Sequence
	if n.Style&yaml.TaggedStyle != 0 {
		c.tag(n, node)
	}
	end := start.forward(c.file.Data, skipProperties(c.file.Data, start.offset, n))
	content, height := n.Content, 0
	n.Content = nil // garbage as early as possible
	if len(content) > 0 {
		node.Items = make([]*Node, 0, len(content))
	}
	for i, child := range content {
		if c.stopped {
			break
		}
		content[i] = nil
		c.path = append(c.path, segment{index: i})
		item, itemEnd := c.convert(child, depth+1)
		c.path = c.path[:len(c.path)-1]
		node.Items = append(node.Items, item)
		height = max(height, c.height+1)
		if itemEnd.offset > end.offset {
			end = itemEnd
		}
	}
	c.height = height
	if n.Style&yaml.FlowStyle != 0 {
		node.Style = Flow
		end = c.closeFlow(end, len(content), ']')
	}
	return end
}

func (c *converter) mapping(n *yaml.Node, node *Node, depth int, start cursor) cursor {
	node.Kind = Mapping
	if n.Style&yaml.TaggedStyle != 0 {
		c.tag(n, node)
	}
	end := start.forward(c.file.Data, skipProperties(c.file.Data, start.offset, n))
	content, height := n.Content, 0
	n.Content = nil
	if len(content) > 0 {
		node.Pairs = make([]Pair, 0, len(content)/2)
	}
	var merges []Pair
	var keys keySet
	for i := 0; i+1 < len(content) && !c.stopped; i += 2 {
		merge := content[i].Kind == yaml.ScalarNode && content[i].Tag == "!!merge"
		key, keyEnd := c.convert(content[i], depth+1)
		height = max(height, c.height+1)
		usable := c.checkKey(key, content[i])
		c.path = append(c.path, segment{key: key.Value, index: -1})
		usable = usable && (merge || c.checkNew(key, node, &keys))
		value, valueEnd := c.convert(content[i+1], depth+1)
		height = max(height, c.height+1)
		c.path = c.path[:len(c.path)-1]
		content[i], content[i+1] = nil, nil
		for _, e := range [...]cursor{keyEnd, valueEnd} {
			if e.offset > end.offset {
				end = e
			}
		}
		switch pair := (Pair{Key: key, Value: value}); {
		case !usable:
		case merge:
			merges = append(merges, pair)
		default:
			node.Pairs = append(node.Pairs, pair)
		}
	}
	c.height = height
	for _, merge := range merges {
		c.merge(node, merge, &keys)
	}
	if n.Style&yaml.FlowStyle != 0 {
		node.Style = Flow
		end = c.closeFlow(end, len(content), '}')
	}
	return end
}

// closeFlow moves the end of the last child behind the closing bracket. A pair
// within brackets, as in [a: b], is a mapping without brackets of its own.
func (c *converter) closeFlow(end cursor, children int, closing byte) cursor {
	data := c.file.Data
	offset := end.offset
	if children == 0 && offset < len(data) && (data[offset] == '[' || data[offset] == '{') {
		offset++
	}
	closed := flowEnd(data, offset, closing)
	if closed == 0 || closed > len(data) || data[closed-1] != closing {
		return end
	}
	return end.forward(data, closed)
}

// text returns the one copy of a text. Long texts seldom recur.
func (c *converter) text(text string) string {
	if len(text) > 32 {
		return text
	}
	if known, ok := c.texts[text]; ok {
		return known
	}
	c.texts[text] = text
	return text
}

func scalarStyle(style yaml.Style) Style {
	switch {
	case style&yaml.DoubleQuotedStyle != 0:
		return DoubleQuoted
	case style&yaml.SingleQuotedStyle != 0:
		return SingleQuoted
	case style&yaml.LiteralStyle != 0:
		return Literal
	case style&yaml.FoldedStyle != 0:
		return Folded
	}
	return Plain
}

func addComments(n *Node, head, line, foot string) {
	if head == "" && line == "" && foot == "" {
		return
	}
	if n.Comments == nil {
		n.Comments = &Comments{}
	}
	n.Comments.Head = joinComments(head, n.Comments.Head)
	n.Comments.Line = joinComments(n.Comments.Line, line)
	n.Comments.Foot = joinComments(n.Comments.Foot, foot)
}

// joinComments puts an empty line between two comments that stood apart.
func joinComments(a, b string) string {
	a, b = unixLines(a), unixLines(b)
	if a == "" || b == "" {
		return a + b
	}
	return a + "\n\n" + b
}

func unixLines(text string) string {
	if strings.IndexByte(text, '\r') < 0 {
		return text
	}
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
}
