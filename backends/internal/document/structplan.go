package document

import (
	"encoding"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"time"
)

// form is the way in which values of a type are read.
type form uint8

const (
	formUnsupported form = iota
	formHook             // StructOptions.Types
	formUnstructured
	formJSON
	formYAML
	formText
	formPointer // also interfaces
	formStruct
	formMap
	formList
	formBytes
	formString
	formBool
	formInt
	formUint
	formFloat
	formDuration
)

// What platform libraries' types may offer, named here because this package
// imports none of them.
type (
	yamlMarshaler interface{ MarshalYAML() (any, error) }
	// unstructured is how Kubernetes' types give their JSON form without JSON.
	unstructured interface{ ToUnstructured() any }
	zeroer       interface{ IsZero() bool }
)

// typePlan is what is known about a type under one set of options.
type typePlan struct {
	form    form
	hook    func(reflect.Value) (*Value, error)
	address bool // the marshaller has a pointer receiver
	fields  []fieldPlan
}

// fieldPlan is one field of a struct, or of a struct embedded in it.
type fieldPlan struct {
	key       string
	index     []int
	name      string // for errors about fields without a key
	omitEmpty bool
	omitZero  bool
	asString  bool // json:",string"
	inline    bool // a map whose entries belong to the struct's own map
	keep      bool
	zeroer    bool // the type says itself what is zero
	block     bool // hcl
	label     bool // hcl
	required  bool // hcl
}

func (r *StructReader) plan(t reflect.Type) *typePlan {
	if p, ok := r.plans.Load(t); ok {
		return p.(*typePlan)
	}
	p, _ := r.plans.LoadOrStore(t, r.newPlan(t))
	return p.(*typePlan)
}

func (r *StructReader) newPlan(t reflect.Type) *typePlan {
	if hook, ok := r.o.Types[t]; ok {
		return &typePlan{form: formHook, hook: hook}
	}
	kind := t.Kind()
	if kind == reflect.Pointer || kind == reflect.Interface {
		return &typePlan{form: formPointer}
	}
	if p := r.marshalPlan(t); p != nil {
		return p
	}
	p := &typePlan{}
	switch kind {
	case reflect.Struct:
		p.form = formStruct
		p.fields = r.structFields(t)
	case reflect.Map:
		p.form = formMap
	case reflect.Slice, reflect.Array:
		p.form = formList
		if kind == reflect.Slice && t.Elem().Kind() == reflect.Uint8 {
			p.form = formBytes
		}
	case reflect.String:
		p.form = formString
	case reflect.Bool:
		p.form = formBool
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		p.form = formInt
		if t == reflect.TypeFor[time.Duration]() && r.o.Tag != "json" {
			p.form = formDuration
		}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		p.form = formUint
	case reflect.Float32, reflect.Float64:
		p.form = formFloat
	}
	return p
}

// marshalPlan says which of its own methods a type is asked by: the one made
// for the tag, then text, then JSON for types that have nothing to say to the
// tag.
func (r *StructReader) marshalPlan(t reflect.Type) *typePlan {
	ask := func(f form, method reflect.Type) *typePlan {
		switch {
		case t.Implements(method):
			return &typePlan{form: f}
		case reflect.PointerTo(t).Implements(method):
			return &typePlan{form: f, address: true}
		}
		return nil
	}
	ownJSON := ask(formJSON, reflect.TypeFor[json.Marshaler]())
	switch r.o.Tag {
	case "json":
		if ownJSON != nil {
			if p := ask(formUnstructured, reflect.TypeFor[unstructured]()); p != nil {
				return p
			}
			return ownJSON
		}
	case "yaml":
		if p := ask(formYAML, reflect.TypeFor[yamlMarshaler]()); p != nil {
			return p
		}
	}
	if p := ask(formText, reflect.TypeFor[encoding.TextMarshaler]()); p != nil {
		return p
	}
	if t.Kind() == reflect.Struct && len(r.structFields(t)) > 0 && hasTag(t, r.o.Tag) {
		return nil
	}
	return ownJSON
}

func hasTag(t reflect.Type, tag string) bool {
	for i := range t.NumField() {
		if _, ok := t.Field(i).Tag.Lookup(tag); ok {
			return true
		}
	}
	return false
}

// structFields lists the fields in order, those of embedded structs in the
// place of the embedding, and a name that is declared twice once, as the outer
// one.
func (r *StructReader) structFields(t reflect.Type) []fieldPlan {
	fields := r.appendFields(nil, t, nil)
	depth := map[string]int{}
	for _, f := range fields {
		if d, ok := depth[f.key]; !ok || len(f.index) < d {
			depth[f.key] = len(f.index)
		}
	}
	seen := map[string]bool{}
	fields = slices.DeleteFunc(fields, func(f fieldPlan) bool {
		if f.inline || f.label || f.block {
			return false
		}
		hidden := len(f.index) > depth[f.key] || seen[f.key]
		seen[f.key] = seen[f.key] || !hidden
		return hidden
	})
	if r.ordered() {
		slices.SortStableFunc(fields, func(a, b fieldPlan) int { return r.rank(a.key) - r.rank(b.key) })
	}
	return fields
}

// ordered reports that some keys have a place of their own.
func (r *StructReader) ordered() bool { return len(r.o.First)+len(r.o.Last) > 0 }

// rank is the place of a key: negative for those that come first, positive for
// those that come last.
func (r *StructReader) rank(key string) int {
	if i := slices.Index(r.o.First, key); i >= 0 {
		return i - len(r.o.First)
	}
	return slices.Index(r.o.Last, key) + 1
}

func (r *StructReader) appendFields(fields []fieldPlan, t reflect.Type, outer []int) []fieldPlan {
	for i := range t.NumField() {
		sf := t.Field(i)
		if !sf.IsExported() && !sf.Anonymous || len(outer) > 20 {
			continue
		}
		qualified := t.Name() + "." + sf.Name
		tag, tagged := sf.Tag.Lookup(r.o.Tag)
		if other, ok := r.o.Fields[qualified]; ok {
			tag, tagged = other, true
		}
		if tag == "-" || !tagged && r.o.Tag == "hcl" {
			continue
		}
		key, flags, _ := strings.Cut(tag, ",")
		f := fieldPlan{key: key, name: sf.Name, index: append(slices.Clone(outer), i)}
		f.setFlags(r.o.Tag, flags)
		structType := sf.Type
		if structType.Kind() == reflect.Pointer {
			structType = structType.Elem()
		}
		embedded := f.inline || sf.Anonymous && r.o.Tag == "json" && key == ""
		if embedded && structType.Kind() == reflect.Struct {
			fields = r.appendFields(fields, structType, f.index)
			continue
		}
		if !sf.IsExported() {
			continue
		}
		if key == "" && !f.label {
			f.key = sf.Name
			if r.o.Tag == "yaml" {
				f.key = strings.ToLower(sf.Name)
			}
		}
		f.keep = slices.Contains(r.o.Keep, f.key) || slices.Contains(r.o.Keep, qualified)
		zero := reflect.TypeFor[zeroer]()
		f.zeroer = (f.omitEmpty && r.o.Tag == "yaml" || f.omitZero) && sf.Type.Kind() != reflect.Pointer &&
			(sf.Type.Implements(zero) || reflect.PointerTo(sf.Type).Implements(zero))
		fields = append(fields, f)
	}
	return fields
}

func (f *fieldPlan) setFlags(tag, flags string) {
	f.required = tag == "hcl" && flags == ""
	for flag := range strings.SplitSeq(flags, ",") {
		switch flag {
		case "omitempty":
			f.omitEmpty = true
		case "omitzero":
			f.omitZero = true
		case "string":
			f.asString = tag == "json"
		case "inline", "squash":
			f.inline = tag != "json" // JSON's inline is what embedding does anyway
		case "block":
			f.block = tag == "hcl"
		case "label":
			f.label = tag == "hcl"
		}
	}
}
