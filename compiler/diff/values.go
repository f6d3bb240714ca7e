package diff

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/pattern"
)

// ordered lists the lists of words whose order says something.
var ordered = map[string]bool{"workload.placement.spread": true}

// word writes a value so that equal ones have equal words: quantities by their
// amount, sets in one order.
func word(v reflect.Value, kind string) string {
	if !said(v) && !(v.IsValid() && v.Kind() == reflect.Slice && !v.IsNil()) {
		if v.IsValid() && (v.Kind() == reflect.String || v.CanInt()) {
			return fmt.Sprint(v.Interface())
		}
		return ""
	}
	switch x := v.Interface().(type) {
	case ir.Text:
		return x.String()
	case *ir.Command:
		words := make([]string, len(x.Words))
		for i, w := range x.Words {
			words[i] = w.String()
			if words[i] == "" || strings.ContainsAny(words[i], " \t\n\"'") {
				words[i] = strconv.Quote(words[i])
			}
		}
		return "[" + strings.Join(words, ", ") + "]"
	case ir.Peer:
		return peer(x)
	case []string:
		return set(x, kind)
	case []int64:
		words := make([]string, len(x))
		for i, n := range x {
			words[i] = strconv.FormatInt(n, 10)
		}
		return set(words, kind)
	case fmt.Stringer:
		return x.String()
	}
	if v.Kind() == reflect.Pointer {
		if v.Elem().Kind() == reflect.Int || v.Elem().Kind() == reflect.Int64 {
			if s, ok := v.Elem().Interface().(fmt.Stringer); ok {
				return s.String()
			}
			return strconv.FormatInt(v.Elem().Int(), 10)
		}
		return word(v.Elem(), kind)
	}
	return fmt.Sprint(v.Interface())
}

// peer says what sort of peer it is: a workload and an endpoint can have one name.
func peer(p ir.Peer) string {
	switch {
	case p.Endpoint != "":
		return "endpoint " + p.String()
	case p.Route != "":
		return "route " + p.String()
	case p.Workload != "":
		return "workload " + p.String()
	}
	return p.String()
}

func set(words []string, kind string) string {
	words = slices.Clone(words)
	if !ordered[kind] {
		slices.Sort(words)
	}
	return "[" + strings.Join(words, ", ") + "]"
}

const (
	notShown   = "(not shown: it looks like a secret)"
	shownRunes = 160
)

// show writes a value for people: never a secret's, no long text.
func (c *comparer) show(v reflect.Value, kind, name string) string {
	if !v.IsValid() || !said(v) && v.Kind() != reflect.String && v.Kind() != reflect.Slice {
		return ""
	}
	if strings.HasPrefix(kind, "config.") {
		text := word(v, kind)
		return fmt.Sprintf("%d bytes in %d lines", len(text), strings.Count(strings.TrimSuffix(text, "\n"), "\n")+1)
	}
	if command, ok := v.Interface().(*ir.Command); ok {
		v = reflect.ValueOf(c.redacted(command))
	}
	text := word(v, kind)
	if text == "" {
		return `""`
	}
	if c.secret(name, text) {
		return notShown
	}
	return short(withoutPasswords(text))
}

func (c *comparer) secret(name, value string) bool {
	return c.options.Secret != nil && !strings.Contains(value, "${") && c.options.Secret(name, value)
}

// redacted is a command without values of options that look like secrets.
func (c *comparer) redacted(command *ir.Command) *ir.Command {
	safe := &ir.Command{Words: slices.Clone(command.Words)}
	option := ""
	for i, w := range safe.Words {
		text := w.String()
		name, value, ok := strings.Cut(text, "=")
		name = optionName(name)
		switch {
		case ok && c.secret(name, value):
			safe.Words[i] = ir.Literal(text[:strings.IndexByte(text, '=')+1] + notShown)
		case option != "" && !strings.HasPrefix(text, "-") && c.secret(option, text):
			safe.Words[i] = ir.Literal(notShown)
		}
		option = ""
		if strings.HasPrefix(text, "-") && !ok {
			option = name
		}
	}
	return safe
}

func optionName(word string) string { return strings.ReplaceAll(strings.TrimLeft(word, "-"), "-", "_") }

var password = pattern.New(`(://[^/\s:@]*:)([^@/\s]+)@`)

// withoutPasswords takes the password out of URLs. A reference to a secret is none.
func withoutPasswords(text string) string {
	if !strings.Contains(text, "://") {
		return text
	}
	return password().ReplaceAllStringFunc(text, func(match string) string {
		parts := password().FindStringSubmatch(match)
		if strings.HasPrefix(parts[2], "${") {
			return match
		}
		return parts[1] + "…@"
	})
}

func short(text string) string {
	if runes := []rune(text); len(runes) > shownRunes {
		return string(runes[:shownRunes]) + "…"
	}
	return text
}

// part is one fact of something that only one side has.
type part struct {
	path, word, shown string
	idle              bool // it is the default
}

// flatten returns the facts of a value, with paths below it.
func (c *comparer) flatten(f *ir.Field, v reflect.Value, kind string) []part {
	var parts []part
	c.flattenInto(&parts, f, v, "", kind, f.Key, true)
	return parts
}

// flattenInto adds the facts of a value. An element is a member of the field's map or
// list rather than the field itself.
func (c *comparer) flattenInto(parts *[]part, f *ir.Field, v reflect.Value, path, kind, name string, element bool) {
	leaf := func(v reflect.Value, path, name string) {
		w := word(v, kind)
		otherwise, ok := c.fallback(kind)
		*parts = append(*parts, part{path, w, c.show(v, kind, name), ok && w == otherwise})
	}
	each := func(v reflect.Value, step func(i int) string) {
		for i := range v.Len() {
			c.flattenInto(parts, f, v.Index(i), step(i), kind, name, true)
		}
	}
	switch {
	case f.Form == ir.PeersForm && v.Kind() == reflect.Pointer:
		if list := v.Elem().Field(0); list.Len() > 0 {
			each(list, func(int) string { return path })
		} else {
			*parts = append(*parts, part{path, "[]", "[]", false})
		}
	case f.Form == ir.StructForm:
		c.flattenStruct(parts, f.Elem, v.Elem(), path, kind)
	case (f.Form == ir.MapForm || f.Form == ir.ListForm) && element && v.Kind() == reflect.Struct:
		c.flattenStruct(parts, f.Elem, v, path, kind)
	case f.Form == ir.MapForm:
		below := kind
		if f.Root != "" {
			below = f.Root
		}
		for i := range v.Len() {
			c.flattenInto(parts, f, v.Index(i).Field(1), ir.JoinPath(path, v.Index(i).Field(0).String()), below, name, true)
		}
	case f.Form == ir.LeafMapForm && !element:
		for i := range v.Len() {
			key := v.Index(i).Field(0).String()
			leaf(v.Index(i).Field(1), ir.JoinPath(path, key), key)
		}
	case (f.Form == ir.ListForm || f.Form == ir.RuleListForm) && !element:
		each(v, func(i int) string { return at(path, i) })
	default:
		leaf(v, path, name)
	}
}

func (c *comparer) flattenStruct(parts *[]part, s *ir.Shape, v reflect.Value, path, kind string) {
	before := len(*parts)
	for i := range s.Fields {
		f := &s.Fields[i]
		if fv := v.FieldByIndex(f.Index); said(fv) && f.Key != "platform" {
			c.flattenInto(parts, f, fv, ir.JoinPath(path, f.Key), kindOf(kind, f), f.Key, false)
		}
	}
	if len(*parts) == before {
		*parts = append(*parts, part{path: path}) // it is there, and says nothing more
	}
}

const summaryRunes = 90

// summary says in a line what something holds.
func summary(parts []part) string {
	var text strings.Builder
	for i, p := range parts {
		words := strings.TrimSpace(p.path + " " + p.shown)
		if i > 0 && text.Len()+len(words) > summaryRunes {
			fmt.Fprintf(&text, ", and %d more", len(parts)-i)
			break
		}
		if i > 0 {
			text.WriteString(", ")
		}
		text.WriteString(words)
	}
	if text.Len() == 0 {
		return "it is there"
	}
	return text.String()
}
