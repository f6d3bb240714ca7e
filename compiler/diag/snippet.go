package diag

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

const (
	tabWidth = 4   // columns between tab stops
	maxCells = 400 // code points on each side of a place that are looked at
	ellipsis = "…"
)

// cell is what a terminal shows for one or a few characters of a line.
type cell struct {
	text   string
	width  int // terminal columns
	column int // of its first code point in the line, counted from 1
}

// snippet prints the source line of a finding, and marks the place in it.
func (p *textPrinter) snippet(d Diagnostic, gutter int) {
	start, end := d.Subject.Start, d.Subject.End
	if d.Redact || start.Line < 1 || int(start.Line) > d.Subject.File.LineCount() {
		return
	}
	cells := lineCells(d.Subject.File.Line(int(start.Line)), int(start.Column))
	last := int(end.Column)
	if end.Line > start.Line {
		last = 1 << 30 // up to the end of the line
	}
	line, offset, marks := p.cut(cells, int(start.Column), last, p.width-gutter-3)
	bar := p.paint(blue, strings.Repeat(" ", gutter)+" |")
	p.line(bar)
	number := p.paint(blue, fmt.Sprintf("%*d |", gutter, start.Line))
	p.line(strings.TrimRight(number+" "+line, " "))
	p.line(bar + " " + strings.Repeat(" ", offset) + p.paint(severityColor(d.Severity), strings.Repeat("^", marks)))
}

// lineCells splits a line into cells. Only the neighbourhood of a column is
// looked at: generated files have lines of many megabytes.
func lineCells(line string, column int) []cell {
	first := 1
	for ; first < column-maxCells && line != ""; first++ {
		_, size := utf8.DecodeRuneInString(line)
		line = line[size:]
	}
	var cells []cell
	width, state, cluster, at := 0, -1, "", first
	for line != "" && len(cells) < 2*maxCells {
		var columns int
		cluster, line, columns, state = uniseg.FirstGraphemeClusterInString(line, state)
		text := cluster
		switch {
		case cluster == "\t":
			columns = tabWidth - width%tabWidth
			text = strings.Repeat(" ", columns)
		case !utf8.ValidString(cluster) || strings.ContainsFunc(cluster, isHidden):
			text = visible(cluster)
			columns = uniseg.StringWidth(text)
		}
		cells = append(cells, cell{text: text, width: columns, column: at})
		width += columns
		at += utf8.RuneCountInString(cluster)
	}
	return cells
}

// cut returns the part of a line around the columns from first up to last that
// fits a width, the terminal column of its mark, and the mark's length.
func (p *textPrinter) cut(cells []cell, first, last, width int) (line string, offset, marks int) {
	mark := len(cells) // the cell of the first column
	for i := range cells {
		if cells[i].column <= first {
			mark = i
		}
	}
	if len(cells) > 0 && first > cells[len(cells)-1].column && mark == len(cells)-1 && !covers(cells[mark], first) {
		mark = len(cells)
	}
	from, to := window(cells, mark, width)
	var text strings.Builder
	if from > 0 || len(cells) > 0 && cells[0].column > 1 {
		text.WriteString(ellipsis)
		offset++
	}
	for i := from; i < to; i++ {
		text.WriteString(cells[i].text)
		switch {
		case i < mark:
			offset += cells[i].width
		case i == mark || cells[i].column < last:
			marks += cells[i].width
		}
	}
	if to < len(cells) {
		text.WriteString(ellipsis)
	}
	return text.String(), offset, max(marks, 1)
}

// covers reports whether a column lies within a cell of several code points.
func covers(c cell, column int) bool {
	return column < c.column+max(1, utf8.RuneCountInString(c.text))
}

// window returns the cells to show: all when they fit, otherwise those around
// the mark, with a third of the room before it.
func window(cells []cell, mark, width int) (from, to int) {
	total := 0
	for i := range cells {
		total += cells[i].width
	}
	if total <= width && (len(cells) == 0 || cells[0].column == 1) {
		return 0, len(cells)
	}
	room := width - 2 // for the ellipses
	from = mark
	for before := 0; from > 0 && before+cells[from-1].width <= room/3; from-- {
		before += cells[from-1].width
	}
	used := 0
	for to = from; to < len(cells) && used+cells[to].width <= room; to++ {
		used += cells[to].width
	}
	for from > 0 && used+cells[from-1].width <= room {
		from--
		used += cells[from].width
	}
	return from, to
}
