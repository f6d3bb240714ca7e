package tree

import (
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/source"
)

func FuzzParse(f *testing.F) {
	for _, entry := range diag.Catalogue() {
		if entry.ExampleKind == diag.ExampleYAML {
			f.Add("f.yaml", entry.Example)
		}
	}
	for _, seed := range []string{
		"", "# c\n", "a: 1\r\nb: [x, 'y', \"z\\n\"]\r\n", "a: &x {b: c}\nd: {<<: *x, e: f}\n",
		"- |\n  x\n- >2-\n   y\n  z\n", "? a\n: b\n", "a: !t &x\nb: *x\n", "[a: b, {c}]", "a: x\u2028y\u0085b: 1\n",
		"--- a\n...\n--- b\n", "é: 日本\n", "{\"a\": [1, \"\\ud83d\\ude00\"]}", "a:\n\tb", "a: \"x\ny: \"z\"", "%TAG ! x\n---\n!a b",
	} {
		f.Add("f.yaml", seed)
		f.Add("f.json", seed)
	}
	f.Fuzz(func(t *testing.T, name, text string) {
		limits := Limits{Bytes: 1 << 16, Depth: 50, Nodes: 10_000}
		file := source.NewFile(name, []byte(text))
		documents, list := ParseAll(file, limits)
		again, listAgain := ParseAll(source.NewFile(name, []byte(text)), limits)
		if diff := cmp.Diff(documents, again); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(list, listAgain); diff != "" {
			t.Error(diff)
		}
		for _, finding := range list {
			if finding.Severity != diag.Error || finding.Summary == "" || finding.Subject.File != file {
				t.Errorf("incomplete finding: %+v", finding)
			}
			if _, ok := diag.Explain(finding.Code); !ok {
				t.Errorf("the code %q is not in the catalogue", finding.Code)
			}
			if !finding.Subject.Start.IsZero() {
				checkPlace(t, finding.Subject)
			}
			for _, related := range finding.Related {
				checkPlace(t, related.Range)
			}
		}
		checked := make(map[*Node]bool)
		for _, document := range documents {
			checkNode(t, document, checked)
		}
	})
}

func checkNode(t *testing.T, n *Node, checked map[*Node]bool) {
	if checked[n] {
		return
	}
	checked[n] = true
	if n.Kind < Null || n.Kind > Mapping {
		t.Errorf("invalid kind %d", n.Kind)
	}
	checkPlace(t, n.Range())
	for _, item := range n.Items {
		checkNode(t, item, checked)
	}
	keys := make(map[string]bool)
	for _, pair := range n.Pairs {
		if keys[pair.Key.Value] || !pair.Key.Kind.IsScalar() {
			t.Errorf("%s: bad key %q", pair.Key.Range(), pair.Key.Value)
		}
		keys[pair.Key.Value] = true
		checkNode(t, pair.Key, checked)
		checkNode(t, pair.Value, checked)
	}
}

// checkPlace demands that a range lies within its file.
func checkPlace(t *testing.T, r source.Range) {
	t.Helper()
	if r.File == nil || source.ComparePos(r.Start, r.End) > 0 {
		t.Errorf("bad range %s to %v", r, r.End)
		return
	}
	for _, pos := range [...]source.Pos{r.Start, r.End} {
		line := r.File.Line(int(pos.Line))
		if pos.Line < 1 || int(pos.Line) > r.File.LineCount() || pos.Column < 1 || int(pos.Column) > utf8.RuneCountInString(line)+2 {
			t.Errorf("%v lies outside of the file, in %q", pos, line)
		}
	}
}
