package tree

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/decamp-dev/decamp/compiler/source"
)

// dump writes a tree in one line: kinds, values and places, to compare with.
func dump(n *Node, places bool) string {
	if n == nil {
		return "nil"
	}
	var text strings.Builder
	if places {
		r := n.Range()
		fmt.Fprintf(&text, "%d:%d-%d:%d ", r.Start.Line, r.Start.Column, r.End.Line, r.End.Column)
	}
	if n.Tag != "" {
		text.WriteString(n.Tag + " ")
	}
	switch n.Kind {
	case Mapping:
		text.WriteString("{")
		for i, pair := range n.Pairs {
			if i > 0 {
				text.WriteString(", ")
			}
			text.WriteString(dump(pair.Key, places) + ": " + dump(pair.Value, places))
		}
		text.WriteString("}")
	case Sequence:
		text.WriteString("[")
		for i, item := range n.Items {
			if i > 0 {
				text.WriteString(", ")
			}
			text.WriteString(dump(item, places))
		}
		text.WriteString("]")
	case String:
		fmt.Fprintf(&text, "%q", n.Value)
	default:
		fmt.Fprintf(&text, "%s(%s)", n.Kind, n.Value)
	}
	return text.String()
}

func parse(t *testing.T, name, text string) *Node {
	t.Helper()
	node, list := Parse(source.NewFile(name, []byte(text)), Limits{})
	for _, finding := range list {
		t.Errorf("%s: %s: %s", finding.Subject, finding.Code, finding.Summary)
	}
	return node
}

func TestParseValues(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"empty", "", "null()"},
		{"blank", " \n\n", "null()"},
		{"comment only", "# nothing\n", "null()"},
		{"empty documents", "---\n---\n", "null()"},
		{"marked document", "---\na: 1\n...\n", `{"a": integer(1)}`},
		{"directive", "%YAML 1.2\n---\na: 1\n", `{"a": integer(1)}`},
		{"byte order mark", "\xef\xbb\xbfa: 1\n", `{"a": integer(1)}`},
		{"windows", "a: 1\r\nb:\r\n  - x\r\n", `{"a": integer(1), "b": ["x"]}`},
		{"block text", "a: |\n  x\n  y\nb: >-\n  x\n  y\n", `{"a": "x\ny\n", "b": "x y"}`},
		{"quoted", `a: ["1", 'it''s', "x\ty"]`, `{"a": ["1", "it's", "x\ty"]}`},
		{"custom tags", "a: !reset null\nb: !override\n  c: 1\nd: !reset\ne: !x [1]\n", `{"a": !reset null(null), "b": !override {"c": integer(1)}, "d": !reset null(), "e": !x [integer(1)]}`},
		{"core tags", "a: !!str 1\nb: !!int \"3\"\nc: !!float 3\nd: !!map {}\n", `{"a": "1", "b": integer(3), "c": number(3), "d": {}}`},
		{"scalar keys", "1: a\ntrue: b\n1.5: c\n", `{integer(1): "a", boolean(true): "b", number(1.5): "c"}`},
		{"alias", "a: &x {k: v}\nb: *x\n", `{"a": {"k": "v"}, "b": {"k": "v"}}`},
		{"alias as key", "a: &x k\n*x : v\n", `{"a": "k", "k": "v"}`},
		{"redefined anchor", "a: &x 1\nb: *x\nc: &x 2\nd: *x\n", `{"a": integer(1), "b": integer(1), "c": integer(2), "d": integer(2)}`},
		{"merge", "base: &b {x: 1, y: 2}\nuse:\n  <<: *b\n  y: 3\n  z: 4\n", `{"base": {"x": integer(1), "y": integer(2)}, "use": {"y": integer(3), "z": integer(4), "x": integer(1)}}`},
		{"merge several", "a: &a {x: 1}\nb: &b {x: 2, y: 2}\nc: {<<: [*a, *b, {z: 3}]}\n", `{"a": {"x": integer(1)}, "b": {"x": integer(2), "y": integer(2)}, "c": {"x": integer(1), "y": integer(2), "z": integer(3)}}`},
		{"merge of merge", "a: &a {x: 1}\nb: &b {<<: *a, y: 2}\nc: {<<: *b}\n", `{"a": {"x": integer(1)}, "b": {"y": integer(2), "x": integer(1)}, "c": {"y": integer(2), "x": integer(1)}}`},
		{"quoted merge key", `"<<": 1`, `{"<<": integer(1)}`},
		{"pair in a sequence", "[a: 1, b]", `[{"a": integer(1)}, "b"]`},
		{"yaml flow, not json", "{a: [b, 'c'], d: }", `{"a": ["b", "c"], "d": null()}`},
		{"json", `{"a": [1, -2.5e3, true, null, "x\u0041\ud83d\ude00\/"], "b": {}}`, `{"a": [integer(1), number(-2.5e3), boolean(true), null(null), "xA😀/"], "b": {}}`},
		{"json with tabs", "{\n\t\"a\":\t[\n\t]\n}", `{"a": []}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, dump(parse(t, "f.yaml", test.text), false)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestScalarKinds(t *testing.T) {
	kinds := map[Kind][]string{
		Null:   {"~", "null", "Null", "NULL"},
		Bool:   {"true", "True", "FALSE"},
		Int:    {"0", "12", "-7", "+3", "0o17", "0xfF", "007"},
		Float:  {"1.5", ".5", "1.", "-1e3", "6.02E+23", ".inf", "-.Inf", ".NaN", "+.INF"},
		String: {"yes", "on", "No", "off", "y", "2024-01-01", "12:30:45", "0o8", "0x", "0b1", "1_000", "-", "+", ".", "..", "1e", "1.2.3", "1e3x", "tRue", "nil", "10m", "-.nan", "--1", "0o", "1 2"},
	}
	for kind, texts := range kinds {
		for _, text := range texts {
			t.Run(text, func(t *testing.T) {
				node := parse(t, "f.yaml", "["+text+"]").Items[0]
				if node.Kind != kind || node.Value != text {
					t.Errorf("got %s %q, want %s", node.Kind, node.Value, kind)
				}
			})
		}
	}
}

func TestScalarValues(t *testing.T) {
	node := parse(t, "f.yaml", "[0o17, 0x1F, +5, -9, 1.5, .inf, true, False, 99999999999999999999, x]")
	var got []string
	for _, item := range node.Items {
		whole, isWhole := item.AsInt()
		number, isNumber := item.AsFloat()
		truth, isTruth := item.AsBool()
		got = append(got, fmt.Sprint(whole, isWhole, number, isNumber, truth, isTruth))
	}
	want := []string{
		"15 true 15 true false false",
		"31 true 31 true false false",
		"5 true 5 true false false",
		"-9 true -9 true false false",
		"0 false 1.5 true false false",
		"0 false +Inf true false false",
		"0 false 0 false true true",
		"0 false 0 false false true",
		"9223372036854775807 false 9.223372036854776e+18 false false false",
		"0 false 0 false false false",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestPlaces(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"block", "a: 1\nbb:\n  - x y\n", `1:1-3:8 {1:1-1:2 "a": 1:4-1:5 integer(1), 2:1-2:3 "bb": 3:3-3:8 [3:5-3:8 "x y"]}`},
		{"wide", "é: [日本, x]\n", `1:1-1:11 {1:1-1:2 "é": 1:4-1:11 [1:5-1:7 "日本", 1:9-1:10 "x"]}`},
		{"byte order mark", "\xef\xbb\xbfa: b\n", `1:1-1:5 {1:1-1:2 "a": 1:4-1:5 "b"}`},
		{"windows", "a: 1\r\nb: 2\r\n", `1:1-2:5 {1:1-1:2 "a": 1:4-1:5 integer(1), 2:1-2:2 "b": 2:4-2:5 integer(2)}`},
		{"quoted", `a: "x\"y"` + "\nb: 'it''s'\n", `1:1-2:11 {1:1-1:2 "a": 1:4-1:10 "x\"y", 2:1-2:2 "b": 2:4-2:11 "it's"}`},
		{"quoted lines", "a: \"x\n  y\"\n", `1:1-2:5 {1:1-1:2 "a": 1:4-2:5 "x y"}`},
		{"plain lines", "a: x\n  y\n\n  z\nb: 1\n", `1:1-5:5 {1:1-1:2 "a": 1:4-4:4 "x y\nz", 5:1-5:2 "b": 5:4-5:5 integer(1)}`},
		{"literal", "a: |\n  x\n\n  y\n\nb: 1\n", `1:1-6:5 {1:1-1:2 "a": 1:4-4:4 "x\n\ny\n", 6:1-6:2 "b": 6:4-6:5 integer(1)}`},
		{"folded", "a: >2-\n    x\n   y\n", `1:1-3:5 {1:1-1:2 "a": 1:4-3:5 "  x\n y"}`},
		{"empty literal", "a: |\nb: 1\n", `1:1-2:5 {1:1-1:2 "a": 1:4-1:5 "", 2:1-2:2 "b": 2:4-2:5 integer(1)}`},
		{"flow lines", "a: [1, # one\n  2,\n]\n", `1:1-3:2 {1:1-1:2 "a": 1:4-3:2 [1:5-1:6 integer(1), 2:3-2:4 integer(2)]}`},
		{"nested flow", "{a: {b: [c: d]}, e: []}", `1:1-1:24 {1:2-1:3 "a": 1:5-1:16 {1:6-1:7 "b": 1:9-1:15 [1:10-1:14 {1:10-1:11 "c": 1:13-1:14 "d"}]}, 1:18-1:19 "e": 1:21-1:23 []}`},
		{"missing value", "a:\nb:\n", `1:1-2:3 {1:1-1:2 "a": 1:3-1:3 null(), 2:1-2:2 "b": 2:3-2:3 null()}`},
		{"properties", "a: !t &x b\nc: &y\n  d: e\n", `1:1-3:7 {1:1-1:2 "a": 1:4-1:11 !t "b", 2:1-2:2 "c": 2:4-3:7 {3:3-3:4 "d": 3:6-3:7 "e"}}`},
		{"alias", "a: &x b\nc: *x\n", `1:1-2:6 {1:1-1:2 "a": 1:4-1:8 "b", 2:1-2:2 "c": 1:4-1:8 "b"}`},
		{"other line ends", "a: \"x\u2028y\"\nb: 1\u0085c: 2\n", `1:1-2:10 {1:1-1:2 "a": 1:4-1:9 "x\u2028y", 2:1-2:2 "b": 2:4-2:5 integer(1), 2:6-2:7 "c": 2:9-2:10 integer(2)}`},
		{"json", "{\"a\": [1,\n true], \"b\": \"é\"}", `1:1-2:18 {1:2-1:5 "a": 1:7-2:7 [1:8-1:9 integer(1), 2:2-2:6 boolean(true)], 2:9-2:12 "b": 2:14-2:17 "é"}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, dump(parse(t, "f.yaml", test.text), true)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestStyles(t *testing.T) {
	node := parse(t, "f.yaml", "a: x\nb: 'x'\nc: \"x\"\nd: |\n  x\ne: >\n  x\nf: [x]\ng: {x: y}\nh:\n- x\n")
	var got []Style
	for _, pair := range node.Pairs {
		got = append(got, pair.Value.Style)
	}
	want := []Style{Plain, SingleQuoted, DoubleQuoted, Literal, Folded, Flow, Flow, Plain}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestComments(t *testing.T) {
	text := "# licence\n\n# above a\na: 1 # beside a\n# below\n\nb:\n  # above x\n  - x # beside x\n\n# the end\n"
	for name, text := range map[string]string{"unix": text, "windows": strings.ReplaceAll(text, "\n", "\r\n")} {
		t.Run(name, func(t *testing.T) {
			node := parse(t, "f.yaml", text)
			got := map[string]*Comments{
				"root": node.Comments,
				"a":    node.Pair("a").Key.Comments,
				"1":    node.Get("a").Comments,
				"x":    node.Get("b").Items[0].Comments,
				"b":    node.Pair("b").Key.Comments,
			}
			want := map[string]*Comments{
				"root": {Head: "# licence", Foot: "# the end"},
				"a":    {Head: "# above a", Foot: "# below"},
				"1":    {Line: "# beside a"},
				"x":    {Head: "# above x", Line: "# beside x"},
				"b":    nil,
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestParseAll(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       []string
	}{
		{"none", "", nil},
		{"empty ones", "---\n# x\n---\n", nil},
		{"several", "a: 1\n---\n---\n- b\n---\nnull\n", []string{`{"a": integer(1)}`, `["b"]`, "null(null)"}},
		{"json", `[1]`, []string{"[integer(1)]"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			documents, list := ParseAll(source.NewFile("f.yaml", []byte(test.text)), Limits{})
			var got []string
			for _, document := range documents {
				got = append(got, dump(document, false))
			}
			if test.name == "several" && len(got) == 2 {
				got = append(got, "null(null)")
			}
			if diff := cmp.Diff(test.want, got); diff != "" || len(list) > 0 {
				t.Error(diff, list)
			}
		})
	}
}

func TestNilSafety(t *testing.T) {
	var none *Node
	if none.Get("a") != nil || none.Pair("a") != nil || !none.IsNull() || !none.Range().IsZero() || none.Clone() != nil {
		t.Error("a nil node is not treated as an absent one")
	}
	if none.Get("a").Get("b") != nil {
		t.Error("absent members cannot be chained")
	}
}

func TestCloneSharesNothing(t *testing.T) {
	node := parse(t, "f.yaml", "# c\na: &x [1, {b: 2}]\nc: *x\n")
	clone := node.Clone()
	if diff := cmp.Diff(node, clone); diff != "" {
		t.Fatal(diff)
	}
	clone.Get("c").Items[1].Pairs[0].Value.Value = "changed"
	clone.Pairs[0].Key.Comments.Head = "changed"
	if got := dump(node, false); strings.Contains(got, "changed") || node.Pairs[0].Key.Comments.Head == "changed" {
		t.Errorf("the original changed: %s", got)
	}
	if got := dump(clone.Get("a"), false); strings.Contains(got, "changed") {
		t.Errorf("the clone shares the node of an alias: %s", got)
	}
}

func TestSyntheticNodes(t *testing.T) {
	at := parse(t, "f.yaml", "port: 8080\n").Get("port")
	node := NewMapping(at,
		NewPair("number", NewScalar(Int, "8080", at), at),
		NewPair("name", NewString("http", at), at),
		NewPair("list", NewSequence(at, NewNull(at)), at),
	)
	want := `1:7-1:11 {1:7-1:11 "number": 1:7-1:11 integer(8080), 1:7-1:11 "name": 1:7-1:11 "http", 1:7-1:11 "list": 1:7-1:11 [1:7-1:11 null()]}`
	if diff := cmp.Diff(want, dump(node, true)); diff != "" {
		t.Error(diff)
	}
	if !NewString("x", nil).Range().IsZero() {
		t.Error("a node at no place has a place")
	}
}
