package diff

import (
	"fmt"
	"strings"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// kindLedger is the kind of what is said for one platform only, which is no fact.
const kindLedger = "platform"

// debt is one single value of the ledger.
type debt struct {
	path, word string // within the app
}

// ledgers compares what is said for one platform only, value by value. Reasons are
// for people and make no difference.
func (c *comparer) ledgers() {
	c.foreigners(c.a, c.b, true)
	c.foreigners(c.b, c.a, false)
	c.objects()
	a, orderA := debts(c.a.App, c.b)
	b, orderB := debts(c.b.App, c.a)
	for _, key := range orderA {
		x := a[key]
		y, both := b[key]
		switch {
		case !both:
			ch := Change{Sort: Removed, Path: x.path, Kind: kindLedger, A: c.carried(x)}
			c.add(ch, "")
		case x.word != y.word:
			ch := Change{Sort: Changed, Path: x.path, Kind: kindLedger, A: c.carried(x), B: c.carried(y)}
			if ch.A == ch.B {
				ch.B = "another one"
			}
			c.add(ch, y.path)
		}
	}
	for _, key := range orderB {
		if _, both := a[key]; !both {
			c.add(Change{Sort: Added, Kind: kindLedger, B: c.carried(b[key])}, b[key].path)
		}
	}
}

// foreign reports whether an entry is in the words of another platform than the one
// that a side was read from.
func foreign(side Side, e *ir.PlatformEntry) bool {
	return side.Platform != nil && side.Platform.Name != e.Platform
}

// foreigners notes the entries of one side that are said in words that the other side's
// platform does not have: each once, whatever it holds.
func (c *comparer) foreigners(speaking, silent Side, inA bool) {
	for i := range speaking.App.Platform {
		e := &speaking.App.Platform[i]
		if !foreign(silent, e) || e.Accept != "" {
			continue
		}
		var paths []string
		collect := func(path string, _ *ir.Value) { paths = append(paths, path) }
		if e.Patch != nil {
			single("", e.Patch, collect)
		}
		for j, o := range e.Objects {
			single(at("objects", j), o, collect)
		}
		if len(paths) == 0 {
			continue
		}
		says := "objects"
		if e.On != "" {
			says = "on " + e.On
		}
		ch := Change{Kind: kindLedger, Facts: len(paths)}
		if says = short(says + ": " + strings.Join(paths, ", ")); inA {
			ch.Sort, ch.Path, ch.A = Removed, e.Path, says
			c.add(ch, "")
		} else {
			ch.Sort, ch.B = Added, says
			c.add(ch, e.Path)
		}
		last := &c.changes[len(c.changes)-1]
		last.Cannot, last.Because = silent.Platform.Name, "It is said in words of "+e.Platform+"."
	}
}

// carried shows a value of the ledger. Nothing is known of what it means, so its name
// decides whether it may be shown.
func (c *comparer) carried(d debt) string {
	segments := ir.SplitPath(d.path)
	if c.secret(segments[len(segments)-1], d.word) {
		return notShown
	}
	return short(withoutPasswords(d.word))
}

// debts returns the values of a ledger's patches by what they are said on, and in which
// order; without those that are foreign to the other side.
func debts(app *ir.App, other Side) (map[string]debt, []string) {
	all := map[string]debt{}
	var order []string
	for i := range app.Platform {
		e := &app.Platform[i]
		if foreign(other, e) {
			continue
		}
		if e.Patch == nil {
			continue
		}
		single("", e.Patch, func(path string, v *ir.Value) {
			key := strings.Join([]string{e.Platform, e.On, path}, "\x00")
			for n := 2; ; n++ {
				if _, twice := all[key]; !twice {
					break
				}
				key = fmt.Sprintf("%s\x00%d", strings.Join([]string{e.Platform, e.On, path}, "\x00"), n)
			}
			at := e.Path + ".patch"
			if path != "" {
				at += "." + path
			}
			all[key] = debt{at, v.Text}
			order = append(order, key)
		})
	}
	return all, order
}

// single visits the single values in v.
func single(path string, v *ir.Value, visit func(string, *ir.Value)) {
	switch {
	case v.Kind == ir.MapValue && len(v.Members) > 0:
		for _, m := range v.Members {
			single(ir.JoinPath(path, m.Key), m.Value, visit)
		}
	case v.Kind == ir.ListValue && len(v.Items) > 0:
		for i, item := range v.Items {
			single(at(path, i), item, visit)
		}
	default:
		visit(path, v)
	}
}
