package diag

import (
	"encoding/json"
	"io"

	"github.com/decamp-dev/decamp/compiler/source"
)

// The JSON form. Its fields are a promise to other programs: a change of their
// meaning raises jsonVersion. Empty fields are left out; lines and columns count
// from 1, columns in Unicode code points, and an end is exclusive.
const jsonVersion = 1

type jsonReport struct {
	Version     int              `json:"version"`
	Diagnostics []jsonDiagnostic `json:"diagnostics"`
}

type jsonDiagnostic struct {
	Severity string        `json:"severity"`
	Code     Code          `json:"code"`
	Summary  string        `json:"summary"`
	Detail   string        `json:"detail,omitempty"`
	Subject  *jsonRange    `json:"subject,omitempty"`
	Path     string        `json:"path,omitempty"`
	Target   string        `json:"target,omitempty"`
	Related  []jsonRelated `json:"related,omitempty"`
	Fix      *jsonFix      `json:"fix,omitempty"`
	Redact   bool          `json:"redact,omitempty"`
}

type jsonRange struct {
	File  string        `json:"file"`
	Start *jsonPosition `json:"start,omitempty"`
	End   *jsonPosition `json:"end,omitempty"`
}

type jsonPosition struct {
	Line   int32 `json:"line"`
	Column int32 `json:"column"`
}

type jsonRelated struct {
	Range   *jsonRange `json:"range,omitempty"`
	Message string     `json:"message"`
}

type jsonFix struct {
	Message string     `json:"message"`
	Edits   []jsonEdit `json:"edits,omitempty"`
}

type jsonEdit struct {
	Range   *jsonRange `json:"range,omitempty"`
	NewText string     `json:"newText"`
}

func printJSON(w io.Writer, l List, o PrintOptions) error {
	report := jsonReport{Version: jsonVersion, Diagnostics: make([]jsonDiagnostic, 0, len(l))}
	for _, d := range l {
		report.Diagnostics = append(report.Diagnostics, toJSON(d, o))
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(report)
}

func toJSON(d Diagnostic, o PrintOptions) jsonDiagnostic {
	out := jsonDiagnostic{
		Severity: d.Severity.String(),
		Code:     d.Code,
		Summary:  d.Summary,
		Detail:   d.Detail,
		Subject:  toJSONRange(d.Subject, o),
		Path:     d.Path,
		Target:   d.Target,
		Redact:   d.Redact,
	}
	for _, related := range d.Related {
		out.Related = append(out.Related, jsonRelated{Range: toJSONRange(related.Range, o), Message: related.Message})
	}
	if d.Fix != nil {
		out.Fix = &jsonFix{Message: d.Fix.Message}
		for _, edit := range d.Fix.Edits {
			out.Fix.Edits = append(out.Fix.Edits, jsonEdit{Range: toJSONRange(edit.Range, o), NewText: edit.NewText})
		}
	}
	return out
}

func toJSONRange(r source.Range, o PrintOptions) *jsonRange {
	if r.IsZero() {
		return nil
	}
	return &jsonRange{
		File:  o.fileName(r.Name()),
		Start: toJSONPosition(r.Start),
		End:   toJSONPosition(r.End),
	}
}

func toJSONPosition(p source.Pos) *jsonPosition {
	if p.IsZero() {
		return nil
	}
	return &jsonPosition{Line: p.Line, Column: p.Column}
}
