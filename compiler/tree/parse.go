package tree

import (
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/source"
)

// Limits bound what Parse accepts. A zero field means its default.
type Limits struct {
	Bytes int // length of the text; default 64 MiB
	Depth int // levels of nesting; default 200
	Nodes int // nodes after the expansion of aliases and merge keys; default 5,000,000
}

// Parse reads a file that holds at most one document. An empty file gives a Null
// node. After errors, the node holds what could be read; it is never nil.
func Parse(f *source.File, l Limits) (*Node, diag.List) {
	return &Node{Kind: Null, file: f}, nil
}

// ParseAll reads all documents of a file. Empty documents are left out. After
// errors, the nodes hold what could be read.
func ParseAll(f *source.File, l Limits) ([]*Node, diag.List) { return nil, nil }
