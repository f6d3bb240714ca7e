package spec

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/tree"
)

var varKeys = []string{"default", "type", "description"}

// vars finds the value of each declared var: given from outside, else its default.
func (d *decoder) vars(root *tree.Node) {
	d.expand = expander{vars: map[string]string{}, stage: d.environment.Stage}
	node := root.Get("vars")
	if node.IsNull() {
		d.unusedVars()
		return
	}
	d.push("vars")
	defer d.pop()
	if node.Kind != tree.Mapping {
		d.fail(CodeWrongType, node, fmt.Sprintf("a %s stands where a mapping of vars belongs", node.Kind), `Write for instance vars: {tag: {default: "1.4.2"}}.`)
		return
	}
	for _, p := range node.Pairs {
		name := p.Key.Value
		if strings.HasPrefix(name, "x-") {
			continue
		}
		d.expand.known = append(d.expand.known, name)
		d.push(name)
		d.variable(name, p.Key, p.Value)
		d.pop()
	}
	d.unusedVars()
}

func (d *decoder) variable(name string, key, n *tree.Node) {
	value, kind := n, ""
	if n.Kind == tree.Mapping {
		for _, p := range n.Pairs {
			if !slices.Contains(varKeys, p.Key.Value) && !strings.HasPrefix(p.Key.Value, "x-") {
				d.push(p.Key.Value)
				d.diags = append(d.diags, unknownKey(p.Key, d.at(), varKeys, ""))
				d.pop()
			}
		}
		value = n.Get("default")
		if t := n.Get("type"); t != nil {
			kind = t.Value
		}
	}
	text, given := d.environment.Vars[name]
	switch {
	case given:
	case value.IsNull():
		d.fail(CodeMissingVar, key, fmt.Sprintf("var %q has no value", name), fmt.Sprintf("It has no default. Give it with --var %s=…, in a --vars-file, or as a default.", name))
		return
	case !value.Kind.IsScalar():
		d.fail(CodeWrongType, value, fmt.Sprintf("a %s stands where a single value belongs", value.Kind), "A var is a string, an integer, a number or a boolean.")
		return
	default:
		text = value.Value
	}
	if problem := mistyped(text, kind); problem != "" {
		d.fail(CodeBadValue, n, problem, "Types of vars are string, int, number and bool.")
		return
	}
	d.expand.vars[name] = text
}

// mistyped returns what is wrong with a value for a type, "" when it fits.
func mistyped(text, kind string) string {
	var err error
	switch kind {
	case "", "string":
		return ""
	case "int":
		_, err = strconv.ParseInt(text, 10, 64)
	case "number":
		_, err = strconv.ParseFloat(text, 64)
	case "bool":
		if text != "true" && text != "false" {
			err = strconv.ErrSyntax
		}
	default:
		return fmt.Sprintf("there is no type %q of vars", kind)
	}
	if err != nil {
		return fmt.Sprintf("%q is no %s", text, kind)
	}
	return ""
}

// unusedVars finds values that are given for vars that the spec does not declare.
// Those of the environment come with a prefix that is only ours, so they count too.
func (d *decoder) unusedVars() {
	var names []string
	for name := range d.environment.Vars {
		if !slices.Contains(d.expand.known, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		d.diags = append(d.diags, diag.Diagnostic{Severity: diag.Error, Code: CodeUnknownVar, Path: "vars." + name,
			Summary: fmt.Sprintf("a value is given for var %q, which the spec does not declare", name),
			Detail:  "Declare it under vars, or take the value away." + didYouMean(name, d.expand.known)})
	}
}
