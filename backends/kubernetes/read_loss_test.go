package kubernetes

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/decamp-dev/decamp/compiler/backend/backendtest"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/source"
	"github.com/decamp-dev/decamp/compiler/spec"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// lossExemptions are values of files that may change without a word.
var lossExemptions = []backendtest.SourceExemption{}

// TestNothingIsLostInSilence changes the values of real files, one after the other.
func TestNothingIsLostInSilence(t *testing.T) {
	folder := corpus(t)
	total := backendtest.LossCount{}
	_ = filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
		if ending := filepath.Ext(path); err != nil || d.IsDir() || ending != ".yaml" && ending != ".yml" && ending != ".json" {
			return nil
		}
		name, _ := filepath.Rel(folder, path)
		list, count := backendtest.SourceLoss(New(), backendtest.Sources{FS: os.DirFS(folder), Paths: []string{name}, Name: "app"},
			backendtest.LossOptions{Most: 12, Exemptions: lossExemptions})
		total.Add(count[0])
		for _, v := range list {
			t.Error(v)
		}
		return nil
	})
	t.Logf("%+v", total)
}

// specOf prints an app as a spec and reads that again.
func specOf(t testing.TB, r *sourceReader) (*ir.App, []byte) {
	printed, list := spec.Print(r.app, spec.Extras{Comments: r.comments})
	if list.HasErrors() {
		t.Fatalf("the app cannot be printed: %v", list)
	}
	document, list := spec.Parse(source.NewFile("decamp.yaml", printed.Text), tree.Limits{})
	if document == nil || list.HasErrors() {
		t.Fatalf("the spec cannot be parsed: %v\n%s", list, printed.Text)
	}
	files := fstest.MapFS{}
	for _, f := range printed.Files {
		files[f.Path] = &fstest.MapFile{Data: f.Data}
	}
	app, list := document.Decode(document.Root, spec.Environment{Files: files, Platforms: []string{Name}})
	if list.HasErrors() {
		t.Fatalf("the spec cannot be decoded: %v\n%s", list, printed.Text)
	}
	spec.ResolvePeers(app)
	return app, printed.Text
}

// sameSpec demands that the spec of an app is the app.
func sameSpec(t testing.TB, r *sourceReader) {
	again, text := specOf(t, r)
	want, got := ir.Clone(r.app), ir.Clone(again)
	for _, app := range []*ir.App{want, got} {
		app.Stage = ""
		for i := range app.Configs {
			app.Configs[i].Value.Origin = ""
		}
	}
	if !ir.Equal(want, got) {
		var a, b strings.Builder
		_ = ir.Print(&a, want)
		_ = ir.Print(&b, got)
		t.Errorf("the spec is another app: %s", cmp.Diff(a.String(), b.String()))
		if testing.Verbose() {
			t.Logf("%s", text)
		}
	}
}

// TestSpecOfCorpus prints what was read of every file, and reads it again.
func TestSpecOfCorpus(t *testing.T) {
	folder := corpus(t)
	_ = filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
		if ending := filepath.Ext(path); err != nil || d.IsDir() || ending != ".yaml" && ending != ".yml" && ending != ".json" {
			return nil
		}
		r := newSourceReader(manifests(t, path))
		if r.read() && !r.list.HasErrors() && len(ir.Verify(r.app)) == 0 {
			name, _ := filepath.Rel(folder, path)
			t.Run(name, func(t *testing.T) { sameSpec(t, r) })
		}
		return nil
	})
}

// FuzzRead reads what may be a manifest: never a panic, and what is read can be said
// as a spec that means the same.
func FuzzRead(f *testing.F) {
	for _, name := range []string{"sock-shop/deploy/kubernetes/complete-demo.yaml", "online-boutique/release/kubernetes-manifests.yaml"} {
		if data, err := os.ReadFile(filepath.Join("../../../shared/corpus/k8s", name)); err == nil {
			f.Add(data)
		}
	}
	f.Add([]byte(everything))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := newSourceReader(sources(string(data)))
		if r.read() && !r.list.HasErrors() && len(ir.Verify(r.app)) == 0 {
			sameSpec(t, r)
		}
	})
}
