package swarm

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/decamp-dev/decamp/compiler/backend"
)

// beyond are fields that docker/cli's types read and its schema lets pass.
var beyond = []string{"services.volumes.volume.subpath", "services.volumes.image", "services.volumes.cluster"}

// TestCensus: every field of the schema has a row, or is below one that is carried or
// ignored whole, and every row has a field.
func TestCensus(t *testing.T) {
	rows := map[string]backend.FieldRow{}
	for _, row := range fieldRows() {
		if _, twice := rows[row.Field]; twice || row.Because == "" || row.Verdict < backend.Mapped || row.Verdict > backend.Ignored {
			t.Errorf("%s: twice, or without a verdict and a reason", row.Field)
		}
		rows[row.Field] = row
	}
	known := map[string]bool{}
	for _, field := range append(schemaFields(t), beyond...) {
		if below(rows, field) {
			continue
		}
		known[field] = true
		if _, ok := rows[field]; !ok {
			t.Errorf("%s has no row: decide what becomes of it", field)
		}
	}
	for field := range rows {
		if !known[field] {
			t.Errorf("%s is no field of stack files", field)
		}
	}
}

// below reports a field of something that is carried or ignored whole.
func below(rows map[string]backend.FieldRow, field string) bool {
	for at := strings.LastIndexByte(field, '.'); at > 0; at = strings.LastIndexByte(field[:at], '.') {
		if row, ok := rows[field[:at]]; ok && row.Verdict != backend.Mapped {
			return true
		}
	}
	return false
}

// TestReadOverAndRefused: what is read over and what is refused are keys that the form
// once had, and the census says of each that it is ignored or read in another way.
func TestReadOverAndRefused(t *testing.T) {
	fields := schemaFields(t)
	verdicts := map[string]backend.Verdict{}
	for _, row := range fieldRows() {
		verdicts[row.Field] = row.Verdict
	}
	for key := range readOver {
		if field := "services." + key; !slices.Contains(fields, field) || verdicts[field] != backend.Ignored && key != "restart" {
			t.Errorf("%s is no field, or its row does not say that it is ignored", field)
		}
	}
	for key := range refusedKeys {
		if slices.Contains(fields, "services."+key) {
			t.Errorf("the form knows %s", key)
		}
	}
}

// schemaFields lists the paths of all fields that the schema names.
func schemaFields(t *testing.T) []string {
	t.Helper()
	var root map[string]any
	if err := json.Unmarshal(specification, &root); err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	var walk func(v any, at string)
	walk = func(v any, at string) {
		n, _ := v.(map[string]any)
		for ref, ok := n["$ref"].(string); ok; ref, ok = n["$ref"].(string) {
			n, _ = root["definitions"].(map[string]any)[strings.TrimPrefix(ref, "#/definitions/")].(map[string]any)
		}
		for _, key := range []string{"oneOf", "anyOf"} {
			list, _ := n[key].([]any)
			for _, other := range list {
				walk(other, at)
			}
		}
		walkIf := func(key string) {
			if inner, ok := n[key].(map[string]any); ok {
				walk(inner, at)
			}
		}
		walkIf("items")
		properties, _ := n["properties"].(map[string]any)
		for name, inner := range properties {
			field := strings.TrimPrefix(at+"."+name, ".")
			found[field] = true
			walk(inner, field)
		}
		patterns, _ := n["patternProperties"].(map[string]any)
		for pattern, inner := range patterns {
			if pattern != "^x-" {
				walk(inner, at)
			}
		}
	}
	walk(root, "")
	return slices.Sorted(maps.Keys(found))
}
