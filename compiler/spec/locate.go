package spec

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/source"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// locator knows where everything of a spec stands, and nothing else of it: the tree
// that an app was decoded from is six times as large. Paths of the app are paths of
// the tree, but for short forms, where the nearest place answers.
type locator struct {
	file   *source.File
	places []place // the root first; the places below one follow each other
}

// place is a member of a mapping or an item of a sequence.
type place struct {
	name       string // key of a member, text of an item that is a scalar
	start, end source.Pos
	below      int32 // index of the first place below
	count      int32 // of places below: members in the order of their names, items in their own
	items      bool  // the places below are items
}

func newLocator(root *tree.Node) *locator {
	l := &locator{file: root.Range().File, places: make([]place, 1, 1+size(root))}
	l.add(0, root)
	return l
}

// size is how many places are below a node.
func size(n *tree.Node) int {
	total := len(n.Pairs) + len(n.Items)
	for _, p := range n.Pairs {
		total += size(p.Value)
	}
	for _, item := range n.Items {
		total += size(item)
	}
	return total
}

// add appends the places below a node, and after them those below each.
func (l *locator) add(at int, n *tree.Node) {
	first := len(l.places)
	var below []*tree.Node
	switch n.Kind {
	case tree.Mapping:
		pairs := slices.Clone(n.Pairs)
		slices.SortStableFunc(pairs, func(a, b tree.Pair) int { return cmp.Compare(a.Key.Value, b.Key.Value) })
		for _, p := range pairs {
			l.append(p.Key.Value, shown(p))
			below = append(below, p.Value)
		}
	case tree.Sequence:
		for _, item := range n.Items {
			name := ""
			if item.Kind.IsScalar() {
				name = item.Value
			}
			l.append(name, item.Range())
		}
		below = n.Items
	default:
		return
	}
	l.places[at].below, l.places[at].count, l.places[at].items = int32(first), int32(len(below)), n.Kind == tree.Sequence
	for i, value := range below {
		l.add(first+i, value)
	}
}

func (l *locator) append(name string, r source.Range) {
	l.places = append(l.places, place{name: name, start: r.Start, end: r.End})
}

// shown is what a person would point at: the key of a member, or its value when that
// is a scalar.
func shown(p tree.Pair) source.Range {
	if p.Value.Kind.IsScalar() && !p.Value.IsNull() {
		return p.Value.Range()
	}
	return p.Key.Range()
}

// Locate implements ir.Locator.
func (l *locator) Locate(path string) (source.Range, bool) {
	at := 0
	for _, segment := range ir.SplitPath(path) {
		next := l.find(l.places[at], segment)
		if next < 0 {
			break
		}
		at = next
	}
	p := l.places[at]
	if p.start.IsZero() {
		return source.Range{}, false
	}
	return source.Range{File: l.file, Start: p.start, End: p.end}, true
}

// find returns the index of the place of that name below another, -1 when there is
// none. An item is found by its number, or, in a list of names that stands for a
// mapping, by its name.
func (l *locator) find(p place, name string) int {
	below := l.places[p.below : p.below+p.count]
	at, ok := -1, false
	if !p.items {
		at, ok = slices.BinarySearchFunc(below, name, func(p place, name string) int { return cmp.Compare(p.name, name) })
	} else if i, err := strconv.Atoi(name); err == nil && i >= 0 && i < len(below) {
		at, ok = i, true
	} else {
		at = slices.IndexFunc(below, func(p place) bool { return p.name == name && p.count == 0 })
		ok = at >= 0
	}
	if !ok {
		return -1
	}
	return int(p.below) + at
}
