package document

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// ToJSON writes a value as JSON in the order of its members, indented by indent,
// or on one line where indent is empty, without a line end behind it. Comments
// and anchors have no form in JSON and are left out. It fails, with a
// *PathError, on the same values as PrintYAML, and on floats that JSON cannot
// write.
func ToJSON(v *Value, indent string) ([]byte, error) {
	p := jsonPrinter{indent: indent}
	b, err := p.value(nil, v, 0)
	if err != nil {
		return nil, prependNothing(err)
	}
	return b, nil
}

type jsonPrinter struct{ indent string }

func (p *jsonPrinter) newline(b []byte, depth int) []byte {
	if p.indent == "" {
		return b
	}
	b = append(b, '\n')
	for range depth {
		b = append(b, p.indent...)
	}
	return b
}

func (p *jsonPrinter) value(b []byte, v *Value, depth int) ([]byte, error) {
	if depth > maximumDepth {
		return nil, errors.New(errorTooDeep)
	}
	if v == nil {
		return append(b, "null"...), nil
	}
	switch v.Kind {
	case KindString:
		return appendJSONString(b, v.Text)
	case KindNumber:
		if !decimal(v.Text) {
			return nil, fmt.Errorf("%q: %s", v.Text, errorInvalidNumber)
		}
		return append(b, v.Text...), nil
	case KindList:
		return p.list(b, v, depth)
	case KindMap, KindBlock:
		if err := unlabelled(v); err != nil {
			return nil, err
		}
		return p.members(b, v, depth)
	}
	return appendScalar(b, v, 0)
}

func (p *jsonPrinter) list(b []byte, v *Value, depth int) ([]byte, error) {
	b = append(b, '[')
	for i, item := range v.Items {
		if i > 0 {
			b = append(b, ',')
		}
		b = p.newline(b, depth+1)
		var err error
		if b, err = p.value(b, item, depth+1); err != nil {
			return nil, atIndex(i, err)
		}
	}
	if len(v.Items) > 0 {
		b = p.newline(b, depth)
	}
	return append(b, ']'), nil
}

func (p *jsonPrinter) members(b []byte, v *Value, depth int) ([]byte, error) {
	if key, twice := duplicateKey(v.Members); twice {
		return nil, atKey(key, errors.New("key appears twice"))
	}
	b = append(b, '{')
	for i := range v.Members {
		m := &v.Members[i]
		if i > 0 {
			b = append(b, ',')
		}
		b = p.newline(b, depth+1)
		var err error
		if b, err = appendJSONString(b, m.Key); err != nil {
			return nil, atKey(m.Key, err)
		}
		b = append(b, ':')
		if p.indent != "" {
			b = append(b, ' ')
		}
		if b, err = p.value(b, m.Value, depth+1); err != nil {
			return nil, atKey(m.Key, err)
		}
	}
	if len(v.Members) > 0 {
		b = p.newline(b, depth)
	}
	return append(b, '}'), nil
}

// appendJSONString escapes what JSON demands, and not the <, > and & that only
// HTML would need.
func appendJSONString(b []byte, s string) ([]byte, error) {
	if !utf8.ValidString(s) {
		return nil, errors.New(errorInvalidText)
	}
	b = append(b, '"')
	start := 0
	for i := range len(s) {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' && c != 0x7F {
			continue
		}
		b = append(b, s[start:i]...)
		start = i + 1
		if at := strings.IndexByte("\"\\\n\r\t", c); at >= 0 {
			b = append(b, '\\', `"\nrt`[at])
		} else {
			b = append(b, `\u00`...)
			b = append(b, hexDigits[c>>4], hexDigits[c&0xF])
		}
	}
	return append(append(b, s[start:]...), '"'), nil
}
