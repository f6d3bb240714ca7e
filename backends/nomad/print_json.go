package nomad

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/hashicorp/nomad/api"

	"github.com/decamp-dev/decamp/backends/internal/document"
)

// jobJSON turns a job in HCL's form, patches and all, into what Nomad's API takes:
// fields by their Go names, durations in nanoseconds, blocks as objects and lists.
func jobJSON(job *document.Value) (*document.Value, error) {
	out, err := jsonObject(job, reflect.TypeFor[api.Job]())
	if err != nil {
		return nil, err
	}
	id := document.Member{Key: "ID", Value: document.String(job.Labels[0])}
	name := document.Member{Key: "Name", Value: document.String(job.Labels[0])}
	out.Members = append([]document.Member{id, name}, out.Members...)
	return document.Map(document.Member{Key: "Job", Value: out}), nil
}

// apiField is a field of the API's types by its name in HCL.
type apiField struct {
	name string
	typ  reflect.Type
}

func apiFields(t reflect.Type) (fields map[string]apiField, label string) {
	fields = map[string]apiField{}
	for i := range t.NumField() {
		f := t.Field(i)
		key, option, _ := strings.Cut(f.Tag.Get("hcl"), ",")
		switch {
		case option == "label":
			label = f.Name
		case key != "":
			fields[key] = apiField{f.Name, f.Type}
		}
	}
	return fields, label
}

func jsonObject(v *document.Value, t reflect.Type) (*document.Value, error) {
	fields, label := apiFields(t)
	out := document.Map()
	if label != "" && len(v.Labels) > 0 {
		out.Set(label, document.String(v.Labels[0]))
	}
	for _, m := range v.Members {
		f, known := fields[m.Key]
		if !known {
			return nil, fmt.Errorf("%s has no field for %s", t.Name(), m.Key)
		}
		switch {
		case m.Key == "port" && m.Value.Get("static") != nil:
			f.name = "ReservedPorts"
		case m.Key == "identity" && m.Value.Get("name") == nil:
			f = apiField{"Identity", reflect.TypeFor[*api.WorkloadIdentity]()} // the default one
		}
		if err := jsonField(out, f, m.Value); err != nil {
			return nil, err
		}
	}
	if (t == reflect.TypeFor[api.Constraint]() || t == reflect.TypeFor[api.Affinity]()) && out.Get("Operand") == nil {
		out.Set("Operand", document.String("=")) // HCL's default
	}
	return out, nil
}

// jsonField adds one attribute or block to an object of the API.
func jsonField(out *document.Value, f apiField, v *document.Value) error {
	t := f.typ
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	list := t.Kind() == reflect.Slice
	keyed := t.Kind() == reflect.Map && structure(t.Elem())
	below := t
	for list && below.Kind() == reflect.Slice || keyed && below.Kind() == reflect.Map || below.Kind() == reflect.Pointer {
		below = below.Elem()
	}
	switch {
	case v.Kind == document.KindBlock && below.Kind() == reflect.Struct:
		object, err := jsonObject(v, below)
		if err != nil {
			return err
		}
		place(out, f.name, object, list, keyed, v.Labels)
	case t == reflect.TypeFor[time.Duration]() && v.Kind == document.KindString:
		d, err := time.ParseDuration(v.Text)
		if err != nil {
			return err
		}
		out.Set(f.name, document.Int(int64(d)))
	case t.Kind() == reflect.Map && t.Elem().Kind() != reflect.Interface:
		plain := v.Clone()
		plain.Kind = document.KindMap // env and meta: names and strings
		out.Set(f.name, plain)
	default:
		out.Set(f.name, jsonFree(v))
	}
	return nil
}

// place puts an object where its field wants it: alone, in a list, or under its label.
func place(out *document.Value, name string, object *document.Value, list, keyed bool, labels []string) {
	held := out.Get(name)
	switch {
	case list && held == nil:
		out.Set(name, document.List(object))
	case list:
		held.Items = append(held.Items, object)
	case keyed && len(labels) > 0:
		if held == nil {
			held = document.Map()
			out.Set(name, held)
		}
		held.Set(labels[0], object)
	default:
		out.Set(name, object)
	}
}

// jsonFree writes a body that only a plugin understands: each block or object of it
// is an object in a list, as HCL's parser gives it to the plugin, labels around it.
func jsonFree(v *document.Value) *document.Value {
	switch {
	case v.Kind == document.KindList:
		out := document.List()
		for _, item := range v.Items {
			out.Items = append(out.Items, jsonFree(item))
		}
		return out
	case v.Kind != document.KindMap && v.Kind != document.KindBlock:
		return v.Clone()
	}
	out := document.Map()
	for _, m := range v.Members {
		value := jsonFree(m.Value)
		if m.Value.Kind == document.KindMap {
			value = document.List(value)
		}
		if m.Value.Kind != document.KindBlock {
			out.Set(m.Key, value)
			continue
		}
		for i := len(m.Value.Labels) - 1; i >= 0; i-- {
			value = document.Map(document.Member{Key: m.Value.Labels[i], Value: document.List(value)})
		}
		if held := out.Get(m.Key); held != nil {
			held.Items = append(held.Items, value)
		} else {
			out.Set(m.Key, document.List(value))
		}
	}
	return out
}
