package document

import (
	"errors"
	"fmt"
	"io"
)

// YAMLOptions says how PrintYAML lays a document out.
type YAMLOptions struct {
	Header      string // comment above the document
	IndentLists bool   // dashes two in from their key (Docker's way), not below it (kubectl's way)
	BareNulls   bool   // "key:" in the place of "key: null"
	FlowWidth   int    // a Flow list that would end after this column is printed as a block; 0 means 100
}

const (
	defaultWidth = 100
	flushSize    = 64 << 10
	// A reader gives up on an implicit key after 1,024 characters.
	implicitKeySize = 1000
)

// PrintYAML writes one YAML document. Its text reads back as the same value
// under YAML 1.1 and 1.2: strings are plain where every reader takes them for
// strings, and quoted or literal elsewhere. It fails, with a *PathError, on
// text that is not UTF-8, on invalid kinds, HCL blocks with labels and
// duplicate keys, and on aliases whose anchor is not printed before them or
// holds something else.
func PrintYAML(w io.Writer, v *Value, o YAMLOptions) error {
	return PrintYAMLDocuments(w, []*Value{v}, o)
}

// PrintYAMLDocuments writes a stream of documents, separated by "---".
func PrintYAMLDocuments(w io.Writer, documents []*Value, o YAMLOptions) error {
	if o.FlowWidth == 0 {
		o.FlowWidth = defaultWidth
	}
	p := &yamlPrinter{w: w, o: o}
	p.buf = appendComment(p.buf, o.Header, 0)
	for i, v := range documents {
		if i > 0 {
			p.buf = append(p.buf, "---\n"...)
		}
		p.anchors = nil
		if err := p.document(v); err != nil {
			return err
		}
	}
	return p.flush(0)
}

// yamlPrinter holds the output that was not handed on yet.
type yamlPrinter struct {
	w       io.Writer
	buf     []byte
	o       YAMLOptions
	anchors map[string]*Value // printed so far in this document
	depth   int
}

// flush hands the buffer on when it holds at least size bytes.
func (p *yamlPrinter) flush(size int) error {
	if len(p.buf) < size {
		return nil
	}
	_, err := p.w.Write(p.buf)
	p.buf = p.buf[:0]
	return err
}

func (p *yamlPrinter) document(v *Value) error {
	if v == nil {
		v = Null()
	}
	p.buf = appendComment(p.buf, v.Comment, 0)
	if v.Anchor == "" && v.Alias == "" {
		switch {
		case v.Kind == KindMap && len(v.Members) > 0:
			return p.members(v, 0, false)
		case v.Kind == KindList && len(v.Items) > 0:
			return p.items(v, 0, false)
		}
	}
	start := len(p.buf)
	if err := p.node(v, 0, false); err != nil {
		return err
	}
	// Nothing stands before a document's own scalar, where node puts a space.
	if p.buf[start] == ' ' {
		p.buf = append(p.buf[:start], p.buf[start+1:]...)
	}
	return nil
}

// members prints a map's entries, each on its own line. With inline, the first
// one continues the line of a list's dash.
func (p *yamlPrinter) members(v *Value, indent int, inline bool) error {
	if key, ok := duplicateKey(v.Members); ok {
		return atKey(key, errors.New("key appears twice"))
	}
	if p.depth++; p.depth > maximumDepth {
		return errors.New(errorTooDeep)
	}
	for i := range v.Members {
		m := &v.Members[i]
		if !inline || i > 0 {
			p.buf = appendComment(p.buf, m.Comment, indent)
			if m.Value != nil {
				p.buf = appendComment(p.buf, m.Value.Comment, indent)
			}
			p.buf = appendSpaces(p.buf, indent)
		}
		if err := p.member(m, indent); err != nil {
			return atKey(m.Key, err)
		}
	}
	p.depth--
	return nil
}

func (p *yamlPrinter) member(m *Member, indent int) error {
	start := len(p.buf)
	var ok bool
	if p.buf, ok = appendKey(p.buf, m.Key, false); !ok {
		return errors.New(errorInvalidText)
	}
	if len(p.buf)-start > implicitKeySize {
		p.buf = append(p.buf, 0, 0)
		copy(p.buf[start+2:], p.buf[start:])
		copy(p.buf[start:], "? ")
		p.buf = append(p.buf, '\n')
		p.buf = appendSpaces(p.buf, indent)
	}
	p.buf = append(p.buf, ':')
	value := m.Value
	if value == nil {
		value = Null()
	}
	if p.o.BareNulls && value.Kind == KindNull && value.Anchor == "" && value.Alias == "" {
		p.buf = append(p.buf, '\n')
		return p.flush(flushSize)
	}
	if err := p.node(value, indent, true); err != nil {
		return err
	}
	return p.flush(flushSize)
}

// items prints a list's entries, each behind its dash.
func (p *yamlPrinter) items(v *Value, indent int, inline bool) error {
	if p.depth++; p.depth > maximumDepth {
		return errors.New(errorTooDeep)
	}
	for i, item := range v.Items {
		if item == nil {
			item = Null()
		}
		if !inline || i > 0 {
			p.itemComments(item, indent)
			p.buf = appendSpaces(p.buf, indent)
		}
		p.buf = append(p.buf, '-')
		if err := p.item(item, indent); err != nil {
			return atIndex(i, err)
		}
		if err := p.flush(flushSize); err != nil {
			return err
		}
	}
	p.depth--
	return nil
}

func (p *yamlPrinter) item(item *Value, indent int) error {
	if item.Anchor != "" || item.Alias != "" {
		return p.node(item, indent, false)
	}
	if item.Flow && p.flowLine(item) {
		return nil
	}
	switch {
	case mapping(item.Kind) && len(item.Members) > 0:
		if err := unlabelled(item); err != nil {
			return err
		}
		p.buf = append(p.buf, ' ')
		return p.members(item, indent+2, true)
	case item.Kind == KindList && len(item.Items) > 0:
		p.buf = append(p.buf, ' ')
		return p.items(item, indent+2, true)
	}
	return p.node(item, indent, false)
}

// itemComments prints the comments that would otherwise fall between a dash and
// what follows it on the same line.
func (p *yamlPrinter) itemComments(item *Value, indent int) {
	for {
		p.buf = appendComment(p.buf, item.Comment, indent)
		if item.Anchor != "" || item.Alias != "" {
			return
		}
		switch {
		case len(item.Members) > 0:
			p.buf = appendComment(p.buf, item.Members[0].Comment, indent)
			if first := item.Members[0].Value; first != nil {
				p.buf = appendComment(p.buf, first.Comment, indent)
			}
			return
		case len(item.Items) > 0 && item.Items[0] != nil:
			item = item.Items[0]
		default:
			return
		}
	}
}

// node prints what stands behind a key or a dash at the given indent, up to and
// with the end of its last line.
func (p *yamlPrinter) node(v *Value, indent int, underKey bool) error {
	if v.Alias != "" {
		if err := p.checkAlias(v); err != nil {
			return err
		}
		p.buf = append(append(append(p.buf, " *"...), v.Alias...), '\n')
		return nil
	}
	if v.Anchor != "" {
		if !validAnchor(v.Anchor) {
			return fmt.Errorf("anchor %q has other characters than letters, digits, - and _", v.Anchor)
		}
		p.buf = append(append(p.buf, " &"...), v.Anchor...)
		if p.anchors == nil {
			p.anchors = map[string]*Value{}
		}
		p.anchors[v.Anchor] = v
	}
	if v.Flow && p.flowLine(v) {
		return nil
	}
	switch v.Kind {
	case KindMap, KindBlock:
		if err := unlabelled(v); err != nil {
			return err
		}
		if len(v.Members) == 0 {
			p.buf = append(p.buf, " {}\n"...)
			return nil
		}
		p.buf = append(p.buf, '\n')
		return p.members(v, indent+2, false)
	case KindList:
		if len(v.Items) == 0 {
			p.buf = append(p.buf, " []\n"...)
			return nil
		}
		p.buf = append(p.buf, '\n')
		if underKey && !p.o.IndentLists {
			return p.items(v, indent, false)
		}
		return p.items(v, indent+2, false)
	}
	p.buf = append(p.buf, ' ')
	var err error
	if p.buf, err = appendScalar(p.buf, v, indent); err != nil {
		return err
	}
	p.buf = append(p.buf, '\n')
	return nil
}

func (p *yamlPrinter) checkAlias(v *Value) error {
	anchored, ok := p.anchors[v.Alias]
	if !ok {
		return fmt.Errorf("alias *%s has no anchor before it", v.Alias)
	}
	if !anchored.Equal(v) {
		return fmt.Errorf("alias *%s differs from its anchor", v.Alias)
	}
	return nil
}
