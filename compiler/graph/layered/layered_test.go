package layered

import (
	"fmt"
	"reflect"
	"testing"
)

// random is a generator of numbers that are the same in every run.
type random uint64

func (r *random) below(n int) int {
	*r = *r*6364136223846793005 + 1442695040888963407
	return int(uint64(*r)>>33) % n
}

// Nodes never overlap, edges begin and end at their nodes, all is within the picture,
// and two runs are the same; also with cycles, loops and edges that are there twice.
func TestLayouts(t *testing.T) {
	for _, test := range []struct{ nodes, edges int }{{1, 0}, {2, 1}, {7, 9}, {20, 25}, {60, 110}, {60, 20}, {200, 400}} {
		t.Run(fmt.Sprintf("%d-%d", test.nodes, test.edges), func(t *testing.T) {
			r := random(test.nodes*1000 + test.edges)
			var sizes []Size
			var edges []Edge
			for range test.nodes {
				sizes = append(sizes, Size{100 + r.below(120), 30 + r.below(60)})
			}
			for range test.edges {
				edges = append(edges, Edge{r.below(test.nodes), r.below(test.nodes)})
			}
			l := Of(sizes, edges, Options{})
			apart(t, sizes, &l)
			joined(t, sizes, edges, &l)
			if again := Of(sizes, edges, Options{}); !reflect.DeepEqual(l, again) {
				t.Error("two layouts differ")
			}
		})
	}
}

func apart(t *testing.T, sizes []Size, l *Layout) {
	t.Helper()
	for i, a := range l.Nodes {
		if a.X < 0 || a.Y < 0 || a.X+sizes[i].Width > l.Width || a.Y+sizes[i].Height > l.Height {
			t.Errorf("node %d is outside", i)
		}
		for j, b := range l.Nodes[:i] {
			if a.X < b.X+sizes[j].Width && b.X < a.X+sizes[i].Width && a.Y < b.Y+sizes[j].Height && b.Y < a.Y+sizes[i].Height {
				t.Errorf("nodes %d and %d overlap", i, j)
			}
		}
	}
}

func joined(t *testing.T, sizes []Size, edges []Edge, l *Layout) {
	t.Helper()
	for i, e := range edges {
		points := l.Edges[i]
		if e.From == e.To {
			if len(points) > 0 {
				t.Errorf("a loop has points")
			}
			continue
		}
		first, last := points[0], points[len(points)-1]
		from, to := l.Nodes[e.From], l.Nodes[e.To]
		ahead := first.X == from.X+sizes[e.From].Width && last.X == to.X
		back := first.X == from.X && last.X == to.X+sizes[e.To].Width
		if !ahead && !back || first.Y < from.Y || first.Y > from.Y+sizes[e.From].Height || last.Y < to.Y || last.Y > to.Y+sizes[e.To].Height {
			t.Errorf("edge %d from %v to %v has %v", i, from, to, points)
		}
	}
}

// A chain is a row, and what has no choice has no crossings.
func TestShapes(t *testing.T) {
	sizes := make([]Size, 5)
	for i := range sizes {
		sizes[i] = Size{100, 40}
	}
	chain := Of(sizes, []Edge{{0, 1}, {1, 2}, {2, 3}, {3, 4}}, Options{})
	for i, p := range chain.Nodes {
		if p.Y != 0 || i > 0 && p.X <= chain.Nodes[i-1].X {
			t.Errorf("%v", chain.Nodes)
		}
	}
	crossed := newPart([]int{0, 1, 2, 3}, sizes, []Edge{{0, 3}, {1, 2}}, Options{Across: 70, Within: 18, Wide: 1})
	if n := crossed.crossings(); n != 0 {
		t.Errorf("%d crossings where none is needed", n)
	}
}
