// Package spec reads and writes the neutral spec, decamp.yaml.
//
// A spec is parsed into a positioned tree (package tree), which is its syntax
// tree: [Parse]. A stage is a tree with some nodes exchanged: [Document.Stage].
// [Document.Decode] turns such a tree into an [ir.App], driven by the struct tags
// of package ir, with the short forms of shortform.go expanded on the way. Paths of
// the app are paths of the tree, so that the tree itself answers where a fact comes
// from ([ir.Locator]).
package spec
