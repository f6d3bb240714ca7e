package compiler

import (
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/source"
	"github.com/decamp-dev/decamp/compiler/spec"
)

// Format returns the text of a spec in the one common layout. What it means and its
// comments stay. A text with errors is returned as it is.
func Format(f *source.File) ([]byte, diag.List) { return spec.Format(f) }
