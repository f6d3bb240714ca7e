package composeread

import "github.com/decamp-dev/decamp/compiler/backend"

// Mapped says that a field becomes facts, and which.
func Mapped(field, because string) backend.FieldRow {
	return backend.FieldRow{Field: field, Verdict: backend.Mapped, Because: because}
}

// Carried says that a field stays in the ledger, and why.
func Carried(field, because string) backend.FieldRow {
	return backend.FieldRow{Field: field, Verdict: backend.Carried, Because: because}
}

// Ignored says that a field has no effect on the app, and why.
func Ignored(field, because string) backend.FieldRow {
	return backend.FieldRow{Field: field, Verdict: backend.Ignored, Because: because}
}
