package document

import (
	"errors"
	"reflect"
	"sync"
)

// StructOptions says how typed values are read. The zero value with a Tag reads
// what the tags say, without noise: nil pointers, zero structs, and empty maps
// and lists are dropped; pointers to zero values are kept (replicas: 0,
// emptyDir: {}), and so are zero scalars whose tag does not say omitempty.
type StructOptions struct {
	// Tag is "json", "yaml" or "hcl". With "hcl" structs become blocks, zero
	// scalars are dropped unless their attribute is required, durations are
	// strings, and fields without a tag are not read.
	Tag string

	// Keep names fields, by key or as Type.Field, that are printed even when
	// they are zero or empty; nil stays dropped: "podSelector",
	// "NetworkPolicySpec.Egress".
	Keep []string

	// First names the keys that come first in every map: "apiVersion", "kind".
	First []string

	// Last names the keys that come last in every map: "group", "task".
	Last []string

	// Fields replaces the tags of fields, named Type.Field:
	// "Job.ID": "-", "NetworkResource.ReservedPorts": "port,block".
	Fields map[string]string

	// Types reads values of a type in another way; a nil result drops the
	// field. Pointers to the type are followed first.
	Types map[reflect.Type]func(reflect.Value) (*Value, error)

	// Blocks names the keys of free-form HCL bodies (map[string]any) whose
	// maps are written as blocks (logging { … }) and not as attributes
	// (logging = { … }). Lists of maps are always blocks.
	Blocks []string
}

// StructReader reads many values with the same options and remembers what it
// learned about their types. It is safe for concurrent use.
type StructReader struct {
	o     StructOptions
	plans sync.Map // reflect.Type → *typePlan
}

// NewStructReader makes a reader; the options must not change afterwards.
func NewStructReader(o StructOptions) *StructReader { return &StructReader{o: o} }

// FromStruct reads one value. Whoever reads several keeps a StructReader.
func FromStruct(v any, o StructOptions) (*Value, error) {
	return NewStructReader(o).Read(v)
}

// Read turns a typed value into a document: structs and maps into maps (HCL:
// blocks), in the order of their fields or sorted by key. Types that marshal
// themselves are asked. It fails, with a *PathError, on values that have no form
// in a document (channels, functions, complex numbers), on errors of
// marshallers, and on cycles.
func (r *StructReader) Read(v any) (*Value, error) {
	switch r.o.Tag {
	case "json", "yaml", "hcl":
	default:
		return nil, errors.New(`struct tag is not "json", "yaml" or "hcl"`)
	}
	if v == nil {
		return Null(), nil
	}
	run := reading{StructReader: r}
	value, err := run.value(reflect.ValueOf(v))
	if err != nil {
		return nil, prependNothing(err)
	}
	if value == nil {
		return Null(), nil
	}
	return value, nil
}

// reading is one call of Read. Its nodes come from slabs, a few allocations for
// many nodes.
type reading struct {
	*StructReader
	values  []Value
	members []Member
	stack   []Member // members of the maps that are being read
	depth   int
}

func (r *reading) node(kind Kind) *Value {
	if len(r.values) == 0 {
		r.values = make([]Value, 32)
	}
	v := &r.values[0]
	r.values = r.values[1:]
	v.Kind = kind
	return v
}

func (r *reading) scalar(kind Kind, text string) *Value {
	v := r.node(kind)
	v.Text = text
	return v
}

// push adds a member to the map that is being read.
func (r *reading) push(key string, v *Value) {
	r.stack = append(r.stack, Member{Key: key, Value: v})
}

// pop takes the members since start off the stack. Their slice has no spare
// room, so that an append to it cannot reach into another map's members.
func (r *reading) pop(start int) []Member {
	n := len(r.stack) - start
	if n == 0 {
		return nil
	}
	if len(r.members) < n {
		r.members = make([]Member, max(64, n))
	}
	members := r.members[:n:n]
	r.members = r.members[n:]
	copy(members, r.stack[start:])
	r.stack = r.stack[:start]
	return members
}
