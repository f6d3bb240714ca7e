package compiler_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/decamp-dev/decamp/compiler"
	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/backend/backendtest"
	"github.com/decamp-dev/decamp/compiler/diag"
)

var expectation = regexp.MustCompile(`# ERROR ([a-z -]+)`)

// Each file of testdata/errors says on the line of a mistake which codes stand there;
// no other code may be found, and none may be missed.
func TestErrors(t *testing.T) {
	files, err := filepath.Glob("../testdata/errors/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no error cases: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			want := map[int][]string{}
			for i, line := range strings.Split(string(text), "\n") {
				if m := expectation.FindStringSubmatch(line); m != nil {
					want[i+1] = strings.Fields(m[1])
				}
			}
			have := map[int][]string{}
			for _, d := range findings(filepath.Dir(file), filepath.Base(file)) {
				line := int(d.Subject.Start.Line)
				if !slices.Contains(have[line], string(d.Code)) {
					have[line] = append(have[line], string(d.Code))
				}
			}
			for _, codes := range []map[int][]string{want, have} {
				for line := range codes {
					slices.Sort(codes[line])
				}
			}
			if diff := cmp.Diff(want, have); diff != "" {
				t.Errorf("codes by line (-want +have):\n%s", diff)
			}
		})
	}
}

// findings returns what validation finds, first in the text, then, when that has no
// errors, in the app.
func findings(folder, name string) diag.List {
	set := backend.Set{backendtest.Memory(backendtest.Honest)}
	request := compiler.Request{FS: os.DirFS(folder), Path: name}
	return compiler.Validate(set, request)
}

// No message about a secret repeats it, in any form of output.
func TestSecretsAreNotRepeated(t *testing.T) {
	list := findings("../testdata/errors", "secrets.yaml")
	for _, format := range []diag.Format{"text", "json", "sarif", "github"} {
		var b strings.Builder
		if err := diag.Print(&b, list, format, diag.PrintOptions{Width: 100}); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(b.String(), "hunter2") {
			t.Errorf("%s repeats a secret:\n%s", format, b.String())
		}
	}
}

// Each example of the catalogue raises its code.
func TestCatalogueExamples(t *testing.T) {
	for _, e := range compiler.Catalogue(backend.Set{}) {
		if e.Title == "" || e.Doc == "" {
			t.Errorf("%s has no title or no text", e.Code)
		}
		if e.ExampleKind != diag.ExampleSpec {
			continue
		}
		folder := t.TempDir()
		if err := os.WriteFile(filepath.Join(folder, "decamp.yaml"), []byte(e.Example), 0o644); err != nil {
			t.Fatal(err)
		}
		list := compiler.Validate(backend.Set{}, compiler.Request{FS: os.DirFS(folder), Path: "decamp.yaml"})
		if !slices.ContainsFunc(list, func(d diag.Diagnostic) bool { return d.Code == e.Code }) {
			t.Errorf("%s: its example raises %v", e.Code, list)
		}
	}
}
