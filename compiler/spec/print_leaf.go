package spec

import (
	"fmt"
	"net/netip"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// leaf returns a scalar, a list of scalars, a text or a command.
func (p *printer) leaf(f *ir.Field, v reflect.Value, path string) *value {
	switch said := v.Interface().(type) {
	case ir.Text:
		return p.text(said, path)
	case *ir.Command:
		return p.command(said, f.Key == "exec", path)
	case ir.FileMode:
		return word(said.String()) // 0440 without quotes is another number in YAML 1.1
	case *ir.FileMode:
		return word(said.String())
	case fmt.Stringer:
		if v.Kind() != reflect.Pointer {
			return quantity(said.String())
		}
	}
	switch v.Kind() {
	case reflect.Pointer:
		return p.leaf(f, v.Elem(), path)
	case reflect.Slice:
		list := &value{form: sequenceForm}
		for i := range v.Len() {
			list.items = append(list.items, &item{value: p.leaf(f, v.Index(i), path+"["+strconv.Itoa(i)+"]")})
		}
		return list
	case reflect.Bool:
		return bare(tree.Bool, strconv.FormatBool(v.Bool()))
	case reflect.Int, reflect.Int64:
		return bare(tree.Float, strconv.FormatInt(v.Int(), 10))
	}
	if text, ok := p.extras.Written[path]; ok {
		return usual(text)
	}
	if id := f.GoName == "Security.User" || f.GoName == "Security.Group"; id && isID(v.String()) {
		return bare(tree.Float, v.String())
	}
	return p.constant(v.String())
}

// isID reports a number that is written as it is counted.
func isID(s string) bool {
	n, err := strconv.ParseUint(s, 10, 32)
	return err == nil && strconv.FormatUint(n, 10) == s
}

// quantity returns a number with or without a unit.
func quantity(s string) *value {
	if kind := kindOf(s); kind != tree.String {
		return bare(kind, s)
	}
	return usual(s)
}

// constant returns a string that can refer to nothing.
func (p *printer) constant(s string) *value { return usual(ir.EscapeLiteral(s)) }

// text returns a string with its references.
func (p *printer) text(t ir.Text, path string) *value {
	if text, ok := p.extras.Written[path]; ok {
		return usual(text)
	}
	return usual(t.String())
}

// command returns a list of words; where a shell may run a string, the string.
func (p *printer) command(c *ir.Command, shell bool, path string) *value {
	if shell && len(c.Words) == 3 && isWord(c.Words[0], "/bin/sh") && isWord(c.Words[1], "-c") {
		return p.text(c.Words[2], path)
	}
	list := &value{form: sequenceForm}
	for i, t := range c.Words {
		list.items = append(list.items, &item{value: p.text(t, path+"["+strconv.Itoa(i)+"]")})
	}
	return list
}

func isWord(t ir.Text, word string) bool {
	s, plain := t.Plain()
	return plain && s == word
}

// usual returns a string in the form that a person would give it.
func usual(s string) *value {
	v := word(s)
	v.scalar.block = literalBlock(s)
	if numeric().MatchString(s) {
		v.scalar.plain = isAddress(s) // versions and schedules stand in quotes
	}
	return v
}

var portRange = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[0-9]+-[0-9]+$`) })

// isAddress reports an address, a range of addresses or a range of ports.
func isAddress(s string) bool {
	_, err := netip.ParseAddr(s)
	_, prefixErr := netip.ParsePrefix(s)
	return err == nil || prefixErr == nil || portRange().MatchString(s)
}

// carried returns a value of a platform's own format.
func carried(v *ir.Value) *value {
	switch v.Kind {
	case ir.MapValue:
		m := &value{form: mappingForm}
		for _, member := range v.Members {
			m.add(member.Key, carried(member.Value))
		}
		return m
	case ir.ListValue:
		list := &value{form: sequenceForm}
		for _, element := range v.Items {
			list.items = append(list.items, &item{value: carried(element)})
		}
		return list
	case ir.StringValue:
		return usual(v.Text)
	case ir.NullValue:
		return bare(tree.Null, "null")
	case ir.BoolValue:
		return bare(tree.Bool, v.Text)
	}
	return bare(tree.Float, v.Text)
}

// ledger returns the platform entries that stand in the workload at a path, or, for
// "", at the top; nil when there are none.
func (p *printer) ledger(path string) *value {
	var section *value
	for _, e := range p.entries[path] {
		if section == nil {
			section = &value{form: mappingForm, spread: true}
		}
		list := section.get(e.Platform)
		if list == nil {
			list = &value{form: sequenceForm, spread: true}
			section.add(e.Platform, list)
		}
		list.items = append(list.items, &item{value: p.entry(e, path)})
	}
	return section
}

// byHome sorts the entries by the path of the workload that each stands in, "" for the top.
func byHome(app *ir.App) map[string][]*ir.PlatformEntry {
	workloads := map[string]bool{}
	for i := range app.Workloads {
		workloads[app.Workloads[i].Key] = true
	}
	entries := map[string][]*ir.PlatformEntry{}
	for i := range app.Platform {
		e, home := &app.Platform[i], ""
		if at := ir.SplitPath(e.Path); len(at) > 2 && at[0] == "workloads" && at[2] == "platform" && workloads[at[1]] {
			home = ir.JoinPath("workloads", at[1])
		}
		entries[home] = append(entries[home], e)
	}
	return entries
}

func (p *printer) entry(e *ir.PlatformEntry, base string) *value {
	m := &value{form: mappingForm, spread: true}
	if on := relative(base, e.On); on != "" {
		m.add("on", p.constant(on))
	}
	if e.Patch != nil {
		m.add("patch", carried(e.Patch))
	}
	if e.Objects != nil {
		list := &value{form: sequenceForm}
		for _, object := range e.Objects {
			list.items = append(list.items, &item{value: carried(object)})
		}
		m.add("objects", list)
	}
	for _, text := range []struct{ key, value string }{{"accept", e.Accept}, {"why", e.Why}, {"exit", e.Exit}} {
		if text.value != "" {
			m.add(text.key, p.constant(text.value))
		}
	}
	return m
}

// relative is the inverse of absolute.
func relative(base, on string) string {
	if base == "" {
		return on
	}
	if on == base {
		return ""
	}
	short, below := strings.CutPrefix(on, base+".")
	if below && absolute(base, short) == on && !strings.Contains(on, "/") {
		return short
	}
	return on
}

// fromOf returns the reference that a file is given by.
func fromOf(f *ir.FileMount) ir.Text {
	if f.Secret != "" {
		return ir.Text{{Ref: ir.Ref{Kind: ir.RefSecret, Name: f.Secret, Field: f.Key}}}
	}
	return ir.Text{{Ref: ir.Ref{Kind: ir.RefConfig, Name: f.Config, Field: f.Key}}}
}
