package diag

import (
	"slices"
	"strings"
)

// ExampleKind says how the test of the catalogue runs an example.
type ExampleKind string

// The kinds of examples. Each kind has one test, in the package that reads it.
const (
	ExampleNone ExampleKind = ""     // cannot be shown by an input alone
	ExampleYAML ExampleKind = "yaml" // a text for tree.Parse
	ExampleSpec ExampleKind = "spec" // a spec, compiled
)

// Entry describes a code.
type Entry struct {
	Code        Code
	Title       string // one line
	Doc         string // what it means and what to do
	ExampleKind ExampleKind
	Example     string // the shortest input that raises the code
}

// Catalogue returns the entries of all codes, sorted by code. Each package that
// raises findings has its entries in a function of its own, listed here.
func Catalogue() []Entry {
	entries := slices.Concat(
		treeEntries(),
	)
	slices.SortFunc(entries, func(a, b Entry) int { return strings.Compare(string(a.Code), string(b.Code)) })
	return entries
}

// Explain returns the entry of a code, and whether there is one.
func Explain(code Code) (Entry, bool) {
	for _, entry := range Catalogue() {
		if entry.Code == code {
			return entry, true
		}
	}
	return Entry{}, false
}
