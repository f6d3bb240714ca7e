package diag

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/decamp-dev/decamp/compiler/source"
)

// place returns a range within a line of a file.
func place(f *source.File, line, column, endColumn int32) source.Range {
	return source.Range{File: f, Start: source.Pos{Line: line, Column: column}, End: source.Pos{Line: line, Column: endColumn}}
}

func TestSeverity(t *testing.T) {
	var none Severity
	got := fmt.Sprint(none, Error, Warning, Note, Severity(9))
	if want := "invalid error warning note invalid"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestNormalize(t *testing.T) {
	a, b := source.NewFile("a.yaml", nil), source.NewFile("b.yaml", nil)
	ordered := List{
		{Severity: Error, Code: "x", Summary: "no place"},
		{Severity: Error, Code: "x", Summary: "s", Subject: place(a, 1, 1, 2)},
		{Severity: Error, Code: "y", Summary: "s", Subject: place(a, 1, 1, 2)},
		{Severity: Warning, Code: "x", Summary: "s", Subject: place(a, 1, 1, 2), Path: "p"},
		{Severity: Warning, Code: "x", Summary: "s", Subject: place(a, 1, 1, 2), Path: "q"},
		{Severity: Warning, Code: "x", Summary: "s", Subject: place(a, 1, 1, 2), Path: "q", Target: "t"},
		{Severity: Warning, Code: "x", Summary: "s", Subject: place(a, 1, 1, 2), Path: "q", Target: "t", Fix: &Fix{Message: "m"}},
		{Severity: Error, Code: "x", Summary: "s", Subject: place(a, 2, 1, 2)},
		{Severity: Error, Code: "x", Summary: "s", Subject: place(a, 10, 1, 2), Related: []Related{{Message: "r"}}},
		{Severity: Error, Code: "x", Summary: "s", Subject: place(b, 1, 1, 2)},
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		shuffled := slices.Concat(ordered, ordered)
		random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		before := slices.Clone(shuffled)
		if diff := cmp.Diff(ordered, shuffled.Normalize()); diff != "" {
			t.Fatal(diff)
		}
		if diff := cmp.Diff(before, shuffled); diff != "" {
			t.Fatalf("Normalize changed its list: %s", diff)
		}
	}
	if got := (List{}).Normalize(); len(got) != 0 {
		t.Error("an empty list became", got)
	}
}

func TestSummary(t *testing.T) {
	e, w, n := Diagnostic{Severity: Error}, Diagnostic{Severity: Warning}, Diagnostic{Severity: Note}
	for _, test := range []struct {
		list   List
		want   string
		errors bool
	}{
		{nil, "", false},
		{List{n}, "1 note", false},
		{List{e, w, e, w, n, w}, "2 errors, 3 warnings, 1 note", true},
		{List{w, n, n}, "1 warning, 2 notes", false},
	} {
		if got := Summary(test.list); got != test.want || test.list.HasErrors() != test.errors {
			t.Errorf("got %q, %v, want %q, %v", got, test.list.HasErrors(), test.want, test.errors)
		}
	}
}

func TestClosest(t *testing.T) {
	words := []string{"image", "command", "dependsOn", "replicas", "scale", "port", "ports", "env", "min", "max"}
	for word, want := range map[string]string{
		"imgae":      "image",
		"Image":      "image",
		"depends_on": "dependsOn",
		"depends-on": "dependsOn",
		"replica":    "replicas",
		"comand":     "command",
		"prot":       "port",
		"port":       "ports",
		"scal":       "scale",
		"mix":        "max", // as near as min, and earlier
		"enviroment": "",
		"x":          "",
		"":           "",
		"zzzzzz":     "",
	} {
		if got := Closest(word, words); got != want {
			t.Errorf("Closest(%q) = %q, want %q", word, got, want)
		}
		slices.Reverse(words)
		if got := Closest(word, words); got != want {
			t.Errorf("Closest(%q) = %q in another order, want %q", word, got, want)
		}
	}
	if got := Closest(strings.Repeat("a", 1000), []string{strings.Repeat("a", 999)}); got != "" {
		t.Error("a long word was looked at")
	}
}

func TestCatalogue(t *testing.T) {
	entries := Catalogue()
	for i, entry := range entries {
		if entry.Code == "" || entry.Title == "" || entry.Doc == "" || strings.ContainsAny(entry.Title, "\n") {
			t.Errorf("incomplete entry %+v", entry)
		}
		if (entry.ExampleKind == ExampleNone) != (entry.Example == "") {
			t.Errorf("%s: the example and its kind do not fit", entry.Code)
		}
		if i > 0 && entries[i-1].Code >= entry.Code {
			t.Errorf("%s stands twice or is out of order", entry.Code)
		}
		if got, ok := Explain(entry.Code); !ok || got != entry {
			t.Errorf("Explain(%q) = %+v", entry.Code, got)
		}
	}
	if _, ok := Explain("no-such-code"); ok {
		t.Error("an unknown code is explained")
	}
}
