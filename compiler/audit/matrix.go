package audit

import (
	"strings"

	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/support"
)

// Concept is a line of the matrix: what each target makes of the facts of one concept.
type Concept struct {
	Kind   string // "container.health"
	Facts  int
	Counts []Counts // one for each target, each adding up to Facts
}

// Matrix counts the facts of an app by concept and target, in the order in which the
// app speaks of the concepts. The columns add up to the facts of each standing.
func Matrix(app *ir.App, targets []Target) []Concept {
	var all []Concept
	index := map[string]int{}
	rows := make([]map[string]*support.Row, len(targets))
	for i := range rows {
		rows[i] = map[string]*support.Row{}
	}
	ir.Walk(app, func(f *ir.Fact) {
		kind := concept(f.Kind)
		at, ok := index[kind]
		if !ok {
			at = len(all)
			index[kind] = at
			all = append(all, Concept{Kind: kind, Counts: make([]Counts, len(targets))})
		}
		all[at].Facts++
		for i, t := range targets {
			row, known := rows[i][f.Kind]
			if !known {
				row = t.Backend.Support.Row(f.Kind)
				rows[i][f.Kind] = row
			}
			all[at].Counts[i].add(row, f, t.Options.Version)
		}
	})
	return all
}

func (c *Counts) add(row *support.Row, f *ir.Fact, version string) {
	if row == nil {
		c.Unknown++
		return
	}
	switch level, _ := row.At(f, version); level {
	case support.Native:
		c.Native++
	case support.Emulated:
		c.Emulated++
	case support.Approximated:
		c.Approximated++
	default:
		c.Dropped++
	}
}

// concept is the part of a kind that people speak of: "container.health".
func concept(kind string) string {
	first, rest, ok := strings.Cut(kind, ".")
	if !ok {
		return kind
	}
	second, _, _ := strings.Cut(rest, ".")
	return first + "." + second
}
