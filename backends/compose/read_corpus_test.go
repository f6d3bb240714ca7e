package compose

import (
	"io/fs"
	"os"
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
	"github.com/decamp-dev/decamp/testdata/corpus"
)

// realFiles returns the Compose files of the corpus of real files: a file system, and
// those that its index lists.
func realFiles(t testing.TB) (fs.FS, []string) {
	t.Helper()
	root := corpus.Root(t)
	folder := os.DirFS(root)
	var paths []string
	for _, u := range corpus.Units(t, root, Name) {
		data, err := fs.ReadFile(folder, u.Path)
		if err == nil && detect(source.NewFile(u.Path, data)) == backend.Sure {
			paths = append(paths, u.Path)
		}
	}
	if len(paths) < 250 {
		t.Fatalf("only %d Compose files in the corpus", len(paths))
	}
	return folder, paths
}

// TestCorpus reads every real file, prints what was read as a spec, and reads that
// again: it is the same app.
func TestCorpus(t *testing.T) {
	folder, paths := realFiles(t)
	counts := map[string]int{}
	for _, name := range paths {
		reading, list := backendtest.Sources{FS: folder, Paths: []string{name}, Name: "app"}.Read(New())
		if reading.App == nil || list.HasErrors() {
			if !list.HasErrors() {
				t.Errorf("%s: no app, and no error", name)
			}
			counts["refused"]++
			t.Logf("refused %s: %s", name, firstError(list))
			continue
		}
		if problems := ir.Verify(reading.App); len(problems) > 0 {
			counts["without sense"]++
			t.Logf("without sense %s: %s: %s", name, problems[0].Path, problems[0].Summary)
			continue
		}
		if len(list) == 0 {
			counts["clean"]++
		} else {
			counts["with findings"]++
		}
		sameSpec(t, name, reading)
	}
	t.Log(counts)
}

func firstError(list diag.List) string {
	for _, d := range list {
		if d.Severity == diag.Error {
			return d.Summary
		}
	}
	return ""
}

// sameSpec demands that the spec of what was read says the same.
func sameSpec(t testing.TB, name string, reading backend.Reading) {
	t.Helper()
	extras := spec.Extras{Comments: reading.Comments, Written: reading.Expressions}
	values := map[string]string{}
	for _, v := range reading.Vars {
		declared := spec.Var{Description: v.Value.Description}
		if text := v.Value.Default; v.Value.HasDefault {
			declared.Default = &text
		} else {
			values[v.Key] = ""
		}
		extras.Vars.Set(v.Key, declared)
	}
	printed, list := spec.Print(reading.App, extras)
	for _, d := range list {
		t.Errorf("%s: %s: %s %s", name, d.Path, d.Summary, d.Detail)
	}
	files := fstest.MapFS{}
	for _, f := range printed.Files {
		files[f.Path] = &fstest.MapFile{Data: f.Data}
	}
	parsed, list := spec.Parse(source.NewFile("decamp.yaml", printed.Text), tree.Limits{})
	if parsed == nil {
		t.Errorf("%s: what was printed cannot be read: %v\n%s", name, list, printed.Text)
		return
	}
	app, found := parsed.Decode(parsed.Root, spec.Environment{Files: files, Vars: values, Platforms: []string{Name, "kubernetes", "nomad", "score"}})
	for _, d := range append(list, found...) {
		if d.Severity == diag.Error {
			t.Errorf("%s: the spec has an error: %s: %s %s\n%s", name, d.Path, d.Summary, d.Detail, printed.Text)
			return
		}
	}
	want, got := described(reading.App), described(app)
	if want != got {
		t.Errorf("%s: the spec says something else:\n%s\n%s", name, cmp.Diff(want, got), printed.Text)
	}
}

func described(app *ir.App) string {
	app = ir.Clone(app)
	for i := range app.Configs {
		app.Configs[i].Value.Origin = ""
	}
	var b strings.Builder
	_ = ir.Print(&b, app)
	return b.String()
}

// TestNothingIsLost changes values of every real file.
func TestNothingIsLost(t *testing.T) {
	folder, paths := realFiles(t)
	var total backendtest.LossCount
	for _, name := range paths {
		list, count := backendtest.SourceLoss(New(), backendtest.Sources{FS: folder, Paths: []string{name}, Name: "app"}, lossOptions())
		for _, v := range list {
			t.Error(v)
		}
		total.Add(count[0])
	}
	t.Logf("%d leaves, %d silent, %d exempt", total.Leaves, total.Silent, total.Exempt)
}

func lossOptions() backendtest.LossOptions {
	return backendtest.LossOptions{
		Most: 12,
		Exemptions: []backendtest.SourceExemption{
			{Path: "services/*/depends_on/*", Because: "a link to the same service says it too"},
			{Path: "services/*/networks/*", Because: "to join the default network alone is what holds when nothing is said"},
			{Path: "include/*/env_file/*", Because: "it gives the values of secrets, which are not read"},
		},
	}
}
