package document

import (
	"encoding"
	"encoding/json"
	"reflect"
)

// asInterface gives a value whose methods can be called: its address where
// possible, which copies nothing and has all methods.
func asInterface(v reflect.Value, address bool) any {
	if v.CanAddr() {
		return v.Addr().Interface()
	}
	if address {
		p := reflect.New(v.Type())
		p.Elem().Set(v)
		return p.Interface()
	}
	return v.Interface()
}

// marshalled asks a value for its own form.
func (r *reading) marshalled(p *typePlan, v reflect.Value) (*Value, error) {
	if v.Kind() == reflect.Map || v.Kind() == reflect.Slice {
		if v.IsNil() {
			return r.node(KindNull), nil
		}
	}
	switch m := asInterface(v, p.address); p.form {
	case formUnstructured:
		if s, ok := m.(unstructured).ToUnstructured().(string); ok {
			return r.scalar(KindString, s), nil
		}
		return r.node(KindNull), nil
	case formText:
		text, err := m.(encoding.TextMarshaler).MarshalText()
		return r.scalar(KindString, string(text)), err
	case formYAML:
		content, err := m.(yamlMarshaler).MarshalYAML()
		if err != nil || content == nil {
			return r.node(KindNull), err
		}
		// A type may hand back itself where it has nothing to change.
		if inner := reflect.ValueOf(content); inner.Type() != v.Type() {
			return r.value(inner)
		}
		return r.plain(v)
	default:
		text, err := m.(json.Marshaler).MarshalJSON()
		if err != nil {
			return nil, err
		}
		// Most of what marshals itself is one string without escapes.
		if n := len(text); n >= 2 && text[0] == '"' && simpleString(text[1:n-1]) && text[n-1] == '"' {
			return r.scalar(KindString, string(text[1:n-1])), nil
		}
		return FromJSON(text)
	}
}

// plain reads a value as if its type had no methods.
func (r *reading) plain(v reflect.Value) (*Value, error) {
	switch v.Kind() {
	case reflect.Struct:
		return r.structure(&typePlan{fields: r.structFields(v.Type())}, v)
	case reflect.Map:
		return r.mapping(v)
	case reflect.Slice, reflect.Array:
		return r.list(v)
	}
	return r.scalar(KindString, v.String()), nil
}
