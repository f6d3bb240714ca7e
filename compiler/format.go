package compiler

import (
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/internal/layout"
	"github.com/decamp-dev/decamp/compiler/source"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// Format returns the text of a spec in the one common layout. What it means and its
// comments stay. A text with errors of syntax is returned as it is.
func Format(f *source.File) ([]byte, diag.List) {
	if _, list := tree.ParseAll(f, tree.Limits{}); list.HasErrors() {
		return f.Data, list
	}
	return layout.Format(f.Data), nil
}
