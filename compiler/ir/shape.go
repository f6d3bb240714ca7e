package ir

import (
	"reflect"
	"strings"
	"sync"
)

// Form says how a field is walked, decoded and printed; its zero value is invalid.
type Form uint8

// The forms of a field.
const (
	LeafForm     Form = iota + 1 // a scalar, a list of scalars, a text, a command: one fact
	LeafMapForm                  // a map of leaves: one fact for each member
	StructForm                   // a pointer to a struct of fields
	MapForm                      // a map of structs
	ListForm                     // a list of structs
	PeersForm                    // a *PeerList: one fact for each peer, or one when it is empty
	RuleListForm                 // a list of leaves: one fact for each element
)

// Shape is what reflection knows of one struct type of this package.
type Shape struct {
	Type   reflect.Type
	Fields []Field
}

// Field is one field of a struct, as its tags describe it.
type Field struct {
	Key      string       // in the spec and in paths
	Kind     string       // of the fact, when the struct is the root of its kind: "image"
	Root     string       // a new root for the kinds below: "container" for sidecars
	Form     Form         // how it is walked
	Index    []int        // for reflect.Value.FieldByIndex
	Type     reflect.Type // of the field
	Elem     *Shape       // of the struct that it holds, for StructForm, MapForm and ListForm
	Required bool
	Enum     []string
	Example  string
	Min, Max string
	GoName   string // "Container.Image", for looking up its doc comment
	Spec     bool   // false: in the IR only
}

var shapes sync.Map // reflect.Type → *Shape; a cache of what is constant

// ShapeOf returns the shape of a struct type of this package.
func ShapeOf(t reflect.Type) *Shape {
	if s, ok := shapes.Load(t); ok {
		return s.(*Shape)
	}
	s := &Shape{Type: t}
	addFields(s, t, nil, "")
	actual, _ := shapes.LoadOrStore(t, s)
	return actual.(*Shape)
}

func addFields(s *Shape, t reflect.Type, index []int, root string) {
	for i := range t.NumField() {
		sf := t.Field(i)
		tag := sf.Tag.Get("spec")
		at := append(append([]int{}, index...), i)
		key, options, _ := strings.Cut(tag, ",")
		if options == "inline" {
			addFields(s, sf.Type, at, sf.Tag.Get("fact"))
			continue
		}
		inSpec := key != "-" && key != ""
		if !inSpec {
			key = sf.Tag.Get("json")
		}
		if key == "" || key == "-" || sf.Tag.Get("fact") == "-" {
			continue
		}
		f := Field{
			Key: key, Kind: key, Index: at, Type: sf.Type, Spec: inSpec,
			Required: sf.Tag.Get("required") == "true", Example: sf.Tag.Get("example"),
			Min: sf.Tag.Get("min"), Max: sf.Tag.Get("max"), GoName: t.Name() + "." + sf.Name,
		}
		if e := sf.Tag.Get("enum"); e != "" {
			f.Enum = strings.Split(e, ",")
		}
		if root != "" {
			f.Kind = root + ":" + key
		}
		f.Root = sf.Tag.Get("fact")
		f.Form, f.Elem = formOf(sf.Type)
		s.Fields = append(s.Fields, f)
	}
}

var (
	peerListType = reflect.TypeFor[*PeerList]()
	ruleListType = reflect.TypeFor[[]NodeRule]()
	leafTypes    = map[reflect.Type]bool{
		reflect.TypeFor[*Command]():    true,
		reflect.TypeFor[Amount]():      true,
		reflect.TypeFor[PortRef]():     true,
		reflect.TypeFor[Text]():        true,
		reflect.TypeFor[*Value]():      true,
		reflect.TypeFor[[]*Value]():    true,
		reflect.TypeFor[NodeRule]():    true,
		reflect.TypeFor[Map[string]](): false,
	}
)

func formOf(t reflect.Type) (Form, *Shape) {
	switch {
	case t == peerListType:
		return PeersForm, nil
	case t == ruleListType:
		return RuleListForm, nil
	case leafTypes[t]:
		return LeafForm, nil
	}
	switch t.Kind() {
	case reflect.Pointer:
		if t.Elem().Kind() == reflect.Struct {
			return StructForm, ShapeOf(t.Elem())
		}
	case reflect.Slice:
		if value, ok := mapValue(t); ok {
			if value.Kind() == reflect.Struct && !leafTypes[value] {
				return MapForm, ShapeOf(value)
			}
			return LeafMapForm, nil
		}
		if t.Elem().Kind() == reflect.Struct {
			return ListForm, ShapeOf(t.Elem())
		}
	}
	return LeafForm, nil
}

// mapValue returns the type of the values when t is a Map.
func mapValue(t reflect.Type) (reflect.Type, bool) {
	if t.Kind() != reflect.Slice || !strings.HasPrefix(t.Name(), "Map[") {
		return nil, false
	}
	f, _ := t.Elem().FieldByName("Value")
	return f.Type, true
}

// MapValueType returns the type of the values when t is a Map of this package.
func MapValueType(t reflect.Type) (reflect.Type, bool) { return mapValue(t) }
