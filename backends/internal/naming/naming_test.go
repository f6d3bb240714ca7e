package naming

import (
	"testing"

	"github.com/decamp-dev/decamp/compiler/ir"
)

func TestNames(t *testing.T) {
	var n Names
	n.Reserve("web-1", "Web.1")
	seen := map[string]string{}
	for _, original := range []string{"web_1", "web-1", "Web.1", "web 1", "web_1", "__", "ä", "9"} {
		label := n.Name(original)
		if !ir.IsName(label) {
			t.Errorf("%q becomes %q, which is no label", original, label)
		}
		if other, taken := seen[label]; taken && other != original {
			t.Errorf("%q and %q both become %q", original, other, label)
		}
		seen[label] = original
	}
	if n.Name("web-1") != "web-1" {
		t.Errorf("a label does not keep its name: %q", n.Name("web-1"))
	}
}

func FuzzNames(f *testing.F) {
	f.Add("web_1", "web-1")
	f.Add("A", "a")
	f.Fuzz(func(t *testing.T, a, b string) {
		var n Names
		x, y := n.Name(a), n.Name(b)
		if !ir.IsName(x) || !ir.IsName(y) || (x == y) != (a == b) {
			t.Fatalf("%q, %q become %q, %q", a, b, x, y)
		}
	})
}
