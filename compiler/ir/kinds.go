package ir

import (
	"reflect"
	"strings"
)

// KindInfo describes one kind of fact: the path of its type, and its field.
type KindInfo struct {
	Name  string // container.health.ready.http.path
	Field *Field
	Doc   string // of the field that holds it; filled in by who has the docs
}

// Kinds returns every kind of fact that an app can hold, in the order of the types.
// A struct that can be present and empty is a kind of its own besides its fields.
func Kinds() []KindInfo {
	var kinds []KindInfo
	seen := map[string]bool{}
	var add func(s *Shape, kind string)
	leaf := func(name string, f *Field) {
		if !seen[name] {
			seen[name] = true
			kinds = append(kinds, KindInfo{Name: name, Field: f})
		}
	}
	add = func(s *Shape, kind string) {
		for i := range s.Fields {
			f := &s.Fields[i]
			if f.Key == "platform" {
				continue
			}
			name := kindOf(kind, f)
			switch f.Form {
			case StructForm, MapForm, ListForm:
				below := name
				if f.Form == MapForm && f.Root != "" {
					below = f.Root
				}
				if seen[below+"\x00"] {
					continue // a root that is reached twice: sidecars after init
				}
				seen[below+"\x00"] = true
				if canBeEmpty(f.Elem) {
					leaf(below, f)
				}
				add(f.Elem, below)
			default:
				leaf(name, f)
			}
		}
	}
	add(ShapeOf(reflect.TypeFor[App]()), "app")
	return kinds
}

// canBeEmpty reports whether a struct may say nothing but that it is there.
func canBeEmpty(s *Shape) bool {
	for i := range s.Fields {
		if s.Fields[i].Required {
			return false
		}
	}
	return true
}

// RootOf returns the first part of a kind.
func RootOf(kind string) string {
	root, _, _ := strings.Cut(kind, ".")
	return root
}
