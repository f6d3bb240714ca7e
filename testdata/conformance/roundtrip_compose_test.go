//go:build conformance

package conformance

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/decamp-dev/decamp/testdata/conformance/judge"
)

// composeExceptions are differences that a user of the spec would accept.
var composeExceptions = []tripException{}

// compareCompose compares what docker compose config makes of the files.
func compareCompose(t testing.TB, way trip) (accepted bool, differences []string) {
	before, ok := composeModel(t, way.environment, way.files...)
	if !ok {
		return false, nil
	}
	after, ok := composeModel(t, way.environment, filepath.Join(way.folder, "compose.yaml"))
	if !ok {
		return true, []string{fmt.Sprintf("compose refuses what came back: %v", after)}
	}
	return true, different("", before, after)
}

// composeModel is what Compose says of files, with nothing left of how they were written.
func composeModel(t testing.TB, environment []string, files ...string) (any, bool) {
	t.Helper()
	text, ok := judge.ComposeConfig(t, environment, files...)
	if !ok {
		return text, false
	}
	var model map[string]any
	if err := json.Unmarshal([]byte(text), &model); err != nil {
		t.Fatal(err)
	}
	withoutExtensions(model)
	sections(model, "configs", func(c map[string]any) {
		// a config is its content, wherever that stands
		if file, ok := c["file"].(string); ok {
			if data, err := os.ReadFile(file); err == nil {
				delete(c, "file")
				c["content"] = string(data)
			}
		}
	})
	return model, true
}

func sections(model map[string]any, name string, visit func(map[string]any)) {
	all, _ := model[name].(map[string]any)
	for _, v := range all {
		if m, ok := v.(map[string]any); ok {
			visit(m)
		}
	}
}

// withoutExtensions takes out the keys that Compose itself reads over.
func withoutExtensions(v any) {
	switch v := v.(type) {
	case map[string]any:
		for key := range v {
			if strings.HasPrefix(key, "x-") {
				delete(v, key)
				continue
			}
			withoutExtensions(v[key])
		}
	case []any:
		for _, entry := range v {
			withoutExtensions(entry)
		}
	}
}

// different lists in what two models differ: a line for each value.
func different(at string, a, b any) []string {
	x, isX := a.(map[string]any)
	y, isY := b.(map[string]any)
	if isX && isY {
		keys := slices.Sorted(maps.Keys(x))
		for key := range y {
			if _, ok := x[key]; !ok {
				keys = append(keys, key)
			}
		}
		slices.Sort(keys)
		var list []string
		for _, key := range keys {
			list = append(list, different(strings.TrimPrefix(at+"."+key, "."), x[key], y[key])...)
		}
		return list
	}
	if reflect.DeepEqual(a, b) {
		return nil
	}
	return []string{fmt.Sprintf("%s: %s is %s", at, shown(a), shown(b))}
}

func shown(v any) string {
	text, _ := json.Marshal(v)
	if len(text) > 300 {
		text = append(text[:300], "…"...)
	}
	return string(text)
}
