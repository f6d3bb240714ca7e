package ir

import (
	"bufio"
	"encoding/json"
	"io"
	"reflect"
	"strconv"
)

// Print writes an app as indented JSON: what is not said is left out, quantities are
// written as in a spec, texts with references as lists of parts, maps as objects in
// the order of their author. The same app gives the same bytes.
func Print(w io.Writer, a *App) error {
	p := &printer{w: bufio.NewWriter(w)}
	p.structure(ShapeOf(reflect.TypeFor[App]()), reflect.ValueOf(a).Elem(), 0)
	p.text("\n")
	return p.w.Flush()
}

// printer keeps no error: bufio.Writer remembers the first until Flush.
type printer struct {
	w *bufio.Writer
}

func (p *printer) text(s string) { _, _ = p.w.WriteString(s) }

func (p *printer) quoted(s string) {
	b, _ := json.Marshal(s) // a string cannot fail
	_, _ = p.w.Write(b)
}

func (p *printer) newline(depth int) {
	p.text("\n")
	for range depth {
		p.text("  ")
	}
}

// sequence writes n elements between brackets, one a line.
func (p *printer) sequence(opening, closing string, n, depth int, element func(i int)) {
	p.text(opening)
	for i := range n {
		if i > 0 {
			p.text(",")
		}
		p.newline(depth + 1)
		element(i)
	}
	if n > 0 {
		p.newline(depth)
	}
	p.text(closing)
}

func (p *printer) structure(s *Shape, v reflect.Value, depth int) {
	var said []*Field
	for i := range s.Fields {
		if s.Fields[i].Required || !v.FieldByIndex(s.Fields[i].Index).IsZero() {
			said = append(said, &s.Fields[i])
		}
	}
	p.sequence("{", "}", len(said), depth, func(i int) {
		p.quoted(said[i].Key)
		p.text(": ")
		p.field(said[i], v.FieldByIndex(said[i].Index), depth+1)
	})
}

func (p *printer) field(f *Field, v reflect.Value, depth int) {
	switch f.Form {
	case StructForm:
		p.structure(f.Elem, v.Elem(), depth)
	case MapForm, LeafMapForm:
		p.sequence("{", "}", v.Len(), depth, func(i int) {
			p.quoted(v.Index(i).Field(0).String())
			p.text(": ")
			if f.Form == MapForm {
				p.structure(f.Elem, v.Index(i).Field(1), depth+1)
			} else {
				p.value(v.Index(i).Field(1).Interface(), depth+1)
			}
		})
	case ListForm:
		p.sequence("[", "]", v.Len(), depth, func(i int) { p.structure(f.Elem, v.Index(i), depth+1) })
	case PeersForm:
		peers := v.Interface().(*PeerList).Peers
		p.sequence("[", "]", len(peers), depth, func(i int) { p.peer(peers[i]) })
	case RuleListForm:
		rules := v.Interface().([]NodeRule)
		p.sequence("[", "]", len(rules), depth, func(i int) { p.quoted(rules[i].String()) })
	default:
		p.value(v.Interface(), depth)
	}
}

// value writes a leaf.
func (p *printer) value(v any, depth int) {
	switch v := v.(type) {
	case Text:
		p.parts(v)
	case *Command:
		p.sequence("[", "]", len(v.Words), depth, func(i int) { p.parts(v.Words[i]) })
	case []string:
		p.sequence("[", "]", len(v), depth, func(i int) { p.quoted(v[i]) })
	case []int64:
		p.sequence("[", "]", len(v), depth, func(i int) { p.text(strconv.FormatInt(v[i], 10)) })
	case *Value:
		p.raw(v, depth)
	case []*Value:
		p.sequence("[", "]", len(v), depth, func(i int) { p.raw(v[i], depth+1) })
	case interface{ String() string }:
		p.quoted(v.String())
	default:
		p.scalar(reflect.ValueOf(v))
	}
}

func (p *printer) scalar(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		p.value(v.Elem().Interface(), 0)
	case reflect.Bool:
		p.text(strconv.FormatBool(v.Bool()))
	case reflect.Int, reflect.Int64:
		p.text(strconv.FormatInt(v.Int(), 10))
	default:
		p.quoted(v.String())
	}
}

// parts writes a text: a string when it is one literal, else a list of literals and
// references.
func (p *printer) parts(t Text) {
	if s, plain := t.Plain(); plain {
		p.quoted(s)
		return
	}
	p.text("[")
	for i, part := range t {
		if i > 0 {
			p.text(", ")
		}
		if part.IsRef() {
			p.text(`{"ref": `)
			p.quoted(part.Ref.String())
		} else {
			p.text(`{"text": `)
			p.quoted(part.Literal)
		}
		p.text("}")
	}
	p.text("]")
}

func (p *printer) peer(peer Peer) {
	p.text("{")
	first := true
	for _, f := range []struct{ key, value string }{{"workload", peer.Workload}, {"endpoint", peer.Endpoint}, {"route", peer.Route}, {"host", peer.Host}, {"cidr", peer.CIDR}} {
		if f.value == "" {
			continue
		}
		if !first {
			p.text(", ")
		}
		first = false
		p.quoted(f.key)
		p.text(": ")
		p.quoted(f.value)
	}
	if peer.Port > 0 {
		p.text(`, "port": ` + strconv.Itoa(peer.Port))
	}
	p.text("}")
}

// raw writes a carried value as it is.
func (p *printer) raw(v *Value, depth int) {
	switch v.Kind {
	case MapValue:
		p.sequence("{", "}", len(v.Members), depth, func(i int) {
			p.quoted(v.Members[i].Key)
			p.text(": ")
			p.raw(v.Members[i].Value, depth+1)
		})
	case ListValue:
		p.sequence("[", "]", len(v.Items), depth, func(i int) { p.raw(v.Items[i], depth+1) })
	case StringValue:
		p.quoted(v.Text)
	case NumberValue:
		if json.Valid([]byte(v.Text)) {
			p.text(v.Text)
		} else {
			p.quoted(v.Text) // 0x1F and the like have no form in JSON
		}
	case BoolValue:
		p.text(v.Text)
	default:
		p.text("null")
	}
}
