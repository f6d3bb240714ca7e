package document

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Kind says which fields of a Value carry its content. The zero Kind is invalid.
type Kind uint8

const (
	KindNull   Kind = iota + 1 // nothing else
	KindBool                   // Text is "true" or "false"
	KindNumber                 // Text is a decimal number
	KindString                 // Text is the string
	KindList                   // Items
	KindMap                    // Members, keys unique
	KindBlock                  // HCL only: Labels and Members; keys of blocks may repeat
)

// String names the kind for messages.
func (k Kind) String() string {
	switch k {
	case KindNull:
		return "null"
	case KindBool:
		return "boolean"
	case KindNumber:
		return "number"
	case KindString:
		return "string"
	case KindList:
		return "list"
	case KindMap:
		return "map"
	case KindBlock:
		return "block"
	}
	return "invalid value"
}

// Scalar reports whether a value of this kind has only Text.
func (k Kind) Scalar() bool { return k >= KindNull && k <= KindString }

// Value is one node of a document.
type Value struct {
	Kind    Kind
	Flow    bool     // YAML: print a short list or map on one line
	Literal bool     // YAML: prefer a literal block even for a single line; HCL: a heredoc
	Text    string   // scalars
	Items   []*Value // lists
	Members []Member // maps and blocks
	Labels  []string // blocks
	Comment string   // printed above the value, one "#" a line
	Anchor  string   // YAML: printed as &Anchor in front of the value
	Alias   string   // YAML: printed as *Alias in the value's place; the content stays for every other reader
}

// Member is one entry of a map or a block.
type Member struct {
	Key     string
	Value   *Value
	Comment string // printed above the key, before the value's own comment
}

// String makes a string.
func String(s string) *Value { return &Value{Kind: KindString, Text: s} }

// Int makes a whole number.
func Int(n int64) *Value { return &Value{Kind: KindNumber, Text: strconv.FormatInt(n, 10)} }

// Float makes a number in its shortest form; NaN and the infinities are written
// as YAML does (.nan, .inf, -.inf), which ToJSON and PrintHCL refuse.
func Float(f float64) *Value { return &Value{Kind: KindNumber, Text: formatFloat(f, 64)} }

// Bool makes a boolean.
func Bool(b bool) *Value { return &Value{Kind: KindBool, Text: strconv.FormatBool(b)} }

// Null makes a null.
func Null() *Value { return &Value{Kind: KindNull} }

// List makes a list of the items.
func List(items ...*Value) *Value { return &Value{Kind: KindList, Items: items} }

// Strings makes a list of strings.
func Strings(items ...string) *Value {
	v := &Value{Kind: KindList, Items: make([]*Value, len(items))}
	for i, item := range items {
		v.Items[i] = String(item)
	}
	return v
}

// Map makes a map of the members, in their order.
func Map(members ...Member) *Value { return &Value{Kind: KindMap, Members: members} }

// Block makes an HCL block's labels and body. Several members of one body may
// share a key when all of them are blocks.
func Block(labels []string, members ...Member) *Value {
	return &Value{Kind: KindBlock, Labels: labels, Members: members}
}

// Duration makes a string such as "90s" or "1h30m": Go's form without its
// trailing zero units.
func Duration(d time.Duration) *Value { return String(FormatDuration(d)) }

// FormatDuration writes a duration as people do: "1m" where Go writes "1m0s".
func FormatDuration(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// Get returns the value of the first member with that key, or nil. A nil
// receiver has no members, so that lookups can be chained.
func (v *Value) Get(key string) *Value {
	if v == nil {
		return nil
	}
	for i := range v.Members {
		if v.Members[i].Key == key {
			return v.Members[i].Value
		}
	}
	return nil
}

// Set replaces the value of the member with that key, or appends one.
func (v *Value) Set(key string, value *Value) {
	for i := range v.Members {
		if v.Members[i].Key == key {
			v.Members[i].Value = value
			return
		}
	}
	v.Add(key, value)
}

// Add appends a member without looking for its key, as repeated blocks need.
func (v *Value) Add(key string, value *Value) {
	v.Members = append(v.Members, Member{Key: key, Value: value})
}

// Delete removes every member with that key.
func (v *Value) Delete(key string) {
	v.Members = slices.DeleteFunc(v.Members, func(m Member) bool { return m.Key == key })
}

// Clone copies the whole tree.
func (v *Value) Clone() *Value {
	if v == nil {
		return nil
	}
	c := *v
	c.Labels = slices.Clone(v.Labels)
	c.Items = slices.Clone(v.Items)
	for i, item := range c.Items {
		c.Items[i] = item.Clone()
	}
	c.Members = slices.Clone(v.Members)
	for i := range c.Members {
		c.Members[i].Value = c.Members[i].Value.Clone()
	}
	return &c
}

// Equal compares contents and order, not comments, anchors or style.
func (v *Value) Equal(w *Value) bool {
	if v == w {
		return true
	}
	if v == nil || w == nil || v.Kind != w.Kind || v.Text != w.Text ||
		len(v.Items) != len(w.Items) || len(v.Members) != len(w.Members) || !slices.Equal(v.Labels, w.Labels) {
		return false
	}
	for i := range v.Items {
		if !v.Items[i].Equal(w.Items[i]) {
			return false
		}
	}
	for i := range v.Members {
		if v.Members[i].Key != w.Members[i].Key || !v.Members[i].Value.Equal(w.Members[i].Value) {
			return false
		}
	}
	return true
}

// Empty reports a nil value, a null, and a list, map or block without content.
func (v *Value) Empty() bool {
	return v == nil || v.Kind == KindNull ||
		!v.Kind.Scalar() && len(v.Items) == 0 && len(v.Members) == 0
}

// formatFloat keeps a point in front of an exponent, without which YAML 1.1
// readers take the number for a string.
func formatFloat(f float64, bits int) string {
	switch {
	case math.IsNaN(f):
		return ".nan"
	case math.IsInf(f, 1):
		return ".inf"
	case math.IsInf(f, -1):
		return "-.inf"
	}
	if abs := math.Abs(f); abs != 0 && (abs < 1e-6 || abs >= 1e21) {
		mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'e', -1, bits), "e")
		if !strings.Contains(mantissa, ".") {
			mantissa += ".0"
		}
		return mantissa + "e" + exponent
	}
	return strconv.FormatFloat(f, 'f', -1, bits)
}
