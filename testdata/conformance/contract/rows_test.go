package contract

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/decamp-dev/decamp/backends"
	"github.com/decamp-dev/decamp/compiler"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/support"
)

// TestRows holds the rows against the tables without running anything: every chapter is taken by the compiler, every row names
// facts that its app has, and says of each platform whose table states a difference how that is seen.
func TestRows(t *testing.T) {
	names := map[string]bool{}
	for _, c := range Chapters() {
		spec, err := c.spec("../../..")
		if err != nil {
			t.Fatal(err)
		}
		files := fstest.MapFS{"decamp.yaml": {Data: spec}}
		for _, s := range c.Scenes {
			for path, text := range s.Files {
				files[path] = &fstest.MapFile{Data: []byte(text)}
			}
		}
		for _, b := range backends.All().Emitters() {
			request := compiler.Request{FS: files, Path: "decamp.yaml", Targets: []string{b.Name}, Vars: c.Vars, Policy: support.Policy{Allow: []string{"all"}}}
			if c.Stage != "" {
				request.Stages = []string{c.Stage}
			}
			result, list := compiler.Compile(backends.All(), request)
			for _, d := range list {
				if d.Severity == diag.Error {
					t.Errorf("%s on %s: %s: %s %s", c.Name, b.Name, d.Path, d.Summary, d.Detail)
				}
			}
			if list.HasErrors() {
				continue
			}
			for _, s := range c.Scenes {
				for i := range s.Rows {
					row := &s.Rows[i]
					if names[row.Name+b.Name] {
						t.Errorf("two rows are called %s", row.Name)
					}
					names[row.Name+b.Name] = true
					a, err := Assess(result.Apps[0], b.Support, row)
					other, stated := row.Otherwise[b.Name]
					switch {
					case err != nil:
						t.Errorf("%s: %v", row.Name, err)
					case a.Level == support.Approximated && !stated:
						t.Errorf("%s does not say how %s differs: %v", row.Name, b.Name, a.Means)
					case stated && other.Code == "" && a.Level <= support.Emulated:
						t.Errorf("%s says how %s differs, and its table says that it does not", row.Name, b.Name)
					}
				}
			}
		}
	}
	if rows := len(names) / len(backends.All().Emitters()); rows < 80 {
		t.Errorf("the contract has %d rows", rows)
	}
}

// notHere are mistranslations that no row of these platforms can notice, each with its reason.
var notHere = map[int]string{
	38: "selectors are the cluster's own: backends/kubernetes proves them",
	39: "names are made before anything runs: backends/internal/naming proves that none meet",
}

// TestMistranslations demands a row for each of the forty.
func TestMistranslations(t *testing.T) {
	seen := map[int]bool{}
	for _, c := range Chapters() {
		for _, s := range c.Scenes {
			for _, row := range s.Rows {
				for _, n := range row.Atlas {
					seen[n] = true
				}
			}
		}
	}
	for n := 1; n <= 40; n++ {
		if !seen[n] && notHere[n] == "" {
			t.Errorf("no row notices mistranslation %d", n)
		}
	}
}

// TestResults demands that what was observed agrees with the tables, and that the pages say it.
func TestResults(t *testing.T) {
	r := LoadResults("results.json")
	for _, row := range slices.Sorted(maps.Keys(r.Rows)) {
		for platform, outcome := range r.Rows[row] {
			if outcome == Failed {
				t.Errorf("%s on %s contradicts the table", row, platform)
			}
		}
	}
	have, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "conformance.md"))
	if err != nil {
		t.Fatal(err)
	}
	if string(have) != Observed(r) {
		t.Error("docs/conformance.md is stale: make generate")
	}
}
