package composeread

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// fields is a mapping of the model of which parts are read; the rest is carried.
type fields struct {
	m     model
	place place
	read  map[string]bool
	inner map[string]*fields
}

func newFields(v any, p place) *fields {
	m, _ := v.(model)
	return &fields{m, p, map[string]bool{}, map[string]*fields{}}
}

// take returns a member that is read whole; nil when there is none.
func (f *fields) take(key string) any {
	f.read[key] = true
	return f.m[key]
}

func (f *fields) has(key string) bool { return f.m[key] != nil }

// text takes a scalar as text.
func (f *fields) text(key string) string { return scalar(f.take(key)) }

func (f *fields) flag(key string) bool {
	v, _ := f.take(key).(bool)
	return v
}

func (f *fields) at(key string) place { return f.place.get(key) }

// keep carries a member although it was taken.
func (f *fields) keep(keys ...string) {
	for _, key := range keys {
		delete(f.read, key)
		delete(f.inner, key)
	}
}

// in opens a member that is a mapping; what is not taken of it is carried.
func (f *fields) in(key string) *fields {
	if f.inner[key] == nil {
		f.inner[key] = newFields(f.m[key], f.at(key))
	}
	return f.inner[key]
}

// rest returns what was not taken.
func (f *fields) rest() model {
	rest := model{}
	for key, v := range f.m {
		switch {
		case f.read[key] || v == nil:
		case f.inner[key] != nil:
			if inner := f.inner[key].rest(); len(inner) > 0 {
				rest[key] = inner
			}
		default:
			rest[key] = v
		}
	}
	return rest
}

func scalar(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case *string:
		if v == nil {
			return ""
		}
		return *v
	}
	return fmt.Sprint(v)
}

// integer reads a number of any type, or a text of digits.
func integer(v any) (int64, bool) {
	switch v := v.(type) {
	case nil:
		return 0, false
	case float64:
		return int64(v), float64(int64(v)) == v
	case float32:
		return int64(v), float32(int64(v)) == v
	}
	n, err := strconv.ParseInt(scalar(v), 10, 64)
	return n, err == nil
}

// pairs returns the members of a mapping, or of a list of KEY=value, in the order of
// the files. has is false where a key stands alone.
func pairs(v any, p place) (list []pair) {
	switch v := v.(type) {
	case model:
		for _, key := range p.keys(v) {
			list = append(list, pair{key, scalar(v[key]), v[key] != nil, p.get(key)})
		}
	case []any:
		for _, entry := range v {
			key, value, has := strings.Cut(scalar(entry), "=")
			next := pair{key, value, has, p.get(key)}
			at := slices.IndexFunc(list, func(p pair) bool { return p.key == key })
			if at >= 0 {
				list[at] = next
			} else {
				list = append(list, next)
			}
		}
	}
	return list
}

type pair struct {
	key, value string
	has        bool
	place      place
}
