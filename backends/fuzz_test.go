package backends_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/decamp-dev/decamp/backends"
	"github.com/decamp-dev/decamp/compiler"
	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/support"
)

// seeds adds every spec of the repository, good and bad, to a corpus.
func seeds(f *testing.F) {
	f.Helper()
	for _, pattern := range []string{"../examples/*/decamp.yaml", "../testdata/apps/*/decamp.yaml", "../testdata/errors/*.yaml"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			f.Fatalf("no seeds at %s: %v", pattern, err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(text)
		}
	}
}

// fuzzRequest lets a spec refer to a few files, so that mutations of real specs get
// beyond missing files.
func fuzzRequest(text []byte, targets []string) compiler.Request {
	files := fstest.MapFS{"decamp.yaml": {Data: text}, "config/web.yaml": {Data: []byte("a: $1\n")}, "config/web.env": {Data: []byte("A=b\n")}}
	return compiler.Request{FS: files, Path: "decamp.yaml", Targets: targets, Verify: true, Policy: support.Policy{Allow: []string{"all"}}}
}

// FuzzParse: reading a spec never fails but by findings, and says the same twice.
func FuzzParse(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		apps, list := compiler.Load(backend.Set{}, fuzzRequest(text, nil))
		again, listAgain := compiler.Load(backend.Set{}, fuzzRequest(text, nil))
		if diff := cmp.Diff(list, listAgain); diff != "" {
			t.Fatalf("two readings find different things:\n%s", diff)
		}
		for i := range apps {
			var first, second bytes.Buffer
			if compiler.PrintIR(&first, apps[i]) != nil || compiler.PrintIR(&second, again[i]) != nil {
				t.Fatal("an app cannot be printed")
			}
			if !bytes.Equal(first.Bytes(), second.Bytes()) {
				t.Fatal("two readings give different apps")
			}
		}
	})
}

// FuzzCompile: every target takes every app without problems, emits the same bytes
// twice, and the platform's own library accepts what comes without errors.
func FuzzCompile(f *testing.F) {
	seeds(f)
	set := backends.All()
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 1<<15 {
			return // large inputs have tests of their own
		}
		for _, b := range set.Emitters() {
			result, list := compiler.Compile(set, fuzzRequest(text, []string{b.Name}))
			again, _ := compiler.Compile(set, fuzzRequest(text, []string{b.Name}))
			if diff := cmp.Diff(result.Outputs, again.Outputs); diff != "" {
				t.Fatalf("two compiles for %s give different files:\n%s", b.Name, diff)
			}
			for _, d := range list {
				if d.Code == "check" || d.Code == support.CodeNoRow {
					t.Fatalf("%s refuses what was emitted for it: %v", b.Name, d)
				}
			}
		}
	})
}
