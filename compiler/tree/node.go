// Package tree reads YAML and JSON into one positioned, comment-carrying tree.
//
// Scalars follow the YAML 1.2 core schema: yes and on are strings, 0o17 is an
// integer, a date is a string. Anchors, aliases and merge keys are resolved
// while reading, so that a reader of the tree never meets them.
package tree

import (
	"github.com/decamp-dev/decamp/compiler/source"
)

// Kind is the kind of a node. Its zero value is invalid.
type Kind uint8

// The kinds of nodes.
const (
	Null Kind = iota + 1
	Bool
	Int
	Float
	String
	Sequence
	Mapping
)

// String returns the kind as users see it, such as "mapping".
func (k Kind) String() string {
	switch k {
	case Null:
		return "null"
	case Bool:
		return "boolean"
	case Int:
		return "integer"
	case Float:
		return "number"
	case String:
		return "string"
	case Sequence:
		return "sequence"
	case Mapping:
		return "mapping"
	}
	return "invalid"
}

// IsScalar reports whether nodes of the kind have a text and no children.
func (k Kind) IsScalar() bool { return k >= Null && k <= String }

// Style is how a node was written: at most one of the quoting styles for a
// scalar, Flow or nothing for a sequence or mapping.
type Style uint8

// The styles. Plain is the absence of all others.
const (
	Plain        Style = 0
	SingleQuoted Style = 1 << (iota - 1)
	DoubleQuoted
	Literal
	Folded
	Flow
)

// Comments are the comments beside a node, each with its "#" signs and with
// "\n" between its lines.
type Comments struct {
	Head string // above the node
	Line string // at the end of the node's line
	Foot string // below the node, before an empty line
}

// Node is one value of a document. Nodes under an alias or a merge key are
// shared between the places that use them: change a Clone, not a parsed node.
type Node struct {
	Kind  Kind
	Style Style

	// The end is kept as a distance to make nodes small: they are the most
	// numerous values of a run.
	endLines  uint16 // lines after start, the largest number when there are more
	endColumn int32
	start     source.Pos
	file      *source.File

	Value    string    // scalars: source text of a plain one, content of a quoted one
	Pairs    []Pair    // mappings, in the order of the text
	Items    []*Node   // sequences
	Comments *Comments // nil when there are none
	Tag      string    // explicit custom tag such as "!reset"; "" otherwise
}

// Pair is one member of a mapping.
type Pair struct {
	Key, Value *Node
}

// Range returns the place of the node; zero for nil. The end of a node with more
// than 65,535 lines is cut there.
func (n *Node) Range() source.Range {
	if n == nil || n.file == nil {
		return source.Range{}
	}
	end := source.Pos{Line: n.start.Line + int32(n.endLines), Column: n.endColumn}
	return source.Range{File: n.file, Start: n.start, End: end}
}

// Get returns the value of a mapping's member; nil when there is none, when n is
// not a mapping and when n is nil.
func (n *Node) Get(key string) *Node {
	if pair := n.Pair(key); pair != nil {
		return pair.Value
	}
	return nil
}

// Pair returns a mapping's member with its key; nil as for Get.
func (n *Node) Pair(key string) *Pair {
	if n == nil {
		return nil
	}
	for i := range n.Pairs {
		if n.Pairs[i].Key.Value == key {
			return &n.Pairs[i]
		}
	}
	return nil
}

// IsNull reports whether n is nil or of kind Null.
func (n *Node) IsNull() bool { return n == nil || n.Kind == Null }

// setRange puts the node at a place.
func (n *Node) setRange(f *source.File, start, end source.Pos) {
	n.file, n.start = f, start
	lines := end.Line - start.Line
	switch {
	case lines < 0 || lines == 0 && end.Column < start.Column:
		n.endLines, n.endColumn = 0, start.Column
	case lines > maxEndLines:
		n.endLines, n.endColumn = maxEndLines, 1
	default:
		n.endLines, n.endColumn = uint16(lines), end.Column
	}
}

// maxEndLines is the largest distance between the first and last line of a node.
const maxEndLines = 1<<16 - 1
