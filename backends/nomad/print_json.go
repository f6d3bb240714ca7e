package nomad

import (
	"maps"
	"reflect"
	"slices"
	"strconv"

	"github.com/hashicorp/nomad/api"

	"github.com/decamp-dev/decamp/backends/internal/document"
)

// jobJSON writes a job as Nomad's API takes it: fields by their Go names, durations
// in nanoseconds, what is not said left out.
func jobJSON(job *api.Job) *document.Value {
	return jsonValue(reflect.ValueOf(job))
}

func jsonValue(v reflect.Value) *document.Value {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return document.Null()
		}
		return jsonValue(v.Elem())
	case reflect.Struct:
		return jsonStruct(v)
	case reflect.Map:
		out := document.Map()
		keys := map[string]reflect.Value{}
		for iter := v.MapRange(); iter.Next(); {
			keys[iter.Key().String()] = iter.Value()
		}
		for _, key := range slices.Sorted(maps.Keys(keys)) {
			out.Set(key, jsonValue(keys[key]))
		}
		return out
	case reflect.Slice:
		out := document.List()
		for i := range v.Len() {
			out.Items = append(out.Items, jsonValue(v.Index(i)))
		}
		return out
	case reflect.String:
		return document.String(v.String())
	case reflect.Bool:
		return document.Bool(v.Bool())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return &document.Value{Kind: document.KindNumber, Text: strconv.FormatUint(v.Uint(), 10)}
	case reflect.Float32, reflect.Float64:
		return document.Float(v.Float())
	}
	return document.Int(v.Int())
}

func jsonStruct(v reflect.Value) *document.Value {
	out := document.Map()
	for i := range v.NumField() {
		f, fv := v.Type().Field(i), v.Field(i)
		if !f.IsExported() || fv.IsZero() {
			continue
		}
		switch {
		case f.Name == "Config" && fv.Kind() == reflect.Map:
			out.Set(f.Name, jsonConfig(fv.Interface().(map[string]any)))
		default:
			out.Set(f.Name, jsonValue(fv))
		}
	}
	return out
}

// wrapped are the maps of the docker driver that are lists of maps to its parser;
// HCL wraps them by itself.
var wrapped = []string{"labels", "logging", "config", "sysctl", "ulimit", "tmpfs_options"}

func jsonConfig(config map[string]any) *document.Value {
	out := document.Map()
	for _, key := range slices.Sorted(maps.Keys(config)) {
		out.Set(key, jsonConfigValue(key, config[key]))
	}
	return out
}

func jsonConfigValue(key string, value any) *document.Value {
	switch value := value.(type) {
	case map[string]any:
		v := jsonConfig(value)
		if slices.Contains(wrapped, key) {
			return document.List(v)
		}
		return v
	case []map[string]any:
		out := document.List()
		for _, item := range value {
			out.Items = append(out.Items, jsonConfig(item))
		}
		return out
	}
	return jsonValue(reflect.ValueOf(value))
}
