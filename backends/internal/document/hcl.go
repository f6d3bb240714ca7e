package document

import (
	"errors"
	"fmt"
	"io"
	"slices"
)

// HCLOptions says how PrintHCL lays a body out.
type HCLOptions struct {
	Header string // comment above the body

	// Verbatim reports references that the reader of the file is to see, such
	// as "attr.kernel.name" for "${attr.kernel.name}". It is asked for what
	// stands between ${ and }, where that is a plain traversal. Every other
	// ${ and %{ is escaped, and so are all of them when Verbatim is nil.
	Verbatim func(reference string) bool

	Width int // a list that would end after this column gets a line for each item; 0 means 100
}

// PrintHCL writes a map or an unlabelled block as an HCL body, formatted as
// hclwrite.Format (and so nomad fmt) leaves it. Attributes come before blocks,
// each in the order of the members. Members of KindBlock become blocks, others
// attributes, whose maps are object expressions. Strings of several lines become
// heredocs where these keep every byte. Readers bring strings to Unicode's
// normal form NFC; otherwise they read back as they were. It fails, with a
// *PathError, on names that HCL does not allow, duplicate attributes, text that
// is not UTF-8, and invalid kinds. Styles, anchors and aliases have no form in
// HCL and are left out.
func PrintHCL(w io.Writer, v *Value, o HCLOptions) error {
	if o.Width == 0 {
		o.Width = defaultWidth
	}
	p := &hclPrinter{w: w, o: o}
	p.buf = appendComment(p.buf, o.Header, 0)
	if v == nil || !mapping(v.Kind) || len(v.Labels) > 0 {
		return &PathError{Err: errors.New("an HCL body is a map or a block without labels")}
	}
	p.buf = appendComment(p.buf, v.Comment, 0)
	if len(p.buf) > 0 && len(v.Members) > 0 {
		p.buf = append(p.buf, '\n')
	}
	if err := p.body(v, 0); err != nil {
		return err
	}
	return p.flush(0)
}

// hclPrinter holds the output that was not handed on yet.
type hclPrinter struct {
	w     io.Writer
	buf   []byte
	o     HCLOptions
	depth int
}

func (p *hclPrinter) flush(size int) error {
	if len(p.buf) < size {
		return nil
	}
	_, err := p.w.Write(p.buf)
	p.buf = p.buf[:0]
	return err
}

func (p *hclPrinter) body(v *Value, indent int) error {
	if p.depth++; p.depth > maximumDepth {
		return errors.New(errorTooDeep)
	}
	if err := checkBody(v.Members); err != nil {
		return err
	}
	if err := p.assignments(v.Members, indent, placeBody); err != nil {
		return err
	}
	first := !slices.ContainsFunc(v.Members, func(m Member) bool { return !isBlock(&m) })
	var before *Value
	for i := range v.Members {
		m := &v.Members[i]
		if !isBlock(m) {
			continue
		}
		// Blocks without a body stand together, all others apart.
		if !first && (before == nil || len(before.Members) > 0 || len(m.Value.Members) > 0) {
			p.buf = append(p.buf, '\n')
		}
		first, before = false, m.Value
		if err := p.block(m, indent); err != nil {
			return atKey(m.Key, err)
		}
		if err := p.flush(flushSize); err != nil {
			return err
		}
	}
	p.depth--
	return nil
}

func (p *hclPrinter) block(m *Member, indent int) error {
	p.buf = appendComment(p.buf, m.Comment, indent)
	p.buf = appendComment(p.buf, m.Value.Comment, indent)
	p.buf = append(appendSpaces(p.buf, indent), m.Key...)
	for _, label := range m.Value.Labels {
		p.buf = append(p.buf, ' ')
		var ok bool
		if p.buf, ok = appendHCLString(p.buf, label, nil); !ok {
			return errors.New(errorInvalidText)
		}
	}
	if len(m.Value.Members) == 0 {
		p.buf = append(p.buf, " {}\n"...)
		return nil
	}
	p.buf = append(p.buf, " {\n"...)
	if err := p.body(m.Value, indent+2); err != nil {
		return err
	}
	p.buf = append(appendSpaces(p.buf, indent), "}\n"...)
	return nil
}

func isBlock(m *Member) bool { return m.Value != nil && m.Value.Kind == KindBlock }

// checkBody demands valid names, and attributes that share theirs with nothing.
func checkBody(members []Member) error {
	for i := range members {
		m := &members[i]
		if !identifier(m.Key) {
			return atKey(m.Key, errors.New("not a name that HCL allows"))
		}
		if len(members) > 32 {
			continue
		}
		for j := range i {
			if members[j].Key == m.Key && !(isBlock(m) && isBlock(&members[j])) {
				return atKey(m.Key, errors.New("attribute appears twice"))
			}
		}
	}
	if len(members) <= 32 {
		return nil
	}
	blocks := make(map[string]bool, len(members))
	for i := range members {
		m := &members[i]
		if block, ok := blocks[m.Key]; ok && !(block && isBlock(m)) {
			return atKey(m.Key, errors.New("attribute appears twice"))
		}
		blocks[m.Key] = isBlock(m)
	}
	return nil
}

// assignments prints the attributes among the members of a body, or all of an
// object's, with their equals signs in one column from one value of several
// lines, or comment, to the next.
func (p *hclPrinter) assignments(members []Member, indent int, where hclPlace) error {
	width, end := 0, 0 // of the run of lines that share a column
	for i := range members {
		m := &members[i]
		if where == placeBody && isBlock(m) {
			continue
		}
		p.buf = appendComment(p.buf, m.Comment, indent)
		if m.Value != nil {
			p.buf = appendComment(p.buf, m.Value.Comment, indent)
		}
		p.buf = appendSpaces(p.buf, indent)
		start := len(p.buf)
		if err := p.name(m.Key, where); err != nil {
			return atKey(m.Key, err)
		}
		aligned := !p.manyLines(m, indent)
		if aligned {
			if i >= end {
				width, end = p.run(members[i:], indent, where)
				end += i
			}
			p.buf = appendSpaces(p.buf, width-columns(p.buf[start:]))
		}
		p.buf = append(p.buf, " = "...)
		var err error
		switch {
		case m.Value == nil || m.Value.Kind != KindList:
			err = p.expression(m.Value, indent, where)
		case aligned:
			p.inline(m.Value, 0) // as measured
		default:
			err = p.lines(m.Value, indent)
		}
		if err != nil {
			return atKey(m.Key, err)
		}
		p.buf = append(p.buf, '\n')
	}
	return nil
}

// run measures the names of the lines that follow each other without a break:
// the widest, and how many members they span.
func (p *hclPrinter) run(members []Member, indent int, where hclPlace) (width, length int) {
	start := len(p.buf)
	for i := range members {
		m := &members[i]
		if where == placeBody && isBlock(m) {
			continue
		}
		broken := m.Comment != "" || m.Value != nil && m.Value.Comment != ""
		if i > 0 && (broken || p.manyLines(m, indent)) {
			return width, i
		}
		if err := p.name(m.Key, where); err == nil {
			width = max(width, columns(p.buf[start:]))
		}
		p.buf = p.buf[:start]
	}
	return width, len(members)
}

func (p *hclPrinter) name(key string, where hclPlace) error {
	if where == placeBody || identifier(key) && !keyword(key) {
		p.buf = append(p.buf, key...)
		return nil
	}
	var ok bool
	if p.buf, ok = appendHCLString(p.buf, key, nil); !ok {
		return errors.New(errorInvalidText)
	}
	return nil
}

// keyword reports names that an object expression takes for something else.
func keyword(s string) bool {
	return s == "for" || s == "true" || s == "false" || s == "null"
}

// hclPlace is where an expression stands.
type hclPlace uint8

const (
	placeBody   hclPlace = iota // heredocs can stand here
	placeObject                 // names are quoted if need be
)

func (p *hclPrinter) expression(v *Value, indent int, where hclPlace) error {
	if v == nil {
		v = Null()
	}
	if p.depth++; p.depth > maximumDepth {
		return errors.New(errorTooDeep)
	}
	defer func() { p.depth-- }()
	switch v.Kind {
	case KindString:
		if where == placeBody {
			if form := heredocForm(v.Text, v.Literal); form != quotedForm {
				p.buf = appendHeredoc(p.buf, v.Text, form, indent, p.o.Verbatim)
				return nil
			}
		}
		var ok bool
		if p.buf, ok = appendHCLString(p.buf, v.Text, p.o.Verbatim); !ok {
			return errors.New(errorInvalidText)
		}
		return nil
	case KindNumber:
		if !decimal(v.Text) {
			return fmt.Errorf("%q: %s", v.Text, errorInvalidNumber)
		}
		p.buf = append(p.buf, v.Text...)
		return nil
	case KindList:
		return p.list(v, indent)
	case KindMap, KindBlock:
		return p.object(v, indent)
	}
	var err error
	p.buf, err = appendScalar(p.buf, v, indent)
	return err
}
