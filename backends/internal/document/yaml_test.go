package document_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/google/go-cmp/cmp"
	yaml3 "go.yaml.in/yaml/v3"
	yaml4 "go.yaml.in/yaml/v4"
	kyaml "sigs.k8s.io/yaml"
)

func member(key string, v *document.Value) document.Member {
	return document.Member{Key: key, Value: v}
}

func printYAML(t testing.TB, v *document.Value, o document.YAMLOptions) string {
	t.Helper()
	var b bytes.Buffer
	if err := document.PrintYAML(&b, v, o); err != nil {
		t.Fatalf("PrintYAML: %v", err)
	}
	return b.String()
}

func TestPrintYAML(t *testing.T) {
	flow := document.Strings("CMD", "curl", "-f", "http://localhost:8080/", "a b")
	flow.Flow = true
	long := document.Strings(strings.Repeat("x", 60), strings.Repeat("y", 60))
	long.Flow = true
	flowMap := document.Map(member("on", document.Int(1)), member("b", document.Strings("x")))
	flowMap.Flow = true
	commented := document.Map(
		document.Member{Key: "name", Value: document.String("web"), Comment: "the name"},
		member("image", document.String("nginx:1.27")),
	)
	commented.Comment = "first item"
	shared := document.Map(member("driver", document.String("local")))
	anchored := shared.Clone()
	anchored.Anchor = "logging"
	alias := shared.Clone()
	alias.Alias = "logging"
	anchoredItem := document.Map(member("a", document.Int(1)))
	anchoredItem.Anchor = "item"

	tests := []struct {
		name    string
		value   *document.Value
		options document.YAMLOptions
		want    string
	}{
		{
			name: "nested",
			value: document.Map(
				member("apiVersion", document.String("apps/v1")),
				member("replicas", document.Int(0)),
				member("paused", document.Bool(false)),
				member("empty", document.Map()),
				member("none", document.List()),
				member("nothing", document.Null()),
				member("containers", document.List(
					document.Map(
						member("name", document.String("web")),
						member("args", document.Strings("--v=2", "-f", "*/5 * * * *", "8080", "yes", "{{ x }}", "a: b")),
					),
					document.Map(),
					document.List(document.String("x"), document.List(document.Int(1))),
				)),
			),
			want: `apiVersion: apps/v1
replicas: 0
paused: false
empty: {}
none: []
nothing: null
containers:
- name: web
  args:
  - --v=2
  - -f
  - "*/5 * * * *"
  - "8080"
  - "yes"
  - "{{ x }}"
  - "a: b"
- {}
- - x
  - - 1
`,
		},
		{
			name: "indented lists, bare nulls, header",
			value: document.Map(
				member("volumes", document.Map(member("data", document.Null()))),
				member("ports", document.Strings("8080:80")),
				member("list", document.List(document.Map(member("a", document.List(document.Null(), document.Map(member("b", document.Strings("c")))))))),
			),
			options: document.YAMLOptions{IndentLists: true, BareNulls: true, Header: "Written by decamp.\n\nKeep it."},
			want: `# Written by decamp.
#
# Keep it.
volumes:
  data:
ports:
  - "8080:80"
list:
  - a:
      - null
      - b:
          - c
`,
		},
		{
			name: "strings",
			value: document.Map(
				member("script", document.String("#!/bin/sh\n\nexec \"$@\"\n")),
				member("strip", document.String("a\nb")),
				member("keep", document.String("a\n\n")),
				member("indent", document.String("  a\nb\n")),
				member("trailing", document.String("a \nb\n")),
				member("long", document.String(" "+strings.Repeat("a", 80)+" \n b\n")),
				member("json", document.String(`{"a": "b"}`)),
				member("both", document.String(`'it' "so"`)),
				member("regex", document.String(`^\d+$`)),
				member("control", document.String("\x00\x7f\u0085\u2028\ufeff")),
				member("y", document.String("")),
				member("1.10", document.String("1.10.2")),
			),
			want: `script: |
  #!/bin/sh

  exec "$@"
strip: |-
  a
  b
keep: |+
  a

indent: |2
    a
  b
trailing: "a \nb\n"
long: " aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa \n\
  \ b\n"
json: '{"a": "b"}'
both: "'it' \"so\""
regex: ^\d+$
control: "\x00\x7F\x85\u2028\uFEFF"
"y": ""
"1.10": 1.10.2
`,
		},
		{
			name: "flow",
			value: document.Map(
				member("test", flow), member("long", long), member("map", flowMap),
				member("items", document.List(flow, flowMap)),
			),
			options: document.YAMLOptions{IndentLists: true},
			want: `test: [CMD, curl, -f, "http://localhost:8080/", "a b"]
long:
  - ` + strings.Repeat("x", 60) + `
  - ` + strings.Repeat("y", 60) + `
map: {"on": 1, b: [x]}
items:
  - [CMD, curl, -f, "http://localhost:8080/", "a b"]
  - {"on": 1, b: [x]}
`,
		},
		{
			name: "comments and anchors",
			value: document.Map(
				document.Member{Key: "x-logging", Value: anchored, Comment: "shared"},
				member("services", document.Map(member("logging", alias))),
				member("list", document.List(commented, anchoredItem, &document.Value{Kind: document.KindString, Text: "x", Comment: "a\rb"})),
			),
			want: `# shared
x-logging: &logging
  driver: local
services:
  logging: *logging
list:
# first item
# the name
- name: web
  image: nginx:1.27
- &item
  a: 1
# a` + "\ufffd" + `b
- x
`,
		},
		{name: "scalar root", value: document.String("a\nb\n"), want: "|\n  a\n  b\n"},
		{name: "empty root", value: document.Map(), want: "{}\n"},
		{
			name:  "long key",
			value: document.List(document.Map(member(strings.Repeat("k", 2000), document.Map(member("a", document.Strings("b")))))),
			want:  "- ? " + strings.Repeat("k", 2000) + "\n  :\n    a:\n    - b\n",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := printYAML(t, test.value, test.options)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("printed (-want +got):\n%s", diff)
			}
			checkReadsBack(t, test.value, got)
		})
	}
}

func TestPrintYAMLErrors(t *testing.T) {
	alias := document.Map()
	alias.Alias = "missing"
	tests := []struct {
		value *document.Value
		path  string
	}{
		{document.Map(member("a", document.List(document.String("\xff")))), "a[0]"},
		{document.Map(member("a", document.Map(member("b", document.Null()), member("b", document.Null())))), "a.b"},
		{document.Map(member("a", &document.Value{})), "a"},
		{document.Map(member("a", alias)), "a"},
		{document.Map(member("a", document.Block([]string{"x"}))), "a"},
		{document.Map(member("a", &document.Value{Kind: document.KindNumber, Text: "0x1F"})), "a"},
		{document.Map(member("a", &document.Value{Kind: document.KindBool, Text: "yes"})), "a"},
	}
	for _, test := range tests {
		err := document.PrintYAML(&bytes.Buffer{}, test.value, document.YAMLOptions{})
		if at, ok := errors.AsType[*document.PathError](err); !ok || at.Path != test.path {
			t.Errorf("error %v, want one at %s", err, test.path)
		}
	}
}

// checkReadsBack demands that the YAML readers of all platforms give the value
// back: yaml.v3's, Kubernetes' and Compose's.
func checkReadsBack(t testing.TB, v *document.Value, text string) {
	t.Helper()
	want := native(v)
	var got any
	if err := yaml4.Unmarshal([]byte(text), &got); err != nil {
		t.Fatalf("yaml.v4: %v\n%s", err, text)
	}
	if diff := cmp.Diff(want, normal(got)); diff != "" {
		t.Fatalf("yaml.v4 reads (-want +got):\n%s\n%s", diff, text)
	}
	got = nil
	if err := yaml3.Unmarshal([]byte(text), &got); err != nil {
		t.Fatalf("yaml.v3: %v\n%s", err, text)
	}
	if diff := cmp.Diff(want, normal(got)); diff != "" {
		t.Fatalf("yaml.v3 reads (-want +got):\n%s\n%s", diff, text)
	}
	got = nil
	if err := kyaml.Unmarshal([]byte(text), &got); err != nil {
		t.Fatalf("sigs.k8s.io/yaml: %v\n%s", err, text)
	}
	if diff := cmp.Diff(want, normal(got)); diff != "" {
		t.Fatalf("sigs.k8s.io/yaml reads (-want +got):\n%s\n%s", diff, text)
	}
}

// native turns a document into what the readers return, with numbers as float64.
func native(v *document.Value) any {
	switch v.Kind {
	case document.KindString:
		return v.Text
	case document.KindBool:
		return v.Text == "true"
	case document.KindNumber:
		var f float64
		fmt.Sscan(v.Text, &f)
		return f
	case document.KindList:
		list := []any{}
		for _, item := range v.Items {
			list = append(list, native(item))
		}
		return list
	case document.KindMap, document.KindBlock:
		m := map[string]any{}
		for _, entry := range v.Members {
			m[entry.Key] = native(entry.Value)
		}
		return m
	}
	return nil
}

func normal(v any) any {
	switch v := v.(type) {
	case int:
		return float64(v)
	case []any:
		for i := range v {
			v[i] = normal(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = normal(v[k])
		}
	}
	return v
}

var awkward = []string{
	"", " ", "~", "null", "Null", "y", "Y", "yes", "No", "on", "OFF", "true", "False", "=", "<<", "<", ".", "..", "...", "---", "--- a", "-", "- a", "-a", "--flag",
	"0440", "0o17", "1.10", "1e3", "1E+3", "12e03", "1.e5", ".5", "-.5", "+1", "-1", "0x1F", "0_x1F", "0b11", "1_000", "-_1", "+_1", "_1", "1_", "1,000", "22:22", "190:20:30", "190:20:30.15", "2001-01-01",
	"2001-1-1", "2001-12-14t21:59:43.10-05:00", ".inf", "-.INF", ".NaN", "nan", "inf", "+.inf", "1.2.3", "127.0.0.1", "10.0.0.0/8", "500m", "10s", "8080:80", "2xx", "1e3m",
	"a: b", "a:", ":a", "a #b", "#a", "a#b", "a:b", "?", "? a", "?a", "*a", "&a", "!a", "|", ">", "%a", "@a", "`a", "'a", "\"a", "a'b\"c", "{a}", "[a]", "a,b", "${A}", "$$", "\\", "\\n",
	"a\tb", "\ta", "a\t", "a\r\nb", "a\rb", "a\u0085b", "a\u2028b", "\ufeffa", "a\ufeff", "\u00a0", "\u200b", "é", "日本", "😀", "\x00", "\x1b", "\x7f", "\x80\u0080", "\ufffe", "\uffff", "\U0010ffff",
	"a\nb", "a\nb\n", "a\n\n", "\n", "\n\n", "\na", "\n\n a\n", " a\nb", "\ta\nb", "a\n\tb\n", "a\n b\n", "a\n  \nb", "a \nb", "a\n#b\n", "#a\nb\n", "--- \na\n", "---\na", "a\n---\nb\n", "a\n...\n", "- a\n- b\n", "\t\n", "\n\t\n", "a\n\n\nb\n\n\n",
	strings.Repeat("a\n ", 50), strings.Repeat("\t\\\"\r\n", 40), strings.Repeat(" b \n\n", 40),
}

// surround puts a string in every place that a string may have.
func surround(s string) *document.Value {
	flow := document.List(document.String(s), document.Map(member(s, document.String(s))))
	flow.Flow = true
	literal := document.String(s)
	literal.Literal = true
	v := document.Map(
		member("value", document.String(s)),
		member("list", document.List(document.String(s), document.List(document.String(s)), document.Map(member(s, document.String(s))))),
		member("map", document.Map(member(s, document.Map(member(s, document.Strings(s)))), member("end", document.Null()))),
		member("flow", flow), member("literal", literal), member("last", document.String(s)),
	)
	v.Comment = s
	v.Members[1].Comment = s
	v.Members[1].Value.Items[0].Comment = s
	return v
}

func checkString(t *testing.T, s string) {
	var b bytes.Buffer
	for _, indented := range []bool{false, true} {
		for _, v := range []*document.Value{surround(s), document.String(s), document.Strings(s)} {
			b.Reset()
			err := document.PrintYAML(&b, v, document.YAMLOptions{IndentLists: indented, Header: s})
			if !utf8.ValidString(s) {
				if err == nil {
					t.Fatalf("no error for %q", s)
				}
				continue
			}
			if err != nil {
				t.Fatalf("%q: %v", s, err)
			}
			text := b.String()
			checkReadsBack(t, v, text)
			if again := printYAML(t, v, document.YAMLOptions{IndentLists: indented, Header: s}); again != text {
				t.Fatalf("%q prints differently the second time", s)
			}
		}
	}
}

func TestAwkwardStrings(t *testing.T) {
	for _, s := range awkward {
		checkString(t, s)
	}
}

func FuzzPrintYAML(f *testing.F) {
	for _, s := range awkward {
		f.Add(s)
	}
	f.Fuzz(checkString)
}

func BenchmarkPrintYAML(b *testing.B) {
	services := document.Map()
	for i := range 9000 {
		services.Add(fmt.Sprintf("service-%d", i), document.Map(
			member("image", document.String("registry.example.com/team/app:1.25.3")),
			member("command", document.Strings("serve", "--port=8080", "--verbose")),
			member("environment", document.Map(
				member("DATABASE_URL", document.String("postgres://db:5432/app?sslmode=disable")),
				member("LOG_LEVEL", document.String("info")),
				member("PORT", document.String("8080")),
				member("SCRIPT", document.String("set -e\nexec app \"$@\"\n")),
			)),
			member("ports", document.Strings("8080:80", "9090:90")),
			member("deploy", document.Map(member("replicas", document.Int(3)), member("resources", document.Map(member("limits", document.Map(member("memory", document.String("512m")), member("cpus", document.String("0.50")))))))),
			member("read_only", document.Bool(true)),
		))
	}
	root := document.Map(member("services", services))
	var out countingWriter
	b.ReportAllocs()
	for b.Loop() {
		out = 0
		if err := document.PrintYAML(&out, root, document.YAMLOptions{IndentLists: true}); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(int64(out))
}

// countingWriter counts the bytes that it throws away.
type countingWriter int

func (w *countingWriter) Write(p []byte) (int, error) {
	*w += countingWriter(len(p))
	return len(p), nil
}
