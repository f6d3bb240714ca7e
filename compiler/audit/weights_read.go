package audit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/source"
	"github.com/decamp-dev/decamp/compiler/support"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// CodeWeights is the code of mistakes in a file of weights.
const CodeWeights diag.Code = "weights-file"

// Codes describes the findings of this package.
func Codes() []diag.Entry {
	return []diag.Entry{{
		Code: CodeWeights, Title: "A file of weights cannot be taken",
		Doc: "What --weights names is YAML or JSON that replaces some weights of the exit cost: levels, by level and class " +
			"(levels: {dropped: {data: 100}}); kinds, by kind of fact and level (kinds: {workload.scale: {dropped: 0}}); accepted; " +
			"and ledger, with entry and value. Weights are whole numbers from 0. `decamp audit --format json` shows those in force.",
	}}
}

var levels = map[string]support.Level{
	"emulated": support.Emulated, "approximated": support.Approximated, "dropped": support.Dropped,
}

var classes = map[string]support.Class{
	"operation": support.Operation, "breaks": support.Breaks, "data": support.Data, "security": support.Security,
}

// ReadWeights reads a file of weights over the default ones.
func ReadWeights(f *source.File) (Weights, diag.List) {
	root, list := tree.Parse(f, tree.Limits{})
	r := &weightReader{weights: DefaultWeights(), list: list}
	if list.HasErrors() || root.IsNull() {
		return r.weights, r.list
	}
	r.each(root, "", []string{"levels", "kinds", "accepted", "ledger"}, r.top)
	return r.weights, r.list.Normalize()
}

type weightReader struct {
	weights Weights
	list    diag.List
}

func (r *weightReader) top(key, path string, n *tree.Node) {
	switch key {
	case "levels":
		r.each(n, path, names(levels), func(level, path string, n *tree.Node) {
			r.each(n, path, names(classes), func(class, path string, n *tree.Node) {
				r.number(n, path, func(weight int) { r.weights.Levels[levels[level]][classes[class]] = weight })
			})
		})
	case "kinds":
		r.each(n, path, nil, r.kind)
	case "accepted":
		r.number(n, path, func(weight int) { r.weights.Accepted = weight })
	case "ledger":
		r.each(n, path, []string{"entry", "value"}, func(key, path string, n *tree.Node) {
			r.number(n, path, func(weight int) {
				if key == "entry" {
					r.weights.Entry = weight
				} else {
					r.weights.Value = weight
				}
			})
		})
	}
}

func (r *weightReader) kind(kind, path string, n *tree.Node) {
	var known []string
	for _, k := range ir.Kinds() {
		known = append(known, k.Name)
		if k.Name == kind || strings.HasPrefix(k.Name, kind+".") {
			r.each(n, path, names(levels), func(level, path string, n *tree.Node) {
				r.number(n, path, func(weight int) {
					r.weights.Kinds = append(r.weights.Kinds, KindWeight{kind, levels[level], weight})
				})
			})
			return
		}
	}
	r.wrong(n, path, fmt.Sprintf("there is no kind of fact %q", kind), suggestion(kind, known))
}

// each visits the members of a mapping, whose keys have to be known.
func (r *weightReader) each(n *tree.Node, path string, known []string, visit func(key, path string, n *tree.Node)) {
	if n.Kind != tree.Mapping {
		r.wrong(n, path, "a mapping belongs here", "")
		return
	}
	for _, p := range n.Pairs {
		at := ir.JoinPath(path, p.Key.Value)
		if known != nil && !slices.Contains(known, p.Key.Value) {
			r.wrong(p.Key, at, fmt.Sprintf("unknown key %q", p.Key.Value), "Known are "+strings.Join(known, ", ")+"."+suggestion(p.Key.Value, known))
			continue
		}
		visit(p.Key.Value, at, p.Value)
	}
}

const mostWeight = 1_000_000

func (r *weightReader) number(n *tree.Node, path string, set func(int)) {
	weight, ok := n.AsInt()
	if !ok || weight < 0 || weight > mostWeight {
		r.wrong(n, path, "a weight is a whole number from 0 to 1000000", "")
		return
	}
	set(int(weight))
}

func (r *weightReader) wrong(n *tree.Node, path, summary, detail string) {
	r.list = append(r.list, diag.Diagnostic{Severity: diag.Error, Code: CodeWeights, Path: path, Subject: n.Range(), Summary: summary, Detail: strings.TrimSpace(detail)})
}

func suggestion(word string, known []string) string {
	if near := diag.Closest(word, known); near != "" {
		return fmt.Sprintf(" Did you mean %s?", near)
	}
	return ""
}

func names[V any](m map[string]V) []string {
	var all []string
	for name := range m {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}
