package nomad

import (
	"bytes"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// dependencies lists the variables that an expression depends on, also through
// locals.
func (e *evaluator) dependencies(x hclsyntax.Expression) []string {
	var names []string
	e.scope.depend(x, &names, map[string]bool{})
	return names
}

// written writes an expression in the words of a spec: literals and whole variables,
// one after the other. false when it is more than that.
func (e *evaluator) written(x hclsyntax.Expression, depth int) (string, bool) {
	if depth > 20 {
		return "", false
	}
	switch x := x.(type) {
	case *hclsyntax.ParenthesesExpr:
		return e.written(x.Expression, depth+1)
	case *hclsyntax.TemplateWrapExpr:
		return e.written(x.Wrapped, depth+1)
	case *hclsyntax.LiteralValueExpr:
		text, err := convert.Convert(x.Val, cty.String)
		if err != nil || text.IsNull() {
			return "", false
		}
		return ir.EscapeLiteral(text.AsString()), true
	case *hclsyntax.TemplateExpr:
		var b strings.Builder
		for _, part := range x.Parts {
			text, ok := e.written(part, depth+1)
			if !ok {
				return "", false
			}
			b.WriteString(text)
		}
		return b.String(), true
	case *hclsyntax.ScopeTraversalExpr:
		return e.writtenReference(x, depth)
	}
	return "", false
}

func (e *evaluator) writtenReference(x *hclsyntax.ScopeTraversalExpr, depth int) (string, bool) {
	root := x.Traversal.RootName()
	if root != "var" && root != "local" {
		text := bytes.TrimSpace(x.Range().SliceBytes(e.file.Data))
		return ir.EscapeLiteral("${" + string(text) + "}"), true
	}
	if len(x.Traversal) != 2 {
		return "", false
	}
	step, ok := x.Traversal[1].(hcl.TraverseAttr)
	if !ok {
		return "", false
	}
	if root == "local" {
		if local := e.scope.locals[step.Name]; local != nil {
			return e.written(local.Expr, depth+1)
		}
		return "", false
	}
	v := e.scope.variables[step.Name]
	if v == nil || !v.simple() {
		return "", false
	}
	return "${vars." + v.label + "}", true
}
