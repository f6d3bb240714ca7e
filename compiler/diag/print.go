package diag

import (
	"fmt"
	"io"
	"strings"
)

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
	WorkingDir string // directory, slash-separated, that is cut from the names of files below it; "" cuts nothing
	Version    string // sarif: version of the tool; "" leaves it out
}

// Print writes the findings in a format, sorted and each once. It returns an
// error for an unknown format and when w fails.
func Print(w io.Writer, l List, f Format, o PrintOptions) error {
	l = l.Normalize()
	switch f {
	case Text:
		return printText(w, l, o)
	case JSON:
		return printJSON(w, l, o)
	case SARIF:
		return printSARIF(w, l, o)
	case GitHub:
		return printGitHub(w, l, o)
	}
	return fmt.Errorf("unknown format %q for diagnostics: want text, json, sarif or github", f)
}

// fileName returns the name under which a file is shown.
func (o PrintOptions) fileName(name string) string {
	if o.WorkingDir == "" {
		return name
	}
	if rest, ok := strings.CutPrefix(name, strings.TrimSuffix(o.WorkingDir, "/")+"/"); ok && rest != "" {
		return rest
	}
	return name
}
