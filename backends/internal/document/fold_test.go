package document_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/google/go-cmp/cmp"
	yaml3 "go.yaml.in/yaml/v3"
)

const foldable = `{"name":"shop","services":{
"a":{"image":"a","logging":{"driver":"json-file","options":{"max-size":"10m","max-file":"3"}},"environment":{"A":"1","B":"2","C":"3"}},
"b":{"image":"b","logging":{"driver":"json-file","options":{"max-size":"10m","max-file":"3"}},"environment":{"A":"1","B":"2","C":"3"}},
"c":{"image":"c","logging":{"driver":"json-file","options":{"max-size":"20m","max-file":"3"}},"environment":{"A":"1"}},
"d":{"image":"d","logging":{"driver":"json-file","options":{"max-size":"20m","max-file":"3"}},"environment":{"A":"1"}}}}`

var foldOptions = document.FoldOptions{Paths: []string{"services.*.logging", "services.*.environment", "services.*.logging.options"}}

func TestHoist(t *testing.T) {
	v := fromJSON(t, foldable)
	folded := document.Hoist(v, foldOptions)
	got := printYAML(t, v, document.YAMLOptions{IndentLists: true})
	want := `name: shop
x-logging: &logging
  driver: json-file
  options:
    max-size: 10m
    max-file: "3"
x-logging-2: &logging-2
  driver: json-file
  options:
    max-size: 20m
    max-file: "3"
x-environment: &environment
  A: "1"
  B: "2"
  C: "3"
services:
  a:
    image: a
    logging: *logging
    environment: *environment
  b:
    image: b
    logging: *logging
    environment: *environment
  c:
    image: c
    logging: *logging-2
    environment:
      A: "1"
  d:
    image: d
    logging: *logging-2
    environment:
      A: "1"
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(folded) != 3 || folded[1].Key != "x-logging-2" || folded[2].Name != "environment" ||
		!cmp.Equal(folded[0].Paths, []string{"services.a.logging", "services.b.logging"}) {
		t.Errorf("folded %+v", folded)
	}
	checkSameMeaning(t, fromJSON(t, foldable), got, folded)
	if again := document.Hoist(v, foldOptions); len(again) != 0 {
		t.Errorf("hoists again: %+v", again)
	}
}

func TestFoldAnchors(t *testing.T) {
	v := fromJSON(t, foldable)
	folded := document.FoldAnchors(v, foldOptions)
	got := printYAML(t, v, document.YAMLOptions{})
	checkSameMeaning(t, fromJSON(t, foldable), got, nil)
	if len(folded) != 3 || folded[0].Value.Anchor != "logging" || v.Get("services").Get("b").Get("logging").Alias != "logging" {
		t.Errorf("folded %+v\n%s", folded, got)
	}
}

// checkSameMeaning resolves the aliases with yaml.v3 and compares, apart from
// the hoisted blocks.
func checkSameMeaning(t *testing.T, original *document.Value, text string, hoisted []document.Folded) {
	t.Helper()
	var resolved map[string]any
	if err := yaml3.Unmarshal([]byte(text), &resolved); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	for _, h := range hoisted {
		delete(resolved, h.Key)
	}
	if diff := cmp.Diff(native(original), normal(resolved)); diff != "" {
		t.Fatalf("the meaning changed (-want +got):\n%s\n%s", diff, text)
	}
}

// TestFoldingKeepsTheMeaning folds generated documents.
func TestFoldingKeepsTheMeaning(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var tree func(depth int) *document.Value
	tree = func(depth int) *document.Value {
		if depth == 0 {
			return document.Int(random.Int64N(2))
		}
		m := document.Map()
		for i := range 1 + random.IntN(3) {
			m.Add(fmt.Sprintf("k%d", i), tree(depth-1-random.IntN(depth)))
		}
		return m
	}
	folds := 0
	for range 500 {
		original := document.Map(member("x-k0", document.Null()), member("s", tree(5)), member("t", tree(4)))
		o := document.FoldOptions{Paths: []string{"s.*.k0", "*.*", "*.*.*", "s.k1.*.*", "*"}, MinScalars: 1 + random.IntN(3)}
		hoisted, anchored := original.Clone(), original.Clone()
		folded := document.Hoist(hoisted, o)
		folds += len(folded)
		checkSameMeaning(t, original, printYAML(t, hoisted, document.YAMLOptions{}), folded)
		document.FoldAnchors(anchored, o)
		checkSameMeaning(t, original, printYAML(t, anchored, document.YAMLOptions{}), nil)
	}
	if folds < 50 {
		t.Errorf("only %d folds: the test proves too little", folds)
	}
}
