package spec_test

import (
	"hash/fnv"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/backend/backendtest"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/source"
	"github.com/decamp-dev/decamp/compiler/spec"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// Every stage of every spec of this repository is the same app when it is printed and
// read again.
func TestPrintRoundTrip(t *testing.T) {
	for _, pattern := range []string{"../../examples/*/decamp.yaml", "../../testdata/apps/*/decamp.yaml"} {
		for _, name := range glob(t, pattern) {
			document, _ := spec.Parse(source.NewFile(name, read(t, name)), tree.Limits{})
			stages := document.Stages()
			if stages == nil {
				stages = []string{""}
			}
			for _, stage := range stages {
				t.Run(filepath.Base(filepath.Dir(name))+"/"+stage, func(t *testing.T) {
					folder, _ := filepath.Rel("../..", filepath.Dir(name))
					checkPrint(t, backendtest.Load(t, filepath.ToSlash(folder), stage))
				})
			}
		}
	}
}

// So is every app that one change makes of the app that says everything.
func TestPrintMutations(t *testing.T) {
	app := backendtest.Maximal(t)
	if testing.Short() {
		t.Skip("takes seconds")
	}
	var count atomic.Int64
	all := os.Getenv("DECAMP_TEST_ALL") != "" // else a part of them, always the same
	b := &backend.Backend{Name: "printed", Emit: func(app *ir.App, _ backend.Options) ([]backend.Artifact, diag.List) {
		hash := fnv.New32a()
		_ = ir.Print(hash, app) // a hash takes everything
		switch n := hash.Sum32() % 200; {
		case t.Failed():
		case n == 0 || all:
			checkPrint(t, app)
		case n%5 == 0:
			checkSayable(t, app)
		}
		count.Add(1)
		return nil, nil
	}}
	backendtest.Mutations(b, app, backendtest.Defaults(b))
	if count.Load() < 500 {
		t.Errorf("only %d apps were printed", count.Load())
	}
}

// checkSayable demands that printing finds nothing lost.
func checkSayable(t *testing.T, app *ir.App) (printed spec.Printed) {
	t.Helper()
	printed, list := spec.Print(app, spec.Extras{})
	if len(list) > 0 {
		back, found := decoded(t, printed)
		t.Errorf("a spec cannot say %v, %v (-want +have):\n%s", list, found, cmp.Diff(spec.Sayable(app), spec.Sayable(back), cmpopts.IgnoreFields(ir.App{}, "Locator")))
	}
	return printed
}

// checkPrint holds an app against what is printed of it.
func checkPrint(t *testing.T, app *ir.App) {
	t.Helper()
	printed := checkSayable(t, app)
	back, list := decoded(t, printed)
	if list.HasErrors() {
		t.Errorf("the spec cannot be read: %v\n%s", list, printed.Text)
		return
	}
	want, read := spec.Sayable(app), spec.Sayable(back)
	if !ir.Equal(want, read) {
		t.Errorf("the app is another (-want +have):\n%s\n%s", cmp.Diff(printedIR(t, want), printedIR(t, read)), printed.Text)
	}
	again, _ := spec.Print(back, spec.Extras{})
	if diff := cmp.Diff(printed, again, cmp.Transformer("text", func(b []byte) string { return string(b) })); diff != "" {
		t.Errorf("printed again it is another (-first +second):\n%s", diff)
	}
	if text := formatted(t, "decamp.yaml", printed.Text); string(text) != string(printed.Text) {
		t.Errorf("fmt changes what is printed:\n%s", cmp.Diff(string(printed.Text), string(text)))
	}
}

func decoded(t *testing.T, p spec.Printed) (*ir.App, diag.List) {
	t.Helper()
	files := fstest.MapFS{}
	for _, f := range p.Files {
		files[f.Path] = &fstest.MapFile{Data: f.Data}
	}
	document, list := spec.Parse(source.NewFile("decamp.yaml", p.Text), tree.Limits{})
	if document == nil {
		t.Fatalf("the spec cannot be read: %v\n%s", list, p.Text)
	}
	app, list := document.Decode(document.Root, spec.Environment{Files: files})
	spec.ResolvePeers(app)
	return app, list
}

func printedIR(t *testing.T, app *ir.App) string {
	t.Helper()
	var b strings.Builder
	if err := ir.Print(&b, app); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// What is printed is what a person would have written.
func TestPrintGolden(t *testing.T) {
	document, list := spec.Parse(source.NewFile("shop.yaml", read(t, "testdata/print/shop.yaml")), tree.Limits{})
	if list.HasErrors() {
		t.Fatal(list)
	}
	root, _ := document.Stage("prod")
	app, list := document.Decode(root, spec.Environment{Stage: "prod", Files: fstest.MapFS{"config/web.yaml": {Data: []byte("a: b\n")}}})
	if list.HasErrors() {
		t.Fatal(list)
	}
	spec.ResolvePeers(app)
	printed, list := spec.Print(app, spec.Extras{})
	if len(list) > 0 {
		t.Fatal(list)
	}
	checkGolden(t, "testdata/print/shop.golden", printed.Text)
}

func checkGolden(t *testing.T, name string, have []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, have, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(string(read(t, name)), string(have)); diff != "" {
		t.Errorf("%s (-want +have):\n%s", name, diff)
	}
}
