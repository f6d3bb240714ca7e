package document

import (
	"errors"
	"io"
	"reflect"
)

var errTodo = errors.New("not written yet")

// StructOptions says how FromStruct reads.
type StructOptions struct {
	Tag    string                                               // "json", "yaml" or "hcl"
	Keep   []string                                             // keys, or Type.Field, that are printed even when empty: "podSelector", "Volume.EmptyDir"
	First  []string                                             // keys that come first in every map, in this order: "apiVersion", "kind"
	Fields map[string]string                                    // Type.Field → tag used in the place of the field's own: "Job.ID": "-", "NetworkResource.ReservedPorts": "port,block"
	Types  map[reflect.Type]func(reflect.Value) (*Value, error) // how values of a type are read; a nil value drops the field
}

// StructReader reads many values with the same options; safe for concurrent use.
type StructReader struct{}

func NewStructReader(o StructOptions) *StructReader      { return &StructReader{} }
func (r *StructReader) Read(v any) (*Value, error)       { return nil, errTodo }
func FromStruct(v any, o StructOptions) (*Value, error)  { return nil, errTodo }
func FromJSON(data []byte) (*Value, error)               { return nil, errTodo }
func ToJSON(v *Value, indent string) ([]byte, error)     { return nil, errTodo }
func Merge(base, patch *Value) error                     { return errTodo }
func PrintHCL(w io.Writer, v *Value, o HCLOptions) error { return errTodo }

// HCLOptions says how PrintHCL lays a body out.
type HCLOptions struct {
	Header string // comment above the body
}

// FoldOptions says which equal maps are folded into one.
type FoldOptions struct {
	Paths      []string // where to look: "services.*.environment", "services.*.logging"
	MinMembers int      // smallest number of scalars that is worth a name; 0 means 2
	Prefix     string   // Hoist: key prefix of the blocks, such as "x-"
}

// Hoisted is one block that Hoist moved to the top.
type Hoisted struct {
	Key   string   // "x-logging"
	Name  string   // the anchor: "logging"
	Value *Value   // the block, with its Anchor set
	Paths []string // where it is referred to
}

func FoldAnchors(v *Value, o FoldOptions) []Hoisted { return nil }
func Hoist(v *Value, o FoldOptions) []Hoisted       { return nil }
