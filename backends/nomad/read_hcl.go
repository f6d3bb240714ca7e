package nomad

import (
	"bytes"
	"math/big"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/source"
)

// mark is what is known of a value of a file beside the value itself.
type mark struct {
	where   source.Range
	written string   // the value in the words of a spec, with references to vars; "" without
	vars    []string // variables that the value depends on
	open    bool     // the variables stay open in the spec
	comment string   // above the block or attribute
}

// evaluator turns the bodies of one HCL file into documents.
type evaluator struct {
	reader   *reader
	file     *source.File
	scope    *scope
	comments map[int]string // by the line below
	depth    int
}

// maximumBodyDepth bounds recursion.
const maximumBodyDepth = 100

// parseHCL reads a file; false when it is no HCL.
func (r *reader) parseHCL(f *source.File) (*hclsyntax.Body, bool) {
	parsed, problems := hclsyntax.ParseConfig(f.Data, f.Name, hcl.InitialPos)
	if problems.HasErrors() {
		r.problems(f, problems)
		return nil, false
	}
	return parsed.Body.(*hclsyntax.Body), true
}

// problems reports what HCL's library found.
func (r *reader) problems(f *source.File, problems hcl.Diagnostics) {
	for i, p := range problems {
		if i == 20 {
			break
		}
		d := diag.Diagnostic{Severity: diag.Error, Code: CodeSourceSyntax, Summary: lowerStart(p.Summary), Detail: p.Detail}
		if p.Severity == hcl.DiagWarning {
			d.Severity = diag.Warning
		}
		if p.Subject != nil {
			d.Subject = rangeOf(f, *p.Subject)
		}
		r.list = append(r.list, d)
	}
}

// rangeOf turns HCL's place into ours: HCL counts columns in grapheme clusters.
func rangeOf(f *source.File, r hcl.Range) source.Range { return f.Range(r.Start.Byte, r.End.Byte) }

func lowerStart(s string) string {
	if len(s) > 1 && s[1] >= 'a' && s[1] <= 'z' {
		return strings.ToLower(s[:1]) + s[1:]
	}
	return s
}

// body evaluates the attributes and blocks of a body, in the order of the file.
func (e *evaluator) body(b *hclsyntax.Body, ctx *hcl.EvalContext) *document.Value {
	out := document.Block(nil)
	if e.depth++; e.depth > maximumBodyDepth {
		e.depth--
		return out
	}
	defer func() { e.depth-- }()
	type part struct {
		start     int
		attribute *hclsyntax.Attribute
		block     *hclsyntax.Block
	}
	var parts []part
	for _, a := range b.Attributes {
		parts = append(parts, part{start: a.SrcRange.Start.Byte, attribute: a})
	}
	for _, block := range b.Blocks {
		parts = append(parts, part{start: block.TypeRange.Start.Byte, block: block})
	}
	slices.SortFunc(parts, func(a, b part) int { return a.start - b.start })
	for _, p := range parts {
		switch {
		case p.attribute != nil:
			v := e.value(p.attribute.Expr, ctx)
			e.note(v, p.attribute.SrcRange, p.attribute.SrcRange.Start.Line)
			out.Add(p.attribute.Name, v)
		case p.block.Type == "dynamic" && len(p.block.Labels) == 1:
			e.dynamic(out, p.block, ctx)
		default:
			v := e.body(p.block.Body, ctx)
			v.Labels = slices.Clone(p.block.Labels)
			e.note(v, hcl.RangeBetween(p.block.TypeRange, p.block.OpenBraceRange), p.block.TypeRange.Start.Line)
			out.Add(p.block.Type, v)
		}
	}
	return out
}

// note keeps where a value stands.
func (e *evaluator) note(v *document.Value, where hcl.Range, line int) {
	p := e.reader.places[v]
	if p == nil {
		p = &mark{}
		e.reader.places[v] = p
	}
	if p.where.IsZero() || line > 0 {
		p.where = rangeOf(e.file, where)
	}
	p.comment = e.comments[line]
}

// dynamic writes a block for each element of a collection.
func (e *evaluator) dynamic(out *document.Value, block *hclsyntax.Block, ctx *hcl.EvalContext) {
	name := block.Labels[0]
	each, content := block.Body.Attributes["for_each"], (*hclsyntax.Block)(nil)
	for _, inner := range block.Body.Blocks {
		if inner.Type == "content" {
			content = inner
		}
	}
	if each == nil || content == nil {
		e.reader.report(diag.Error, CodeSourceSyntax, rangeOf(e.file, block.TypeRange), "", "a dynamic block has no for_each or no content", "Write for_each = [...] and content { ... }.")
		return
	}
	iterator := name
	if a := block.Body.Attributes["iterator"]; a != nil {
		iterator = hcl.ExprAsKeyword(a.Expr)
	}
	collection := e.evaluate(each.Expr, ctx)
	if !collection.IsKnown() || collection.IsNull() || !collection.CanIterateElements() {
		e.reader.report(diag.Error, CodeSourceValue, rangeOf(e.file, each.SrcRange), "", "for_each of a dynamic block is no list or map", "Give it a list, a set or a map whose values are known.")
		return
	}
	vars := e.dependencies(each.Expr)
	if len(vars) > 0 {
		e.reader.bake(vars, rangeOf(e.file, each.SrcRange))
	}
	for it := collection.ElementIterator(); it.Next(); {
		key, value := it.Element()
		inner := ctx.NewChild()
		inner.Variables = map[string]cty.Value{iterator: cty.ObjectVal(map[string]cty.Value{"key": key, "value": value})}
		v := e.body(content.Body, inner)
		if a := block.Body.Attributes["labels"]; a != nil {
			for _, label := range e.value(a.Expr, inner).Items {
				v.Labels = append(v.Labels, label.Text)
			}
		}
		e.note(v, hcl.RangeBetween(block.TypeRange, block.OpenBraceRange), block.TypeRange.Start.Line)
		out.Add(name, v)
	}
}

// value evaluates an expression. The parts of lists and maps that are written out
// keep their places.
func (e *evaluator) value(x hclsyntax.Expression, ctx *hcl.EvalContext) *document.Value {
	var v *document.Value
	switch x := x.(type) {
	case *hclsyntax.TupleConsExpr:
		v = document.List()
		for _, item := range x.Exprs {
			v.Items = append(v.Items, e.value(item, ctx))
		}
	case *hclsyntax.ObjectConsExpr:
		v = document.Map()
		for _, item := range x.Items {
			key := e.evaluate(item.KeyExpr, ctx)
			if text, err := convert.Convert(key, cty.String); err == nil && text.IsKnown() && !text.IsNull() {
				v.Set(text.AsString(), e.value(item.ValueExpr, ctx))
			}
		}
	default:
		v = fromCty(e.evaluate(x, ctx))
		p := &mark{where: rangeOf(e.file, x.Range()), vars: e.dependencies(x)}
		if len(p.vars) > 0 {
			p.written, _ = e.written(x, 0)
		}
		e.reader.places[v] = p
		return v
	}
	e.note(v, x.Range(), 0)
	return v
}

// evaluate computes an expression. What only a client of Nomad knows, such as
// ${attr.kernel.name}, stays as it is written.
func (e *evaluator) evaluate(x hclsyntax.Expression, ctx *hcl.EvalContext) cty.Value {
	if problem := e.scope.check(e, x); problem {
		return cty.StringVal("")
	}
	v, problems := x.Value(e.withRuntime(x, ctx))
	if problems.HasErrors() {
		e.reader.problems(e.file, problems[:1])
		return cty.StringVal("")
	}
	v, _ = v.UnmarkDeep()
	return v
}

// withRuntime adds to a context the references that only a client can resolve, each
// with its own text for a value.
func (e *evaluator) withRuntime(x hclsyntax.Expression, ctx *hcl.EvalContext) *hcl.EvalContext {
	var runtime map[string]*reference
	for _, t := range x.Variables() {
		root := t.RootName()
		if root == "var" || root == "local" || bound(ctx, root) {
			continue
		}
		if runtime == nil {
			runtime = map[string]*reference{}
		}
		if runtime[root] == nil {
			runtime[root] = &reference{}
		}
		text := bytes.TrimSpace(t.SourceRange().SliceBytes(e.file.Data))
		runtime[root].add(t[1:], "${"+string(text)+"}")
	}
	if runtime == nil {
		return ctx
	}
	child := ctx.NewChild()
	child.Variables = map[string]cty.Value{}
	for root, ref := range runtime {
		child.Variables[root] = ref.value()
	}
	return child
}

func bound(ctx *hcl.EvalContext, root string) bool {
	for ; ctx != nil; ctx = ctx.Parent() {
		if _, known := ctx.Variables[root]; known {
			return true
		}
	}
	return false
}

// reference is a tree of attributes with texts at its leaves.
type reference struct {
	text  string
	below map[string]*reference
}

func (r *reference) add(steps hcl.Traversal, text string) {
	if len(steps) == 0 {
		r.text = text
		return
	}
	name := ""
	switch step := steps[0].(type) {
	case hcl.TraverseAttr:
		name = step.Name
	case hcl.TraverseIndex:
		if key, err := convert.Convert(step.Key, cty.String); err == nil {
			name = key.AsString()
		}
	}
	if r.below == nil {
		r.below = map[string]*reference{}
	}
	if r.below[name] == nil {
		r.below[name] = &reference{}
	}
	r.below[name].add(steps[1:], text)
}

func (r *reference) value() cty.Value {
	if r.below == nil {
		return cty.StringVal(r.text)
	}
	attributes := map[string]cty.Value{}
	for name, below := range r.below {
		attributes[name] = below.value()
	}
	return cty.ObjectVal(attributes)
}

// fromCty turns a value of HCL into a document's.
func fromCty(v cty.Value) *document.Value {
	switch {
	case !v.IsKnown() || v.IsNull():
		return document.Null()
	case v.Type() == cty.String:
		return document.String(v.AsString())
	case v.Type() == cty.Bool:
		return document.Bool(v.True())
	case v.Type() == cty.Number:
		return numberOf(v.AsBigFloat())
	case v.Type().IsObjectType() || v.Type().IsMapType():
		m := document.Map()
		for it := v.ElementIterator(); it.Next(); {
			key, item := it.Element()
			m.Set(key.AsString(), fromCty(item))
		}
		return m
	case v.CanIterateElements():
		list := document.List()
		for it := v.ElementIterator(); it.Next(); {
			_, item := it.Element()
			list.Items = append(list.Items, fromCty(item))
		}
		return list
	}
	return document.Null()
}

func numberOf(f *big.Float) *document.Value {
	if f.IsInt() {
		return &document.Value{Kind: document.KindNumber, Text: f.Text('f', 0)}
	}
	return &document.Value{Kind: document.KindNumber, Text: f.Text('g', -1)}
}
