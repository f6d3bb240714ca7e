package diff_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/decamp-dev/decamp/compiler/ir"
)

func text(s string) *ir.Value { return &ir.Value{Kind: ir.StringValue, Text: s} }

// rule is an object of a platform: a kind, a name, and members.
func rule(name string, members ...string) *ir.Value {
	v := &ir.Value{Kind: ir.MapValue}
	add := func(key, word string) { v.Members.Set(key, text(word)) }
	add("kind", "Rule")
	add("name", name)
	for _, m := range members {
		key, word, _ := strings.Cut(m, "=")
		add(key, word)
	}
	return v
}

func withObjects(objects ...*ir.Value) *ir.App {
	return &ir.App{Name: "shop", Platform: []ir.PlatformEntry{{Platform: "paper", Path: "platform.paper[0]", Objects: objects}}}
}

// Objects are found again whatever their order is; one that only one side has is one change, and of two versions of one
// each value is.
func TestObjects(t *testing.T) {
	a := withObjects(rule("open", "port=80", "from=all"), rule("closed", "port=22", "from=none"), rule("gone", "port=1", "from=x"))
	b := withObjects(rule("new", "port=2", "from=y"), rule("closed", "port=23", "from=none"), rule("open", "port=80", "from=all"))
	want := []string{
		`added platform.paper[0].objects[0] : "" → "kind Rule, name new, port 2, from y" ledger`,
		`changed platform.paper[0].objects[1].port : "22" → "23" ledger`,
		`removed platform.paper[0].objects[2] : "kind Rule, name gone, port 1, from x" → "" ledger`,
	}
	have := lines(apps(a, b))
	if !slices.Equal(have, want) {
		t.Errorf("have\n%s\nwant\n%s", strings.Join(have, "\n"), strings.Join(want, "\n"))
	}
	if back := mirrored(apps(b, a)); !slices.Equal(back, have) {
		t.Errorf("not symmetric:\n%s\n%s", strings.Join(have, "\n"), strings.Join(back, "\n"))
	}
	if same := apps(a, a); len(same) != 0 {
		t.Errorf("an app differs from itself: %v", lines(same))
	}
}
