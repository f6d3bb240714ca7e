package audit

import (
	"bytes"
	"maps"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// Pass is an optimisation in force, and how much of the files is its work.
type Pass struct {
	Name, Doc, Debt string
	Lines           int // of the files that are there, or are as they are, because of it; -1: not measured
}

// passes returns the optimisations in force; where they are measured, it emits the app
// with all of them and without each.
func passes(app *ir.App, t Target) []Pass {
	var all []Pass
	var with map[string]int
	plain := false // nothing that is emitted depends on passes
	for _, p := range t.Backend.Passes {
		if !t.Options.Passes[p.Name] {
			continue
		}
		if !t.Measure {
			all = append(all, Pass{p.Name, p.Doc, p.Debt, -1})
			continue
		}
		if with == nil {
			with = emitted(app, t, t.Options.Passes)
			plain = more(with, emitted(app, t, backend.Passes{})) == 0
		}
		pass := Pass{Name: p.Name, Doc: p.Doc, Debt: p.Debt}
		if !plain {
			without := maps.Clone(t.Options.Passes)
			delete(without, p.Name)
			pass.Lines = more(with, emitted(app, t, without))
		}
		all = append(all, pass)
	}
	return all
}

// emitted returns how often each line is in the files.
func emitted(app *ir.App, t Target, passes backend.Passes) map[string]int {
	options := t.Options
	options.Passes = passes
	artifacts, _ := t.Backend.Emit(app, options)
	lines := map[string]int{}
	for _, a := range artifacts {
		for line := range bytes.Lines(a.Data) {
			lines[string(bytes.TrimSpace(line))]++
		}
	}
	return lines
}

// more counts the lines that a has and b has not.
func more(a, b map[string]int) int {
	count := 0
	for line, n := range a {
		if line != "" {
			count += max(0, n-b[line])
		}
	}
	return count
}
