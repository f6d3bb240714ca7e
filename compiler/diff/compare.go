package diff

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// comparer goes through two apps side by side.
type comparer struct {
	a, b           Side
	options        Options
	factsA, factsB facts
	workloadA      *ir.Workload // that the comparison is in
	workloadB      *ir.Workload
	changes        []Change
}

// descended lists the structs whose fields are told one by one even where one side
// has none of them: they hold facts that have little to do with each other.
var descended = map[string]bool{
	"container.health": true, "container.resources": true, "container.resources.limits": true, "container.security": true,
	"container.security.capabilities": true, "container.stop": true, "container.hooks": true, "workload.placement": true,
	"workload.restart": true, "workload.update": true, "workload.job": true,
}

// structure compares two structs field by field. One of the values may be invalid:
// nothing is said there.
func (c *comparer) structure(s *ir.Shape, a, b reflect.Value, pathA, pathB, kind string) {
	for i := range s.Fields {
		f := &s.Fields[i]
		fa, fb := fieldOf(a, f), fieldOf(b, f)
		if f.Key == "platform" || f.Key == "stage" && kind == "app" || !said(fa) && !said(fb) {
			continue
		}
		c.field(f, fa, fb, ir.JoinPath(pathA, f.Key), ir.JoinPath(pathB, f.Key), kindOf(kind, f))
	}
}

func fieldOf(v reflect.Value, f *ir.Field) reflect.Value {
	if !v.IsValid() {
		return v
	}
	return v.FieldByIndex(f.Index)
}

// said reports whether a field says anything.
func said(v reflect.Value) bool { return v.IsValid() && !v.IsZero() }

func (c *comparer) field(f *ir.Field, a, b reflect.Value, pathA, pathB, kind string) {
	switch f.Form {
	case ir.LeafForm:
		c.leaf(f, a, b, pathA, pathB, kind, f.Key)
	case ir.LeafMapForm, ir.MapForm:
		c.members(f, a, b, pathA, pathB, kind)
	case ir.StructForm:
		c.pointer(f, a, b, pathA, pathB, kind)
	case ir.ListForm, ir.RuleListForm:
		c.list(f, a, b, pathA, pathB, kind)
	case ir.PeersForm:
		switch {
		case !said(a) || !said(b):
			c.whole(f, a, b, pathA, pathB, kind)
		default:
			c.list(f, a.Elem().Field(0), b.Elem().Field(0), pathA, pathB, kind)
		}
	}
}

// leaf compares two values. What nobody says has its default, where there is one.
func (c *comparer) leaf(f *ir.Field, a, b reflect.Value, pathA, pathB, kind, name string) {
	wordA, wordB := word(a, kind), word(b, kind)
	defaultA, okA := c.otherwise(c.a, c.b, kind)
	defaultB, okB := c.otherwise(c.b, c.a, kind)
	switch {
	case !said(a) && okA && wordB == defaultA, !said(b) && okB && wordA == defaultB:
		return
	case said(a) && said(b) && (wordA == wordB || c.sameMeaning(a, b)):
		return
	}
	ch := Change{Sort: Changed, Path: pathA, Kind: kind}
	if said(a) {
		ch.A = c.show(a, kind, name)
	}
	if said(b) {
		ch.B = c.show(b, kind, name)
	}
	switch {
	case !said(a) && okA:
		ch.A = defaultA + " (the default)"
		ch.Cannot, ch.Because = c.inevitable(&c.factsB, c.b, c.a, pathB)
	case !said(b) && okB:
		ch.B = defaultB + " (the default)"
		ch.Cannot, ch.Because = c.inevitable(&c.factsA, c.a, c.b, pathA)
	case !said(a):
		ch.Sort = Added
	case !said(b):
		ch.Sort = Removed
	case ch.A == ch.B && ch.A != "":
		ch.B = "another one"
	}
	c.add(ch, pathB)
}

// pointer compares two structs of which one may be missing.
func (c *comparer) pointer(f *ir.Field, a, b reflect.Value, pathA, pathB, kind string) {
	switch {
	case said(a) && said(b), descended[kind]:
		c.structure(f.Elem, deref(a), deref(b), pathA, pathB, kind)
	default:
		c.whole(f, a, b, pathA, pathB, kind)
	}
}

func deref(v reflect.Value) reflect.Value {
	if !said(v) {
		return reflect.Value{}
	}
	return v.Elem()
}

// members compares two maps by their keys.
func (c *comparer) members(f *ir.Field, a, b reflect.Value, pathA, pathB, kind string) {
	below := kind
	if f.Root != "" && f.Form == ir.MapForm {
		below = f.Root
	}
	for _, key := range keys(a, b) {
		ma, mb := member(a, key), member(b, key)
		atA, atB := ir.JoinPath(pathA, key), ir.JoinPath(pathB, key)
		if f.Form == ir.LeafMapForm {
			c.item(f, ma, mb, atA, atB, below, key)
			continue
		}
		switch {
		case ma.IsValid() && mb.IsValid():
			c.both(f, ma, mb, atA, atB, below)
		case below == "workload.networks" && key == "default" && length(a)+length(b) == 1:
			// who joins nothing else is in the default network anyway
		default:
			c.whole(f, ma, mb, atA, atB, below)
		}
	}
	if f.Root == "container" && f.Key == "init" {
		c.order(a, b, pathA, pathB)
	}
}

// item compares two members of a map of leaves: an empty value is said, too.
func (c *comparer) item(f *ir.Field, a, b reflect.Value, pathA, pathB, kind, key string) {
	switch {
	case a.IsValid() && b.IsValid():
		if word(a, kind) != word(b, kind) && !c.sameMeaning(a, b) {
			ch := Change{Sort: Changed, Path: pathA, Kind: kind, A: c.show(a, kind, key), B: c.show(b, kind, key)}
			if ch.A == ch.B {
				ch.B = "another one"
			}
			c.add(ch, pathB)
		}
	case a.IsValid():
		c.add(Change{Sort: Removed, Path: pathA, Kind: kind, A: c.show(a, kind, key)}, pathB)
	default:
		c.add(Change{Sort: Added, Kind: kind, B: c.show(b, kind, key)}, pathB)
	}
}

// both compares two members that are there on both sides.
func (c *comparer) both(f *ir.Field, a, b reflect.Value, pathA, pathB, kind string) {
	if kind == "workload" {
		c.workloadA, c.workloadB = a.Addr().Interface().(*ir.Workload), b.Addr().Interface().(*ir.Workload)
		defer func() { c.workloadA, c.workloadB = nil, nil }()
	}
	if m, ok := a.Addr().Interface().(*ir.Mount); ok && sourceOf(m) != sourceOf(b.Addr().Interface().(*ir.Mount)) {
		// Something else is mounted: one change, whatever belongs to it.
		c.add(Change{Sort: Changed, Path: pathA, Kind: kind, A: summary(c.flatten(f, a, kind)), B: summary(c.flatten(f, b, kind))}, pathB)
		return
	}
	if kind == "workload" || kind == "container" {
		c.platformDefaults(a, b, pathA, pathB)
	}
	c.structure(f.Elem, a, b, pathA, pathB, kind)
}

// sourceOf says what a mount holds: a volume, a folder of the host, or room.
func sourceOf(m *ir.Mount) string {
	switch {
	case m.Volume != "":
		return "volume"
	case m.Host != "":
		return "host"
	case m.Memory != nil:
		return "memory"
	}
	return "scratch"
}

// keys returns the keys of two maps, A's first.
func keys(a, b reflect.Value) []string {
	var all []string
	seen := map[string]bool{}
	for _, m := range []reflect.Value{a, b} {
		for i := range length(m) {
			if key := m.Index(i).Field(0).String(); !seen[key] {
				seen[key] = true
				all = append(all, key)
			}
		}
	}
	return all
}

func length(v reflect.Value) int {
	if !v.IsValid() {
		return 0
	}
	return v.Len()
}

func member(m reflect.Value, key string) reflect.Value {
	if !m.IsValid() {
		return m
	}
	if i := index(m, key); i >= 0 {
		return m.Index(i).Field(1)
	}
	return reflect.Value{}
}

// order notes where two lists of init containers have another order: each runs to its
// end before the next.
func (c *comparer) order(a, b reflect.Value, pathA, pathB string) {
	common := func(m, other reflect.Value) []string {
		var names []string
		for i := range length(m) {
			if key := m.Index(i).Field(0).String(); length(other) > 0 && index(other, key) >= 0 {
				names = append(names, key)
			}
		}
		return names
	}
	if x, y := common(a, b), common(b, a); !slices.Equal(x, y) {
		c.add(Change{Sort: Changed, Path: pathA, Kind: kindInitOrder, A: strings.Join(x, ", "), B: strings.Join(y, ", ")}, pathB)
	}
}

// kindInitOrder is the kind of another order of init containers, which is no fact of
// its own.
const kindInitOrder = "workload.init"

// whole notes what only one side has, as one change.
func (c *comparer) whole(f *ir.Field, a, b reflect.Value, pathA, pathB, kind string) {
	v, ch := a, Change{Sort: Removed, Path: pathA, Kind: kind}
	if !a.IsValid() || f.Form != ir.MapForm && !said(a) {
		v, ch = b, Change{Sort: Added, Kind: kind}
	}
	parts := c.flatten(f, v, kind)
	if len(parts) > 0 && !slices.ContainsFunc(parts, func(p part) bool { return !p.idle }) {
		return // nothing but defaults
	}
	ch.Facts = max(1, len(parts))
	if ch.Sort == Removed {
		ch.A = summary(parts)
	} else {
		ch.B = summary(parts)
	}
	c.add(ch, pathB)
}

// list compares two lists without regard to order: what is equal goes away in pairs,
// and what is left is compared in its order.
func (c *comparer) list(f *ir.Field, a, b reflect.Value, pathA, pathB, kind string) {
	restA, restB := c.unmatched(f, a, b, kind)
	for i := range max(len(restA), len(restB)) {
		switch {
		case i < len(restA) && i < len(restB):
			c.element(f, a.Index(restA[i]), b.Index(restB[i]), at(pathA, restA[i]), at(pathB, restB[i]), kind)
		case i < len(restA):
			parts := c.flatten(f, a.Index(restA[i]), kind)
			c.add(Change{Sort: Removed, Path: at(pathA, restA[i]), Kind: kind, A: summary(parts), Facts: len(parts)}, "")
		default:
			parts := c.flatten(f, b.Index(restB[i]), kind)
			c.add(Change{Sort: Added, Kind: kind, B: summary(parts), Facts: len(parts)}, at(pathB, restB[i]))
		}
	}
}

func at(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }

func (c *comparer) element(f *ir.Field, a, b reflect.Value, pathA, pathB, kind string) {
	if f.Form == ir.ListForm {
		c.structure(f.Elem, a, b, pathA, pathB, kind)
		return
	}
	c.leaf(f, a, b, pathA, pathB, kind, "")
}

// unmatched returns the elements of each list that have no equal in the other.
func (c *comparer) unmatched(f *ir.Field, a, b reflect.Value, kind string) (restA, restB []int) {
	waiting := map[string][]int{}
	for i := range length(b) {
		k := c.key(f, b.Index(i), kind)
		waiting[k] = append(waiting[k], i)
	}
	for i := range length(a) {
		k := c.key(f, a.Index(i), kind)
		if w := waiting[k]; len(w) > 0 {
			waiting[k] = w[1:]
			continue
		}
		restA = append(restA, i)
	}
	for _, left := range waiting {
		restB = append(restB, left...)
	}
	slices.Sort(restB)
	return restA, restB
}

// key writes an element so that equal ones have equal keys.
func (c *comparer) key(f *ir.Field, v reflect.Value, kind string) string {
	var key strings.Builder
	for _, p := range c.flatten(f, v, kind) {
		if !p.idle {
			key.WriteString(p.path + "\x00" + p.word + "\x00")
		}
	}
	return key.String()
}
