package backendtest

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/source"
	"github.com/decamp-dev/decamp/compiler/spec"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// Maximal returns the app that says every kind of fact: testdata/apps/maximal.
func Maximal(t testing.TB) *ir.App {
	t.Helper()
	return Load(t, "testdata/apps/maximal", "prod")
}

// Load returns the app of a spec in a folder of this repository at one stage. The
// platforms that the spec speaks of are taken to be known.
func Load(t testing.TB, folder, stage string) *ir.App {
	t.Helper()
	folder = filepath.Join(root(t), filepath.FromSlash(folder))
	name := filepath.Join(folder, "decamp.yaml")
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	document, list := spec.Parse(source.NewFile(name, text), tree.Limits{})
	if list.HasErrors() {
		t.Fatalf("%s cannot be read: %v", name, list)
	}
	node, found := document.Stage(stage)
	list = append(list, found...)
	app, found := document.Decode(node, spec.Environment{
		Files: os.DirFS(folder), Root: ".", Stage: stage, Platforms: document.Root.Get("platform").Keys(),
	})
	list = append(list, found...)
	for _, d := range list {
		if d.Severity == diag.Error {
			t.Fatalf("%s: %s: %s", name, d.Path, d.Summary)
		}
	}
	spec.ResolvePeers(app)
	for _, p := range ir.Verify(app) {
		t.Fatalf("%s: %s: %s", name, p.Path, p.Summary)
	}
	return app
}

// root returns the folder of the module that the test belongs to.
func root(t testing.TB) string {
	t.Helper()
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder
		}
		parent := filepath.Dir(folder)
		if parent == folder {
			t.Fatal("the test does not run inside of the module")
		}
		folder = parent
	}
}
