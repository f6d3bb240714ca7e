// Package layout lays YAML out in one common way: two columns a level, sequences
// indented below their key, one line of space at most, no spaces at the ends of
// lines, and one line end at the end.
//
// It moves lines and never writes a value anew: what people align within a line,
// quote or fold stays theirs. A text that would mean something else afterwards is
// only tidied at the ends of its lines, or left as it is.
package layout
