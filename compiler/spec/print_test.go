package spec_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

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
	count := 0
	b := &backend.Backend{Name: "printed", Emit: func(app *ir.App, _ backend.Options) ([]backend.Artifact, diag.List) {
		count++
		if !t.Failed() {
			checkPrint(t, app)
		}
		return nil, nil
	}}
	backendtest.Mutations(b, app, backendtest.Defaults(b))
	if count < 500 {
		t.Errorf("only %d apps were printed", count)
	}
}

// checkPrint holds an app against what is printed of it.
func checkPrint(t *testing.T, app *ir.App) {
	t.Helper()
	printed, list := spec.Print(app, spec.Extras{})
	if len(list) > 0 {
		t.Errorf("a spec cannot say %v\n%s", list, printed.Text)
		return
	}
	back, list := decoded(t, printed)
	if list.HasErrors() {
		t.Errorf("the spec cannot be read: %v\n%s", list, printed.Text)
		return
	}
	want := ir.Clone(app)
	want.Stage = ""
	for _, a := range []*ir.App{want, back} {
		for i := range a.Configs {
			a.Configs[i].Value.Origin = ""
		}
	}
	if !ir.Equal(want, back) {
		t.Errorf("the app is another (-want +have):\n%s\n%s", cmp.Diff(printedIR(t, want), printedIR(t, back)), printed.Text)
	}
	back, _ = decoded(t, printed)
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

// What is printed of the apps of this repository is what a person would have written.
func TestPrintGolden(t *testing.T) {
	for name, app := range map[string]*ir.App{
		"shop":    backendtest.Load(t, "examples/shop", "prod"),
		"maximal": backendtest.Maximal(t),
	} {
		printed, list := spec.Print(app, spec.Extras{})
		if len(list) > 0 {
			t.Fatal(list)
		}
		checkGolden(t, "testdata/print/"+name+".golden", printed.Text)
	}
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
