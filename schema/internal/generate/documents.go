package main

import (
	"reflect"

	"github.com/decamp-dev/decamp/compiler/ir"
)

const dialect = "https://json-schema.org/draft/2020-12/schema"

// specSchema is the schema of decamp.yaml.
func specSchema(docs map[string]string) object {
	g := &generator{docs: docs, inSpec: true, definitions: map[string]object{}}
	root := g.define(reflect.TypeFor[ir.App]())
	g.named("text") // commands refer to it
	return g.document("decamp spec, version 1", "What an application needs, in the words of no platform.", root)
}

// irSchema is the schema of what --emit-ir prints.
func irSchema(docs map[string]string) object {
	g := &generator{docs: docs, definitions: map[string]object{}}
	root := g.define(reflect.TypeFor[ir.App]())
	g.named("text")
	return g.document("decamp IR, version 1", "One application at one stage, as every backend gets it.", root)
}

func (g *generator) document(title, description string, root object) object {
	definitions := object{}
	for _, name := range g.order {
		definitions = append(definitions, member{name, g.definitions[name]})
	}
	return append(object{{"$schema", dialect}, {"title", title}, {"description", description}}, append(root, member{"$defs", definitions})...)
}

// specialKeys adds the keys of a spec that are no fields of the IR: they are used up
// while the spec is read.
func (g *generator) specialKeys(name string, properties object, required []string) (object, []string) {
	text := object{{"type", "string"}}
	texts := object{{"type", "array"}, {"items", text}}
	switch name {
	case "App":
		head := object{
			{"decamp", object{{"description", "Version of the language."}, {"const", "v1"}}},
		}
		tail := object{
			{"vars", varsSchema()},
			{"stages", stagesSchema(texts)},
			{"parity", object{{"description", "Points of the deliverable that may differ between stages all the same, and why."}, {"type", []string{"array", "object"}}}},
			{"platform", g.platform("What is said for one platform only, and why: the debt ledger.")},
		}
		return append(append(head, properties...), tail...), append(required, "decamp", "name")
	case "Workload", "Container":
		properties = append(properties, member{"envFiles", object{{"description", "Files of NAME=VALUE lines, read when compiling. Later files win over earlier ones, env over all."}, {"anyOf", []any{text, texts}}, {"examples", []any{[]string{"web.env"}}}}})
		if name == "Workload" {
			properties = append(properties, member{"platform", g.platform("What is said of this workload for one platform only; on is relative to the workload.")})
		}
	case "FileMount":
		return append(object{{"from", object{{"description", "The config or secret that is the file's content."}, {"type", "string"}, {"examples", []any{"${configs.web}", "${secrets.db-password.password}"}}}}}, properties...), append(required, "from")
	case "Config":
		return append(object{
			{"file", object{{"description", "File with the content, relative to the spec."}, {"type", "string"}, {"examples", []any{"config/web.yaml"}}}},
			{"text", object{{"description", "The content itself."}, {"type", "string"}}},
			{"dir", object{{"description", "Folder whose files are the content."}, {"type", "string"}, {"examples", []any{"config/nginx"}}}},
			{"template", object{{"description", "Whether ${…} in the content are references; literal otherwise."}, {"type", "boolean"}}},
		}, properties...), required
	}
	return properties, required
}

func (g *generator) platform(description string) object {
	entry := g.define(reflect.TypeFor[ir.PlatformEntry]())
	return object{{"description", description}, {"type", "object"}, {"additionalProperties", object{{"anyOf", []any{entry, object{{"type", "array"}, {"items", entry}}}}}}}
}

func varsSchema() object {
	value := object{{"type", []string{"string", "number", "boolean", "null"}}}
	return object{{"description", "Values that are given when compiling: --var, --vars-file, DECAMP_VAR_NAME, or their defaults."}, {"type", "object"},
		{"additionalProperties", object{{"anyOf", []any{value, object{{"type", "object"}, {"additionalProperties", false}, {"patternProperties", object{{"^x-", true}}}, {"properties", object{
			{"default", value}, {"type", object{{"enum", []string{"string", "int", "number", "bool"}}}}, {"description", object{{"type", "string"}}}}}}}}}}}
}

func stagesSchema(texts object) object {
	return object{{"description", "The stages of the app: the same deliverable, with declared differences."}, {"type", "object"}, {"additionalProperties", object{
		{"type", []string{"object", "null"}}, {"additionalProperties", false}, {"patternProperties", object{{"^x-", true}}}, {"properties", object{
			{"extends", object{{"description", "Stage whose differences come first."}, {"type", "string"}}},
			{"description", object{{"type", "string"}}},
			{"vary", object{{"description", "Paths of the spec and their values in this stage."}, {"type", "object"}}},
			{"only", append(object{{"description", "Workloads that exist in no other stage: stubs."}}, texts...)}}}}}}
}
