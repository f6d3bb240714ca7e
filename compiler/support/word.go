package support

import (
	"fmt"
	"strings"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// The codes of what Assess finds.
const (
	CodeDropped      diag.Code = "dropped"
	CodeApproximated diag.Code = "approximated"
	CodeEmulated     diag.Code = "emulated"
	CodeNoRow        diag.Code = "no-row"
)

// Policy is what a team has decided about losses.
type Policy struct {
	// Allow lists codes ("dropped"), kinds ("workload.scale"), paths
	// ("workloads.web.scale") or "all": their losses become notes.
	Allow []string
	// Strict makes approximations errors.
	Strict bool
}

// Diagnostics words an assessment. It is the only place that does: every platform
// says the same loss in the same words.
func Diagnostics(app *ir.App, target string, a Assessment, p Policy) diag.List {
	var list diag.List
	for _, kind := range a.Unknown {
		list = append(list, diag.Diagnostic{
			Severity: diag.Error, Code: CodeNoRow, Target: target,
			Summary: fmt.Sprintf("%s does not say what becomes of %s", target, kind),
			Detail:  "This is a defect of the backend: its table needs a row for this kind of fact.",
		})
	}
	worded := map[wording]diag.Diagnostic{}
	for _, f := range a.Findings {
		key := wording{f.Kind, f.Means, f.Level, f.Class}
		d, known := worded[key]
		if !known {
			d = word(target, f)
			worded[key] = d
		}
		d.Path, d.Subject = f.Path, app.Locate(f.Path)
		judge(&d, app, target, f, p)
		list = append(list, d)
	}
	return list
}

// wording is what the words of a finding depend on. Forty services with the same
// loss share their words.
type wording struct {
	kind, means string
	level       Level
	class       Class
}

func word(target string, f Finding) diag.Diagnostic {
	d := diag.Diagnostic{Target: target}
	switch f.Level {
	case Emulated:
		d.Severity, d.Code = diag.Note, CodeEmulated
		d.Summary = fmt.Sprintf("%s is emulated on %s %s", f.Kind, target, f.Means)
	case Approximated:
		d.Severity, d.Code = diag.Warning, CodeApproximated
		d.Summary = fmt.Sprintf("%s is only approximated on %s", f.Kind, target)
		d.Detail = sentence(f.Means)
	case Dropped:
		d.Severity, d.Code = diag.Error, CodeDropped
		if f.Class == Operation {
			d.Severity = diag.Warning
		}
		d.Summary = fmt.Sprintf("%s cannot be had on %s: %s", f.Kind, target, f.Class)
		d.Detail = sentence(f.Means)
	}
	return d
}

// judge applies what the team has decided: an accepted or allowed loss is a note,
// and under a strict policy an approximation is an error.
func judge(d *diag.Diagnostic, app *ir.App, target string, f Finding, p Policy) {
	if f.Level == Emulated {
		return
	}
	if reason, ok := Accepted(app, target, f.Kind, f.Path); ok {
		d.Severity = diag.Note
		d.Detail = "Accepted: " + sentence(reason) + " " + d.Detail
		return
	}
	if p.Allows(d.Code, f.Kind, f.Path) {
		d.Severity = diag.Note
		return
	}
	if p.Strict && f.Level == Approximated {
		d.Severity = diag.Error
	}
	if d.Severity == diag.Error {
		d.Detail = strings.TrimSpace(fmt.Sprintf("%s To take the loss, give the reason in an accept entry of platform.%s, or compile with --allow-loss %s.", d.Detail, target, f.Kind))
	}
}

// Allows reports whether a loss of that code, kind and place is allowed.
func (p Policy) Allows(code diag.Code, kind, path string) bool {
	for _, a := range p.Allow {
		if a == "all" || a == string(code) || isPrefix(kind, a) || ir.HasPathPrefix(path, a) {
			return true
		}
	}
	return false
}

// Accepted returns the reason for which the spec takes a loss on target: of what is
// at path, or of every fact of that kind.
func Accepted(app *ir.App, target, kind, path string) (string, bool) {
	for _, e := range app.Platform {
		if e.Platform == target && e.Accept != "" && (ir.HasPathPrefix(path, e.On) || isPrefix(kind, e.On)) {
			return e.Accept, true
		}
	}
	return "", false
}

func sentence(s string) string {
	if s == "" || strings.HasSuffix(s, ".") {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:] + "."
}
