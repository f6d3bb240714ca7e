package tree

import (
	"bytes"
	"unicode/utf8"

	"github.com/decamp-dev/decamp/compiler/source"
)

// cursor is a place in a text, in both forms.
type cursor struct {
	offset int
	pos    source.Pos
}

// forward moves the cursor to a later offset.
func (c cursor) forward(data []byte, offset int) cursor {
	offset = min(offset, len(data))
	for c.offset < offset {
		b := data[c.offset]
		switch {
		case b == '\n', b == '\r' && (c.offset+1 == len(data) || data[c.offset+1] != '\n'):
			c.offset++
			c.pos.Line++
			c.pos.Column = 1
		case b < utf8.RuneSelf:
			c.offset++
			c.pos.Column++
		default:
			_, size := utf8.DecodeRune(data[c.offset:])
			c.offset += size
			c.pos.Column++
		}
	}
	return c
}

// places turns the lines and columns of the YAML library into cursors. Queries
// mostly follow the order of the text, and continue from the last answer: a
// long line would otherwise be walked again for each of its values.
type places struct {
	file  *source.File
	lines []int32 // offsets of the library's lines; nil when they are the file's

	line, column int // of the last answer, as the library counts
	last         cursor
}

func newPlaces(f *source.File) *places {
	return &places{file: f, lines: libraryLines(f.Data)}
}

// at returns the place of a line and column counted from 1; the nearest one when
// they lie outside of the text.
func (p *places) at(line, column int) cursor {
	if line != p.line || column < p.column {
		p.line, p.column = line, 1
		if p.lines == nil {
			p.last.offset = p.file.LineStart(line)
			p.last.pos = source.Pos{Line: int32(line), Column: 1}
			if line < 1 || line > p.file.LineCount() {
				p.last.pos = p.file.Position(p.last.offset)
			}
		} else {
			p.last.offset = int(p.lines[max(0, min(line, len(p.lines))-1)])
			p.last.pos = p.file.Position(p.last.offset)
		}
	}
	data := p.file.Data
	for p.column < column && p.last.offset < len(data) {
		b := data[p.last.offset]
		if b == '\n' || b == '\r' {
			break
		}
		size := 1
		if b >= utf8.RuneSelf {
			_, size = utf8.DecodeRune(data[p.last.offset:])
		}
		p.last.offset += size
		p.last.pos.Column++
		p.column++
	}
	return p.last
}

// libraryLines returns the line offsets as the YAML library counts them when
// they differ from those of source.File: it follows YAML 1.1, in which U+0085,
// U+2028 and U+2029 end a line. Nearly every text has none.
func libraryLines(data []byte) []int32 {
	if !bytes.Contains(data, []byte("\u0085")) && !bytes.Contains(data, []byte("\u2028")) &&
		!bytes.Contains(data, []byte("\u2029")) {
		return nil
	}
	lines := []int32{0}
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		i += size
		switch r {
		case '\n', '\u0085', '\u2028', '\u2029':
			lines = append(lines, int32(i))
		case '\r':
			if i == len(data) || data[i] != '\n' {
				lines = append(lines, int32(i))
			}
		}
	}
	return lines
}
