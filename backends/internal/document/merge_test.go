package document_test

import (
	"errors"
	"testing"

	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/google/go-cmp/cmp"
)

func fromJSON(t testing.TB, text string) *document.Value {
	t.Helper()
	v, err := document.FromJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestMerge(t *testing.T) {
	tests := []struct{ name, base, patch, want string }{
		{"maps", `{"a":{"b":1,"c":2}}`, `{"a":{"c":3,"d":4},"e":5}`, `{"a":{"b":1,"c":3,"d":4},"e":5}`},
		{"null deletes", `{"a":1,"b":{"c":1}}`, `{"a":null,"b":{"c":null},"z":null}`, `{"b":{}}`},
		{"null meets nothing", `{}`, `{"a":{"b":null,"c":[{"d":null}]}}`, `{"a":{"c":[{"d":null}]}}`},
		{"lists replace", `{"a":[1,2]}`, `{"a":[3]}`, `{"a":[3]}`},
		{"scalars change kind", `{"a":1}`, `{"a":"x"}`, `{"a":"x"}`},
		{"null in base", `{"a":null}`, `{"a":{"b":1}}`, `{"a":{"b":1}}`},
		{
			"named lists", `{"c":[{"name":"a","x":1},{"name":"b","y":[1]}]}`, `{"c":[{"name":"b","y":[2],"x":null},{"name":"n","z":null}]}`,
			`{"c":[{"name":"a","x":1},{"name":"b","y":[2]},{"name":"n"}]}`,
		},
		{
			"directives", `{"c":[{"name":"a","x":1},{"name":"b","x":1}]}`, `{"c":[{"name":"a","$patch":"delete"},{"name":"b","$patch":"replace","y":1}]}`,
			`{"c":[{"name":"b","y":1}]}`,
		},
		{"not all named", `{"c":[{"name":"a"}]}`, `{"c":[{"x":1}]}`, `{"c":[{"x":1}]}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			base, patch := fromJSON(t, test.base), fromJSON(t, test.patch)
			if err := document.Merge(base, patch); err != nil {
				t.Fatal(err)
			}
			got, _ := document.ToJSON(base, "")
			if diff := cmp.Diff(test.want, string(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if !patch.Equal(fromJSON(t, test.patch)) {
				t.Error("the patch changed")
			}
		})
	}
}

func TestMergeErrors(t *testing.T) {
	for _, test := range []struct{ base, patch, path string }{
		{`{"a":{"b":[1]}}`, `{"a":{"b":{"c":1}}}`, "a.b"},
		{`{"a":1}`, `{"a":[1]}`, "a"},
		{`{"c":[{"name":"x","v":{}}]}`, `{"c":[{"name":"x","v":1}]}`, "c[x].v"},
		{`[]`, `{}`, ""},
	} {
		err := document.Merge(fromJSON(t, test.base), fromJSON(t, test.patch))
		if at, ok := errors.AsType[*document.PathError](err); !ok || at.Path != test.path {
			t.Errorf("error %v, want one at %q", err, test.path)
		}
	}
}

func TestMergeBlocks(t *testing.T) {
	base := document.Map(
		member("group", document.Block([]string{"a"}, member("count", document.Int(1)))),
		member("group", document.Block([]string{"b"}, member("count", document.Int(1)))),
		member("update", document.Block(nil, member("canary", document.Int(1)))),
	)
	patch := fromJSON(t, `{"group":{"a":{"count":2},"b":null,"c":{"count":3}},"update":{"canary":null,"stagger":"1s"}}`)
	patch.Add("update", document.Block(nil, member("max_parallel", document.Int(2))))
	if err := document.Merge(base, patch); err != nil {
		t.Fatal(err)
	}
	want := `group "a" {
  count = 2
}

group "c" {
  count = 3
}

update {
  stagger      = "1s"
  max_parallel = 2
}
`
	if diff := cmp.Diff(want, printHCL(t, base, document.HCLOptions{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
