package audit

import (
	"cmp"
	"slices"

	"github.com/decamp-dev/decamp/compiler/support"
)

// Cost is what a move to a platform costs, with its derivation.
type Cost struct {
	Total int
	Terms []Term // their sums add up to the total
}

// Term is one line of the derivation: Count times Weight.
type Term struct {
	What               string // "dropped, security", "ledger entries"
	Count, Weight, Sum int
}

// key tells the terms of findings apart.
type key struct {
	level    support.Level
	class    support.Class
	accepted bool
	kind     string // with a weight of its own
}

func (k key) what() string {
	what := k.level.String() + ", " + k.class.Name()
	switch {
	case k.accepted:
		return "accepted (" + what + ")"
	case k.kind != "":
		return k.level.String() + ", " + k.kind
	}
	return what
}

func costOf(findings []Finding, ledger []Entry, target string, w Weights) Cost {
	counts, weights := map[key]int{}, map[key]int{}
	for i := range findings {
		f := &findings[i]
		weight, kind := w.of(f)
		k := key{f.Level, f.Class, f.Accepted != "", kind}
		counts[k]++
		weights[k] = weight
	}
	var c Cost
	for _, k := range order(counts) {
		c.add(k.what(), counts[k], weights[k])
	}
	entries, values := 0, 0
	for _, e := range ledger {
		if e.Platform != target && e.Sort != Acceptance {
			entries++
			values += len(e.Values)
		}
	}
	c.add("ledger entries of other platforms", entries, w.Entry)
	c.add("single values in them", values, w.Value)
	return c
}

// order returns the keys, the worst first.
func order(counts map[key]int) []key {
	var keys []key
	for k := range counts {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b key) int {
		accepted := 0
		if a.accepted != b.accepted {
			accepted = 1
			if b.accepted {
				accepted = -1
			}
		}
		return cmp.Or(accepted, cmp.Compare(b.level, a.level), cmp.Compare(b.class, a.class), cmp.Compare(a.kind, b.kind))
	})
	return keys
}

func (c *Cost) add(what string, count, weight int) {
	if count > 0 {
		c.Terms = append(c.Terms, Term{what, count, weight, count * weight})
		c.Total += count * weight
	}
}
