package nomad

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/json"

	"github.com/decamp-dev/decamp/compiler/backend"
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

// givenFiles reads the files of values.
func (e *evaluator) givenFiles() {
	for _, name := range e.reader.source.VariableFiles {
		values := e.reader.variableFile(name)
		for _, key := range slices.Sorted(maps.Keys(values)) {
			if v := e.scope.variables[key]; v != nil {
				e.give(v, values[key])
			}
		}
	}
}

// variableFile reads one file of values: HCL, or JSON.
func (r *reader) variableFile(name string) map[string]cty.Value {
	if values, known := r.variableFiles[name]; known {
		return values
	}
	values := map[string]cty.Value{}
	r.variableFiles[name] = values
	data, err := fs.ReadFile(r.source.FS, name)
	if err != nil {
		r.report(diag.Error, CodeFileMissing, source.Range{}, "", "a file of variables cannot be read: "+name, "Name a file that is there, below the folder of the job files.")
		return values
	}
	f := source.NewFile(name, data)
	if strings.HasSuffix(name, ".json") {
		t, err := json.ImpliedType(f.Data)
		if err == nil {
			var v cty.Value
			if v, err = json.Unmarshal(f.Data, t); err == nil && t.IsObjectType() {
				maps.Copy(values, v.AsValueMap())
			}
		}
		if err != nil {
			r.report(diag.Error, CodeSourceSyntax, source.Range{File: f}, "", "a file of variables is no JSON", err.Error()+".")
		}
		return values
	}
	body, ok := r.parseHCL(f)
	if !ok {
		return values
	}
	for key, a := range body.Attributes {
		v, problems := a.Expr.Value(nil)
		if problems.HasErrors() {
			r.problems(f, problems[:1])
			continue
		}
		values[key] = v
	}
	return values
}

// givenVariables takes the values of --var: texts, which are expressions where the
// variable's type is no text.
func (e *evaluator) givenVariables() {
	for name, text := range e.reader.source.Variables {
		v := e.scope.variables[name]
		if v == nil {
			v = e.byLabel(name)
		}
		if v == nil {
			continue
		}
		e.reader.usedVariables[name] = true
		value := cty.StringVal(text)
		if v.typ != cty.String && v.typ != cty.DynamicPseudoType {
			x, problems := hclsyntax.ParseExpression([]byte(text), "--var "+name, hcl.InitialPos)
			if !problems.HasErrors() {
				if parsed, failed := x.Value(nil); !failed.HasErrors() {
					value = parsed
				}
			}
		}
		e.give(v, value)
	}
}

func (e *evaluator) byLabel(label string) *variable {
	for _, v := range e.scope.variables {
		if v.label == label {
			return v
		}
	}
	return nil
}

func (e *evaluator) give(v *variable, value cty.Value) {
	converted, err := convert.Convert(value, v.typ)
	if err != nil {
		e.reader.report(diag.Error, CodeSourceValue, v.where, ir.JoinPath("vars", v.label), fmt.Sprintf("the value that is given for variable %q does not fit", v.name), "Its type is "+v.typ.FriendlyName()+".")
		return
	}
	v.value, v.known, v.given = converted, true, true
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

// folder of the file within the file system.
func (e *evaluator) folder() string { return path.Dir(e.reader.pathOf(e.file)) }
