package backend

import (
	"io/fs"
	"strings"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/source"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// Source is what a backend reads.
type Source struct {
	FS fs.FS // what may be read: the files and what they refer to
	// Paths of the files, slash paths within FS, in the order in which their user
	// named them.
	Paths []string
	// Files are the same files, read already.
	Files []*source.File
	// Root is the folder within FS that paths in the app are relative to: the origins
	// of configs, the contexts of builds.
	Root string
	// Variables are values that the user gives for variables of the files; over what
	// the files' own means (an .env file, a var file) say.
	Variables map[string]string
	// VariableFiles are files of values in the platform's own form.
	VariableFiles []string
	// Bake puts the values of variables into the app. Otherwise they stay open: the
	// reader gives an expression for each place and declares the vars.
	Bake bool
	// LiftSecrets turns plain values that look like secrets into references.
	LiftSecrets bool
	// Name for an app whose files do not name it: as the user calls it, or after the
	// folder that they are in.
	Name string
	// Folder is the name of the folder that the files are in, for platforms that go by
	// it; empty where the user calls the app by a name. Name is that of a folder above
	// where the nearest one is called after what is in it: deploy, manifests.
	Folder string
}

// Reading is what a backend makes of its files: an app, and what an app cannot hold
// but its spec should keep.
type Reading struct {
	App *ir.App
	// Vars that the spec declares, for variables of the files that stay open.
	Vars ir.Map[Var]
	// Expressions are texts of the spec for places whose value depends on vars:
	// "workloads.web.image" → "nginx:${vars.tag}". The app holds the value that they
	// have with the defaults.
	Expressions map[string]string
	// Comments of the files, by the path that they stand above, without their sign.
	Comments map[string]string
}

// Var is a value that a spec leaves open.
type Var struct {
	Name        string // as the files call it, and as --var gives it to them; empty: the var's own name
	Default     string
	HasDefault  bool
	Description string
}

// NameOr returns the name in the files, which is the var's own where they have none.
func (v Var) NameOr(own string) string {
	if v.Name != "" {
		return v.Name
	}
	return own
}

// Verdict is what a reader does with one field of its platform; its zero value is
// invalid.
type Verdict uint8

// The verdicts.
const (
	Mapped  Verdict = iota + 1 // becomes facts of the app
	Carried                    // kept verbatim in the ledger: a debt to the platform
	Ignored                    // has no effect on the app, because…
)

// String returns the verdict in lower case.
func (v Verdict) String() string {
	return [...]string{"invalid", "mapped", "carried", "ignored"}[min(v, Ignored)]
}

// FieldRow says what a reader does with one field of its platform's own types.
type FieldRow struct {
	Field   string // as the platform's files say it: services.cpu_shares, PodSpec.hostAliases
	Verdict Verdict
	// Because says for mapped fields what they become, for the others why.
	Because string
}

// Positions is the Locator of an app that was read from files of a platform: where
// each path came from.
type Positions map[string]source.Range

// Locate implements ir.Locator: the path itself, or the nearest above it.
func (p Positions) Locate(path string) (source.Range, bool) {
	for path != "" {
		if r, ok := p[path]; ok {
			return r, true
		}
		path = holder(path)
	}
	return source.Range{}, false
}

// holder returns the path of what holds a thing, as it is written: an element's list,
// a key's mapping; "" for what nothing holds.
func holder(path string) string {
	segments := ir.SplitPath(path)
	last := segments[len(segments)-1]
	if rest, ok := strings.CutSuffix(path, "."+last); ok {
		return rest
	}
	return path[:max(0, strings.LastIndexByte(path[:max(0, len(path)-len(last))], '['))]
}

// Set notes where a path came from. Unknown places are not noted.
func (p Positions) Set(path string, n *tree.Node) {
	if r := n.Range(); !r.IsZero() {
		p[path] = r
	}
}

// Reader turns files of a platform into an app.
type Reader func(Source) (Reading, diag.List)
