// Package row makes rows of a capability table, in few words.
package row

import (
	"strings"

	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/support"
)

// Native is what the platform has.
func Native(fact, source string, cases ...support.Case) support.Row {
	return support.Row{Fact: fact, Level: support.Native, Cases: cases, Source: source}
}

// Emulated is what behaves the same by other means.
func Emulated(fact, means, source string, cases ...support.Case) support.Row {
	return support.Row{Fact: fact, Level: support.Emulated, Means: means, Cases: cases, Source: source}
}

// Approximated is what differs in a way that means states.
func Approximated(fact, means, source string, cases ...support.Case) support.Row {
	return support.Row{Fact: fact, Level: support.Approximated, Means: means, Cases: cases, Source: source}
}

// Dropped is what cannot be had; means says what to do instead.
func Dropped(fact, means, source string, cases ...support.Case) support.Row {
	return support.Row{Fact: fact, Level: support.Dropped, Means: means, Cases: cases, Source: source}
}

// IsNative, IsEmulated, IsApproximated and IsDropped are the cases of a row.
func IsNative(c support.Condition) support.Case { return support.Case{When: c, Level: support.Native} }

// IsEmulated is a case in which a fact behaves the same by other means.
func IsEmulated(c support.Condition, means string) support.Case {
	return support.Case{When: c, Level: support.Emulated, Means: means}
}

// IsApproximated is a case in which a fact differs.
func IsApproximated(c support.Condition, means string) support.Case {
	return support.Case{When: c, Level: support.Approximated, Means: means}
}

// IsDropped is a case in which a fact cannot be had.
func IsDropped(c support.Condition, means string) support.Case {
	return support.Case{When: c, Level: support.Dropped, Means: means}
}

// When is a question about a fact, with its wording.
func When(doc string, holds func(*ir.Fact) bool) support.Condition {
	return support.Condition{Doc: doc, Holds: holds}
}

// Is holds for a fact with one of the words as its value.
func Is(words ...string) support.Condition {
	return When("for "+strings.Join(words, " and "), func(f *ir.Fact) bool {
		for _, w := range words {
			if f.Word() == w {
				return true
			}
		}
		return false
	})
}
