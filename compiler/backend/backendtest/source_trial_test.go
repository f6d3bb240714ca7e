package backendtest

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/decamp-dev/decamp/compiler/source"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// SourceLoss finds a value that a view reads over, in that view alone; a refusal of another value is no proof, a finding that
// names the value is, and so is one at its place.
func TestSourceLossFindsWhatIsReadOver(t *testing.T) {
	const file = "kept: one\nlost: two\nword: three\nnamed: four\nplaced: five\nfree: six\n"
	o := LossOptions{
		Views:      []string{"whole", "deaf"},
		Exemptions: []SourceExemption{{Path: "free", Because: "it means nothing"}},
		Others: func(_ *tree.Node, path []string, _ string) []string {
			if path[0] == "word" {
				return []string{"another"} // refused too
			}
			return nil
		},
		Observe: func(s Sources) []Observation {
			data, err := fs.ReadFile(s.FS, "file.yaml")
			if err != nil {
				t.Fatal(err)
			}
			documents, _ := tree.ParseAll(source.NewFile("file.yaml", data), tree.Limits{})
			root := documents[0]
			deaf := Observation{Output: valueOf(root, "kept"), Messages: "named is dropped"}
			if word := root.Get("word"); word != nil && word.Value != "three" {
				deaf = Observation{Refused: true}
			}
			if placed := root.Get("placed"); placed != nil {
				deaf.Losses = []source.Range{placed.Range()}
			}
			return []Observation{{Output: string(data)}, deaf}
		},
	}
	list, counts := SourceLoss(nil, Sources{FS: fstest.MapFS{"file.yaml": {Data: []byte(file)}}, Paths: []string{"file.yaml"}}, o)
	var found []string
	for _, v := range list {
		found = append(found, v.Problem)
	}
	want := []string{`a change of lost ("two") changes nothing and is not reported on deaf`, `a change of word ("three") changes nothing and is not reported on deaf`}
	if len(found) != len(want) || !strings.HasSuffix(found[0], want[0]) || !strings.HasSuffix(found[1], want[1]) {
		t.Errorf("what is read over is %q, not %q", found, want)
	}
	if counts[0] != (LossCount{Leaves: 6}) || counts[1] != (LossCount{Leaves: 6, Silent: 2, Exempt: 1}) {
		t.Errorf("the counts are %+v", counts)
	}
}

func valueOf(n *tree.Node, key string) string {
	if member := n.Get(key); member != nil {
		return member.Value
	}
	return ""
}
