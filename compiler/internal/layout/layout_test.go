package layout

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFormat(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"indent", "a:\n    b: 1 \n    c:\n        d: 2\n", "a:\n  b: 1\n  c:\n    d: 2\n"},
		{"sequence below its key", "a:\n- 1\n- b: 2\n  c: 3\n", "a:\n  - 1\n  - b: 2\n    c: 3\n"},
		{"wide dashes", "a:\n  -   b: 2\n      c: 3\n", "a:\n  - b: 2\n    c: 3\n"},
		{"nested dashes", "- - 1\n  - 2\n-   - 3\n    - 4\n", "- - 1\n  - 2\n- - 3\n  - 4\n"},
		{"dash on its own line", "a:\n-\n    b: 1\n", "a:\n  -\n    b: 1\n"},
		{"comments move along", "a:\n    # of b\n    b: 1 # beside\n    # of the end\n# of c\nc: 2\n", "a:\n  # of b\n  b: 1 # beside\n  # of the end\n# of c\nc: 2\n"},
		{"alignment stays", "a: {b:   1}\nbb:  2\n", "a: {b:   1}\nbb:  2\n"},
		{"literal", "a:\n    b: |\n        # no comment  \n          x\n\n\n        y\n    c: 1\n", "a:\n  b: |\n    # no comment  \n      x\n\n\n    y\n  c: 1\n"},
		{"flow over lines", "a:\n    b: [1,\n        2]\n    c: 3\n", "a:\n  b: [1,\n      2]\n  c: 3\n"},
		{"folded plain", "a:\n    b: one\n      two\n", "a:\n  b: one\n    two\n"},
		{"empty lines", "\n\na: 1\n\n\n\nb: 2\n\n\n", "a: 1\n\nb: 2\n"},
		{"line ends", "a: 1\r\nb: 2", "a: 1\nb: 2\n"},
		{"anchors", "a: &x\n    b: 1\nc:\n    <<: *x\n    d: *x\n", "a: &x\n  b: 1\nc:\n  <<: *x\n  d: *x\n"},
		{"documents", "a:\n    b: 1\n---\nc:\n    d: 1\n", "a:\n  b: 1\n---\nc:\n  d: 1\n"},
		{"indicator", "a:\n    b: |2\n          x\n", "a:\n  b: |2\n        x\n"},
		{"json", "{\"a\": [1]}", "{\n  \"a\": [\n    1\n  ]\n}\n"},
		{"only a comment", "# nothing\n\n\n", "# nothing\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Format([]byte(c.in))
			if diff := cmp.Diff(c.want, string(got)); diff != "" {
				t.Error("(-want +got)\n" + diff)
			}
			if again := Format(got); string(again) != string(got) {
				t.Error("the second time differs:\n" + cmp.Diff(string(got), string(again)))
			}
		})
	}
}

// What the repository's own specs look like is the common layout.
func TestOwnSpecs(t *testing.T) {
	for _, pattern := range []string{"../../../examples/*/decamp.yaml", "../../../testdata/apps/*/decamp.yaml", "../../../cmd/decamp/internal/cli/starter.yaml"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(text), string(Format(text))); diff != "" {
				t.Errorf("%s: run decamp fmt\n%s", file, diff)
			}
		}
	}
}

// Formatting keeps the meaning, gives the same the second time, and never panics.
func FuzzFormat(f *testing.F) {
	f.Add("a:\n    - b: |2\n          x\n      c: [1,\n 2]\n# d\n")
	f.Add("? a\n: - 1\n")
	f.Add("a: &x {b: 1}\nc: !t *x\n")
	f.Add("\"a\n b\": 'c\n\n d'\n")
	f.Fuzz(func(t *testing.T, text string) {
		before, ok := parse([]byte(text))
		got := Format([]byte(text))
		if !ok {
			return
		}
		after, ok := parse(got)
		if !ok || !same(before, after) {
			t.Errorf("means something else:\n%q\n%q", text, got)
		}
	})
}
