package jsonschema

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

const example = `{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "required": ["services"],
  "properties": {"services": {"type": "object", "patternProperties": {"^[a-z]+$": {"$ref": "#/$defs/service"}}, "additionalProperties": false}},
  "$defs": {
    "named": {"type": "object", "properties": {"name": {"type": "string", "minLength": 2}}},
    "service": {
      "allOf": [{"$ref": "#/$defs/named"}],
      "properties": {
        "image": {"type": "string", "pattern": "^[a-z]"},
        "count": {"type": ["integer", "null"], "minimum": 1, "maximum": 9},
        "mode": {"enum": ["a", 2]},
        "wait": {"type": "string", "format": "duration"},
        "ports": {"type": "array", "minItems": 1, "uniqueItems": true, "items": {"oneOf": [
          {"type": "integer"}, {"type": "string"},
          {"type": "object", "properties": {"target": {"type": "integer"}}, "additionalProperties": false}]}}
      },
      "unevaluatedProperties": false
    }
  }
}`

func TestCheck(t *testing.T) {
	schema, err := Parse([]byte(example), map[string]func(string) error{"duration": func(s string) error {
		if s != "1s" {
			return errors.New("say 1s")
		}
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ value, want string }{
		{`{"services": {"web": {"image": "a", "name": "web", "count": 3, "mode": 2, "wait": "1s", "ports": [1, "1", {"target": 1}]}}}`, ""},
		{`{"services": {"web": {"count": null}}}`, ""},
		{`{"services": {"web": {"count": 2.0}}}`, ""},
		{`[]`, "must be a mapping"},
		{`{}`, "has no services, which it needs"},
		{`{"services": {"Web": {}}}`, `services cannot have "Web"`},
		{`{"services": {"web": {"image": 3}}}`, "services.web.image must be a string"},
		{`{"services": {"web": {"image": "A"}}}`, "services.web.image does not match ^[a-z]"},
		{`{"services": {"web": {"imag": "a", "nam": "b"}}}`, `services.web cannot have "imag" and "nam"`},
		{`{"services": {"web": {"name": "w"}}}`, "services.web.name must have at least 2 characters"},
		{`{"services": {"web": {"count": "3"}}}`, "services.web.count must be a whole number or empty"},
		{`{"services": {"web": {"count": 2.5}}}`, "services.web.count must be a whole number or empty"},
		{`{"services": {"web": {"count": 0}}}`, "services.web.count must be 1 or more"},
		{`{"services": {"web": {"count": 10}}}`, "services.web.count must be 9 or less"},
		{`{"services": {"web": {"mode": "b"}}}`, "services.web.mode must be one of a and 2"},
		{`{"services": {"web": {"wait": "2s"}}}`, "services.web.wait is no duration: say 1s"},
		{`{"services": {"web": {"ports": []}}}`, "services.web.ports must have at least one item"},
		{`{"services": {"web": {"ports": [true]}}}`, "services.web.ports.0 must be a whole number, a string or a mapping"},
		{`{"services": {"web": {"ports": [1, {"taget": 1}]}}}`, `services.web.ports.1 cannot have "taget"`},
		{`{"services": {"web": {"ports": [{"target": "x"}]}}}`, "services.web.ports.0.target must be a whole number"},
		{`{"services": {"web": {"ports": ["1", 2, "1"]}}}`, "services.web.ports.2 stands twice in the list"},
		{`{"services": {"web": {"ports": [1, 1.0]}}}`, "services.web.ports.1 stands twice in the list"},
		{`{"services": {"web": {"ports": [{"target": 1}, {"target": 1}]}}}`, "services.web.ports.1 stands twice in the list"},
	} {
		var value any
		if err := json.Unmarshal([]byte(c.value), &value); err != nil {
			t.Fatal(err)
		}
		got := ""
		if m := schema.Check(value); m != nil {
			got = strings.TrimSpace(strings.Join(m.Path, ".") + " " + m.Message)
		}
		if got != c.want {
			t.Errorf("%s:\n got %q\nwant %q", c.value, got, c.want)
		}
	}
}

func TestKnown(t *testing.T) {
	schema, err := Parse([]byte(example), nil)
	if err != nil {
		t.Fatal(err)
	}
	m := schema.Check(map[string]any{"services": map[string]any{"web": map[string]any{"imag": "a"}}})
	if got := strings.Join(m.Known, " "); got != "count image mode name ports wait" {
		t.Errorf("the keys that may stand there: %s", got)
	}
}

func TestParse(t *testing.T) {
	for text, want := range map[string]string{
		`{"if": {}}`:               `unknown field "if"`,
		`{"$ref": "#/$defs/gone"}`: `"#/$defs/gone" names nothing`,
		`{"type": 3}`:              "cannot unmarshal",
	} {
		if _, err := Parse([]byte(text), nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}
