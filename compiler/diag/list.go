package diag

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/decamp-dev/decamp/compiler/source"
)

// List holds the findings of one step or of a whole run.
type List []Diagnostic

// HasErrors reports whether a finding of severity Error is in the list.
func (l List) HasErrors() bool {
	return slices.ContainsFunc(l, func(d Diagnostic) bool { return d.Severity == Error })
}

// Count returns how many findings of a severity the list holds.
func (l List) Count(s Severity) int {
	count := 0
	for i := range l {
		if l[i].Severity == s {
			count++
		}
	}
	return count
}

// Normalize returns the findings sorted by file, position, severity, code, path
// and target, each once: the same findings give the same list, in whatever order
// they were made. The list itself stays as it is.
func (l List) Normalize() List {
	sorted := slices.Clone(l)
	slices.SortStableFunc(sorted, compare)
	return slices.CompactFunc(sorted, func(a, b Diagnostic) bool { return compare(a, b) == 0 })
}

// compare orders findings by what is shown of them.
func compare(a, b Diagnostic) int {
	return cmp.Or(
		source.Compare(a.Subject, b.Subject),
		cmp.Compare(a.Severity, b.Severity),
		cmp.Compare(a.Code, b.Code),
		cmp.Compare(a.Path, b.Path),
		cmp.Compare(a.Target, b.Target),
		cmp.Compare(a.Summary, b.Summary),
		cmp.Compare(a.Detail, b.Detail),
		slices.CompareFunc(a.Related, b.Related, compareRelated),
		compareFix(a.Fix, b.Fix),
		compareBool(b.Redact, a.Redact), // the careful one first
	)
}

func compareRelated(a, b Related) int {
	return cmp.Or(source.Compare(a.Range, b.Range), cmp.Compare(a.Message, b.Message))
}

func compareFix(a, b *Fix) int {
	if a == nil || b == nil {
		return compareBool(a != nil, b != nil)
	}
	return cmp.Or(
		cmp.Compare(a.Message, b.Message),
		slices.CompareFunc(a.Edits, b.Edits, func(a, b Edit) int {
			return cmp.Or(source.Compare(a.Range, b.Range), cmp.Compare(a.NewText, b.NewText))
		}),
	)
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// Summary returns how many findings of each severity the list holds, such as
// "2 errors, 1 note"; "" for an empty list.
func Summary(l List) string {
	var parts []string
	for _, severity := range []Severity{Error, Warning, Note} {
		switch count := l.Count(severity); count {
		case 0:
		case 1:
			parts = append(parts, "1 "+severity.String())
		default:
			parts = append(parts, fmt.Sprintf("%d %ss", count, severity))
		}
	}
	return strings.Join(parts, ", ")
}
