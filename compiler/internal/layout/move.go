package layout

import "strings"

// move indents the lines anew.
func (f *formatter) move() {
	shift := 0   // of the last line with a key or item
	content := 0 // of the content of the last block scalar
	for i, line := range f.lines {
		p := f.places[i]
		switch {
		case p.literal:
			if !f.places[i-1].literal {
				content = f.contentShift(i, shift)
			}
			if line != "" {
				f.lines[i] = shifted(line, content)
			}
		case p.known:
			shift = f.moveKnown(i)
		case isComment(line):
			f.lines[i] = shifted(line, f.commentShift(i, shift))
		case strings.TrimSpace(line) != "":
			f.lines[i] = shifted(line, shift)
		}
	}
}

// moveKnown moves a line that begins with a key or with items, takes needless space
// behind their dashes away, and returns by how much the rest of the line moved.
func (f *formatter) moveKnown(i int) int {
	p, line := f.places[i], f.lines[i]
	if p.column > len(line) || strings.TrimLeft(line[:p.column], " ") != "" {
		return 0 // something stands before it: a document's start, a question mark
	}
	if p.dashes == 0 || p.rest > len(line) {
		f.lines[i] = strings.Repeat(" ", p.want) + line[p.column:]
		return p.want - p.column
	}
	head := strings.Repeat(" ", p.want) + strings.Repeat("- ", p.dashes)
	f.lines[i] = head + line[p.rest:]
	return len(head) - p.rest
}

// contentShift returns how the content of a block scalar moves that begins at a
// line: to one level below its key, or with it where it says its own indentation.
func (f *formatter) contentShift(i, last int) int {
	owner := f.lines[i-1]
	header := owner[strings.LastIndexAny(owner, "|>")+1:]
	header, _, _ = strings.Cut(header, "#")
	if strings.ContainsAny(header, "123456789") {
		return last
	}
	want := indentOf(owner)
	if p := f.places[i-1]; p.known {
		want = p.want + len("- ")*p.dashes
	}
	for line := i; line < len(f.lines) && f.places[line].literal; line++ {
		if strings.TrimSpace(f.lines[line]) != "" {
			return want + step - indentOf(f.lines[line])
		}
	}
	return last
}

// commentShift returns how a comment moves: with the next key or item when it stands
// in its column, else with the last one.
func (f *formatter) commentShift(i, last int) int {
	for next := i + 1; next < len(f.lines); next++ {
		p := f.places[next]
		if !p.known {
			continue
		}
		if p.column == indentOf(f.lines[i]) {
			return p.want - p.column
		}
		break
	}
	return last
}

func isComment(line string) bool { return strings.HasPrefix(strings.TrimLeft(line, " "), "#") }

// shifted moves a line; to the left as far as there is space.
func shifted(line string, by int) string {
	if by >= 0 {
		return strings.Repeat(" ", by) + line
	}
	return line[min(-by, indentOf(line)):]
}

// print joins the lines: without spaces at their ends, and with one empty line at
// most between them. The content of block scalars is left alone.
func (f *formatter) print() []byte {
	var out strings.Builder
	empty := true // the text does not begin with an empty line
	for i, line := range f.lines {
		if !f.places[i].literal {
			line = strings.TrimRight(line, " \t")
		}
		if line == "" && empty && !f.places[i].literal {
			continue
		}
		empty = line == ""
		out.WriteString(line)
		out.WriteByte('\n')
	}
	return []byte(strings.TrimRight(out.String(), "\n") + "\n")
}
