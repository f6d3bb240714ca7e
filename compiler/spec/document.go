package spec

import (
	"fmt"
	"io/fs"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/source"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// Version is the version of the language that this package reads and writes.
const Version = "v1"

// Document is a parsed spec.
type Document struct {
	Root *tree.Node // the mapping at the top
	File *source.File
}

// Parse reads a spec. It checks that the text is YAML or JSON, holds one mapping and
// is of this version of the language; what the mapping says is checked by Decode.
// The document is nil when nothing can be made of the text.
func Parse(f *source.File, limits tree.Limits) (*Document, diag.List) {
	root, list := tree.Parse(f, limits)
	if list.HasErrors() {
		return nil, list
	}
	if root.Kind != tree.Mapping {
		what := "the file is empty"
		if !root.IsNull() {
			what = fmt.Sprintf("the file holds a %s, and a spec is a mapping", root.Kind)
		}
		return nil, append(list, diag.Diagnostic{
			Severity: diag.Error, Code: CodeWrongType, Subject: root.Range(), Summary: what,
			Detail: "A spec begins with `decamp: v1` and `name:`. `decamp init` writes one to start from.",
		})
	}
	if d, ok := checkVersion(root); !ok {
		return nil, append(list, d)
	}
	return &Document{Root: root, File: f}, list
}

func checkVersion(root *tree.Node) (diag.Diagnostic, bool) {
	d := diag.Diagnostic{Severity: diag.Error, Code: CodeVersion, Path: "decamp", Subject: root.Range()}
	version := root.Get("decamp")
	switch {
	case version == nil && looksForeign(root) != "":
		d.Summary = "this is no decamp spec: it looks like a file of " + looksForeign(root)
		d.Detail = "A spec begins with `decamp: v1`. `decamp import` turns files of other platforms into one."
	case version == nil:
		d.Summary = "the spec does not say its version"
		d.Detail = "Begin the file with `decamp: v1`."
	case version.Value != Version:
		d.Subject = version.Range()
		d.Summary = fmt.Sprintf("version %q of the spec is not known here", version.Value)
		d.Detail = "This decamp reads `decamp: v1`."
	default:
		return diag.Diagnostic{}, true
	}
	return d, false
}

// looksForeign guesses what a mapping without version is, in words that name the
// keys rather than a platform.
func looksForeign(root *tree.Node) string {
	switch {
	case root.Get("services") != nil:
		return "another tool (it has services:)"
	case root.Get("apiVersion") != nil && root.Get("kind") != nil:
		return "another tool (it has apiVersion: and kind:)"
	case root.Get("job") != nil || root.Get("Job") != nil:
		return "another tool (it has a job at the top)"
	}
	return ""
}

// Environment is what decoding may know besides the document.
type Environment struct {
	Files fs.FS  // for configs and env files; nil: there are none
	Root  string // folder of the spec within Files, "." for the top
	// AllowOutside admits files outside of Root.
	AllowOutside bool
	Vars         map[string]string // values given from outside
	Stage        string            // to decode; empty when the spec has none
	// Platforms are the names that the platform section may use.
	Platforms []string
}
