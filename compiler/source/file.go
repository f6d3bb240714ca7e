// Package source holds the text of input files and places within it.
//
// Lines end at "\n", "\r\n" or a lone "\r". Lines and columns count from 1, and
// a column counts Unicode code points, so that a place means the same to an
// editor, to a terminal and to the YAML reader.
package source

import (
	"bytes"
	"sync"
	"unicode/utf8"
)

// byteOrderMark is the UTF-8 encoding of U+FEFF, which some editors put first.
const byteOrderMark = "\xef\xbb\xbf"

// File is one input text under the name its user gave it. It must not be copied
// and its data must not be changed once it is in use; it is safe for concurrent
// readers.
type File struct {
	Name string // as the user gave it, slash-separated
	Data []byte // without a byte order mark

	index sync.Once
	lines []int32 // byte offset of each line's first byte
}

// NewFile returns a file of that name and text. A UTF-8 byte order mark at the
// start of data is left out and takes no column. The data is not copied.
func NewFile(name string, data []byte) *File {
	return &File{Name: name, Data: bytes.TrimPrefix(data, []byte(byteOrderMark))}
}

// LineCount returns the number of lines. A text that ends with a line end has
// one empty line after it, as editors show it; an empty file has one line.
func (f *File) LineCount() int {
	return len(f.lineOffsets())
}

// Line returns line n, counted from 1, without its line end; "" when there is no
// such line.
func (f *File) Line(n int) string {
	start, end, ok := f.lineBounds(n)
	if !ok {
		return ""
	}
	return string(f.Data[start:end])
}

// LineStart returns the byte offset of line n, counted from 1. A line before the
// first gives 0, one past the last gives the length of the text.
func (f *File) LineStart(n int) int {
	offsets := f.lineOffsets()
	switch {
	case n < 1:
		return 0
	case n > len(offsets):
		return len(f.Data)
	}
	return int(offsets[n-1])
}

// Offset returns the byte offset of p. Positions outside of the text give the
// nearest offset inside of it, never one past the end of the position's line.
func (f *File) Offset(p Pos) int {
	start, end, ok := f.lineBounds(int(p.Line))
	if !ok {
		return f.LineStart(int(p.Line))
	}
	offset := start
	for column := int32(1); column < p.Column && offset < end; column++ {
		_, size := utf8.DecodeRune(f.Data[offset:end])
		offset += size
	}
	return offset
}

// Position returns the place of a byte offset. Offsets outside of the text give
// its first or last place.
func (f *File) Position(offset int) Pos {
	offset = max(0, min(offset, len(f.Data)))
	line := f.lineAt(offset)
	start := f.LineStart(line)
	return Pos{Line: int32(line), Column: int32(utf8.RuneCount(f.Data[start:offset])) + 1}
}

// Range returns the range between two byte offsets.
func (f *File) Range(start, end int) Range {
	return Range{File: f, Start: f.Position(start), End: f.Position(max(start, end))}
}

// Equal reports whether both files have the same name and text. It makes ranges
// comparable by go-cmp.
func (f *File) Equal(other *File) bool {
	if f == nil || other == nil || f == other {
		return f == other
	}
	return f.Name == other.Name && bytes.Equal(f.Data, other.Data)
}
