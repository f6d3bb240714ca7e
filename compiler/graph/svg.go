package graph

import (
	"bytes"
	_ "embed" // for the colours
	"fmt"
	"strings"

	"github.com/rivo/uniseg"

	"github.com/decamp-dev/decamp/compiler/graph/layered"
)

//go:embed svg.css
var style string

// Style returns the colours of SVG pictures, in light and in dark, as CSS.
func Style() string { return style }

// SVGOptions are the settings of an SVG picture; the zero value is a file of its own.
type SVGOptions struct {
	// Inline leaves the colours out: the page that the picture stands in has Style.
	Inline bool
	// Prefix begins the IDs within the picture; pictures on one page need different
	// ones. Empty: "g".
	Prefix string
}

// drawing is an SVG picture in the making.
type drawing struct {
	bytes.Buffer
	g      *Graph
	boxes  []box
	edges  []bundle
	layout layered.Layout
	prefix string
}

// box is a node as it is drawn: lines that are short enough, and its size.
type box struct {
	lines []string
	size  layered.Size
}

const (
	margin     = 16
	lineHeight = 15
	padding    = 11
	nameWidth  = 38 // columns; longer lines are shortened in the middle
	textWidth  = 34
	nameColumn = 8 // pixels; the name is larger than the lines, and bold
	lineColumn = 6
	legendRow  = 26
	leastWidth = 104
)

// SVG draws the picture, with its own layout: no other program is needed, and the same
// graph gives the same bytes. Texts are texts, and everything has a title.
func (g *Graph) SVG(o SVGOptions) []byte {
	d := &drawing{g: g, prefix: o.Prefix}
	if d.prefix == "" {
		d.prefix = "g"
	}
	d.measure()
	width, height := d.layout.Width+2*margin, d.layout.Height+2*margin
	legend := d.legend()
	if len(legend) > 0 {
		height += legendRow
		width = max(width, 2*margin+legend[len(legend)-1].end)
	}
	fmt.Fprintf(d, `<svg xmlns="http://www.w3.org/2000/svg" class="decamp-graph" role="img" aria-labelledby="%s-title %s-desc" viewBox="0 0 %d %d" width="%d" height="%d">`+"\n",
		d.prefix, d.prefix, width, height, width, height)
	fmt.Fprintf(d, "<title id=\"%s-title\">%s</title>\n<desc id=\"%s-desc\">%s</desc>\n", d.prefix, text(g.Name), d.prefix, text(g.describe()))
	if !o.Inline {
		fmt.Fprintf(d, "<style>\n%s</style>\n<rect class=\"sheet\" width=\"100%%\" height=\"100%%\"/>\n", style)
	}
	d.markers()
	for i := range d.edges {
		d.edge(&d.edges[i], d.layout.Edges[i])
	}
	for i := range g.Nodes {
		d.node(i)
	}
	for _, entry := range legend {
		entry.draw(d, height-margin)
	}
	d.WriteString("</svg>\n")
	return d.Bytes()
}

// measure finds the size of every node, and lays them out.
func (d *drawing) measure() {
	index := map[string]int{}
	var sizes []layered.Size
	for i := range d.g.Nodes {
		n := &d.g.Nodes[i]
		index[n.ID] = i
		b := box{lines: []string{shortened(n.Name, nameWidth)}}
		for _, line := range n.Lines {
			b.lines = append(b.lines, shortened(line, textWidth))
		}
		wide := uniseg.StringWidth(b.lines[0]) * nameColumn
		for _, line := range b.lines[1:] {
			wide = max(wide, uniseg.StringWidth(line)*lineColumn)
		}
		b.size = layered.Size{Width: max(leastWidth, wide+2*padding+4), Height: len(b.lines)*lineHeight + 2*padding - 3}
		d.boxes, sizes = append(d.boxes, b), append(sizes, b.size)
	}
	d.edges = d.g.bundles()
	var ends []layered.Edge
	for _, e := range d.edges {
		ends = append(ends, layered.Edge{From: index[e.from], To: index[e.to]})
	}
	d.layout = layered.Of(sizes, ends, layered.Options{})
	for i := range d.layout.Nodes {
		d.layout.Nodes[i] = moved(d.layout.Nodes[i])
	}
	for _, points := range d.layout.Edges {
		for i := range points {
			points[i] = moved(points[i])
		}
	}
}

func moved(p layered.Point) layered.Point { return layered.Point{X: p.X + margin, Y: p.Y + margin} }

// shortened takes what is in the middle out of a long line: both ends of an image's
// name tell images apart, the last one more.
func shortened(line string, width int) string {
	runes := []rune(printable(strings.ReplaceAll(line, "\n", " ")))
	if len(runes) <= width {
		return string(runes)
	}
	return string(runes[:width/4]) + "…" + string(runes[len(runes)-(width-width/4-1):])
}

// text escapes a text for XML. What XML cannot hold has become a replacement sign.
func text(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "'", "&#39;").Replace(printable(s))
}

func (d *drawing) node(i int) {
	n, b, at := &d.g.Nodes[i], &d.boxes[i], d.layout.Nodes[i]
	radius := map[Sort]int{Workload: 5, Volume: 14, Route: 2}[n.Sort]
	if n.Sort == Endpoint || n.Sort == Outside {
		radius = b.size.Height / 2
	}
	fmt.Fprintf(d, "<g class=\"node %s\"><title>%s</title>", n.Sort, text(string(n.Sort)+" "+n.Name+lineList(n.Lines)))
	fmt.Fprintf(d, `<rect x="%d" y="%d" width="%d" height="%d" rx="%d"/>`, at.X, at.Y, b.size.Width, b.size.Height, radius)
	if n.Sort == Workload {
		fmt.Fprintf(d, `<path class="edge-mark" d="M%d %dv%d"/>`, at.X+4, at.Y+6, b.size.Height-12)
	}
	for j, line := range b.lines {
		class := "line"
		if j == 0 {
			class = "name"
		}
		fmt.Fprintf(d, `<text class="%s" x="%d" y="%d">%s</text>`, class, at.X+padding+3, at.Y+padding+10+j*lineHeight, text(line))
	}
	d.WriteString("</g>\n")
}

func lineList(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return ": " + strings.Join(lines, ", ")
}

// edge draws what leads from one node to another, through the points of its layout.
func (d *drawing) edge(e *bundle, points []layered.Point) {
	fmt.Fprintf(d, `<g class="edge %s"><title>%s</title><path d="`, e.main(), text(e.words()))
	if len(points) == 0 {
		d.loop(e)
	}
	for i, p := range points {
		if i == 0 {
			fmt.Fprintf(d, "M%d %d", p.X, p.Y)
			continue
		}
		before := points[i-1]
		middle := (before.X + p.X) / 2
		fmt.Fprintf(d, "C%d %d %d %d %d %d", middle, before.Y, middle, p.Y, p.X, p.Y)
	}
	d.WriteString(`"`)
	if e.main() != Mounts {
		fmt.Fprintf(d, ` marker-end="url(#%s-%s)"`, d.prefix, e.main())
	}
	d.WriteString("/></g>\n")
}

// loop draws an edge from a node to itself, at its upper right corner.
func (d *drawing) loop(e *bundle) {
	for i := range d.g.Nodes {
		if d.g.Nodes[i].ID == e.from {
			x, y := d.layout.Nodes[i].X+d.boxes[i].size.Width, d.layout.Nodes[i].Y
			fmt.Fprintf(d, "M%d %dC%d %d %d %d %d %d", x-24, y, x-24, y-18, x+18, y+14, x, y+14)
		}
	}
}

func (d *drawing) markers() {
	d.WriteString("<defs>")
	for _, r := range relations {
		if r.of != Mounts && d.has(r.of) {
			fmt.Fprintf(d, `<marker id="%s-%s" class="tip %s" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 .5 8 4 0 7.5z"/></marker>`, d.prefix, r.of, r.of)
		}
	}
	d.WriteString("</defs>\n")
}

func (d *drawing) has(r Relation) bool {
	for i := range d.edges {
		if d.edges[i].main() == r {
			return true
		}
	}
	return false
}

// legendEntry explains the line of a relation.
type legendEntry struct {
	relation Relation
	says     string
	x, end   int
}

func (d *drawing) legend() []legendEntry {
	var all []legendEntry
	x := 0
	for _, r := range relations {
		if d.has(r.of) {
			end := x + 34 + 7*len(r.says)
			all = append(all, legendEntry{r.of, r.says, x, end})
			x = end + 10
		}
	}
	return all
}

func (e *legendEntry) draw(d *drawing, y int) {
	fmt.Fprintf(d, `<g class="edge %s"><path d="M%d %dh24"`, e.relation, margin+e.x, y)
	if e.relation != Mounts {
		fmt.Fprintf(d, ` marker-end="url(#%s-%s)"`, d.prefix, e.relation)
	}
	fmt.Fprintf(d, `/><text class="key" x="%d" y="%d">%s</text></g>`+"\n", margin+e.x+30, y+4, text(e.says))
}
