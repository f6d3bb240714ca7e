package graph_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/decamp-dev/decamp/compiler/backend/backendtest"
	"github.com/decamp-dev/decamp/compiler/graph"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// texts returns all texts of a picture that is well-formed, and the names of its
// elements.
func texts(t *testing.T, svg []byte) (all, elements string) {
	t.Helper()
	decoder := xml.NewDecoder(bytes.NewReader(svg))
	decoder.Strict = true
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return all, elements
		}
		if err != nil {
			t.Fatalf("%v\n%s", err, svg)
		}
		switch token := token.(type) {
		case xml.StartElement:
			elements += token.Name.Local + " "
		case xml.CharData:
			all += string(token) + "\n"
		}
	}
}

// Everything of the app is in the picture, as text, with a title; two runs are the same.
func TestSVG(t *testing.T) {
	app := backendtest.Maximal(t)
	g := graph.Of(app)
	svg := g.SVG(graph.SVGOptions{})
	all, elements := texts(t, svg)
	for _, n := range g.Nodes {
		if !strings.Contains(all, n.Name) {
			t.Errorf("%s is missing", n.ID)
		}
	}
	for _, line := range g.Lines() {
		if line.From == "" || line.To == "" || line.Says == "" {
			t.Errorf("%+v", line)
		}
	}
	if !strings.HasPrefix(elements, "svg title desc style ") || strings.Contains(elements, "script") {
		t.Error(elements)
	}
	if !bytes.Equal(svg, graph.Of(app).SVG(graph.SVGOptions{})) {
		t.Error("two pictures differ")
	}
	inline, prefixed := g.SVG(graph.SVGOptions{Inline: true}), g.SVG(graph.SVGOptions{Inline: true, Prefix: "other"})
	if bytes.Contains(inline, []byte("<style>")) || bytes.Contains(prefixed, []byte(`id="g-`)) || !bytes.Contains(prefixed, []byte(`id="other-title"`)) {
		t.Error("pictures on one page get into each other's way")
	}
}

// What a user wrote stays text, and is no character that XML does not have.
func TestSVGEscaping(t *testing.T) {
	app := &ir.App{Name: "</title><script>\x00\x1b", Workloads: ir.Map[ir.Workload]{{Key: "web", Value: ir.Workload{Container: ir.Container{Image: `"><script>alert(1)</script>&`}}}}}
	all, elements := texts(t, graph.Of(app).SVG(graph.SVGOptions{}))
	if strings.Contains(elements, "script") || !strings.Contains(all, `"><script>alert(1)</script>&`) {
		t.Errorf("%s\n%s", elements, all)
	}
}

// large is an app of services that use each other in a way that is the same in every run.
func large(count int) *ir.App {
	app := &ir.App{Name: "large"}
	for i := range count {
		w := ir.Workload{Container: ir.Container{Image: fmt.Sprintf("registry.example.com/team/service-%d:1.2.3", i), Ports: ir.Map[ir.Port]{{Key: "http", Value: ir.Port{Port: 8080}}}}}
		if i%3 > 0 {
			w.Needs.Set(fmt.Sprintf("service-%d", i/3), "ready")
		}
		if i%5 == 0 && i > 0 {
			w.Needs.Set(fmt.Sprintf("service-%d", i/5), "started")
		}
		app.Workloads.Set(fmt.Sprintf("service-%d", i), w)
	}
	return app
}

func BenchmarkSVG(b *testing.B) {
	for _, count := range []int{60, 1000} {
		g := graph.Of(large(count))
		b.Run(fmt.Sprint(count), func(b *testing.B) {
			for b.Loop() {
				g.SVG(graph.SVGOptions{})
			}
		})
	}
}
