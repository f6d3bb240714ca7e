package document

import (
	"errors"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

func (p *hclPrinter) object(v *Value, indent int) error {
	if len(v.Labels) > 0 {
		return errors.New("a block with labels is no expression")
	}
	if key, twice := duplicateKey(v.Members); twice {
		return atKey(key, errors.New("key appears twice"))
	}
	if len(v.Members) == 0 {
		p.buf = append(p.buf, "{}"...)
		return nil
	}
	p.buf = append(p.buf, "{\n"...)
	if err := p.assignments(v.Members, indent+2, placeObject); err != nil {
		return err
	}
	p.buf = append(appendSpaces(p.buf, indent), '}')
	return nil
}

// list prints a list on one line if it fits there.
func (p *hclPrinter) list(v *Value, indent int) error {
	start := len(p.buf)
	line := start
	for line > 0 && p.buf[line-1] != '\n' {
		line--
	}
	if p.inline(v, 0) && len(p.buf)-line <= p.o.Width {
		return nil
	}
	p.buf = p.buf[:start]
	return p.lines(v, indent)
}

// lines prints a single map within the brackets' own lines, and of any other
// list each item on a line.
func (p *hclPrinter) lines(v *Value, indent int) error {
	if len(v.Items) == 1 && objectValue(v.Items[0]) && v.Items[0].Comment == "" {
		p.buf = append(p.buf, '[')
		if err := p.object(v.Items[0], indent); err != nil {
			return atIndex(0, err)
		}
		p.buf = append(p.buf, ']')
		return nil
	}
	p.buf = append(p.buf, "[\n"...)
	for i, item := range v.Items {
		if item != nil {
			p.buf = appendComment(p.buf, item.Comment, indent+2)
		}
		p.buf = appendSpaces(p.buf, indent+2)
		if err := p.expression(item, indent+2, placeObject); err != nil {
			return atIndex(i, err)
		}
		p.buf = append(p.buf, ",\n"...)
	}
	p.buf = append(appendSpaces(p.buf, indent), ']')
	return nil
}

func objectValue(v *Value) bool {
	return v != nil && mapping(v.Kind) && len(v.Members) > 0
}

// inline appends a list on one line; false where it holds maps, comments, or
// what cannot be printed at all.
func (p *hclPrinter) inline(v *Value, depth int) bool {
	if depth > 8 {
		return false
	}
	p.buf = append(p.buf, '[')
	for i, item := range v.Items {
		if i > 0 {
			p.buf = append(p.buf, ", "...)
		}
		switch {
		case item == nil:
			p.buf = append(p.buf, "null"...)
		case item.Comment != "" || objectValue(item):
			return false
		case item.Kind == KindList:
			if !p.inline(item, depth+1) {
				return false
			}
		default:
			if p.expression(item, 0, placeObject) != nil {
				return false
			}
		}
	}
	p.buf = append(p.buf, ']')
	return true
}

// manyLines reports an attribute whose value opens brackets that another line
// closes, which is what ends a run of aligned lines. A heredoc does not.
func (p *hclPrinter) manyLines(m *Member, indent int) bool {
	if m.Value == nil {
		return false
	}
	if m.Value.Kind != KindList {
		return objectValue(m.Value)
	}
	if len(m.Value.Items) == 0 {
		return false
	}
	start := len(p.buf)
	fits := p.inline(m.Value, 0) && indent+len(m.Key)+3+len(p.buf)-start <= p.o.Width
	p.buf = p.buf[:start]
	return !fits
}

// columns counts what a person sees as characters, as hclwrite does when it aligns.
func columns(text []byte) int {
	for _, c := range text {
		if c >= utf8.RuneSelf {
			return uniseg.GraphemeClusterCount(string(text))
		}
	}
	return len(text)
}
