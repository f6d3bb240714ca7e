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
	platform   string
}

// ledgers compares what is said for one platform only, value by value. Reasons are
// for people and make no difference.
func (c *comparer) ledgers() {
	a, orderA := debts(c.a.App)
	b, orderB := debts(c.b.App)
	for _, key := range orderA {
		x := a[key]
		y, both := b[key]
		switch {
		case !both:
			ch := Change{Sort: Removed, Path: x.path, Kind: kindLedger, A: c.carried(x)}
			c.add(ch, "")
			c.foreign(c.b, x.platform)
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
			c.foreign(c.a, b[key].platform)
		}
	}
}

// foreign notes of the last change that the silent side is of another platform.
func (c *comparer) foreign(silent Side, platform string) {
	if silent.Platform != nil && silent.Platform.Name != platform {
		last := &c.changes[len(c.changes)-1]
		last.Cannot, last.Because = silent.Platform.Name, "it is said in words of "+platform
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

// debts returns the values of a ledger by what they are said on, and in which order.
func debts(app *ir.App) (map[string]debt, []string) {
	all := map[string]debt{}
	var order []string
	for i := range app.Platform {
		e := &app.Platform[i]
		add := func(sort, path string, v *ir.Value) {
			single(path, v, func(path string, v *ir.Value) {
				key := strings.Join([]string{e.Platform, e.On, sort, path}, "\x00")
				for n := 2; ; n++ {
					if _, twice := all[key]; !twice {
						break
					}
					key = fmt.Sprintf("%s\x00%d", strings.Join([]string{e.Platform, e.On, sort, path}, "\x00"), n)
				}
				at := e.Path + "." + sort
				if path != "" {
					at += "." + path
				}
				all[key] = debt{at, v.Text, e.Platform}
				order = append(order, key)
			})
		}
		if e.Patch != nil {
			add("patch", "", e.Patch)
		}
		for _, o := range e.Objects {
			add("objects", "", o)
		}
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
