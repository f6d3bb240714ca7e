package ir

import (
	"reflect"
	"sync"
)

// Clone returns a copy of the app that shares nothing with it but its Locator.
func Clone(a *App) *App {
	if a == nil {
		return nil
	}
	clone := &App{}
	copyInto(reflect.ValueOf(clone).Elem(), reflect.ValueOf(a).Elem())
	return clone
}

// copyInto sets dst to a deep copy of src. What an interface holds is shared: the
// only one is the Locator, which describes source files and never changes.
func copyInto(dst, src reflect.Value) {
	dst.Set(src)
	if flat(src.Type()) {
		return
	}
	switch src.Kind() {
	case reflect.Pointer:
		if !src.IsNil() {
			dst.Set(reflect.New(src.Type().Elem()))
			copyInto(dst.Elem(), src.Elem())
		}
	case reflect.Slice:
		if !src.IsNil() {
			dst.Set(reflect.MakeSlice(src.Type(), src.Len(), src.Len()))
			for i := range src.Len() {
				copyInto(dst.Index(i), src.Index(i))
			}
		}
	case reflect.Struct:
		for i := range src.NumField() {
			if !flat(src.Field(i).Type()) {
				copyInto(dst.Field(i), src.Field(i))
			}
		}
	}
}

var flatTypes sync.Map // reflect.Type → bool; a cache of what is constant

// flat reports whether assigning a value of the type copies all of it.
func flat(t reflect.Type) bool {
	if known, ok := flatTypes.Load(t); ok {
		return known.(bool)
	}
	result := true
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice:
		result = false
	case reflect.Struct:
		for i := range t.NumField() {
			result = result && flat(t.Field(i).Type)
		}
	}
	flatTypes.Store(t, result)
	return result
}

// Equal reports whether two apps say the same, in the same order. Where they were
// read from counts not, and a map without members is as good as none; an empty
// text, list or command is something that is said, and differs from none.
func Equal(a, b *App) bool {
	if a == nil || b == nil {
		return a == b
	}
	return equal(reflect.ValueOf(a).Elem(), reflect.ValueOf(b).Elem())
}

var valueType = reflect.TypeFor[*Value]()

func equal(a, b reflect.Value) bool {
	t := a.Type()
	if t == valueType {
		return a.Interface().(*Value).Equal(b.Interface().(*Value))
	}
	switch t.Kind() {
	case reflect.Interface:
		return true // the Locator
	case reflect.Pointer:
		if a.IsNil() || b.IsNil() {
			return a.IsNil() == b.IsNil()
		}
		return equal(a.Elem(), b.Elem())
	case reflect.Slice:
		if _, isMap := mapValue(t); !isMap && a.IsNil() != b.IsNil() {
			return false
		}
		if a.Len() != b.Len() {
			return false
		}
		for i := range a.Len() {
			if !equal(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return true
	case reflect.Struct:
		for i := range t.NumField() {
			if !equal(a.Field(i), b.Field(i)) {
				return false
			}
		}
		return true
	}
	return a.Equal(b)
}
