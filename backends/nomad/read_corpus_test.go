package nomad

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/source"
)

// corpus is the folder of real files; tests of it are skipped where it is not there.
func corpus(t testing.TB, name string) fs.FS {
	shared := os.Getenv("SHARED_DIR")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "shared")
	}
	folder := filepath.Join(shared, "corpus", name)
	if _, err := os.Stat(folder); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip("there is no corpus: set SHARED_DIR")
	}
	return os.DirFS(folder)
}

func corpusFiles(t testing.TB, files fs.FS) []string {
	var paths []string
	err := fs.WalkDir(files, ".", func(p string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			paths = append(paths, p)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

func corpusSource(t testing.TB, files fs.FS, name string) backend.Source {
	data, err := fs.ReadFile(files, name)
	if err != nil {
		t.Fatal(err)
	}
	folder, err := fs.Sub(files, path.Dir(name))
	if err != nil {
		t.Fatal(err)
	}
	base := path.Base(name)
	return backend.Source{FS: folder, Paths: []string{base}, Files: []*source.File{source.NewFile(base, data)}, Root: ".", Name: "app"}
}

// TestCorpus reads all real files: each is read to an app that means something, or
// refused with a reason; what is written for it reads as the same app, ledger and all.
func TestCorpus(t *testing.T) {
	files := corpus(t, "nomad")
	count := map[string]int{}
	for _, name := range corpusFiles(t, files) {
		reading, list := Read(corpusSource(t, files, name))
		if list.HasErrors() {
			count["refused"]++
			continue
		}
		if problems := ir.Verify(reading.App); len(problems) > 0 {
			t.Errorf("%s: %s: %s", name, problems[0].Path, problems[0].Summary)
			continue
		}
		if open(reading) {
			count["variables open"]++
			continue
		}
		artifacts, list := Emit(reading.App, options("default"))
		if list.HasErrors() {
			t.Errorf("%s: what was read cannot be written: %v", name, list)
			continue
		}
		s := backend.Source{Root: ".", Name: "app"}
		for _, a := range artifacts {
			s.Paths, s.Files = append(s.Paths, a.Path), append(s.Files, source.NewFile(a.Path, a.Data))
		}
		again, list := Read(s)
		if list.HasErrors() {
			t.Errorf("%s: what was written cannot be read: %v", name, list)
			continue
		}
		if !same(reading.App, again.App) {
			t.Errorf("%s: read, written and read again it is another app:\n%s", name, cmp.Diff(printed(reading.App), printed(again.App)))
		}
		count["read"]++
	}
	t.Log(count)
	if count["read"] < 245 {
		t.Errorf("%v: fewer than before", count)
	}
}

func open(reading backend.Reading) bool {
	for _, v := range reading.Vars {
		if !v.Value.HasDefault {
			return true
		}
	}
	return false
}

func printed(app *ir.App) string {
	var b strings.Builder
	_ = ir.Print(&b, app)
	return b.String()
}

// same compares apps, without the words that the ledger has for people.
func same(a, b *ir.App) bool {
	a, b = ir.Clone(a), ir.Clone(b)
	for _, app := range []*ir.App{a, b} {
		for i := range app.Platform {
			app.Platform[i].Why, app.Platform[i].Exit = "", ""
		}
	}
	return ir.Equal(a, b)
}

// TestPacksAreRefused: nothing of a pack is a job before it is rendered.
func TestPacksAreRefused(t *testing.T) {
	files := corpus(t, "nomad-pack")
	for _, name := range corpusFiles(t, files) {
		if _, list := Read(corpusSource(t, files, name)); !list.HasErrors() {
			t.Errorf("%s is read", name)
		} else if strings.HasSuffix(name, ".nomad.tpl") && codes(list) != string(CodeTemplateSource) {
			t.Errorf("%s: %v", name, list)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(shopJob)
	if files := os.DirFS(filepath.Join("..", "..", "..", "shared", "corpus", "nomad")); files != nil {
		_ = fs.WalkDir(files, ".", func(p string, entry fs.DirEntry, err error) error {
			if err == nil && !entry.IsDir() {
				if data, err := fs.ReadFile(files, p); err == nil && len(data) < 4000 {
					f.Add(string(data))
				}
			}
			return nil
		})
	}
	f.Fuzz(func(t *testing.T, text string) {
		reading, list := Read(sources(map[string]string{"x.nomad.hcl": text}))
		if list.HasErrors() || reading.App == nil || len(ir.Verify(reading.App)) > 0 {
			return
		}
		Emit(reading.App, options("default"))
	})
}
