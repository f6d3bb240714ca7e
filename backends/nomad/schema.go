package nomad

import (
	"reflect"
	"time"

	"github.com/hashicorp/nomad/api"
)

// bodyField is what a body of a job file may hold under a name.
type bodyField struct {
	apiField
	form fieldForm
	body *body // of blocks
}

// fieldForm says how a field is written.
type fieldForm uint8

const (
	scalarForm    fieldForm = iota + 1
	durationForm            // a string such as "30s"; nanoseconds in JSON
	listForm                // of scalars
	textsForm               // names and strings: meta, env
	headersForm             // names and lists of strings
	freeForm                // only a plugin understands it
	blockForm               // one block
	blocksForm              // several
	labelledForm            // several, each with a label
	anonymousForm           // lists of lists: not said by anything that is read
)

// body is the shape of a block, learned from the tags of a type of Nomad's API.
type body struct {
	name   string
	label  string // Go name of the field that holds the label
	fields map[string]*bodyField
	byName map[string]string // names in HCL by Go names
}

// schema learns bodies once each.
type schema map[reflect.Type]*body

// job is the shape of a job.
func (s schema) job() *body { return s.body(reflect.TypeFor[api.Job]()) }

func (s schema) body(t reflect.Type) *body {
	if known := s[t]; known != nil {
		return known
	}
	b := &body{name: t.Name(), fields: map[string]*bodyField{}, byName: map[string]string{}}
	s[t] = b
	fields, label := apiFields(t)
	b.label = label
	for key, f := range fields {
		b.fields[key] = s.field(f)
		b.byName[f.name] = key
	}
	switch t {
	case reflect.TypeFor[api.NetworkResource]():
		// Both kinds of ports are blocks port, told apart by their number.
		delete(b.fields, "reserved_ports")
		b.byName["ReservedPorts"] = "port"
	case reflect.TypeFor[api.Task]():
		b.byName["Identity"] = "identity"
		b.fields["scaling"].form = labelledForm
	}
	return b
}

func (s schema) field(f apiField) *bodyField {
	out := &bodyField{apiField: f}
	t := f.typ
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	elem := t
	if t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
		elem = t.Elem()
		for elem.Kind() == reflect.Pointer {
			elem = elem.Elem()
		}
	}
	switch {
	case t == reflect.TypeFor[time.Duration]():
		out.form = durationForm
	case elem.Kind() == reflect.Struct:
		out.body = s.body(elem)
		switch {
		case t.Kind() == reflect.Struct:
			out.form = blockForm
		case t.Kind() == reflect.Map || out.body.label != "":
			out.form = labelledForm
		default:
			out.form = blocksForm
		}
	case t.Kind() == reflect.Map && elem.Kind() == reflect.Interface:
		out.form = freeForm
	case t.Kind() == reflect.Map && elem.Kind() == reflect.Slice:
		out.form = headersForm
	case t.Kind() == reflect.Map:
		out.form = textsForm
	case t.Kind() == reflect.Slice && elem.Kind() == reflect.Slice:
		out.form = anonymousForm
	case t.Kind() == reflect.Slice:
		out.form = listForm
	default:
		out.form = scalarForm
	}
	return out
}

// scalarType returns the basic kind of a scalar field.
func (f *bodyField) scalarType() reflect.Kind {
	t := f.typ
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	return t.Kind()
}

// identities are the attributes by which repeated blocks without labels are told
// apart: in patches such a block is a member of a map, under its identity.
var identities = map[string][]string{
	"service":      {"port", "name"},
	"check":        {"name"},
	"template":     {"destination"},
	"mount":        {"target"},
	"volume_mount": {"destination"},
	"constraint":   {"attribute", "operator"},
	"affinity":     {"attribute", "operator"},
}

// freeBlocks are the names that the docker driver and the autoscaler know as blocks,
// with how many labels each has.
var freeBlocks = map[string]int{
	"mount": 0, "logging": 0, "auth": 0, "tmpfs_options": 0, "bind_options": 0, "volume_options": 0, "driver_config": 0,
	"devices": 0, "check": 1, "strategy": 1, "target": 1,
}
