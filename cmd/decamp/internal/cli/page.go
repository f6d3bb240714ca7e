package cli

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"
)

// page is text for people, wrapped at the width of the terminal; what goes to a
// file or a pipe is not wrapped.
type page struct {
	bytes.Buffer
	width int // 0: lines are as long as they are
	color bool
}

const maxPageWidth = 110 // longer lines are hard to read

func (p *Program) newPage() *page {
	screen := p.terminal(p.Out)
	return &page{width: min(screen.width, maxPageWidth), color: screen.color}
}

func (p *page) flush(w io.Writer) error {
	_, err := w.Write(p.Bytes())
	return err
}

func (p *page) line(text string) {
	p.WriteString(text)
	p.WriteByte('\n')
}

func (p *page) bold(text string) string {
	if !p.color {
		return text
	}
	return "\x1b[1m" + text + "\x1b[0m"
}

// text adds a paragraph behind an indent; nothing for an empty one.
func (p *page) text(indent, text string) {
	if text == "" {
		return
	}
	for _, line := range p.wrap(text, len(indent)) {
		p.line(indent + line)
	}
}

// columns adds a line of cells. All but the last are padded to the widths; the last
// is wrapped within its column.
func (p *page) columns(widths []int, cells ...string) {
	var head strings.Builder
	for i, cell := range cells[:len(cells)-1] {
		head.WriteString(cell)
		head.WriteString(strings.Repeat(" ", max(0, widths[i]-utf8.RuneCountInString(cell))+2))
	}
	lines := p.wrap(cells[len(cells)-1], utf8.RuneCountInString(head.String()))
	indent := strings.Repeat(" ", utf8.RuneCountInString(head.String()))
	for i, line := range lines {
		if i == 0 {
			line = head.String() + line
		} else {
			line = indent + line
		}
		p.line(strings.TrimRight(line, " "))
	}
}

const minColumn = 20 // a column narrower than this is not wrapped

// wrap splits a text into lines that fit beside an indent; one line at least.
func (p *page) wrap(text string, indent int) []string {
	width := p.width - indent
	if p.width == 0 || width < minColumn {
		return []string{text}
	}
	var lines []string
	line, length := "", 0
	for _, word := range strings.Fields(text) {
		size := utf8.RuneCountInString(word)
		if length > 0 && length+1+size > width {
			lines, line, length = append(lines, line), "", 0
		}
		if length > 0 {
			line, length = line+" ", length+1
		}
		line, length = line+word, length+size
	}
	return append(lines, line)
}
