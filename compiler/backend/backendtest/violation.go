package backendtest

import (
	"fmt"
	"strings"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// Violation is one promise that a backend does not keep.
type Violation struct {
	Check string // "mutation", "diagnostic", "same-bytes", "app-unchanged", …

	// Of a fact; empty for what concerns the backend as a whole.
	Kind string
	Path string
	Role ir.Role
	Life ir.Kind // of the workload
	From string
	To   string
	// Level says what the table promises, "native" or "native → dropped".
	Level string

	Problem string // what was expected, and what happened
}

// String writes the violation in one line: what a backend's author has to do.
func (v Violation) String() string {
	var b strings.Builder
	b.WriteString(v.Check + ": ")
	if v.Kind != "" {
		b.WriteString(v.Kind)
		if context := v.context(); context != "" {
			b.WriteString(" (" + context + ")")
		}
		fmt.Fprintf(&b, " at %s", v.Path)
		if v.From != "" || v.To != "" {
			fmt.Fprintf(&b, ": %s → %s", short(v.From), short(v.To))
		}
		if v.Level != "" {
			fmt.Fprintf(&b, ": %s", v.Level)
		}
		b.WriteString(": ")
	}
	b.WriteString(v.Problem)
	return b.String()
}

func (v Violation) context() string {
	words := []string{}
	if v.Role != ir.NoRole {
		words = append(words, v.Role.String())
	}
	if v.Life != "" {
		words = append(words, string(v.Life))
	}
	return strings.Join(words, ", ")
}

func short(s string) string {
	const most = 90
	if len(s) > most {
		return s[:most] + "…"
	}
	return s
}
