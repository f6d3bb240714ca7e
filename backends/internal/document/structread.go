package document

import (
	"cmp"
	"encoding/base64"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"time"
)

// value reads anything; nil means that it is to be left out.
func (r *reading) value(v reflect.Value) (*Value, error) {
	if r.depth++; r.depth > maximumDepth {
		return nil, errors.New(errorTooDeep)
	}
	value, err := r.read(v)
	r.depth--
	return value, err
}

func (r *reading) read(v reflect.Value) (*Value, error) {
	p := r.plan(v.Type())
	switch p.form {
	case formHook:
		return p.hook(v)
	case formUnstructured, formJSON, formYAML, formText:
		return r.marshalled(p, v)
	case formPointer:
		if v.IsNil() {
			return r.node(KindNull), nil
		}
		return r.value(v.Elem())
	case formStruct:
		return r.structure(p, v)
	case formMap:
		return r.mapping(v)
	case formList:
		return r.list(v)
	case formBytes:
		return r.scalar(KindString, base64.StdEncoding.EncodeToString(v.Bytes())), nil
	case formString:
		return r.scalar(KindString, v.String()), nil
	case formBool:
		return r.scalar(KindBool, strconv.FormatBool(v.Bool())), nil
	case formInt:
		return r.scalar(KindNumber, strconv.FormatInt(v.Int(), 10)), nil
	case formUint:
		return r.scalar(KindNumber, strconv.FormatUint(v.Uint(), 10)), nil
	case formFloat:
		return r.scalar(KindNumber, formatFloat(v.Float(), v.Type().Bits())), nil
	case formDuration:
		return r.scalar(KindString, FormatDuration(time.Duration(v.Int()))), nil
	}
	return nil, fmt.Errorf("%s has no form in a document", v.Type())
}

func (r *reading) list(v reflect.Value) (*Value, error) {
	list := r.node(KindList)
	if v.Len() == 0 {
		return list, nil
	}
	list.Items = make([]*Value, 0, v.Len())
	for i := range v.Len() {
		item, err := r.value(v.Index(i))
		if err != nil {
			return nil, atIndex(i, err)
		}
		if item != nil {
			list.Items = append(list.Items, item)
		}
	}
	return list, nil
}

// entry is one entry of a Go map on its way to a sorted document.
type entry struct {
	key   string
	value reflect.Value
}

// entries returns a map's entries, sorted by key, those of First and Last in their places.
func (r *reading) entries(v reflect.Value) ([]entry, error) {
	entries := make([]entry, 0, v.Len())
	for iter := v.MapRange(); iter.Next(); {
		key, err := mapKey(iter.Key())
		if err != nil {
			return nil, err
		}
		entries = append(entries, entry{key, iter.Value()})
	}
	slices.SortFunc(entries, func(a, b entry) int {
		if r.ordered() {
			if order := r.rank(a.key) - r.rank(b.key); order != 0 {
				return order
			}
		}
		return cmp.Compare(a.key, b.key)
	})
	return entries, nil
}

func (r *reading) mapping(v reflect.Value) (*Value, error) {
	m := r.node(KindMap)
	if v.Len() == 0 {
		return m, nil
	}
	start := len(r.stack)
	if err := r.pushEntries(v); err != nil {
		return nil, err
	}
	m.Members = r.pop(start)
	return m, nil
}

func (r *reading) pushEntries(v reflect.Value) error {
	entries, err := r.entries(v)
	if err != nil {
		return err
	}
	for _, e := range entries {
		value, err := r.value(e.value)
		if err != nil {
			return atKey(e.key, err)
		}
		if value != nil {
			r.push(e.key, value)
		}
	}
	return nil
}

func mapKey(k reflect.Value) (string, error) {
	if k.Kind() == reflect.Interface {
		k = k.Elem()
	}
	switch k.Kind() {
	case reflect.String:
		return k.String(), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return strconv.FormatInt(k.Int(), 10), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return strconv.FormatUint(k.Uint(), 10), nil
	}
	return "", fmt.Errorf("%s is no key of a document", k.Type())
}

func (r *reading) structure(p *typePlan, v reflect.Value) (*Value, error) {
	result := r.node(KindMap)
	if r.o.Tag == "hcl" {
		result.Kind = KindBlock
	}
	start := len(r.stack)
	for i := range p.fields {
		f := &p.fields[i]
		fv, ok := fieldByIndex(v, f.index)
		if !ok || r.drops(f, fv) {
			continue
		}
		var err error
		switch {
		case f.label:
			for fv.Kind() == reflect.Pointer {
				fv = fv.Elem()
			}
			result.Labels = append(result.Labels, fmt.Sprint(fv))
		case f.inline && fv.Kind() == reflect.Map:
			err = r.pushEntries(fv)
		case r.o.Tag == "hcl":
			err = r.hclField(f, fv)
		default:
			err = r.field(f, fv)
		}
		if err != nil {
			return nil, atKey(cmp.Or(f.key, f.name), err)
		}
	}
	result.Members = r.pop(start)
	return result, nil
}

func (r *reading) field(f *fieldPlan, fv reflect.Value) error {
	value, err := r.value(fv)
	if err != nil || value == nil {
		return err
	}
	// A struct in which everything was dropped says no more than a zero one.
	if fv.Kind() == reflect.Struct && value.Kind == KindMap && len(value.Members) == 0 && !f.keep {
		return nil
	}
	if f.asString && (value.Kind == KindNumber || value.Kind == KindBool) {
		value.Kind = KindString
	}
	r.push(f.key, value)
	return nil
}

// drops reports a field that says nothing.
func (r *reading) drops(f *fieldPlan, fv reflect.Value) bool {
	kind := fv.Kind()
	switch kind {
	case reflect.Pointer, reflect.Interface:
		return fv.IsNil()
	}
	if f.zeroer {
		return asInterface(fv, true).(zeroer).IsZero()
	}
	switch kind {
	case reflect.Map, reflect.Slice:
		return fv.Len() == 0 && (!f.keep || fv.IsNil())
	case reflect.Struct:
		return !f.keep && fv.IsZero()
	}
	if f.keep || !fv.IsZero() {
		return false
	}
	if r.o.Tag == "hcl" {
		return !f.required
	}
	return f.omitEmpty || f.omitZero
}

// fieldByIndex follows embedded pointers; false where one is nil.
func fieldByIndex(v reflect.Value, index []int) (reflect.Value, bool) {
	for i, x := range index {
		if i > 0 && v.Kind() == reflect.Pointer {
			if v.IsNil() {
				return v, false
			}
			v = v.Elem()
		}
		v = v.Field(x)
	}
	return v, true
}
