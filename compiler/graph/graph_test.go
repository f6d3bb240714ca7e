package graph_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/decamp-dev/decamp/compiler/backend/backendtest"
	"github.com/decamp-dev/decamp/compiler/graph"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// Every named thing is a node, and every edge joins two of them.
func TestWhole(t *testing.T) {
	app := backendtest.Maximal(t)
	g := graph.Of(app)
	nodes := map[string]bool{}
	for _, n := range g.Nodes {
		if nodes[n.ID] {
			t.Errorf("%s is there twice", n.ID)
		}
		nodes[n.ID] = true
	}
	for sort, names := range map[graph.Sort][]string{graph.Workload: app.Workloads.Keys(), graph.Volume: app.Volumes.Keys(), graph.Endpoint: app.Endpoints.Keys(), graph.Route: app.Routes.Keys()} {
		for _, name := range names {
			if !nodes[string(sort)+"."+name] {
				t.Errorf("%s %s is missing", sort, name)
			}
		}
	}
	relations := map[graph.Relation]bool{}
	for _, e := range g.Edges {
		relations[e.Relation] = true
		if !nodes[e.From] || !nodes[e.To] {
			t.Errorf("%+v ends nowhere", e)
		}
	}
	if len(relations) != 7 {
		t.Errorf("only %v", relations)
	}
	if again := graph.Of(app); !bytes.Equal(g.DOT(), again.DOT()) || !bytes.Equal(g.Mermaid(), again.Mermaid()) {
		t.Error("two pictures differ")
	}
}

// What a user wrote stays text.
func TestEscaping(t *testing.T) {
	app := &ir.App{Name: `a"b`, Workloads: ir.Map[ir.Workload]{{Key: "end", Value: ir.Workload{Container: ir.Container{Image: "x\"]; <script>`#\x1b[31m\\"}}}}}
	g := graph.Of(app)
	if dot := string(g.DOT()); strings.Contains(dot, "\x1b") || !strings.Contains(dot, `x\"]; <script>`) || !strings.Contains(dot, `digraph "a\"b"`) {
		t.Errorf("%s", dot)
	}
	if text := string(g.Mermaid()); strings.Contains(text, "<script>") || strings.Contains(text, "\x1b") || strings.Contains(text, `x"`) || strings.Contains(text, "  end") {
		t.Errorf("%s", text)
	}
}
