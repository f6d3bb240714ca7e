// Package layered lays out directed graphs in columns, so that edges go from left to
// right: cycles are broken, nodes are put into layers of a limited size, the order
// within layers is chosen for few crossings, and nodes are moved towards their
// neighbours (Sugiyama, Tagawa, Toda 1981). It stands here because the libraries for it
// either run a browser's engine or give other pictures from run to run. All figures are
// whole numbers, so that the same graph has the same picture on every machine.
package layered

import (
	"cmp"
	"slices"
)

// Size is the size of a node.
type Size struct{ Width, Height int }

// Point is a place; x grows to the right, y downwards.
type Point struct{ X, Y int }

// Edge joins two nodes by their index.
type Edge struct{ From, To int }

// Options are the distances; the zero value is fit for use.
type Options struct {
	Across int // between layers; 0: 70
	Within int // between nodes of a layer; 0: 18
	Wide   int // width at which parts that hang together no longer stand side by side; 0: 1100
}

// Layout says where everything is.
type Layout struct {
	Width, Height int
	Nodes         []Point   // left upper corner of each node
	Edges         [][]Point // from the right side of a node to the left side of another: the ends, and where it passes the layers between
}

const (
	defaultAcross = 70
	defaultWithin = 18
	defaultWide   = 1100
)

// Of lays out a graph. An edge from a node to itself has no points. An edge that has
// to go back goes from the left side of its first node to the right side of its last.
func Of(nodes []Size, edges []Edge, o Options) Layout {
	o.Across, o.Within, o.Wide = cmp.Or(o.Across, defaultAcross), cmp.Or(o.Within, defaultWithin), cmp.Or(o.Wide, defaultWide)
	l := Layout{Nodes: make([]Point, len(nodes)), Edges: make([][]Point, len(edges))}
	var placed []*part
	for _, members := range components(len(nodes), edges) {
		placed = append(placed, newPart(members, nodes, edges, o))
	}
	// The largest first; what stands alone goes into rows below.
	slices.SortStableFunc(placed, func(a, b *part) int { return cmp.Compare(len(b.members), len(a.members)) })
	shelve(placed, o, &l)
	return l
}

// components returns the nodes that hang together, each set in the order of its nodes.
func components(count int, edges []Edge) [][]int {
	root := make([]int, count)
	for i := range root {
		root[i] = i
	}
	find := func(i int) int {
		for root[i] != i {
			root[i] = root[root[i]]
			i = root[i]
		}
		return i
	}
	for _, e := range edges {
		a, b := find(e.From), find(e.To)
		root[max(a, b)] = min(a, b)
	}
	members := make([][]int, count)
	for i := range count {
		members[find(i)] = append(members[find(i)], i)
	}
	return slices.DeleteFunc(members, func(m []int) bool { return len(m) == 0 })
}

// shelve puts parts side by side in rows and writes their places into the layout.
func shelve(parts []*part, o Options, l *Layout) {
	x, y, tall := 0, 0, 0
	for _, p := range parts {
		if x > 0 && x+p.width > max(o.Wide, l.Width) {
			x, y, tall = 0, y+tall+2*o.Within, 0
		}
		p.write(l, x, y)
		l.Width, tall = max(l.Width, x+p.width), max(tall, p.height)
		x += p.width + 2*o.Within
		l.Height = max(l.Height, y+tall)
	}
}
