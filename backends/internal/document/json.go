package document

import (
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"
)

// FromJSON reads one JSON value and keeps the order of its keys. It fails, with
// a *PathError, on anything that is not JSON, on duplicate keys, and on text
// that is not UTF-8.
func FromJSON(data []byte) (*Value, error) {
	d := jsonReader{data: data}
	v, err := d.value()
	if err == nil && d.skip() != 0 {
		err = d.unexpected("the end")
	}
	if err != nil {
		return nil, prependNothing(err)
	}
	return v, nil
}

type jsonReader struct {
	data  []byte
	at    int
	depth int
}

// skip passes over blanks and returns the next byte, or 0 at the end.
func (d *jsonReader) skip() byte {
	for d.at < len(d.data) {
		switch c := d.data[d.at]; c {
		case ' ', '\t', '\r', '\n':
			d.at++
		default:
			return max(c, 1) // a NUL is not the end
		}
	}
	return 0
}

func (d *jsonReader) unexpected(want string) error {
	if d.at >= len(d.data) {
		return fmt.Errorf("JSON ends where %s is expected", want)
	}
	return fmt.Errorf("JSON has %q at byte %d where %s is expected", d.data[d.at], d.at, want)
}

func (d *jsonReader) value() (*Value, error) {
	if d.depth++; d.depth > maximumDepth {
		return nil, errors.New(errorTooDeep)
	}
	defer func() { d.depth-- }()
	switch c := d.skip(); c {
	case '{':
		return d.object()
	case '[':
		return d.array()
	case '"':
		s, err := d.text()
		return String(s), err
	case 't':
		return Bool(true), d.word("true")
	case 'f':
		return Bool(false), d.word("false")
	case 'n':
		return Null(), d.word("null")
	}
	start := d.at
	for d.at < len(d.data) && numberByte(d.data[d.at]) {
		d.at++
	}
	if text := string(d.data[start:d.at]); decimal(text) {
		return &Value{Kind: KindNumber, Text: text}, nil
	}
	d.at = start
	return nil, d.unexpected("a value")
}

func numberByte(c byte) bool {
	return c >= '0' && c <= '9' || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E'
}

func (d *jsonReader) word(word string) error {
	if len(d.data)-d.at < len(word) || string(d.data[d.at:d.at+len(word)]) != word {
		return d.unexpected(word)
	}
	d.at += len(word)
	return nil
}

func (d *jsonReader) array() (*Value, error) {
	list := List()
	d.at++
	if d.skip() == ']' {
		d.at++
		return list, nil
	}
	for {
		item, err := d.value()
		if err != nil {
			return nil, atIndex(len(list.Items), err)
		}
		list.Items = append(list.Items, item)
		switch d.skip() {
		case ',':
			d.at++
		case ']':
			d.at++
			return list, nil
		default:
			return nil, d.unexpected("a comma or ]")
		}
	}
}

func (d *jsonReader) object() (*Value, error) {
	m := Map()
	d.at++
	if d.skip() == '}' {
		d.at++
		return m, nil
	}
	for {
		if d.skip() != '"' {
			return nil, d.unexpected("a key")
		}
		key, err := d.text()
		if err != nil {
			return nil, err
		}
		if d.skip() != ':' {
			return nil, atKey(key, d.unexpected("a colon"))
		}
		d.at++
		value, err := d.value()
		if err != nil {
			return nil, atKey(key, err)
		}
		m.Add(key, value)
		switch d.skip() {
		case ',':
			d.at++
		case '}':
			d.at++
			if key, twice := duplicateKey(m.Members); twice {
				return nil, atKey(key, errors.New("key appears twice"))
			}
			return m, nil
		default:
			return nil, d.unexpected("a comma or }")
		}
	}
}

func (d *jsonReader) text() (string, error) {
	start := d.at
	d.at++
	for d.at < len(d.data) && d.data[d.at] != '"' {
		if d.data[d.at] == '\\' {
			d.at++
		}
		d.at++
	}
	if d.at >= len(d.data) {
		d.at = len(d.data)
		return "", d.unexpected("a closing quote")
	}
	d.at++
	quoted := d.data[start:d.at]
	if simpleString(quoted[1 : len(quoted)-1]) {
		return string(quoted[1 : len(quoted)-1]), nil
	}
	if !utf8.Valid(quoted) {
		return "", errors.New(errorInvalidText)
	}
	var s string
	err := json.Unmarshal(quoted, &s)
	return s, err
}

// simpleString reports ASCII that JSON writes as it is.
func simpleString(text []byte) bool {
	for _, c := range text {
		if c < ' ' || c >= utf8.RuneSelf || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}
