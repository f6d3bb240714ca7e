package source

import (
	"cmp"
	"strconv"
)

// Pos is a place in a file: line and column, each counted from 1. A column
// counts Unicode code points. The zero value is no place.
type Pos struct {
	Line, Column int32
}

// IsZero reports whether p is no place.
func (p Pos) IsZero() bool { return p == Pos{} }

// ComparePos orders two places as they follow each other in a text.
func ComparePos(a, b Pos) int {
	return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
}

// Range is a stretch of a file from Start up to, and without, End. The zero
// value is an unknown place; a range with a file and no start means the file as
// a whole.
type Range struct {
	File       *File
	Start, End Pos
}

// IsZero reports whether the place is unknown.
func (r Range) IsZero() bool { return r.File == nil }

// Name returns the name of the range's file, "" when the place is unknown.
func (r Range) Name() string {
	if r.File == nil {
		return ""
	}
	return r.File.Name
}

// Line returns the text of the range's first line; "" when it is unknown.
func (r Range) Line() string {
	if r.File == nil {
		return ""
	}
	return r.File.Line(int(r.Start.Line))
}

// String returns "file:line:col", "file" for a file as a whole, and "" when the
// place is unknown.
func (r Range) String() string {
	switch {
	case r.File == nil:
		return ""
	case r.Start.IsZero():
		return r.File.Name
	}
	return r.File.Name + ":" + strconv.Itoa(int(r.Start.Line)) + ":" + strconv.Itoa(int(r.Start.Column))
}

// Compare orders ranges by file name, start and end. Unknown places come first.
func Compare(a, b Range) int {
	return cmp.Or(
		cmp.Compare(a.Name(), b.Name()),
		ComparePos(a.Start, b.Start),
		ComparePos(a.End, b.End),
	)
}
