// Package schema holds the JSON Schemas of what decamp reads and writes. They are
// generated from the Go types; a test proves that they are up to date.
package schema

import _ "embed" // for the schema files

//go:generate go run ./internal/generate

//go:embed spec.json
var specSchema []byte

//go:embed ir.json
var irSchema []byte

//go:embed diagnostics.json
var diagnosticsSchema []byte

//go:embed audit.json
var auditSchema []byte

//go:embed diff.json
var diffSchema []byte

//go:embed parity.json
var paritySchema []byte

// Spec returns the JSON Schema (draft 2020-12) of decamp.yaml.
func Spec() []byte { return specSchema }

// IR returns the JSON Schema of what `decamp compile --emit-ir` prints.
func IR() []byte { return irSchema }

// Diagnostics returns the JSON Schema of `--format json`.
func Diagnostics() []byte { return diagnosticsSchema }

// Audit returns the JSON Schema of `decamp audit --format json`.
func Audit() []byte { return auditSchema }

// Diff returns the JSON Schema of `decamp diff --format json`.
func Diff() []byte { return diffSchema }

// Parity returns the JSON Schema of `decamp parity --format json`.
func Parity() []byte { return paritySchema }
