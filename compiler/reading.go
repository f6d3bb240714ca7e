package compiler

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/source"
	"github.com/decamp-dev/decamp/compiler/spec"
	"github.com/decamp-dev/decamp/compiler/support"
)

// CodeCarried is raised for what is kept for the platform that it was read from.
const CodeCarried diag.Code = "carried"

func readingCodes() []diag.Entry {
	return []diag.Entry{
		{Code: CodeUnknownSource, Title: "Files are of no platform that is known", Doc: "Say with --from what they are. Platforms that can be read are listed by `decamp import --help`."},
		{Code: CodeAmbiguousSource, Title: "Files are of several platforms", Doc: "One app is read from the files of one platform. Name the files of one, or say which with --from."},
		{Code: CodeTemplateSource, Title: "A file is a template", Doc: "What a template makes is known only once it has been rendered. Render it, and read what comes out."},
		{Code: CodeNotRead, Title: "A file in a folder was left out", Doc: "A folder may hold files of other programs, and files that the platform's own program takes only where they are named. A file that is named is always read."},
		{Code: CodeCarried, Title: "Something is kept for one platform only", Doc: "The neutral spec has no words for it. It stands as it was in the ledger, under platform, with the reason; other platforms do not get it. The ledger is what the team owes to the platform that it is on."},
	}
}

// Print writes what was read as a spec, with the files beside it.
func Print(reading backend.Reading) (spec.Printed, diag.List) {
	extras := spec.Extras{Comments: reading.Comments, Written: reading.Expressions}
	for _, v := range reading.Vars {
		declared := spec.Var{Description: v.Value.Description}
		if v.Value.HasDefault {
			text := v.Value.Default
			declared.Default = &text
		}
		extras.Vars.Set(v.Key, declared)
	}
	printed, list := spec.Print(reading.App, extras)
	for i := range list {
		list[i].Subject = reading.App.Locate(list[i].Path)
	}
	return printed, list
}

// openVars finds the values that an app cannot be emitted without: one finding for all,
// with all that has to be added to the command.
func openVars(reading backend.Reading) diag.List {
	var names, flags []string
	for _, v := range reading.Vars {
		if !v.Value.HasDefault {
			name := v.Value.NameOr(v.Key)
			names, flags = append(names, name), append(flags, "--var "+name+"=…")
		}
	}
	if names == nil {
		return nil
	}
	path := ir.JoinPath("vars", reading.Vars[slices.IndexFunc(reading.Vars, func(v ir.Item[backend.Var]) bool { return !v.Value.HasDefault })].Key)
	return diag.List{{Severity: diag.Error, Code: spec.CodeMissingVar, Path: path, Subject: reading.App.Locate(path),
		Summary: "variables without a value: " + strings.Join(names, ", "), Detail: "Give them with " + strings.Join(flags, " ") + "."}}
}

// templateSigns are what templates are told by: Helm's and Jinja's, and those of packs.
var templateSigns = []string{"{{", "{%", "[["}

// templates finds files that are templates, which belong to no platform before they
// are rendered.
func templates(files []*source.File) diag.List {
	var list diag.List
	for _, f := range files {
		for _, sign := range templateSigns {
			at := bytes.Index(f.Data, []byte(sign))
			if at < 0 || sign == "[[" && !bytes.Contains(f.Data, []byte("]]")) {
				continue
			}
			list = append(list, diag.Diagnostic{Severity: diag.Error, Code: CodeTemplateSource, Subject: f.Range(at, at+len(sign)), Summary: "the file is a template",
				Detail: "What it makes is known only once it has been rendered. Pipe it into decamp import -, rendered by the program that the template is for."})
			break
		}
	}
	return list
}

// debts notes each entry of the ledger that reading has made.
func debts(app *ir.App, from string) diag.List {
	var list diag.List
	for _, e := range app.Platform {
		if e.Platform == from && e.Accept == "" {
			list = append(list, diag.Diagnostic{Severity: diag.Note, Code: CodeCarried, Target: from, Path: e.Path, Subject: app.Locate(e.Path),
				Summary: fmt.Sprintf("kept in the ledger for %s: %s", from, strings.Join(contents(&e), ", ")), Detail: reasons(&e)})
		}
	}
	return list
}

// left warns of what a target does not get, because it was said to another platform
// in that platform's own words.
func left(app *ir.App, from, target string) diag.List {
	var list diag.List
	for _, e := range app.Platform {
		if e.Platform == from && e.Accept == "" {
			list = append(list, diag.Diagnostic{Severity: diag.Warning, Code: CodeCarried, Target: target, Path: e.Path, Subject: app.Locate(e.Path),
				Summary: fmt.Sprintf("%s does not get what is only %s's: %s", target, from, strings.Join(contents(&e), ", ")), Detail: reasons(&e)})
		}
	}
	return list
}

// spelled adds to each loss of several facts which they are: the words of the files
// that were read are others, and whoever moves looks for every one of them.
func spelled(app *ir.App, list diag.List) diag.List {
	for i := range list {
		d := &list[i]
		if d.Path == "" || d.Code != support.CodeDropped && d.Code != support.CodeApproximated {
			continue
		}
		var facts []string
		ir.Walk(app, func(f *ir.Fact) {
			if below, ok := strings.CutPrefix(f.Path(), d.Path); ok && below != "" && ir.HasPathPrefix(f.Path(), d.Path) {
				facts = append(facts, strings.TrimPrefix(below, "."))
			}
		})
		if len(facts) > contentsShown {
			facts = append(facts[:contentsShown:contentsShown], "…")
		}
		if len(facts) > 0 {
			d.Detail = strings.TrimSpace(d.Detail + " It is about " + strings.Join(facts, ", ") + ".")
		}
	}
	return list
}

func reasons(e *ir.PlatformEntry) string {
	detail := "Why: " + e.Why + "."
	if e.Exit != "" {
		detail += " What to do: " + e.Exit + "."
	}
	return detail
}

const contentsShown = 60

// contents returns the paths of the single values that an entry holds.
func contents(e *ir.PlatformEntry) []string {
	var paths []string
	var visit func(path string, v *ir.Value)
	visit = func(path string, v *ir.Value) {
		switch {
		case v.Kind == ir.MapValue && len(v.Members) > 0:
			for _, m := range v.Members {
				visit(ir.JoinPath(path, m.Key), m.Value)
			}
		case v.Kind == ir.ListValue && len(v.Items) > 0:
			for i, item := range v.Items {
				visit(fmt.Sprintf("%s[%d]", path, i), item)
			}
		default:
			paths = append(paths, path)
		}
	}
	if e.Patch != nil {
		visit("", e.Patch)
	}
	for i, o := range e.Objects {
		if len(e.Objects) == 1 {
			visit("", o)
		} else {
			visit(fmt.Sprintf("objects[%d]", i), o)
		}
	}
	if len(paths) > contentsShown {
		more := len(paths) - contentsShown
		paths = append(paths[:contentsShown:contentsShown], fmt.Sprintf("and %d more", more))
	}
	return paths
}

// plainSecrets finds variables that look like secrets and have plain values: a
// warning for each, without the value, or with lift a reference to a secret in its
// place.
func plainSecrets(reading *backend.Reading, lift bool) diag.List {
	var list diag.List
	app := reading.App
	for i := range app.Workloads {
		name := app.Workloads[i].Key
		ir.EachContainer(&app.Workloads[i].Value, ir.JoinPath("workloads", name), func(at, _ string, _ ir.Role, c *ir.Container) {
			for j := range c.Env {
				v := &c.Env[j]
				path := ir.JoinPath(at+".env", v.Key)
				value, plain := v.Value.Plain()
				if !plain || !spec.LooksSecret(v.Key, value) {
					continue // a var without a default has no value here
				}
				d := diag.Diagnostic{Severity: diag.Warning, Code: spec.CodePlainSecret, Path: path, Subject: app.Locate(path), Redact: true,
					Summary: "a variable looks like a secret and has a plain value",
					Detail:  "It stands in every file that is made from this one. --lift-secrets makes a reference of it, and the secret is then given apart."}
				if lift {
					secret := liftedName(app, name, v.Key)
					v.Value = ir.Text{{Ref: ir.Ref{Kind: ir.RefSecret, Name: secret}}}
					delete(reading.Expressions, path)
					app.Secrets.Set(secret, ir.Secret{Description: "value of " + v.Key + " in " + name})
					d.Severity, d.Code = diag.Note, "secret-needed"
					d.Summary = fmt.Sprintf("secret %s has to be created, with the value of %s", secret, v.Key)
					d.Detail = "The value stands in the file that was read. Whoever could read that file knows it: better give the secret a new one."
				}
				list = append(list, d)
			}
		})
	}
	return list
}

// liftedName returns a name that no secret of the app has.
func liftedName(app *ir.App, workload, variable string) string {
	label := strings.Trim(strings.ToLower(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, variable)), "-")
	for _, name := range []string{label, workload + "-" + label} {
		if ir.IsName(name) && !app.Secrets.Has(name) {
			return name
		}
	}
	for n := 2; ; n++ {
		name := fmt.Sprintf("secret-%d", n)
		if !slices.Contains(app.Secrets.Keys(), name) {
			return name
		}
	}
}
