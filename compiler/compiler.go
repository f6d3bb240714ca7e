// Package compiler turns a spec into the files of platforms. It is the public
// surface of the compiler and knows no platform: those come in as a backend.Set.
//
// README.md beside this file tells the phases in order.
package compiler

import (
	"bytes"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/source"
	"github.com/decamp-dev/decamp/compiler/spec"
	"github.com/decamp-dev/decamp/compiler/support"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// Request is one spec and what is to be made of it.
type Request struct {
	FS           fs.FS  // what may be read: the spec's folder, or more with AllowOutside
	Path         string // of the spec within FS, with slashes: "decamp.yaml"
	Display      string // the spec as its user called it: "examples/shop/decamp.yaml"; empty: Path
	AllowOutside bool   // admits files outside of the spec's folder, within FS

	Targets  []string          // names of backends
	Stages   []string          // empty: every stage of the spec
	Vars     map[string]string // values for vars
	Optimize string            // a list of passes, as backend.SelectPasses reads it
	Formats  map[string]string // target → one of its formats
	Versions map[string]string // target → version of the platform
	Policy   support.Policy    // which losses are taken

	// Folder returns the slash path from the folder of a target's artifacts to the
	// spec's folder; the stage is empty where the spec has none. nil: always ".".
	Folder func(stage, target string) string

	// Verify has the platforms' own libraries read what was emitted. The tests do so
	// for every kind of fact; it costs several times the compile itself.
	Verify bool
}

// Output is what one target needs for one stage of one app.
type Output struct {
	App, Stage, Target string
	Artifacts          []backend.Artifact
}

// Result is what a compile made: the apps, one for each stage, and the outputs in the
// order of stages and, within them, of targets.
type Result struct {
	Apps    []*ir.App
	Outputs []Output
}

// Compile makes the files of a spec for each stage and target of the request. The
// outputs are the best that can be made; with errors in the list they are not to be
// used.
func Compile(set backend.Set, r Request) (Result, diag.List) {
	targets, list := selectTargets(set, r)
	apps, found := load(set, r)
	list = append(list, found...)
	result := Result{Apps: apps}
	if list.HasErrors() {
		return result, list.Normalize()
	}
	// One after the other: more emitters at once would hold more memory, and the
	// output of one is soon made.
	for _, app := range apps {
		for _, target := range targets {
			artifacts, found := emit(target, app, r)
			result.Outputs = append(result.Outputs, Output{app.Name, app.Stage, target.Name, artifacts})
			list = append(list, found...)
		}
	}
	return result, list.Normalize()
}

// Validate checks a spec in all stages of the request: its text, its references, and,
// where the request has targets, what they would lose. Nothing is emitted.
func Validate(set backend.Set, r Request) diag.List {
	targets, list := selectTargets(set, r)
	apps, found := load(set, r)
	list = append(list, found...)
	for _, app := range apps {
		for _, target := range targets {
			list = append(list, assess(target, app, r)...)
		}
	}
	return list.Normalize()
}

// Load returns the apps of a spec, one for each stage of the request.
func Load(set backend.Set, r Request) ([]*ir.App, diag.List) {
	apps, list := load(set, r)
	return apps, list.Normalize()
}

// Stages returns the names of the stages of a spec; none when it has none.
func Stages(r Request) ([]string, diag.List) {
	document, list := parse(r)
	if document == nil {
		return nil, list
	}
	return document.Stages(), list
}

// PrintIR writes an app as JSON, in the form that schema/ir.json describes.
func PrintIR(w io.Writer, app *ir.App) error { return ir.Print(w, app) }

func parse(r Request) (*spec.Document, diag.List) {
	data, err := fs.ReadFile(r.FS, r.Path)
	if err != nil {
		return nil, diag.List{{Severity: diag.Error, Code: spec.CodeFileMissing, Summary: "the spec cannot be read: " + display(r),
			Detail: "The system says: " + reason(err) + ". Name another file, or write a first spec with `decamp init`."}}
	}
	return spec.Parse(source.NewFile(display(r), data), tree.Limits{})
}

func reason(err error) string {
	if p, ok := err.(*fs.PathError); ok {
		return p.Err.Error()
	}
	return err.Error()
}

func display(r Request) string {
	if r.Display != "" {
		return r.Display
	}
	return r.Path
}

func load(set backend.Set, r Request) ([]*ir.App, diag.List) {
	document, list := parse(r)
	if document == nil {
		return nil, list
	}
	stages, found := selectStages(document, r)
	list = append(list, found...)
	var apps []*ir.App
	for _, stage := range stages {
		app, found := decode(set, document, r, stage)
		list = append(list, found...)
		apps = append(apps, app)
	}
	return apps, list
}

func decode(set backend.Set, document *spec.Document, r Request, stage string) (*ir.App, diag.List) {
	root, list := document.Stage(stage)
	app, found := document.Decode(root, spec.Environment{
		Files: r.FS, Root: path.Dir(r.Path), AllowOutside: r.AllowOutside, Vars: r.Vars, Stage: stage, Platforms: set.Names(),
	})
	list = append(list, found...)
	spec.ResolvePeers(app)
	return app, append(list, unrelated(Problems(app), list)...)
}

// unrelated leaves out the problems of an app that follow from errors in the text of
// its spec: an image that could not be read is not also missing.
func unrelated(problems, text diag.List) diag.List {
	return slices.DeleteFunc(problems, func(p diag.Diagnostic) bool {
		return slices.ContainsFunc(text, func(e diag.Diagnostic) bool {
			return e.Severity == diag.Error && e.Path != "" && (ir.HasPathPrefix(p.Path, e.Path) || ir.HasPathPrefix(e.Path, p.Path))
		})
	})
}

// Problems returns what ir.Verify finds, as diagnostics with places.
func Problems(app *ir.App) diag.List {
	var list diag.List
	for _, p := range ir.Verify(app) {
		d := diag.Diagnostic{Severity: diag.Error, Code: diag.Code(p.Code), Path: p.Path, Subject: app.Locate(p.Path), Summary: p.Summary, Detail: p.Detail}
		if near := diag.Closest(p.Word, p.Candidates); near != "" {
			d.Detail = strings.TrimSpace(d.Detail + ` Did you mean "` + near + `"?`)
		}
		if p.Other != "" {
			d.Related = append(d.Related, diag.Related{Range: app.Locate(p.Other), Message: p.Other + " is here"})
		}
		list = append(list, d)
	}
	return list
}

func emit(target *backend.Backend, app *ir.App, r Request) ([]backend.Artifact, diag.List) {
	list := assess(target, app, r)
	passes, _ := target.SelectPasses(r.Optimize)
	options := backend.Options{Source: path.Base(r.Path), Version: r.Versions[target.Name], Passes: passes, Format: r.Formats[target.Name], Folder: "."}
	if r.Folder != nil {
		options.Folder = r.Folder(app.Stage, target.Name)
	}
	artifacts, found := target.Emit(app, options)
	for i := range found {
		found[i].Target = target.Name
	}
	list = append(list, found...)
	if target.Check != nil && r.Verify && !found.HasErrors() {
		list = append(list, target.Check(artifacts)...)
	}
	for i := range artifacts {
		artifacts[i].Data = slices.Clip(bytes.Clone(artifacts[i].Data)) // without the room that growing left
	}
	slices.SortStableFunc(artifacts, func(a, b backend.Artifact) int { return strings.Compare(a.Path, b.Path) })
	return artifacts, list
}

// assess computes what a target loses, and names what is said for other platforms
// only.
func assess(target *backend.Backend, app *ir.App, r Request) diag.List {
	assessment := support.Assess(app, target.Support, r.Versions[target.Name])
	list := support.Diagnostics(app, target.Name, assessment, r.Policy)
	return append(list, support.Elsewhere(app, target.Name)...)
}
