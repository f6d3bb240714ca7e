package compose

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/schema"
	"go.yaml.in/yaml/v3"
)

// TestSpecification holds the schema that is embedded to that of compose-go.
func TestSpecification(t *testing.T) {
	if string(specification) != schema.Schema {
		t.Error("compose-spec.json is not the one of compose-go: copy schema/compose-spec.json of the module here")
	}
}

// TestConform holds the verdict on the files of the corpus, and on each of them with
// one leaf after the other put in the form of another type, to compose-go's.
func TestConform(t *testing.T) {
	own, err := composeSchema()
	if err != nil {
		t.Fatal(err)
	}
	verdicts := map[bool]int{}
	compare := func(name string, m map[string]any) {
		theirs, ours := schema.Validate(m), own.Check(m)
		verdicts[theirs == nil]++
		if (theirs == nil) != (ours == nil) {
			text, _ := json.Marshal(m)
			t.Errorf("%s: compose-go says %v, we say %v: %.300s", name, theirs, ours, text)
		}
	}
	files := 0
	folder, names := realFiles(t)
	for _, name := range names {
		data, err := fs.ReadFile(folder, name)
		if err != nil {
			t.Fatal(err)
		}
		var m map[string]any
		if yaml.Unmarshal(data, &m) != nil || m["services"] == nil {
			continue
		}
		if _, err := json.Marshal(m); err != nil {
			continue // keys that are no texts: refused before any schema
		}
		files++
		compare(name, m)
		places := leafPlaces(m)
		for i, p := range places {
			if i%(1+len(places)/10) != files%(1+len(places)/10) { // some of each file: all of them take minutes
				continue
			}
			before := p.get()
			for _, other := range []any{nil, true, 3, -1.5, "text", []any{"a", "a"}, []any{map[string]any{"b": 1}}, map[string]any{"c": "d"}} {
				p.set(other)
				compare(fmt.Sprintf("%s: %s", name, p.name), m)
			}
			p.set(before)
		}
	}
	if files < 200 || verdicts[true] < 1000 || verdicts[false] < 1000 {
		t.Errorf("only %d files, verdicts %v", files, verdicts)
	}
	t.Log(files, verdicts)
}

// leafPlace is a place of a document that can be set.
type leafPlace struct {
	name string
	get  func() any
	set  func(any)
}

// leafPlaces returns every place of a document below its top: leaves and what holds them.
func leafPlaces(m map[string]any) (list []leafPlace) {
	var walk func(at string, v any)
	walk = func(at string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for _, key := range sortedNames(v) {
				name := strings.TrimPrefix(at+"."+key, ".")
				list = append(list, leafPlace{name, func() any { return v[key] }, func(x any) { v[key] = x }})
				walk(name, v[key])
			}
		case []any:
			for i := range v {
				name := fmt.Sprintf("%s.%d", at, i)
				list = append(list, leafPlace{name, func() any { return v[i] }, func(x any) { v[i] = x }})
				walk(name, v[i])
			}
		}
	}
	walk("", m)
	return list
}
