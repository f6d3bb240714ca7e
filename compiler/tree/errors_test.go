package tree

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/source"
)

// findings writes a list as one line for each finding.
func findings(list diag.List) string {
	var text strings.Builder
	for _, finding := range list {
		r := finding.Subject
		fmt.Fprintf(&text, "%d:%d-%d:%d %s: %s", r.Start.Line, r.Start.Column, r.End.Line, r.End.Column, finding.Code, finding.Summary)
		if finding.Path != "" {
			text.WriteString(" @" + finding.Path)
		}
		for _, related := range finding.Related {
			fmt.Fprintf(&text, " (%d:%d %s)", related.Range.Start.Line, related.Range.Start.Column, related.Message)
		}
		if finding.Fix != nil {
			fmt.Fprintf(&text, " fix %q", finding.Fix.Edits[0].NewText)
		}
		text.WriteByte('\n')
	}
	return text.String()
}

func TestFindings(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"tab", "a:\n\tb: 1\n", "2:1-2:2 syntax: the line is indented with a tab fix \"  \"\n"},
		{"tab, windows", "a: 1\r\n\tb: 1\r\n", "2:1-2:2 syntax: the line is indented with a tab fix \"  \"\n"},
		{"open quote", "a: 1\nb: \"x\nc: 1\n", "2:4-2:5 syntax: a quote is opened and not closed\n"},
		{"open single quote", "'a", "1:1-1:2 syntax: a quote is opened and not closed\n"},
		{"quote closed by the next one", "a: \"foo\nb: \"bar\"\n", "1:4-1:5 syntax: a quote is opened and not closed (2:4 the text goes on up to the quote here)\n"},
		{"second colon", "key: a: b\n", "1:7-1:8 syntax: a second colon makes a key out of a value fix \"\\\"a: b\\\"\"\n"},
		{"deeper", "a: 1\n  b: 2\n", "2:3-2:7 syntax: the line is indented deeper than the key above it allows\n"},
		{"no colon", "a: 1\nfoo\nb: 2\n", "2:1-2:4 syntax: a colon is missing in this line\n"},
		{"no colon at first", "foo\nbar: 1\n", "1:1-1:4 syntax: a colon is missing in this line\n"},
		{"reserved", "a: 1\nb: @foo\nc: 1", "2:4-2:5 syntax: a value cannot begin with '@'\n"},
		{"backquote", "a: `x`\n", "1:4-1:5 syntax: a value cannot begin with '`'\n"},
		{"wildcard", "host: *.example.com\n", "1:7-1:8 syntax: '*' begins a reference here, and its name is missing\n"},
		{"cron", "schedule: * * * * *\n", "1:11-1:12 syntax: '*' begins a reference here, and its name is missing\n"},
		{"indentation", "a:\n  b: 1\n c: 2\n", "3:2-3:6 syntax: the line does not fit the lines above it\n"},
		{"key in a list", "a:\n  - 1\n  b: 2\n", "3:3-3:7 syntax: the line does not fit the list above it\n"},
		{"open bracket", "a: [1, 2\nb: 3\n", "1:4-1:5 syntax: '[' is opened, and a comma or its end is missing (2:1 the comma or the end is missing before or in this line)\n"},
		{"open bracket at the end", "a: [", "1:4-1:5 syntax: '[' is opened and not closed\n"},
		{"item behind a key", "a: - b\n", "1:4-1:5 syntax: an item of a list cannot begin here\n"},
		{"escape", `a: "\d"`, "1:5-1:7 syntax: \"\\\\d\" is no escape that double quotes know\n"},
		{"block header", "a: | foo\n", "1:4-1:5 syntax: a block of text begins in the line below its mark\n"},
		{"text behind a quote", "a: 'it's'\n", "1:8-1:10 syntax: text stands behind a closing quote\n"},
		{"value missing", "a: [,]\n", "1:1-1:7 syntax: a value is missing\n"},
		{"tag", "a: !x!y z", "1:6-1:7 syntax: \"!\" begins a tag here, and the tag is not valid\n"},
		{"second value", "{\"a\":1}{\"b\":2}", "1:1-1:15 syntax: text follows the end of the document\n"},
		{"template", "image: {{ x }}\n", "1:9-1:14 invalid-key: a mapping stands where a key is expected @image\n"},
		{"sequence as key", "? [a]\n: b\n", "1:3-1:6 invalid-key: a sequence stands where a key is expected\n"},
		{"null as key", "~: b\n", "1:1-1:2 invalid-key: the key ~ means null, not a name\n"},
		{"no key", "a:\n  : b\n", "2:3-2:6 syntax: a key is missing before the colon\n"},
		{"no key in braces", "a: {? : b}\n", "1:7-1:7 invalid-key: a key is missing before the colon @a\n"},
		{"other version", "%YAML 2.0\n---\na\n", "1:1-1:10 syntax: the line names a version of YAML that is not supported\n"},
		{"unknown anchor", "a: 1\nb: *x\n", "2:4-2:6 unknown-anchor: *x refers to an anchor that is not defined above\n"},
		{"anchor of another document", "a: &x 1\n---\nb: *x\n", "3:4-3:6 unknown-anchor: *x refers to an anchor that is not defined above @b\n3:1-3:6 multiple-documents: the file holds 2 documents, and one is expected (1:1 the first document is here)\n"},
		{"cycle", "a:\n  b: &x\n  - *x\n", "3:5-3:7 alias-cycle: *x stands inside of the value that it refers to @a.b[0] (2:6 the value begins here)\n"},
		{"merge of a text", "a:\n  <<: x\n  b: 1\n", "2:3-2:5 invalid-merge: the merge key << takes a mapping or a sequence of mappings, and this is a string @a\n"},
		{"tag demands", "a: !!int x\n", "1:4-1:11 invalid-tag: the value does not fit its tag !!int @a\n"},
		{"duplicates", "a: 1\nb:\n  c: 1\n  c: 2\na: 3\n", "4:3-4:4 duplicate-key: the key \"c\" stands twice in one mapping @b.c (3:3 it is first given here)\n5:1-5:2 duplicate-key: the key \"a\" stands twice in one mapping @a (1:1 it is first given here)\n"},
		{"duplicates of other kinds", "1: a\n\"1\": b\n", "2:1-2:4 duplicate-key: the key \"1\" stands twice in one mapping @1 (1:1 it is first given here)\n"},
		{"duplicates in json", "[{\"a\": 1,\n\"a\": 2}]", "2:1-2:4 duplicate-key: the key \"a\" stands twice in one mapping @[0].a (1:3 it is first given here)\n"},
		{"nul", "a: b\x00c\n", "1:5-1:6 encoding: the file holds a NUL byte\n"},
		{"not utf-8", "a: caf\xe9\n", "1:7-1:8 encoding: the file is not valid UTF-8\n"},
		{"utf-16", "\xff\xfea\x00:\x00", "1:1-1:2 encoding: the file is not UTF-8, but looks like UTF-16 or a binary file\n"},
		{"control character", "a: \x1b[31m\n", "1:4-1:5 encoding: the file holds the control character U+001B\n"},
		{"joined files", "a: 1\n\xef\xbb\xbfb: 2\n", "2:1-2:2 encoding: a byte order mark stands in the middle of the file\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, list := Parse(source.NewFile("f.yaml", []byte(test.text)), Limits{})
			if diff := cmp.Diff(test.want, findings(list)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestJSONFindings(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"empty", "", ""},
		{"cut", `{"a": [1`, "1:9-1:9 syntax: the JSON text ends too early\n"},
		{"comma", `{"a": 1,}`, "1:9-1:10 syntax: this is not valid JSON\n"},
		{"comment", "{\n// x\n}", "2:1-2:2 syntax: this is not valid JSON\n"},
		{"two values", "{} {}", "1:4-1:5 syntax: text follows the end of the JSON value\n"},
		{"yaml", "a: 1\n", "1:1-1:2 syntax: this is not valid JSON\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, list := Parse(source.NewFile("f.json", []byte(test.text)), Limits{})
			if diff := cmp.Diff(test.want, findings(list)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestHostileTexts demands an answer in little time and memory for texts that are
// made to take much of either.
func TestHostileTexts(t *testing.T) {
	var bomb, mergeBomb strings.Builder
	bomb.WriteString("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n")
	mergeBomb.WriteString("a0: &a0 {k: v}\n")
	for i := 1; i <= 30; i++ {
		refer := strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 10), ", ")
		fmt.Fprintf(&bomb, "a%d: &a%d [%s]\n", i, i, refer)
		fmt.Fprintf(&mergeBomb, "a%d: &a%d {<<: [%s]}\n", i, i, refer)
	}
	var indented strings.Builder
	for i := range 3000 {
		indented.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	repeat := strings.Repeat
	for _, test := range []struct {
		name, text string
		limits     Limits
		code       diag.Code
	}{
		{"alias bomb", bomb.String(), Limits{}, diag.CodeAliasBomb},
		{"merge bomb", mergeBomb.String(), Limits{}, diag.CodeAliasBomb},
		{"brackets", repeat("[", 10_000), Limits{}, diag.CodeSyntax},
		{"closed brackets", repeat("[", 9_999) + repeat("]", 9_999), Limits{}, diag.CodeTooDeep},
		{"more closed brackets", repeat("[", 100_000) + repeat("]", 100_000), Limits{}, diag.CodeTooDeep},
		{"a million brackets", repeat("[", 1_000_000), Limits{}, diag.CodeTooDeep},
		{"braces", repeat("{a: ", 9_000) + repeat("}", 9_000), Limits{}, diag.CodeTooDeep},
		{"json", repeat(`{"a":[`, 4_000) + repeat("]}", 4_000), Limits{}, diag.CodeTooDeep},
		{"items", repeat("- ", 9_000) + "a", Limits{}, diag.CodeTooDeep},
		{"more items", repeat("- ", 500_000) + "a", Limits{}, diag.CodeTooDeep},
		{"keys", repeat("? ", 9_000) + "a", Limits{}, diag.CodeTooDeep},
		{"indentation", indented.String(), Limits{}, diag.CodeTooDeep},
		{"deep alias", "a: &a [[[[[x]]]]]\nb: [[[[[*a]]]]]\n", Limits{Depth: 8}, diag.CodeTooDeep},
		{"values", "[" + repeat("a,", 200_000) + "]", Limits{Nodes: 100_000}, diag.CodeTooLarge},
		{"values in json", "[" + repeat("1,", 200_000) + "1]", Limits{Nodes: 100_000}, diag.CodeTooLarge},
		{"a few values", "[a, b, c, d]", Limits{Nodes: 4}, diag.CodeTooLarge},
		{"bytes", repeat("a", 1000), Limits{Bytes: 999}, diag.CodeTooLarge},
		{"duplicates", repeat("a: 1\n", 100_000), Limits{}, diag.CodeTooManyFindings},
		{"duplicates in json", "{" + repeat(`"a": 1, `, 100_000) + `"b": 1}`, Limits{}, diag.CodeTooManyFindings},
	} {
		t.Run(test.name, func(t *testing.T) {
			start := time.Now()
			before := allocated()
			_, list := Parse(source.NewFile("f.yaml", []byte(test.text)), test.limits)
			if got := list.Count(diag.Error); got == 0 || list[len(list)-1].Code != test.code {
				t.Errorf("got %s, want %s", findings(list), test.code)
			}
			for _, finding := range list {
				if finding.Subject.IsZero() {
					t.Error("a finding has no place")
				}
			}
			if took := time.Since(start); took > 5*time.Second {
				t.Errorf("took %s", took)
			}
			if used := allocated() - before; used > 256<<20 {
				t.Errorf("allocated %d MiB", used>>20)
			}
		})
	}
}

func allocated() uint64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.TotalAlloc
}

func TestSecretsAreRedacted(t *testing.T) {
	for _, test := range []struct {
		text string
		want bool
	}{
		{"password: a: b\n", true},
		{"- name: DB_PASSWORD\n  value: a: b\n", true},
		{"image: a: b\n", false},
		{"secrets:\nsecrets:\n", false},
	} {
		_, list := Parse(source.NewFile("f.yaml", []byte(test.text)), Limits{})
		if len(list) == 0 || list[0].Redact != test.want || test.want && list[0].Fix != nil {
			t.Errorf("%q: %+v", test.text, list)
		}
	}
}

// TestCatalogueExamples keeps the catalogue honest: each example raises its code.
func TestCatalogueExamples(t *testing.T) {
	lowered := map[diag.Code]Limits{
		diag.CodeTooLarge:  {Bytes: 16},
		diag.CodeTooDeep:   {Depth: 8},
		diag.CodeAliasBomb: {Nodes: 64},
	}
	for _, entry := range diag.Catalogue() {
		if entry.ExampleKind != diag.ExampleYAML {
			continue
		}
		t.Run(string(entry.Code), func(t *testing.T) {
			_, list := Parse(source.NewFile("example.yaml", []byte(entry.Example)), lowered[entry.Code])
			for _, finding := range list {
				if finding.Code != entry.Code {
					t.Errorf("also raises %s: %s", finding.Code, finding.Summary)
				}
			}
			if len(list) == 0 {
				t.Error("raises nothing")
			}
		})
	}
}
