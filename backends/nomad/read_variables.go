package nomad

import (
	"maps"
	"path"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/source"
)

// variable is an input variable of a job file.
type variable struct {
	name, label string // label: in the spec
	typ         cty.Type
	value       cty.Value
	known       bool // a value is given, or there is a default
	given       bool
	description string
	where       source.Range
	used        bool // stands in the app as a reference
}

// simple reports a variable that a spec can have: one text.
func (v *variable) simple() bool {
	return v.typ == cty.String || v.typ == cty.Number || v.typ == cty.Bool || v.typ == cty.DynamicPseudoType && (!v.known || v.value.Type().IsPrimitiveType())
}

// scope is what the expressions of a file may refer to.
type scope struct {
	variables map[string]*variable
	order     []string
	locals    map[string]*hclsyntax.Attribute
	context   *hcl.EvalContext
	missing   map[string]bool // that were reported
}

// scope reads the variables and locals of a file.
func (e *evaluator) scopeOf(body *hclsyntax.Body) {
	s := &scope{variables: map[string]*variable{}, locals: map[string]*hclsyntax.Attribute{}, missing: map[string]bool{}}
	e.scope = s
	for _, block := range body.Blocks {
		switch {
		case block.Type == "variable" && len(block.Labels) == 1:
			e.variable(block.Labels[0], block)
		case block.Type == "variables":
			for _, name := range attributeNames(block.Body) {
				a := block.Body.Attributes[name]
				v := e.declare(name, rangeOf(e.file, a.NameRange))
				v.value, v.known = e.constant(a.Expr)
			}
		case block.Type == "locals":
			maps.Copy(s.locals, block.Body.Attributes)
		}
	}
	e.givenFiles()
	e.givenVariables()
	s.context = &hcl.EvalContext{Functions: e.functions(), Variables: map[string]cty.Value{}}
	values := map[string]cty.Value{}
	for name, v := range s.variables {
		values[name] = v.value
		if !v.known {
			values[name] = placeholder(v.typ)
		}
	}
	s.context.Variables["var"] = cty.ObjectVal(values)
	e.evaluateLocals()
	for _, name := range s.order {
		e.reader.variables = append(e.reader.variables, s.variables[name])
	}
}

// placeholder stands where a value is not known: whoever compiles has to give it.
func placeholder(t cty.Type) cty.Value {
	switch {
	case t == cty.Number:
		return cty.NumberIntVal(1)
	case t == cty.Bool:
		return cty.False
	case t.IsListType() || t.IsSetType() || t.IsTupleType():
		return cty.EmptyTupleVal
	case t.IsMapType() || t.IsObjectType():
		return cty.EmptyObjectVal
	}
	return cty.StringVal("unset")
}

func attributeNames(b *hclsyntax.Body) []string {
	names := slices.Collect(maps.Keys(b.Attributes))
	slices.SortFunc(names, func(x, y string) int {
		return b.Attributes[x].SrcRange.Start.Byte - b.Attributes[y].SrcRange.Start.Byte
	})
	return names
}

func (e *evaluator) declare(name string, where source.Range) *variable {
	v := &variable{name: name, label: e.reader.names.vars.Name(name), typ: cty.DynamicPseudoType, where: where}
	if e.scope.variables[name] == nil {
		e.scope.order = append(e.scope.order, name)
	}
	e.scope.variables[name] = v
	return v
}

func (e *evaluator) variable(name string, block *hclsyntax.Block) {
	v := e.declare(name, rangeOf(e.file, hcl.RangeBetween(block.TypeRange, block.OpenBraceRange)))
	if a := block.Body.Attributes["type"]; a != nil {
		t, problems := typeexpr.TypeConstraint(a.Expr)
		if problems.HasErrors() {
			e.reader.problems(e.file, problems[:1])
		} else {
			v.typ = t
		}
	}
	if a := block.Body.Attributes["description"]; a != nil {
		if text, ok := e.constant(a.Expr); ok && text.Type() == cty.String {
			v.description = text.AsString()
		}
	}
	if a := block.Body.Attributes["default"]; a != nil {
		v.value, v.known = e.constant(a.Expr)
		if converted, err := convert.Convert(v.value, v.typ); err == nil && v.known {
			v.value = converted
		}
		v.known = v.known && !v.value.IsNull()
	}
	for _, inner := range block.Body.Blocks {
		if inner.Type == "validation" {
			e.reader.report(diag.Note, CodeVariableCheck, rangeOf(e.file, inner.TypeRange), ir.JoinPath("vars", v.label), "the validation of a variable is not kept",
				"The variables of a spec have a default and a description. Say in its description which values are allowed.")
		}
	}
}

// constant evaluates an expression that may refer to nothing.
func (e *evaluator) constant(x hclsyntax.Expression) (cty.Value, bool) {
	v, problems := x.Value(&hcl.EvalContext{Functions: e.functions()})
	if problems.HasErrors() {
		e.reader.problems(e.file, problems[:1])
		return cty.NullVal(cty.DynamicPseudoType), false
	}
	return v, true
}

// evaluateLocals evaluates locals in the order of what they depend on.
func (e *evaluator) evaluateLocals() {
	s := e.scope
	values := map[string]cty.Value{}
	s.context.Variables["local"] = cty.EmptyObjectVal
	var names []string
	for name := range s.locals {
		names = append(names, name)
	}
	slices.Sort(names)
	state := map[string]int{} // 1: being evaluated, 2: done
	var visit func(name string)
	visit = func(name string) {
		if state[name] != 0 || s.locals[name] == nil {
			return
		}
		state[name] = 1
		for _, t := range s.locals[name].Expr.Variables() {
			if t.RootName() == "local" && len(t) > 1 {
				if step, ok := t[1].(hcl.TraverseAttr); ok {
					visit(step.Name)
				}
			}
		}
		s.context.Variables["local"] = cty.ObjectVal(values)
		values[name] = e.evaluate(s.locals[name].Expr, s.context)
		state[name] = 2
	}
	for _, name := range names {
		visit(name)
	}
	s.context.Variables["local"] = cty.ObjectVal(values)
}

// check reports references to variables and locals that are not declared.
func (s *scope) check(e *evaluator, x hclsyntax.Expression) bool {
	found := false
	for _, t := range x.Variables() {
		root := t.RootName()
		if root != "var" && root != "local" || len(t) < 2 {
			continue
		}
		step, ok := t[1].(hcl.TraverseAttr)
		if !ok {
			continue
		}
		known := s.variables[step.Name] != nil
		candidates := s.order
		if root == "local" {
			known = s.locals[step.Name] != nil
			candidates = slices.Sorted(maps.Keys(s.locals))
		}
		if known {
			continue
		}
		found = true
		if key := root + "." + step.Name; !s.missing[key] {
			s.missing[key] = true
			detail := "Declare it in the file that uses it."
			if near := diag.Closest(step.Name, candidates); near != "" {
				detail = "Did you mean " + root + "." + near + "? " + detail
			}
			e.reader.report(diag.Error, CodeSourceVariable, rangeOf(e.file, t.SourceRange()), "", "there is no "+key, detail)
		}
	}
	return found
}

// depend collects the variables that an expression depends on.
func (s *scope) depend(x hclsyntax.Expression, names *[]string, seen map[string]bool) {
	for _, t := range x.Variables() {
		if len(t) < 2 {
			continue
		}
		step, ok := t[1].(hcl.TraverseAttr)
		if !ok {
			continue
		}
		switch key := t.RootName() + "." + step.Name; {
		case seen[key]:
		case t.RootName() == "var" && s.variables[step.Name] != nil:
			seen[key] = true
			*names = append(*names, step.Name)
		case t.RootName() == "local" && s.locals[step.Name] != nil:
			seen[key] = true
			s.depend(s.locals[step.Name].Expr, names, seen)
		}
	}
}

// folder of the file within the file system.
func (e *evaluator) folder() string { return path.Dir(e.reader.pathOf(e.file)) }
