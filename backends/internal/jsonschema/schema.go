// Package jsonschema holds values against a JSON Schema and says where one does not
// fit, and why, in words that a person can act on.
//
// It knows the keywords of drafts 4 to 2020-12 that the schemas of platforms use, and
// refuses a schema with any other. Libraries for all of JSON Schema compile the
// schemas of schemas when a program starts, which would be a third of the start of
// this one; and they tell which rule of the schema failed rather than which value of
// the file. What is said here is held to such a library by tests.
package jsonschema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"sync"
)

// Schema is a JSON Schema that values can be held against. It does not change.
type Schema struct {
	root    *rule
	formats map[string]func(string) error
}

// Parse reads a schema. The formats that it names and that are given here are held to
// these functions; other formats say nothing. A keyword that is not known is an error.
func Parse(text []byte, formats map[string]func(string) error) (*Schema, error) {
	root := &rule{}
	if err := json.Unmarshal(text, root); err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	s := &Schema{root, formats}
	return s, s.link(root)
}

// rule is one schema: the root, or one for a part of a value.
type rule struct {
	never bool // the schema "false"
	keywords
	target  *rule // what Ref names
	pattern func() *regexp.Regexp
	members []memberPattern // PatternProperties, in order
}

// keywords are the keywords of a schema. The last ones describe and do not check.
type keywords struct {
	Ref                   string           `json:"$ref"`
	Type                  types            `json:"type"`
	Enum                  []any            `json:"enum"`
	Properties            map[string]*rule `json:"properties"`
	PatternProperties     map[string]*rule `json:"patternProperties"`
	AdditionalProperties  *rule            `json:"additionalProperties"`
	UnevaluatedProperties *rule            `json:"unevaluatedProperties"`
	Required              []string         `json:"required"`
	MinProperties         int              `json:"minProperties"`
	Items                 *rule            `json:"items"`
	UniqueItems           bool             `json:"uniqueItems"`
	MinItems              int              `json:"minItems"`
	OneOf                 []*rule          `json:"oneOf"`
	AnyOf                 []*rule          `json:"anyOf"`
	AllOf                 []*rule          `json:"allOf"`
	Minimum               *float64         `json:"minimum"`
	Maximum               *float64         `json:"maximum"`
	MinLength             int              `json:"minLength"`
	Pattern               string           `json:"pattern"`
	Format                string           `json:"format"`

	Defs        map[string]*rule `json:"$defs"`
	Definitions map[string]*rule `json:"definitions"`
	Schema      string           `json:"$schema"`
	ID          string           `json:"$id"`
	OldID       string           `json:"id"`
	Title       string           `json:"title"`
	Description string           `json:"description"`
	Comment     string           `json:"$comment"`
	Default     any              `json:"default"`
	Examples    []any            `json:"examples"`
	Deprecated  bool             `json:"deprecated"`
}

// memberPattern is a rule for the members whose names match.
type memberPattern struct {
	name func() *regexp.Regexp
	rule *rule
}

// types are the types that a value may have; none: any.
type types []string

func (t *types) UnmarshalJSON(text []byte) error {
	if one := ""; json.Unmarshal(text, &one) == nil {
		*t = types{one}
		return nil
	}
	return json.Unmarshal(text, (*[]string)(t))
}

func (r *rule) UnmarshalJSON(text []byte) error {
	switch string(bytes.TrimSpace(text)) {
	case "true":
		return nil
	case "false":
		r.never = true
		return nil
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	return decoder.Decode(&r.keywords)
}

// link finds what references name, in r and below, and prepares its patterns.
func (s *Schema) link(r *rule) error {
	if r == nil {
		return nil
	}
	if r.Ref != "" {
		if r.target = s.find(r.Ref); r.target == nil {
			return fmt.Errorf("schema: $ref %q names nothing in it", r.Ref)
		}
	}
	r.pattern = lazily(r.Pattern)
	for _, name := range sortedKeys(r.PatternProperties) {
		r.members = append(r.members, memberPattern{lazily(name), r.PatternProperties[name]})
	}
	for _, below := range r.below() {
		if err := s.link(below); err != nil {
			return err
		}
	}
	return nil
}

// below returns the rules within a rule.
func (r *rule) below() []*rule {
	list := []*rule{r.AdditionalProperties, r.UnevaluatedProperties, r.Items}
	for _, named := range []map[string]*rule{r.Properties, r.PatternProperties, r.Defs, r.Definitions} {
		for _, name := range sortedKeys(named) {
			list = append(list, named[name])
		}
	}
	list = append(list, r.OneOf...)
	list = append(list, r.AnyOf...)
	return append(list, r.AllOf...)
}

// find returns the rule that a reference names: the root or one of its definitions.
func (s *Schema) find(reference string) *rule {
	if reference == "#" {
		return s.root
	}
	if name, ok := strings.CutPrefix(reference, "#/$defs/"); ok {
		return s.root.Defs[name]
	}
	if name, ok := strings.CutPrefix(reference, "#/definitions/"); ok {
		return s.root.Definitions[name]
	}
	return nil
}

func lazily(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}
