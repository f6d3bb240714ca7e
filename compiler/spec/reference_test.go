package spec

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/decamp-dev/decamp/compiler/ir"
)

func TestReferences(t *testing.T) {
	e := expander{vars: map[string]string{"tag": "1.4"}, known: []string{"tag"}, stage: "prod"}
	literal := func(s string) ir.Part { return ir.Part{Literal: s} }
	for text, want := range map[string]ir.Text{
		"":                       {literal("")},
		"plain $5 and 100%":      {literal("plain $5 and 100%")},
		"$$ and $${x}":           {literal("$ and ${x}")},
		"a$":                     {literal("a$")},
		"v${vars.tag}-${stage}":  {literal("v1.4-prod")},
		"${secrets.db}":          {{Ref: ir.Ref{Kind: ir.RefSecret, Name: "db"}}},
		"${secrets.tls.tls.crt}": {{Ref: ir.Ref{Kind: ir.RefSecret, Name: "tls", Field: "tls.crt"}}},
		"${workloads.db.host}:${workloads.db.ports.sql}": {
			{Ref: ir.Ref{Kind: ir.RefWorkloadHost, Name: "db"}}, literal(":"), {Ref: ir.Ref{Kind: ir.RefWorkloadPort, Name: "db", Field: "sql"}}},
		"${endpoints.pay.url}/x": {{Ref: ir.Ref{Kind: ir.RefEndpoint, Name: "pay", Field: "url"}}, literal("/x")},
	} {
		have, err := e.parse(text)
		if err != nil {
			t.Errorf("%q: %s", text, err.summary)
		}
		if diff := cmp.Diff(want, have); diff != "" {
			t.Errorf("%q (-want +have):\n%s", text, diff)
		}
	}
	for _, text := range []string{"${", "${}", "${HOME}", "${vars.other}", "${secrets}", "${workloads.db.port}", "${endpoints.pay.uri}", "${vars.tag", "${a b}"} {
		if have, err := e.parse(text); err == nil {
			t.Errorf("%q is taken as %v", text, have)
		}
	}
}

// FuzzReference: what is read is written again as text that means the same.
func FuzzReference(f *testing.F) {
	for _, text := range []string{"", "a$b", "$$", "${secrets.a.b}x$", "$${x}", "${workloads.a.host}$$${endpoints.b.url}", "$$$"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		e := expander{vars: map[string]string{"tag": "$"}, known: []string{"tag"}}
		first, err := e.parse(text)
		if err != nil {
			return
		}
		second, err := e.parse(first.String())
		if err != nil {
			t.Fatalf("%q is written as %q: %s", text, first.String(), err.summary)
		}
		if diff := cmp.Diff(merged(first), merged(second)); diff != "" {
			t.Fatalf("%q is written as %q:\n%s", text, first.String(), diff)
		}
	})
}

// merged joins neighbouring literals.
func merged(t ir.Text) ir.Text {
	var out ir.Text
	for _, p := range t {
		if n := len(out); n > 0 && !p.IsRef() && !out[n-1].IsRef() {
			out[n-1].Literal += p.Literal
			continue
		}
		out = append(out, p)
	}
	return out
}
