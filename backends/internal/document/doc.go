// Package document is the last step before a file: an ordered tree of values
// that a backend fills from its platform's own typed structs, patches, and
// prints as an expert would have written it by hand.
//
//	typed structs ──FromStruct──► Value ──Merge, Set, Hoist──► Value ──Print──► YAML, JSON, HCL
//
// A tree is plain data. It may be read from several goroutines at once, and
// nothing in this package keeps state between calls except a StructReader,
// which is safe for concurrent use. Printing the same tree twice gives the same
// bytes.
package document
