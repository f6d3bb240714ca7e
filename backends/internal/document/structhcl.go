package document

import (
	"reflect"
	"slices"
	"strings"
)

// hclField reads one field of a struct with hcl tags: an attribute, a block, or
// several blocks.
func (r *reading) hclField(f *fieldPlan, fv reflect.Value) error {
	if p := r.plan(fv.Type()); p.form == formHook || p.form == formText {
		return r.field(f, fv)
	}
	for fv.Kind() == reflect.Pointer || fv.Kind() == reflect.Interface {
		if fv.IsNil() {
			return nil
		}
		fv = fv.Elem()
		if r.plan(fv.Type()).form == formHook {
			return r.field(f, fv)
		}
	}
	switch fv.Kind() {
	case reflect.Slice, reflect.Array:
		if blockType(fv.Type().Elem()) {
			return r.repeatedBlocks(f.key, fv)
		}
	case reflect.Map:
		if blockType(fv.Type().Elem()) {
			return r.labelledBlocks(f.key, fv)
		}
		if f.block {
			body, err := r.freeBody(fv)
			if err == nil {
				r.push(f.key, body)
			}
			return err
		}
	}
	value, err := r.value(fv)
	if err == nil && value != nil {
		r.push(f.key, value)
	}
	return err
}

// blockType reports a struct, or a pointer to one.
func blockType(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Kind() == reflect.Struct
}

func (r *reading) repeatedBlocks(key string, list reflect.Value) error {
	for i := range list.Len() {
		item := list.Index(i)
		if item.Kind() == reflect.Pointer && item.IsNil() {
			continue
		}
		block, err := r.value(item)
		if err != nil {
			return atIndex(i, err)
		}
		if block != nil {
			r.push(key, block)
		}
	}
	return nil
}

// labelledBlocks writes a map of structs as blocks with the keys as labels.
func (r *reading) labelledBlocks(key string, m reflect.Value) error {
	entries, err := r.entries(m)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.value.Kind() == reflect.Pointer && e.value.IsNil() {
			continue
		}
		block, err := r.value(e.value)
		if err != nil {
			return atKey(e.key, err)
		}
		if block == nil {
			continue
		}
		block.Labels = []string{e.key}
		r.push(key, block)
	}
	return nil
}

// freeBody writes a map as a block's body. Keys that HCL does not allow there
// need an attribute: env = { "A.B" = "c" }.
func (r *reading) freeBody(m reflect.Value) (*Value, error) {
	entries, err := r.entries(m)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(entries, func(e entry) bool { return !identifier(e.key) }) {
		return r.mapping(m)
	}
	block := r.node(KindBlock)
	start := len(r.stack)
	for _, e := range entries {
		if err := r.freeEntry(e); err != nil {
			return nil, atKey(e.key, err)
		}
	}
	block.Members = r.pop(start)
	return block, nil
}

func (r *reading) freeEntry(e entry) error {
	v := e.value
	for (v.Kind() == reflect.Interface || v.Kind() == reflect.Pointer) && !v.IsNil() {
		v = v.Elem()
	}
	switch {
	case v.Kind() == reflect.Map && slices.Contains(r.o.Blocks, e.key):
		body, err := r.freeBody(v)
		if err == nil {
			r.push(e.key, body)
		}
		return err
	case v.Kind() == reflect.Slice && v.Len() > 0:
		if blocks, err := r.freeBlocks(v); err != nil || blocks != nil {
			for _, block := range blocks {
				r.push(e.key, block)
			}
			return err
		}
	}
	value, err := r.value(v)
	if err == nil && value != nil {
		r.push(e.key, value)
	}
	return err
}

// freeBlocks writes a list of maps as repeated blocks; nil where it is no such
// list or a key forbids it.
func (r *reading) freeBlocks(list reflect.Value) ([]*Value, error) {
	for i := range list.Len() {
		item := list.Index(i)
		if item.Kind() == reflect.Interface {
			item = item.Elem()
		}
		if item.Kind() != reflect.Map {
			return nil, nil
		}
	}
	blocks := make([]*Value, 0, list.Len())
	for i := range list.Len() {
		item := list.Index(i)
		if item.Kind() == reflect.Interface {
			item = item.Elem()
		}
		block, err := r.freeBody(item)
		if err != nil {
			return nil, atIndex(i, err)
		}
		if block.Kind != KindBlock {
			return nil, nil
		}
		blocks = append(blocks, block)
	}
	return blocks, nil
}

// identifier reports a name that HCL allows for an attribute or a block. HCL
// allows letters beyond ASCII too; such names are quoted here, which it also
// allows.
func identifier(s string) bool {
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
		case i > 0 && (c >= '0' && c <= '9' || strings.IndexByte("_-", c) >= 0):
		case c == '_':
		default:
			return false
		}
	}
	return s != ""
}
