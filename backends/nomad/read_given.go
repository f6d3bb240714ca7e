package nomad

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/json"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/source"
)

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
