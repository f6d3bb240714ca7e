package nomad

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/source"
)

// lookupVariable finds a variable of any of the files.
func (r *reader) lookupVariable(name string) *variable {
	for _, v := range r.variables {
		if v.name == name {
			return v
		}
	}
	return nil
}

// bake notes that the values of variables stand in the app now. Without a value that
// is an error, which is reported once for all of them.
func (r *reader) bake(names []string, where source.Range) {
	for _, name := range names {
		if _, known := r.baked[name]; !known {
			r.baked[name] = where
		}
	}
}

// bakeRest bakes the variables of every value that is not open, whatever became of
// the value.
func (r *reader) bakeRest() {
	var closed []*mark
	for _, p := range r.places {
		if len(p.vars) > 0 && !p.open {
			closed = append(closed, p)
		}
	}
	slices.SortFunc(closed, func(a, b *mark) int { return source.Compare(a.where, b.where) })
	for _, p := range closed {
		r.bake(p.vars, p.where)
	}
}

// finishVariables declares the vars that stay open, and reports the others.
func (r *reader) finishVariables() {
	r.bakeRest()
	var unresolved []string
	var first source.Range
	for _, v := range r.variables {
		where, baked := r.baked[v.name]
		if r.source.Bake {
			v.used = false
		}
		if v.used {
			declared := backend.Var{Name: v.name, Description: v.description, HasDefault: v.known}
			if v.known {
				if text, err := convert.Convert(v.value, cty.String); err == nil && !text.IsNull() {
					declared.Default = text.AsString()
				}
			}
			r.reading.Vars.Set(v.label, declared)
			r.positions[ir.JoinPath("vars", v.label)] = v.where
		}
		switch {
		case !v.known && (baked || r.source.Bake):
			unresolved = append(unresolved, v.name)
			if first.IsZero() {
				first = v.where
			}
		case baked && !r.source.Bake && !v.given:
			r.report(diag.Note, CodeBaked, where, "", fmt.Sprintf("the value of variable %q stands in the spec", v.name),
				"It decides more than a text, or is kept in the ledger, where the vars of a spec do not reach. Read again with --var "+v.name+"=… for another value.")
		}
	}
	if len(unresolved) > 0 {
		var advice []string
		for _, name := range unresolved {
			advice = append(advice, "--var "+name+"=…")
		}
		r.report(diag.Error, CodeUnresolved, first, "", "variables have no value: "+strings.Join(unresolved, ", "), "Give them by "+strings.Join(advice, " ")+", or in a file by --var-file.")
	}
	for _, name := range slices.Sorted(maps.Keys(r.source.Variables)) {
		if !r.usedVariables[name] {
			var known []string
			for _, v := range r.variables {
				known = append(known, v.name)
			}
			detail := "The files declare no variables."
			if len(known) > 0 {
				detail = "The variables are " + strings.Join(known, ", ") + "."
			}
			r.report(diag.Error, CodeSourceVariable, source.Range{}, "", fmt.Sprintf("there is no variable %q", name), detail)
		}
	}
}
