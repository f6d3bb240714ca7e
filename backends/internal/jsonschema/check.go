package jsonschema

import (
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
)

// Mismatch is the most specific reason why a value does not fit a schema.
type Mismatch struct {
	Path    []string // keys and indices, from the root, of the value that does not fit
	Message string   // what is wrong with it: "must be a string or a number"
	Unknown []string // the keys of it that may not stand there, sorted
	Known   []string // with Unknown: the keys that may, sorted

	want types // the types that would fit, when only the type is wrong
}

// Check holds a value against the schema; nil: it fits. The value is what reading
// YAML or JSON gives: maps with string keys, slices, strings, booleans, numbers, nil.
func (s *Schema) Check(value any) *Mismatch {
	return s.check(s.root, reflect.ValueOf(value), nil, nil)
}

// check adds to seen, unless it is nil, the members of value that a rule speaks of.
func (s *Schema) check(r *rule, value reflect.Value, path []string, seen map[string]bool) *Mismatch {
	if r == nil {
		return nil
	}
	value = plain(value)
	if r.never {
		return &Mismatch{Path: slices.Clone(path), Message: "may not stand here"}
	}
	if r.UnevaluatedProperties != nil && seen == nil {
		seen = map[string]bool{}
	}
	if r.target != nil {
		if m := s.check(r.target, value, path, seen); m != nil {
			return m
		}
	}
	if len(r.Type) > 0 && !slices.ContainsFunc(r.Type, func(t string) bool { return isType(value, t) }) {
		return &Mismatch{Path: slices.Clone(path), Message: "must be " + anyOf(r.Type), want: r.Type}
	}
	if message := s.scalar(r, value); message != "" {
		return &Mismatch{Path: slices.Clone(path), Message: message}
	}
	for _, part := range r.AllOf {
		if m := s.check(part, value, path, seen); m != nil {
			return m
		}
	}
	if m := s.alternatives(r, value, path, seen); m != nil {
		return m
	}
	switch {
	case isType(value, "array"):
		return s.items(r, value, path)
	case isType(value, "object"):
		return s.members(r, value, path, seen)
	}
	return nil
}

// alternatives checks oneOf and anyOf.
func (s *Schema) alternatives(r *rule, value reflect.Value, path []string, seen map[string]bool) *Mismatch {
	for _, list := range [][]*rule{r.OneOf, r.AnyOf} {
		if len(list) == 0 {
			continue
		}
		var closest *Mismatch
		fits := 0
		for _, one := range list {
			var of map[string]bool
			if seen != nil {
				of = map[string]bool{}
			}
			m := s.check(one, value, path, of)
			if m == nil {
				fits++
				maps.Copy(seen, of)
				continue
			}
			closest = closer(closest, m)
		}
		switch {
		case fits == 0:
			return closest
		case fits > 1 && len(r.OneOf) > 0 && &list[0] == &r.OneOf[0]:
			return &Mismatch{Path: slices.Clone(path), Message: "can be read in more than one way"}
		}
	}
	return nil
}

// closer returns the reason that lies deeper in the value. Of two that only ask for
// another type it makes one; another reason says more than these.
func closer(a, b *Mismatch) *Mismatch {
	switch {
	case a == nil, len(b.Path) > len(a.Path):
		return b
	case len(b.Path) < len(a.Path):
		return a
	case a.want != nil && b.want != nil:
		want := append(slices.Clone(a.want), b.want...)
		return &Mismatch{Path: a.Path, Message: "must be " + anyOf(want), want: want}
	case a.want != nil:
		return b
	}
	return a
}

func (s *Schema) items(r *rule, value reflect.Value, path []string) *Mismatch {
	if value.Len() < r.MinItems {
		return &Mismatch{Path: slices.Clone(path), Message: "must have at least " + counted(r.MinItems, "item")}
	}
	for i := range value.Len() {
		at := append(slices.Clip(path), strconv.Itoa(i))
		if m := s.check(r.Items, value.Index(i), at, nil); m != nil {
			return m
		}
	}
	if r.UniqueItems {
		if at := repeated(value); at >= 0 {
			return &Mismatch{Path: append(slices.Clip(path), strconv.Itoa(at)), Message: "stands twice in the list"}
		}
	}
	return nil
}

// repeated returns the index of the first item that stands before it already; -1:
// there is none. Texts, of which lists may have thousands, are looked up.
func repeated(list reflect.Value) int {
	texts := map[string]bool{}
	var others []reflect.Value
	for i := range list.Len() {
		item := plain(list.Index(i))
		if item.Kind() == reflect.String {
			if texts[item.String()] {
				return i
			}
			texts[item.String()] = true
			continue
		}
		if slices.ContainsFunc(others, func(o reflect.Value) bool { return same(o, item) }) {
			return i
		}
		others = append(others, item)
	}
	return -1
}

func (s *Schema) members(r *rule, value reflect.Value, path []string, seen map[string]bool) *Mismatch {
	names := memberNames(value)
	for _, name := range r.Required {
		if _, ok := slices.BinarySearch(names, name); !ok {
			return &Mismatch{Path: slices.Clone(path), Message: "has no " + name + ", which it needs"}
		}
	}
	if len(names) < r.MinProperties {
		return &Mismatch{Path: slices.Clone(path), Message: "must have at least " + counted(r.MinProperties, "key")}
	}
	var unknown []string
	for _, name := range names {
		known, m := s.member(r, name, value, path)
		switch {
		case m != nil:
			return m
		case known:
			if seen != nil {
				seen[name] = true
			}
		case r.UnevaluatedProperties != nil && seen[name]:
		case r.AdditionalProperties != nil && r.AdditionalProperties.never, r.UnevaluatedProperties != nil && r.UnevaluatedProperties.never:
			unknown = append(unknown, name)
		}
	}
	if len(unknown) > 0 {
		return &Mismatch{Path: slices.Clone(path), Message: "cannot have " + listed(unknown), Unknown: unknown, Known: slices.Sorted(slices.Values(s.names(r)))}
	}
	return nil
}

// member checks one member by the rules that name it; known tells whether any does.
func (s *Schema) member(r *rule, name string, value reflect.Value, path []string) (known bool, _ *Mismatch) {
	v, at := value.MapIndex(reflect.ValueOf(name).Convert(value.Type().Key())), append(slices.Clip(path), name)
	if rule := r.Properties[name]; rule != nil {
		known = true
		if m := s.check(rule, v, at, nil); m != nil {
			return true, m
		}
	}
	for _, p := range r.members {
		if p.name().MatchString(name) {
			known = true
			if m := s.check(p.rule, v, at, nil); m != nil {
				return true, m
			}
		}
	}
	if !known && r.AdditionalProperties != nil && !r.AdditionalProperties.never {
		return true, s.check(r.AdditionalProperties, v, at, nil)
	}
	return known, nil
}

// names are the keys that a rule and what it refers to name.
func (s *Schema) names(r *rule) []string {
	if r == nil {
		return nil
	}
	names := append(slices.Collect(maps.Keys(r.Properties)), s.names(r.target)...)
	for _, part := range r.AllOf {
		names = append(names, s.names(part)...)
	}
	return names
}

// scalar says what is wrong with a value by the keywords that are about scalars.
func (s *Schema) scalar(r *rule, value reflect.Value) string {
	if len(r.Enum) > 0 && !slices.ContainsFunc(r.Enum, func(e any) bool { return same(value, reflect.ValueOf(e)) }) {
		return "must be one of " + values(r.Enum)
	}
	if number, ok := numberOf(value); ok {
		switch {
		case r.Minimum != nil && number < *r.Minimum:
			return "must be " + format(*r.Minimum) + " or more"
		case r.Maximum != nil && number > *r.Maximum:
			return "must be " + format(*r.Maximum) + " or less"
		}
	}
	if value.Kind() != reflect.String {
		return ""
	}
	text := value.String()
	if r.Pattern != "" && !r.pattern().MatchString(text) {
		return "does not match " + r.Pattern
	}
	if len([]rune(text)) < r.MinLength {
		return "must have at least " + counted(r.MinLength, "character")
	}
	if check := s.formats[r.Format]; check != nil {
		if err := check(text); err != nil {
			return "is no " + r.Format + ": " + err.Error()
		}
	}
	return ""
}

// numberOf returns a number of any of Go's types.
func numberOf(value reflect.Value) (float64, bool) {
	switch {
	case value.CanInt():
		return float64(value.Int()), true
	case value.CanUint():
		return float64(value.Uint()), true
	case value.CanFloat():
		return value.Float(), true
	}
	return 0, false
}

func isType(value reflect.Value, name string) bool {
	number, numeric := numberOf(value)
	switch name {
	case "null":
		return !value.IsValid()
	case "boolean":
		return value.Kind() == reflect.Bool
	case "string":
		return value.Kind() == reflect.String
	case "number":
		return numeric
	case "integer":
		return numeric && number == math.Trunc(number)
	case "array":
		return value.Kind() == reflect.Slice || value.Kind() == reflect.Array
	case "object":
		return value.Kind() == reflect.Map && value.Type().Key().Kind() == reflect.String
	}
	return false
}

// plain takes interfaces and pointers off a value; nil becomes the invalid value.
func plain(value reflect.Value) reflect.Value {
	for value.Kind() == reflect.Interface || value.Kind() == reflect.Pointer {
		value = value.Elem()
	}
	return value
}

// same compares as JSON does: numbers by value, whatever their type.
func same(a, b reflect.Value) bool {
	a, b = plain(a), plain(b)
	x, numeric := numberOf(a)
	if y, too := numberOf(b); numeric || too {
		return numeric && too && x == y
	}
	switch {
	case a.IsValid() != b.IsValid() || a.IsValid() && a.Kind() != b.Kind():
		return false
	case !a.IsValid():
		return true
	case isType(a, "array"):
		equal := a.Len() == b.Len()
		for i := 0; equal && i < a.Len(); i++ {
			equal = same(a.Index(i), b.Index(i))
		}
		return equal
	case isType(a, "object"):
		names := memberNames(a)
		if !slices.Equal(names, memberNames(b)) {
			return false
		}
		return !slices.ContainsFunc(names, func(name string) bool {
			key := reflect.ValueOf(name)
			return !same(a.MapIndex(key.Convert(a.Type().Key())), b.MapIndex(key.Convert(b.Type().Key())))
		})
	}
	return reflect.DeepEqual(a.Interface(), b.Interface())
}

func memberNames(value reflect.Value) []string {
	names := make([]string, 0, value.Len())
	for _, key := range value.MapKeys() {
		names = append(names, key.String())
	}
	slices.Sort(names)
	return names
}
