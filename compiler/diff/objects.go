package diff

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// object is a whole object of a ledger: of its platform nothing is known here, so it is the values that it holds.
type object struct {
	platform, path string
	order          []string          // of the paths within it
	words          map[string]string // path within it → value
}

func objectsOf(app *ir.App, other Side) (all []object) {
	for i := range app.Platform {
		e := &app.Platform[i]
		if foreign(other, e) {
			continue
		}
		for j, v := range e.Objects {
			o := object{platform: e.Platform, path: at(e.Path+".objects", j), words: map[string]string{}}
			single("", v, func(path string, v *ir.Value) {
				o.order = append(o.order, path)
				o.words[path] = v.Text
			})
			all = append(all, o)
		}
	}
	return all
}

// objects compares the objects of two ledgers: equal ones go away in pairs, those that have most in common are compared value
// by value, and what only one side has is one change.
func (c *comparer) objects() {
	a, b := objectsOf(c.a.App, c.b), objectsOf(c.b.App, c.a)
	a, b = withoutEqual(a, b)
	partners := paired(a, b)
	taken := map[int]bool{}
	for i := range a {
		j, found := partners[i]
		if !found {
			c.add(Change{Sort: Removed, Path: a[i].path, Kind: kindLedger, A: c.object(&a[i]), Facts: len(a[i].order)}, "")
			continue
		}
		taken[j] = true
		c.inObject(&a[i], &b[j])
	}
	for j := range b {
		if !taken[j] {
			c.add(Change{Sort: Added, Kind: kindLedger, B: c.object(&b[j]), Facts: len(b[j].order)}, b[j].path)
		}
	}
}

// inObject compares two versions of one object.
func (c *comparer) inObject(a, b *object) {
	for _, path := range a.order {
		word, both := b.words[path]
		ch := Change{Sort: Changed, Path: within(a, path), Kind: kindLedger, A: c.carried(debt{path, a.words[path]})}
		switch {
		case !both:
			ch.Sort = Removed
			c.add(ch, "")
		case word != a.words[path]:
			if ch.B = c.carried(debt{path, word}); ch.A == ch.B {
				ch.B = "another one"
			}
			c.add(ch, within(b, path))
		}
	}
	for _, path := range b.order {
		if _, both := a.words[path]; !both {
			c.add(Change{Sort: Added, Kind: kindLedger, B: c.carried(debt{path, b.words[path]})}, within(b, path))
		}
	}
}

func within(o *object, path string) string {
	if path == "" || path[0] == '[' {
		return o.path + path
	}
	return o.path + "." + path
}

// object shows an object by the values that are nearest to its top, as its name is.
func (c *comparer) object(o *object) string {
	const shown = 4
	order := slices.Clone(o.order)
	depth := func(path string) int { return len(ir.SplitPath(path)) }
	slices.SortStableFunc(order, func(a, b string) int { return cmp.Compare(depth(a), depth(b)) })
	var words []string
	for _, path := range order[:min(shown, len(order))] {
		words = append(words, path+" "+c.carried(debt{path, o.words[path]}))
	}
	if more := len(order) - len(words); more > 0 {
		words = append(words, fmt.Sprintf("and %d more", more))
	}
	return short(strings.Join(words, ", "))
}

// withoutEqual leaves out what both lists have.
func withoutEqual(a, b []object) (restA, restB []object) {
	waiting := map[string]int{}
	for i := range b {
		waiting[b[i].content()]++
	}
	for i := range a {
		if key := a[i].content(); waiting[key] > 0 {
			waiting[key]--
		} else {
			restA = append(restA, a[i])
		}
	}
	// of equal ones, as many stay as are waiting still, the last of them
	for _, o := range slices.Backward(b) {
		if key := o.content(); waiting[key] > 0 {
			waiting[key]--
			restB = append(restB, o)
		}
	}
	slices.Reverse(restB)
	return restA, restB
}

// content writes an object so that equal ones have equal texts.
func (o *object) content() string {
	lines := make([]string, 0, len(o.order)+1)
	for path, word := range o.words {
		lines = append(lines, path+"\x00"+word)
	}
	slices.Sort(lines)
	return o.platform + "\x00" + strings.Join(lines, "\x00")
}

// paired finds the versions of one object: those that share most of the values that few objects have, as a name is, and at
// least half of all their values. The answer is the same the other way round.
func paired(a, b []object) map[int]int {
	type pair struct{ i, j, shared int }
	var candidates []pair
	holders := holdersOf(b)
	common := holdersOf(a)
	for i := range a {
		shared := map[int]int{}
		for path, word := range a[i].words {
			key := a[i].value(path, word)
			if len(holders[key]) <= fewHolders && len(common[key]) <= fewHolders {
				for _, j := range holders[key] {
					shared[j]++
				}
			}
		}
		for j, n := range shared {
			if alikeEnough(&a[i], &b[j]) {
				candidates = append(candidates, pair{i, j, n})
			}
		}
	}
	texts := func(p pair) (string, string) {
		x, y := a[p.i].content(), b[p.j].content()
		return min(x, y), max(x, y)
	}
	slices.SortFunc(candidates, func(p, q pair) int {
		if p.shared != q.shared {
			return q.shared - p.shared
		}
		p1, p2 := texts(p)
		q1, q2 := texts(q)
		return cmp.Or(cmp.Compare(p1, q1), cmp.Compare(p2, q2), cmp.Compare(p.i+p.j, q.i+q.j), cmp.Compare(p.i, q.i))
	})
	pairs, taken := map[int]int{}, map[int]bool{}
	for _, p := range candidates {
		if _, has := pairs[p.i]; !has && !taken[p.j] {
			pairs[p.i], taken[p.j] = p.j, true
		}
	}
	return pairs
}

// fewHolders is how many objects may have a value that still tells them apart.
const fewHolders = 8

// holdersOf finds the objects that have a value at a path.
func holdersOf(all []object) map[string][]int {
	holders := map[string][]int{}
	for i := range all {
		for path, word := range all[i].words {
			key := all[i].value(path, word)
			holders[key] = append(holders[key], i)
		}
	}
	return holders
}

// value is one value of an object as a key.
func (o *object) value(path, word string) string { return o.platform + "\x00" + path + "\x00" + word }

func alikeEnough(a, b *object) bool {
	same := 0
	for path, word := range a.words {
		if other, both := b.words[path]; both && other == word {
			same++
		}
	}
	return 2*same >= max(len(a.words), len(b.words))
}
