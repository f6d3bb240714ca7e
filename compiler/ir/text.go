package ir

import "strings"

// RefKind says what a reference points at.
type RefKind string

// The things that a string can refer to. References to vars and to the stage are
// gone by the time an app is in this form: they are constants of one compile.
const (
	RefSecret       RefKind = "secret"        // a secret's value; Name, Field = key within it
	RefConfig       RefKind = "config"        // a config's content; Name, Field = file name in one that is a folder
	RefWorkloadHost RefKind = "workload.host" // the name under which a workload is reached; Name
	RefWorkloadPort RefKind = "workload.port" // the number of one of its ports; Name, Field = port name
	RefEndpoint     RefKind = "endpoint"      // a fact of an endpoint; Name, Field = host, port, scheme or url
)

// Ref is a typed reference inside a Text.
type Ref struct {
	Kind  RefKind
	Name  string
	Field string
}

// String writes the reference as a spec does, without the braces.
func (r Ref) String() string {
	switch r.Kind {
	case RefSecret:
		if r.Field != "" {
			return "secrets." + r.Name + "." + r.Field
		}
		return "secrets." + r.Name
	case RefConfig:
		if r.Field != "" {
			return "configs." + r.Name + "." + r.Field
		}
		return "configs." + r.Name
	case RefWorkloadHost:
		return "workloads." + r.Name + ".host"
	case RefWorkloadPort:
		return "workloads." + r.Name + ".ports." + r.Field
	case RefEndpoint:
		return "endpoints." + r.Name + "." + r.Field
	}
	return string(r.Kind) + "." + r.Name
}

// Part is a literal or, where Ref.Kind is set, a reference.
type Part struct {
	Literal string
	Ref     Ref
}

// IsRef reports whether the part is a reference.
func (p Part) IsRef() bool { return p.Ref.Kind != "" }

// Text is a string made of literal and reference parts. nil means "not said", an
// empty non-nil Text is the empty string.
type Text []Part

// Literal returns the text of one literal; of the empty string too.
func Literal(s string) Text { return Text{{Literal: s}} }

// Plain returns the text as a string and true when it holds no reference.
func (t Text) Plain() (string, bool) {
	switch len(t) {
	case 0:
		return "", true
	case 1:
		return t[0].Literal, !t[0].IsRef()
	}
	for _, p := range t {
		if p.IsRef() {
			return "", false
		}
	}
	var b strings.Builder
	for _, p := range t {
		b.WriteString(p.Literal)
	}
	return b.String(), true
}

// Refs returns the references in order.
func (t Text) Refs() []Ref {
	var refs []Ref
	for _, p := range t {
		if p.IsRef() {
			refs = append(refs, p.Ref)
		}
	}
	return refs
}

// HasRef reports whether any part refers to something of that kind.
func (t Text) HasRef(kind RefKind) bool {
	for _, p := range t {
		if p.Ref.Kind == kind {
			return true
		}
	}
	return false
}

// Write builds the text with the platform's own means: literal escapes a literal
// part, ref writes a reference.
func (t Text) Write(literal func(string) string, ref func(Ref) string) string {
	if len(t) == 1 && !t[0].IsRef() {
		return literal(t[0].Literal)
	}
	var b strings.Builder
	for _, p := range t {
		if p.IsRef() {
			b.WriteString(ref(p.Ref))
		} else {
			b.WriteString(literal(p.Literal))
		}
	}
	return b.String()
}

// String writes the text as a spec does: references in ${…}, a literal dollar
// before a brace or another dollar doubled.
func (t Text) String() string {
	return t.Write(EscapeLiteral, func(r Ref) string { return "${" + r.String() + "}" })
}

// EscapeLiteral doubles each dollar that a spec would otherwise read as the start
// of a reference or of an escape.
func EscapeLiteral(s string) string {
	if !strings.Contains(s, "$") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		b.WriteByte(s[i])
		if s[i] == '$' && (i+1 == len(s) || s[i+1] == '{' || s[i+1] == '$') {
			b.WriteByte('$')
		}
	}
	return b.String()
}

// Command is an argument vector. A nil *Command means "what the image says"; an
// empty one clears what the image says.
type Command struct {
	Words []Text
}
