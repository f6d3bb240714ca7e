package spec_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/decamp-dev/decamp/compiler/source"
	"github.com/decamp-dev/decamp/compiler/spec"
	"github.com/decamp-dev/decamp/compiler/tree"
)

var update = flag.Bool("update", false, "write the goldens anew")

// Each file of testdata/format is laid out as its golden says.
func TestFormatGolden(t *testing.T) {
	for _, name := range glob(t, "testdata/format/*.yaml") {
		golden := strings.TrimSuffix(name, ".yaml") + ".golden"
		have := formatted(t, name, read(t, name))
		if *update {
			if err := os.WriteFile(golden, have, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(string(read(t, golden)), string(have)); diff != "" {
			t.Errorf("%s (-want +have):\n%s", name, diff)
		}
	}
}

// Specs of this repository mean the same when they are laid out, and keep their
// comments; laid out again they stay as they are.
func TestFormatKeepsMeaning(t *testing.T) {
	for _, pattern := range []string{"../../examples/*/decamp.yaml", "../../testdata/apps/*/decamp.yaml", "../../testdata/errors/*.yaml", "testdata/format/*.yaml"} {
		for _, name := range glob(t, pattern) {
			checkFormat(t, name, read(t, name))
		}
	}
}

func FuzzFormat(f *testing.F) {
	for _, pattern := range []string{"../../examples/*/decamp.yaml", "../../testdata/apps/*/decamp.yaml", "../../testdata/errors/*.yaml", "testdata/format/*.yaml"} {
		for _, name := range glob(f, pattern) {
			f.Add(read(f, name))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) { checkFormat(t, "fuzz.yaml", data) })
}

// checkFormat holds a text against its layout.
func checkFormat(t *testing.T, name string, data []byte) {
	t.Helper()
	before, list := tree.Parse(source.NewFile(name, data), tree.Limits{})
	if list.HasErrors() {
		return
	}
	once, list := spec.Format(source.NewFile(name, data))
	if list.HasErrors() {
		if string(once) != string(data) {
			t.Errorf("%s: a text with errors is changed", name)
		}
		if list[0].Code == spec.CodeNotFormatted {
			t.Logf("%s: %v", name, list)
		}
		return
	}
	after, list := tree.Parse(source.NewFile(name, once), tree.Limits{})
	if list.HasErrors() {
		t.Fatalf("%s: the layout cannot be read: %v\n%s", name, list, once)
	}
	if !sameValues(before, after) {
		t.Errorf("%s: the layout means something else:\n%s", name, once)
	}
	for line := range strings.SplitSeq(string(data), "\n") {
		if i := strings.Index(line, "# "); i == 0 && !strings.Contains(string(once), strings.TrimSpace(line)) {
			t.Errorf("%s: the comment %q is lost:\n%s", name, line, once)
		}
	}
	twice, list := spec.Format(source.NewFile(name, once))
	if list.HasErrors() || string(once) != string(twice) {
		t.Errorf("%s: laid out again it is another, %v:\n%s", name, list, cmp.Diff(string(once), string(twice)))
	}
	if !strings.HasSuffix(string(once), "\n") || strings.Contains(string(once), "\r") {
		t.Errorf("%s: ends of lines:\n%q", name, once)
	}
}

func sameValues(a, b *tree.Node) bool {
	if a.Kind != b.Kind || a.Kind != tree.Null && a.Value != b.Value || a.Tag != b.Tag || len(a.Pairs) != len(b.Pairs) || len(a.Items) != len(b.Items) {
		return false
	}
	for i := range a.Pairs {
		if !sameValues(a.Pairs[i].Key, b.Pairs[i].Key) || !sameValues(a.Pairs[i].Value, b.Pairs[i].Value) {
			return false
		}
	}
	for i := range a.Items {
		if !sameValues(a.Items[i], b.Items[i]) {
			return false
		}
	}
	return true
}

func formatted(t *testing.T, name string, data []byte) []byte {
	t.Helper()
	text, list := spec.Format(source.NewFile(name, data))
	if len(list) > 0 {
		t.Fatalf("%s: %v", name, list)
	}
	return text
}

func glob(t testing.TB, pattern string) []string {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func read(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
