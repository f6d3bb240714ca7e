package schema_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/decamp-dev/decamp/compiler"
	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/schema"
)

func compile(t *testing.T, text []byte) *jsonschema.Schema {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	if err := c.AddResource("schema.json", document); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The schemas are generated from the Go types, so being fresh is being equal to them.
func TestFresh(t *testing.T) {
	folder := t.TempDir()
	if out, err := exec.Command("go", "run", "./internal/generate", "-out", folder).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for name, have := range map[string][]byte{"spec.json": schema.Spec(), "ir.json": schema.IR()} {
		want, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(have, want) {
			t.Errorf("%s is not what the types say: run go generate ./schema", name)
		}
	}
}

func specs(t *testing.T) []string {
	t.Helper()
	var found []string
	for _, pattern := range []string{"../examples/*/decamp.yaml", "../testdata/apps/*/decamp.yaml"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("no specs at %s: %v", pattern, err)
		}
		found = append(found, files...)
	}
	return found
}

func TestSpecsAreValid(t *testing.T) {
	s := compile(t, schema.Spec())
	for _, file := range specs(t) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(value(t, string(text))); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}

func value(t *testing.T, text string) any {
	t.Helper()
	var v any
	if err := yaml.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	encoded, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	decoded, err := jsonschema.UnmarshalJSON(bytes.NewReader(encoded))
	if err != nil {
		t.Fatal(err)
	}
	return decoded
}

func TestSpecRefuses(t *testing.T) {
	s := compile(t, schema.Spec())
	for name, text := range map[string]string{
		"unknown key":       "{decamp: v1, name: a, workload: {}}",
		"no version":        "{name: a}",
		"other version":     "{decamp: v2, name: a}",
		"unknown field":     "{decamp: v1, name: a, workloads: {w: {image: x, comand: [a]}}}",
		"wrong word":        "{decamp: v1, name: a, workloads: {w: {image: x, kind: deamon}}}",
		"port out of range": "{decamp: v1, name: a, workloads: {w: {image: x, ports: {http: {port: 70000}}}}}",
		"no duration":       "{decamp: v1, name: a, workloads: {w: {image: x, health: {ready: {every: 10}}}}}",
		"missing field":     "{decamp: v1, name: a, routes: {r: {host: x}}}",
	} {
		if s.Validate(value(t, text)) == nil {
			t.Errorf("%s: the schema takes %s", name, text)
		}
	}
}

func TestPrintedIRIsValid(t *testing.T) {
	s := compile(t, schema.IR())
	for _, file := range specs(t) {
		apps, list := compiler.Load(backend.Set{}, compiler.Request{FS: os.DirFS(filepath.Dir(file)), Path: "decamp.yaml"})
		if list.HasErrors() {
			t.Fatalf("%s: %v", file, list)
		}
		for _, app := range apps {
			var b bytes.Buffer
			if err := compiler.PrintIR(&b, app); err != nil {
				t.Fatal(err)
			}
			printed, err := jsonschema.UnmarshalJSON(&b)
			if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			if err := s.Validate(printed); err != nil {
				t.Errorf("%s: stage %q: %v", file, app.Stage, err)
			}
		}
	}
}

// Every kind of fact has its key, with a description, in the schema of a spec.
func TestEveryKindIsDescribed(t *testing.T) {
	var document struct {
		Defs map[string]struct {
			Properties map[string]struct{ Description string }
			AnyOf      []struct {
				Properties map[string]struct{ Description string }
			}
		} `json:"$defs"`
	}
	if err := json.Unmarshal(schema.Spec(), &document); err != nil {
		t.Fatal(err)
	}
	for _, kind := range ir.Kinds() {
		if !kind.Field.Spec {
			continue
		}
		typeName, _, _ := strings.Cut(kind.Field.GoName, ".")
		if typeName == "Container" {
			typeName = "Workload" // the main container's fields stand in the workload
		}
		definition := document.Defs[typeName]
		property, ok := definition.Properties[kind.Field.Key]
		for _, a := range definition.AnyOf {
			if p, has := a.Properties[kind.Field.Key]; has {
				property, ok = p, true
			}
		}
		if !ok || property.Description == "" {
			t.Errorf("%s: no property %s with a description in %s", kind.Name, kind.Field.Key, typeName)
		}
	}
}

func TestDiagnosticsSchema(t *testing.T) { compile(t, schema.Diagnostics()) }
