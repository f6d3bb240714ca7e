// Package diag describes what the compiler found: one type for every finding, a
// catalogue of their codes, and printers for people and for programs.
package diag

import (
	"github.com/decamp-dev/decamp/compiler/source"
)

// Severity says how bad a finding is. Its zero value is invalid, so that a
// finding whose author forgot it cannot pass for a harmless one.
type Severity uint8

// The severities, the worst first.
const (
	Error   Severity = iota + 1 // the output is missing or must not be used
	Warning                     // the output differs from what the input says
	Note                        // worth knowing; nothing is lost
)

// String returns the severity as users see it: "error", "warning" or "note".
func (s Severity) String() string {
	switch s {
	case Error:
		return "error"
	case Warning:
		return "warning"
	case Note:
		return "note"
	}
	return "invalid"
}

// Code is the stable name of a kind of finding, such as "duplicate-key". Explain
// describes it.
type Code string

// Diagnostic is one finding.
type Diagnostic struct {
	Severity Severity
	Code     Code
	Summary  string       // one line: what happened; without the path, so that equal findings group
	Detail   string       // why, and what to do next
	Subject  source.Range // where; zero when unknown
	Path     string       // data path, such as workloads.web.scale.max
	Target   string       // platform; "" when the finding is about none
	Related  []Related    // other places that help to understand it
	Fix      *Fix         // an edit that resolves it; nil when there is none
	Redact   bool         // the source line is not shown: it may hold a secret
}

// Related is another place that helps to understand a finding.
type Related struct {
	Range   source.Range
	Message string
}

// Fix is a change of the input that resolves a finding.
type Fix struct {
	Message string // what the change does, in the imperative
	Edits   []Edit
}

// Edit replaces a range of a file. An empty range inserts.
type Edit struct {
	Range   source.Range
	NewText string
}
