package swarm

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/decamp-dev/decamp/backends/internal/composefile"
	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// structs turns the types into documents, in the forms that people write.
var structs = document.NewStructReader(document.StructOptions{
	Tag: "yaml",
	Types: map[reflect.Type]func(reflect.Value) (*document.Value, error){
		reflect.TypeFor[words]():               printed(func(w words) *document.Value { return flow(w) }),
		reflect.TypeFor[duration]():            printed(func(d duration) *document.Value { return document.Duration(ir.Duration(d).Std()) }),
		reflect.TypeFor[byteSize]():            printed(func(b byteSize) *document.Value { return document.String(composefile.Size(ir.Bytes(b))) }),
		reflect.TypeFor[fileMode]():            printed(octal),
		reflect.TypeFor[port]():                printed(publishedPort),
		reflect.TypeFor[ir.Map[string]]():      printed(texts),
		reflect.TypeFor[ir.Map[*attachment]](): printed(attachments),
		reflect.TypeFor[ir.Map[ir.Ulimit]]():   printed(ulimits),
	},
})

func printed[T any](print func(T) *document.Value) func(reflect.Value) (*document.Value, error) {
	return func(v reflect.Value) (*document.Value, error) { return print(v.Interface().(T)), nil }
}

// read cannot fail on these types; what has no form is left out.
func read(v any) *document.Value {
	value, err := structs.Read(v)
	if err != nil || value == nil {
		return document.Map()
	}
	return value
}

// flow is a list on one line, as people write commands.
func flow(list []string) *document.Value {
	v := document.Strings(list...)
	v.Flow = !slices.ContainsFunc(list, func(w string) bool { return strings.Contains(w, "\n") })
	return v
}

// octal writes a mode as a number, since the schema takes no text, and as one in which
// no reader of YAML can see another: a leading zero means octal to some of them only.
func octal(m fileMode) *document.Value {
	v := document.Int(int64(m))
	v.Comment = "0" + strconv.FormatUint(uint64(m), 8)
	return v
}

func publishedPort(p port) *document.Value {
	if p.Range != "" {
		s := p.Range + ":" + strconv.Itoa(p.Target)
		if p.Protocol != "" {
			s += "/" + p.Protocol
		}
		return document.String(s)
	}
	m := document.Map()
	m.Add("target", document.Int(int64(p.Target)))
	if p.Published != 0 {
		m.Add("published", document.Int(int64(p.Published)))
	}
	if p.Protocol != "" {
		m.Add("protocol", document.String(p.Protocol))
	}
	if p.Mode != "" {
		m.Add("mode", document.String(p.Mode))
	}
	return m
}

func texts(list ir.Map[string]) *document.Value {
	m := document.Map()
	for _, item := range list {
		m.Add(item.Key, document.String(item.Value))
	}
	return m
}

// attachments are names where nothing more is said.
func attachments(list ir.Map[*attachment]) *document.Value {
	m, names := document.Map(), document.Strings(list.Keys()...)
	names.Flow = true
	for _, item := range list {
		value := document.Null()
		if item.Value != nil && len(item.Value.Aliases) > 0 {
			value, names.Flow = document.Map(document.Member{Key: "aliases", Value: flow(item.Value.Aliases)}), false
		}
		m.Add(item.Key, value)
	}
	if names.Flow {
		return names
	}
	return m
}

func ulimits(list ir.Map[ir.Ulimit]) *document.Value {
	m := document.Map()
	for _, item := range list {
		if item.Value.Soft == item.Value.Hard {
			m.Add(item.Key, document.Int(item.Value.Soft))
			continue
		}
		m.Add(item.Key, document.Map(
			document.Member{Key: "soft", Value: document.Int(item.Value.Soft)},
			document.Member{Key: "hard", Value: document.Int(item.Value.Hard)}))
	}
	return m
}
