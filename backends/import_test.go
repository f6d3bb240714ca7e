package backends_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/decamp-dev/decamp/backends"
	"github.com/decamp-dev/decamp/compiler"
	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/backend/backendtest"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/source"
	"github.com/decamp-dev/decamp/compiler/spec"
	"github.com/decamp-dev/decamp/compiler/tree"
	"github.com/decamp-dev/decamp/testdata/corpus"
)

// sameAgain is how many units have to be the same app when what is compiled from them
// is imported; -1 is all. Manifests that decamp writes say some things for Kubernetes'
// sake, and not all of them are told from what their source said. A secret of a file is
// created before a stack, which then only names it.
var sameAgain = map[string]int{"kubernetes": 110, "nomad": -1, "swarm": 19}

// TestImportIsIdempotent imports every unit of the corpus: the spec is laid out as
// decamp fmt would, says the same app, and what is compiled from it for the same
// platform and imported is that app again.
func TestImportIsIdempotent(t *testing.T) {
	root := corpus.Root(t)
	set := backends.All()
	for _, from := range []string{"kubernetes", "nomad", "swarm"} {
		t.Run(from, func(t *testing.T) {
			counts := map[string]int{}
			for _, u := range corpus.Units(t, root, from) {
				request, err := u.Request(root, from)
				if err != nil {
					t.Fatal(err)
				}
				corpus.GiveVariables(set, &request)
				reading, b, list := compiler.Read(set, request)
				if reading.App == nil || list.HasErrors() {
					counts["refused"]++
					continue
				}
				app, problem := throughSpec(set, reading)
				if problem != "" {
					t.Errorf("%s: %s", u.Path, problem)
					continue
				}
				switch problem = throughFiles(b, app); {
				case problem == "":
					counts["the same"]++
				case sameAgain[from] < 0:
					t.Errorf("%s: %s", u.Path, problem)
				default:
					counts["another"]++
					if testing.Verbose() {
						t.Logf("%s: %s", u.Path, problem)
					}
				}
			}
			t.Log(counts)
			if counts["the same"] < sameAgain[from] {
				t.Errorf("fewer are the same than before: %d", sameAgain[from])
			}
		})
	}
}

// throughSpec prints what was read and reads the spec; the problem says in what it is
// not laid out, or another app.
func throughSpec(set backend.Set, reading backend.Reading) (*ir.App, string) {
	printed, list := compiler.Print(reading)
	if list.HasErrors() {
		return nil, "it cannot be printed: " + backendtest.Messages(list)
	}
	text := source.NewFile("decamp.yaml", printed.Text)
	laidOut, list := compiler.Format(text)
	if list.HasErrors() || !bytes.Equal(laidOut, printed.Text) {
		return nil, "fmt changes the spec:\n" + cmp.Diff(string(printed.Text), string(laidOut))
	}
	files, values := fstest.MapFS{}, map[string]string{}
	for _, f := range printed.Files {
		files[f.Path] = &fstest.MapFile{Data: f.Data}
	}
	for _, v := range reading.Vars {
		if !v.Value.HasDefault {
			values[v.Key] = ""
		}
	}
	document, list := spec.Parse(text, tree.Limits{})
	if document == nil {
		return nil, "the spec cannot be read: " + backendtest.Messages(list)
	}
	app, found := document.Decode(document.Root, spec.Environment{Files: files, Vars: values, Platforms: set.Names()})
	spec.ResolvePeers(app)
	if list = append(list, found...); list.HasErrors() {
		return nil, "the spec has errors: " + backendtest.Messages(list)
	}
	if a, b := told(reading.App), told(app); a != b {
		return nil, "the spec is another app:\n" + cmp.Diff(a, b)
	}
	return app, ""
}

// throughFiles writes an app as a platform's files and reads those.
func throughFiles(b *backend.Backend, app *ir.App) string {
	passes, _ := b.SelectPasses("default")
	artifacts, list := b.Emit(app, backend.Options{Passes: passes})
	if list.HasErrors() {
		return "it cannot be written: " + backendtest.Messages(list)
	}
	files, paths := fstest.MapFS{}, []string{}
	for _, a := range artifacts {
		files[a.Path] = &fstest.MapFile{Data: a.Data}
		if !a.Unmarked {
			paths = append(paths, a.Path)
		}
	}
	again, list := backendtest.Sources{FS: files, Paths: paths, Name: app.Name}.Read(b)
	if list.HasErrors() || again.App == nil {
		return "what was written cannot be read: " + backendtest.Messages(list)
	}
	if a, b := told(app), told(again.App); a != b {
		return "what was written is another app:\n" + cmp.Diff(a, b)
	}
	return ""
}

// told writes an app without what is no fact of it: where contents came from, and the
// words that the ledger has for people.
func told(app *ir.App) string {
	app = ir.Clone(app)
	app.Stage = ""
	for i := range app.Configs {
		app.Configs[i].Value.Origin = ""
	}
	for i := range app.Platform {
		app.Platform[i].Why, app.Platform[i].Exit, app.Platform[i].Path = "", "", ""
		inOrder(app.Platform[i].Patch)
		for _, object := range app.Platform[i].Objects {
			inOrder(object)
		}
	}
	for i := range app.Workloads {
		slices.SortFunc(app.Workloads[i].Value.Labels, func(a, b ir.Item[string]) int { return strings.Compare(a.Key, b.Key) })
	}
	slices.SortStableFunc(app.Platform, func(a, b ir.PlatformEntry) int { return strings.Compare(a.On, b.On) })
	var b strings.Builder
	_ = ir.Print(&b, app)
	return b.String()
}

// inOrder sorts the members of maps, which have no order in the ledger.
func inOrder(v *ir.Value) {
	if v == nil {
		return
	}
	slices.SortFunc(v.Members, func(a, b ir.Item[*ir.Value]) int { return strings.Compare(a.Key, b.Key) })
	for _, m := range v.Members {
		inOrder(m.Value)
	}
	for _, item := range v.Items {
		inOrder(item)
	}
}
