package spec

import (
	"strings"
	"unicode/utf8"
)

// The layout of a spec is what Format reads from a text and Print makes of an app:
// its values, its comments, and which of it stands on one line.

// form says what a value is; its zero value is invalid.
type form uint8

const (
	scalarForm form = iota + 1
	aliasForm
	mappingForm
	sequenceForm
)

// value is a node of the layout.
type value struct {
	form   form
	props  string // its anchor and tag
	scalar scalar // the text of a scalar or alias
	flow   bool   // in brackets on one line, if it fits
	items  []*item
	foot   []remark // comments below the last item

	column int  // of its items in the source
	spread bool // Print gives each of its items a line
}

// item is a member of a mapping or a sequence.
type item struct {
	head  []remark // comments above
	blank bool     // an empty line stands above it
	key   *value   // nil in a sequence
	value *value
	line  []string // a comment at the end of its line, and its further lines below
}

// remark is a line of comment.
type remark struct {
	text  string
	blank bool // an empty line stands above it
}

// apart reports whether an empty line stands above the item and its comments.
func (it *item) apart() bool {
	if len(it.head) > 0 {
		return it.head[0].blank
	}
	return it.blank
}

// lineWidth is how long a line with brackets may be.
const lineWidth = 120

func columns(s string) int { return utf8.RuneCountInString(s) }

// layoutWriter writes a layout: two spaces a level, dashes under their key.
type layoutWriter struct {
	out strings.Builder
	// closed means that the last line belongs to a block that would swallow an empty
	// line behind it.
	closed bool
}

// writeLayout returns the text of a whole layout. prologue are lines that stand
// above the first document.
func writeLayout(prologue []remark, root *value) []byte {
	w := &layoutWriter{}
	w.remarks(prologue, 0)
	if root.props != "" {
		w.text(root.props + "\n")
	}
	w.items(root, 0, false)
	return []byte(w.out.String())
}

func (w *layoutWriter) text(s string) { w.out.WriteString(s) }

func (w *layoutWriter) indented(indent int, s string) {
	w.text(strings.Repeat(" ", indent) + s + "\n")
	w.closed = false
}

// gap leaves one line empty.
func (w *layoutWriter) gap() {
	if !w.closed && w.out.Len() > 0 {
		w.text("\n")
	}
}

// remarks writes comments; an empty line above the first is its caller's.
func (w *layoutWriter) remarks(list []remark, indent int) {
	for i, r := range list {
		if r.blank && i > 0 {
			w.gap()
		}
		w.indented(indent, r.text)
	}
}

// items writes the members of a block. When inline, the first continues the line of
// the dash of a list.
func (w *layoutWriter) items(v *value, indent int, inline bool) {
	for i, it := range v.items {
		lift(it, indent)
		sections := indent == 0 && i > 0 && (tall(v.items[i-1], 0) || tall(it, 0))
		if i > 0 && (it.apart() || sections) {
			w.gap()
		}
		w.remarks(it.head, indent)
		if it.blank && len(it.head) > 0 {
			w.gap()
		}
		if !inline || i > 0 {
			w.text(strings.Repeat(" ", indent))
		}
		w.item(it, indent)
	}
	for _, r := range v.foot {
		if r.blank {
			w.gap()
		}
		w.indented(indent, r.text)
	}
}

func (w *layoutWriter) item(it *item, indent int) {
	w.closed = false
	w.text(it.prefix())
	v := it.value
	switch {
	case v.form == scalarForm && v.scalar.block != nil:
		w.text(" " + v.scalar.block.header())
		w.comment(it)
		w.block(v.scalar.block, indent+2)
	case oneLine(it, indent):
		if text := v.write(false); text != "" {
			w.text(" " + text)
		}
		w.comment(it)
	case it.key == nil && v.props == "":
		w.text(" ")
		w.items(v, indent+2, true)
	default:
		w.comment(it)
		w.items(v, indent+2, false)
	}
}

// comment ends a line with the comment of its item.
func (w *layoutWriter) comment(it *item) {
	text := w.out.String()
	column := columns(text[strings.LastIndexByte(text, '\n')+1:]) + 2
	for i, line := range it.line {
		if i == 0 {
			w.text("  " + line + "\n")
		} else {
			w.indented(column, line)
		}
	}
	if len(it.line) == 0 {
		w.text("\n")
	}
}

func (w *layoutWriter) block(b *block, indent int) {
	for _, line := range b.lines {
		if line == "" {
			w.text("\n")
		} else {
			w.indented(indent, line)
		}
	}
	w.closed = b.kept()
}

// prefix returns what an item begins with: its key or its dash, and the anchor and
// tag of its value.
func (it *item) prefix() string {
	prefix := "-"
	if it.key != nil {
		prefix = it.key.writeKey(false)
	}
	if it.value.props != "" {
		prefix += " " + it.value.props
	}
	return prefix
}

// writeKey returns a key with its colon.
func (v *value) writeKey(flow bool) string {
	text := v.scalar.write(flow)
	if v.props != "" {
		text = v.props + " " + text
	}
	if v.form == aliasForm {
		text = "*" + v.scalar.text + " " // a colon could be part of its name
	}
	return text + ":"
}

// write returns a value on one line, without its anchor and tag.
func (v *value) write(flow bool) string {
	switch v.form {
	case scalarForm:
		return v.scalar.write(flow)
	case aliasForm:
		return "*" + v.scalar.text
	}
	var b strings.Builder
	brackets := "[]"
	if v.form == mappingForm {
		brackets = "{}"
	}
	b.WriteByte(brackets[0])
	for i, it := range v.items {
		if i > 0 {
			b.WriteString(", ")
		}
		if it.key != nil {
			b.WriteString(it.key.writeKey(true) + " ")
		}
		if it.value.props != "" {
			b.WriteString(it.value.props + " ")
		}
		b.WriteString(it.value.write(true))
	}
	b.WriteByte(brackets[1])
	return b.String()
}

// oneLine reports whether the value of an item stands on the line of its key.
func oneLine(it *item, indent int) bool {
	v := it.value
	switch {
	case v.form == scalarForm || v.form == aliasForm:
		return v.scalar.block == nil
	case len(v.items) == 0:
		return true
	}
	return v.flow && !remarked(v) && indent+columns(it.prefix())+1+columns(v.write(false)) <= lineWidth
}

// tall reports whether an item takes more than one line.
func tall(it *item, indent int) bool { return !oneLine(it, indent) }

// remarked reports whether a value has comments or blocks in it, which brackets on one
// line have no room for.
func remarked(v *value) bool {
	if len(v.foot) > 0 || v.scalar.block != nil {
		return true
	}
	for _, it := range v.items {
		if len(it.head) > 0 || len(it.line) > 0 || remarked(it.value) {
			return true
		}
	}
	return false
}

// lift moves comments that have no room where they are above their item: behind a
// dash that a mapping follows on the same line, and in several lines behind the
// header of a block.
func lift(it *item, indent int) {
	v := it.value
	if v.scalar.block != nil && len(it.line) > 1 {
		it.raise()
	}
	if it.key != nil || len(v.items) == 0 || oneLine(it, indent) {
		return
	}
	first := v.items[0]
	lift(first, indent+2)
	it.raise()
	for _, r := range first.head {
		it.above(r)
	}
	first.head, first.blank = nil, false
}

// raise moves the comment at the end of the item's line above the item.
func (it *item) raise() {
	for _, text := range it.line {
		it.above(remark{text: text})
	}
	it.line = nil
}

// above adds a comment right above the item.
func (it *item) above(r remark) {
	if len(it.head) == 0 {
		r.blank, it.blank = it.blank, false
	}
	it.head = append(it.head, r)
}
