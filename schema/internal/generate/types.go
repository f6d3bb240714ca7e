package main

import (
	"reflect"
	"strconv"

	"go.yaml.in/yaml/v3"

	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/spec"
)

// generator builds the definitions of one schema.
type generator struct {
	docs        map[string]string
	inSpec      bool // else: of the IR
	definitions map[string]object
	order       []string
}

func ref(name string) object { return object{{"$ref", "#/$defs/" + name}} }

// define adds the definition of a struct type and of those that it holds.
func (g *generator) define(t reflect.Type) object {
	name := t.Name()
	if _, done := g.definitions[name]; done {
		return ref(name)
	}
	g.definitions[name] = nil
	g.order = append(g.order, name)
	shape := ir.ShapeOf(t)
	properties, required := object{}, []string{}
	for i := range shape.Fields {
		f := &shape.Fields[i]
		if g.inSpec && !f.Spec {
			continue
		}
		properties = append(properties, member{f.Key, g.property(f)})
		if f.Required {
			required = append(required, f.Key)
		}
	}
	if g.inSpec {
		properties, required = g.specialKeys(name, properties, required)
	}
	g.definitions[name] = g.closed(t, properties, required)
	return ref(name)
}

// closed is a mapping that has no other keys, or in a spec the scalar that is its
// short form.
func (g *generator) closed(t reflect.Type, properties object, required []string) object {
	mapping := object{{"type", "object"}, {"properties", properties}, {"additionalProperties", false}}
	if g.inSpec {
		mapping = append(mapping, member{"patternProperties", object{{"^x-", true}}})
	}
	if len(required) > 0 {
		mapping = append(mapping, member{"required", required})
	}
	doc := g.docs[t.Name()]
	short, ok := spec.ShortForm(t)
	if !g.inSpec || !ok {
		if canBeNull(t) && g.inSpec {
			mapping[0].value = []string{"object", "null"}
		}
		return append(object{{"description", doc}}, mapping...)
	}
	return object{{"description", doc}, {"anyOf", []any{
		object{{"description", "Short for the mapping with " + short + "."}, {"type", []string{"string", "integer"}}},
		mapping,
		object{{"type", "null"}},
	}}}
}

// canBeNull reports whether a named thing may stand there with nothing said of it,
// as in "secrets: {token: }".
func canBeNull(t reflect.Type) bool {
	s := ir.ShapeOf(t)
	for i := range s.Fields {
		if s.Fields[i].Required {
			return false
		}
	}
	return true
}

func (g *generator) property(f *ir.Field) object {
	p := object{}
	if doc := g.docs[f.GoName]; doc != "" {
		p = append(p, member{"description", doc})
	}
	p = append(p, g.form(f)...)
	if f.Example != "" && g.inSpec {
		var example any
		if yaml.Unmarshal([]byte(f.Example), &example) == nil {
			p = append(p, member{"examples", []any{example}})
		}
	}
	return p
}

func (g *generator) form(f *ir.Field) object {
	switch f.Form {
	case ir.StructForm:
		return g.define(f.Elem.Type)
	case ir.MapForm:
		m := object{{"type", "object"}, {"additionalProperties", g.define(f.Elem.Type)}}
		if g.inSpec && f.Elem.Type == reflect.TypeFor[ir.Attachment]() {
			return object{{"anyOf", []any{object{{"type", "array"}, {"items", object{{"type", "string"}}}}, m}}}
		}
		return m
	case ir.LeafMapForm:
		value, _ := ir.MapValueType(f.Type)
		element := *f
		element.Type = value
		return object{{"type", "object"}, {"additionalProperties", g.leaf(&element)}}
	case ir.ListForm:
		return object{{"type", "array"}, {"items", g.define(f.Elem.Type)}}
	case ir.PeersForm:
		return object{{"type", "array"}, {"items", g.named("peer")}}
	case ir.RuleListForm:
		return object{{"type", "array"}, {"items", g.named("nodeRule")}}
	}
	return g.leaf(f)
}

// named refers to a definition that is written by hand in named.go.
func (g *generator) named(name string) object {
	if _, done := g.definitions[name]; !done {
		forms := irForms
		if g.inSpec {
			forms = specForms
		}
		g.definitions[name] = forms[name]
		g.order = append(g.order, name)
	}
	return ref(name)
}

var leafNames = map[reflect.Type]string{
	reflect.TypeFor[ir.Bytes]():     "size",
	reflect.TypeFor[ir.CPU]():       "cpu",
	reflect.TypeFor[ir.Duration]():  "duration",
	reflect.TypeFor[*ir.Duration](): "duration",
	reflect.TypeFor[*ir.FileMode](): "fileMode",
	reflect.TypeFor[ir.Amount]():    "amount",
	reflect.TypeFor[ir.Text]():      "text",
	reflect.TypeFor[*ir.Command]():  "command",
	reflect.TypeFor[ir.PortRef]():   "portReference",
	reflect.TypeFor[ir.Condition](): "condition",
	reflect.TypeFor[*ir.Value]():    "anything",
	reflect.TypeFor[[]*ir.Value]():  "objects",
	reflect.TypeFor[ir.NodeRule]():  "nodeRule",
	reflect.TypeFor[*ir.PeerList](): "peer",
}

func (g *generator) leaf(f *ir.Field) object {
	if name, ok := leafNames[f.Type]; ok {
		return g.named(name)
	}
	t := f.Type
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.Slice:
		element := *f
		element.Type, element.Example = t.Elem(), ""
		return object{{"type", "array"}, {"items", g.leaf(&element)}}
	case reflect.Bool:
		return g.orReference(object{{"type", "boolean"}})
	case reflect.Int, reflect.Int64:
		o := object{{"type", "integer"}}
		if n, err := strconv.ParseInt(f.Min, 10, 64); err == nil {
			o = append(o, member{"minimum", n})
		}
		if n, err := strconv.ParseInt(f.Max, 10, 64); err == nil {
			o = append(o, member{"maximum", n})
		}
		return g.orReference(o)
	}
	if len(f.Enum) > 0 {
		return g.orReference(object{{"enum", f.Enum}})
	}
	if g.inSpec {
		return object{{"type", []string{"string", "number", "boolean"}}}
	}
	return object{{"type", "string"}}
}

// orReference admits, in a spec, a string that refers to a var or to the stage.
func (g *generator) orReference(o object) object {
	if !g.inSpec {
		return o
	}
	return object{{"anyOf", []any{o, g.named("constantReference")}}}
}
