package score

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// decoder fills the types from a tree by their tags.
type decoder struct {
	list    diag.List
	unknown []unknownKey
	path    []string // of keys, to the node at hand
}

// unknownKey is something that the schema does not have: it is carried.
type unknownKey struct {
	path  []string
	key   *tree.Node
	value *tree.Node
	known []string
}

func decodeDocument(root *tree.Node) (*document, *decoder) {
	d, doc := &decoder{}, &document{}
	d.value(root, reflect.ValueOf(doc).Elem(), false)
	return doc, d
}

func (d *decoder) fail(n *tree.Node, summary, detail string) {
	d.list = append(d.list, diag.Diagnostic{Severity: diag.Error, Code: CodeShape, Subject: n.Range(), Path: strings.Join(d.path, "."), Summary: summary, Detail: detail})
}

func (d *decoder) push(key string) { d.path = append(d.path, key) }
func (d *decoder) pop()            { d.path = d.path[:len(d.path)-1] }

var (
	scalarType = reflect.TypeFor[scalar]()
	nodeType   = reflect.TypeFor[*tree.Node]()
)

// value decodes a node into a value of one of the types. byTarget admits the old form
// of files and volumes: a list whose items name their place themselves.
func (d *decoder) value(n *tree.Node, v reflect.Value, byTarget bool) {
	switch t := v.Type(); {
	case t == nodeType:
		v.Set(reflect.ValueOf(n))
	case t == scalarType:
		if n.IsNull() || !n.Kind.IsScalar() {
			d.fail(n, fmt.Sprintf("a %s stands where a single value belongs", n.Kind), "")
			return
		}
		v.Set(reflect.ValueOf(scalar{n.Value, n}))
	case t.Kind() == reflect.Pointer:
		if !n.IsNull() {
			v.Set(reflect.New(t.Elem()))
			d.value(n, v.Elem(), false)
		}
	case t.Kind() == reflect.Slice && strings.HasPrefix(t.Name(), "members["):
		d.members(n, v, byTarget)
	case t.Kind() == reflect.Slice:
		d.items(n, v)
	default:
		d.structure(n, v)
	}
}

func (d *decoder) items(n *tree.Node, v reflect.Value) {
	if n.IsNull() {
		return
	}
	if n.Kind != tree.Sequence {
		d.fail(n, fmt.Sprintf("a %s stands where a list belongs", n.Kind), "")
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.Items), len(n.Items)))
	for i, item := range n.Items {
		d.push(fmt.Sprint(i))
		d.value(item, v.Index(i), false)
		d.pop()
	}
}

func (d *decoder) members(n *tree.Node, v reflect.Value, byTarget bool) {
	switch {
	case n.IsNull():
	case n.Kind == tree.Mapping:
		for _, p := range n.Pairs {
			d.push(p.Key.Value)
			d.member(p.Key.Value, p.Key, p.Value, v)
			d.pop()
		}
	case n.Kind == tree.Sequence && byTarget:
		for i, item := range n.Items {
			d.push(fmt.Sprint(i))
			target := item.Get("target")
			if target.IsNull() || !target.Kind.IsScalar() {
				d.fail(item, "target is missing", "In a list each item says its target; better write a mapping of targets to items.")
			} else {
				d.member(target.Value, target, item, v)
			}
			d.pop()
		}
	default:
		d.fail(n, fmt.Sprintf("a %s stands where a mapping belongs", n.Kind), "")
	}
}

func (d *decoder) member(name string, key, value *tree.Node, into reflect.Value) {
	item := reflect.New(into.Type().Elem()).Elem()
	item.FieldByName("Name").SetString(name)
	item.FieldByName("Key").Set(reflect.ValueOf(key))
	d.value(value, item.FieldByName("Value"), false)
	into.Set(reflect.Append(into, item))
}

func (d *decoder) structure(n *tree.Node, v reflect.Value) {
	if n.IsNull() || n.Kind != tree.Mapping {
		d.fail(n, "a mapping belongs here", "")
		return
	}
	open := -1
	known := map[string]int{}
	var names []string
	for i := range v.NumField() {
		name, options, _ := strings.Cut(v.Type().Field(i).Tag.Get("score"), ",")
		if name == "*" {
			open = i
			continue
		}
		known[name] = i
		names = append(names, name)
		if options == "required" && n.Get(name) == nil {
			d.fail(n, name+" is missing", "Score asks for it.")
		}
	}
	for _, p := range n.Pairs {
		d.push(p.Key.Value)
		if i, ok := known[p.Key.Value]; ok {
			_, options, _ := strings.Cut(v.Type().Field(i).Tag.Get("score"), ",")
			d.value(p.Value, v.Field(i), options == "target")
		} else if open >= 0 {
			d.member(p.Key.Value, p.Key, p.Value, v.Field(open))
		} else {
			d.unknown = append(d.unknown, unknownKey{append([]string{}, d.path...), p.Key, p.Value, names})
		}
		d.pop()
	}
}
