package jsonschema

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// typeName is what users of YAML call a type of JSON.
func typeName(name string) string {
	switch name {
	case "object":
		return "a mapping"
	case "array":
		return "a list"
	case "integer":
		return "a whole number"
	case "boolean":
		return "true or false"
	case "null":
		return "empty"
	}
	return "a " + name
}

// anyOf words a choice of types: "a string or a list".
func anyOf(want types) string {
	var words []string
	for _, t := range want {
		if word := typeName(t); !slices.Contains(words, word) && !(t == "integer" && slices.Contains(want, "number")) {
			words = append(words, word)
		}
	}
	return joined(words, " or ")
}

// joined puts commas between words, and last before the last of them.
func joined(words []string, last string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + last + words[len(words)-1]
}

func listed(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = strconv.Quote(name)
	}
	return joined(quoted, " and ")
}

func values(list []any) string {
	words := make([]string, len(list))
	for i, v := range list {
		words[i] = fmt.Sprint(v)
	}
	return joined(words, " and ")
}

func counted(n int, what string) string {
	if n == 1 {
		return "one " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}

func format(number float64) string { return strconv.FormatFloat(number, 'f', -1, 64) }

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
