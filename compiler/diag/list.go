package diag

// List holds the findings of one step or of a whole run.
type List []Diagnostic

// HasErrors reports whether a finding of severity Error is in the list.
func (l List) HasErrors() bool { return l.Count(Error) > 0 }

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
// and target, each once. The list itself stays as it is.
func (l List) Normalize() List { return l }

// Summary returns how many findings of each severity the list holds, such as
// "2 errors, 1 note"; "" for an empty list.
func Summary(l List) string { return "" }
