// Package tree reads YAML and JSON into one positioned, comment-carrying tree.
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
	if int(k) >= len(kindNames) {
		return kindNames[0]
	}
	return kindNames[k]
}

var kindNames = [...]string{"invalid", "null", "boolean", "integer", "number", "string", "sequence", "mapping"}

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
	file       *source.File
	start, end source.Pos

	Kind     Kind
	Style    Style
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

// Range returns the place of the node; zero for nil.
func (n *Node) Range() source.Range {
	if n == nil || n.file == nil {
		return source.Range{}
	}
	return source.Range{File: n.file, Start: n.start, End: n.end}
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
