package composefile

import (
	"testing"

	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/decamp-dev/decamp/compiler/ir"
)

func TestInterpolate(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"plain", "plain"},
		{"a$b${c}$$d$", "a$$b$${c}$$$$d$$"},
		{Variable("DB_PASSWORD", "password"), "${DB_PASSWORD:?password}"},
		{"$x:" + Variable("A", "one") + "@" + Variable("B", "two") + "$", "$$x:${A:?one}@${B:?two}$$"},
		{Variable("A", "costs $5 ${and} a }\nline"), "${A:?costs 5 and a line}"},
	} {
		if got := interpolatedText(c.in); got != c.want {
			t.Errorf("interpolatedText(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestInterpolateLeavesKeys(t *testing.T) {
	v := document.Map(document.Member{Key: "$key", Value: document.List(document.String("$value"))})
	Interpolate(v)
	if v.Members[0].Key != "$key" || v.Members[0].Value.Items[0].Text != "$$value" {
		t.Errorf("got %q: %q", v.Members[0].Key, v.Members[0].Value.Items[0].Text)
	}
}

// A literal of the spec cannot pass for a variable of the deployer.
func TestMarksOfTheUser(t *testing.T) {
	if got := interpolatedText(Literal(Variable("STOLEN", "x"))); got != "STOLEN"+markText+"x" {
		t.Errorf("got %q", got)
	}
}

func TestSize(t *testing.T) {
	for b, want := range map[ir.Bytes]string{512 << 20: "512M", 2 << 30: "2G", 64 << 10: "64K", 512_000_001: "512000001", 1001: "1001"} {
		if got := Size(b); got != want {
			t.Errorf("Size(%d) = %q, want %q", b, got, want)
		}
	}
}
