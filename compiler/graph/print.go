package graph

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
)

// DOT writes the picture for Graphviz.
func (g *Graph) DOT() []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, "digraph %s {\n", quoted(g.Name))
	out.WriteString("  rankdir=LR;\n  node [fontname=\"sans-serif\", fontsize=11, style=filled, fillcolor=white];\n  edge [fontname=\"sans-serif\", fontsize=9];\n")
	for i := range g.Nodes {
		n := &g.Nodes[i]
		fmt.Fprintf(&out, "  %s [label=%s, shape=%s];\n", quoted(n.ID), quoted(strings.Join(append([]string{n.Name}, n.Lines...), "\n")), shapes[n.Sort])
	}
	for _, e := range g.Edges {
		fmt.Fprintf(&out, "  %s -> %s [label=%s, style=%s];\n", quoted(e.From), quoted(e.To), quoted(e.words()), styles[e.Relation])
	}
	out.WriteString("}\n")
	return out.Bytes()
}

var shapes = map[Sort]string{Workload: "box", Volume: "cylinder", Endpoint: "ellipse", Route: "house", Outside: "ellipse"}

var styles = map[Relation]string{Needs: "dashed", Reaches: "solid", Admits: "solid", Mounts: "dotted", Routes: "bold", Uses: "solid", Stands: "dashed"}

// words says what an edge means.
func (e *Edge) words() string {
	if e.Relation == Stands {
		return e.Label
	}
	return strings.TrimSpace(string(e.Relation) + " " + e.Label)
}

// quoted writes a string of DOT. A line end becomes the escape that centres a line.
func quoted(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(printable(text)) + `"`
}

// printable takes out what steers a terminal; line ends stay.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && (unicode.IsControl(r) || unicode.In(r, unicode.Cf)) {
			return '�'
		}
		return r
	}, text)
}

// Mermaid writes the picture for Mermaid, which GitHub and GitLab show in markdown.
func (g *Graph) Mermaid() []byte {
	var out bytes.Buffer
	out.WriteString("flowchart LR\n")
	names := map[string]string{}
	for i := range g.Nodes {
		n := &g.Nodes[i]
		names[n.ID] = fmt.Sprintf("n%d", i) // names of an app may be words of Mermaid
		label := escaped(n.Name)
		for _, line := range n.Lines {
			label += "<br/>" + escaped(line)
		}
		frame := frames[n.Sort]
		fmt.Fprintf(&out, "  %s%s\"%s\"%s\n", names[n.ID], frame[0], label, frame[1])
	}
	for _, e := range g.Edges {
		fmt.Fprintf(&out, "  %s %s|\"%s\"| %s\n", names[e.From], arrows[e.Relation], escaped(e.words()), names[e.To])
	}
	return out.Bytes()
}

var frames = map[Sort][2]string{Workload: {"[", "]"}, Volume: {"[(", ")]"}, Endpoint: {"([", "])"}, Route: {"{{", "}}"}, Outside: {"([", "])"}}

var arrows = map[Relation]string{Needs: "-.->", Reaches: "-->", Admits: "-->", Mounts: "---", Routes: "==>", Uses: "-->", Stands: "-.->"}

// escaped writes a text within quotes as Mermaid wants it: by codes of characters.
func escaped(text string) string {
	return strings.NewReplacer("&", "#amp;", "#", "#35;", `"`, "#quot;", "<", "#lt;", ">", "#gt;", "\n", " ", "`", "#96;").Replace(printable(text))
}
