package document_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"

	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/google/go-cmp/cmp"
)

func TestJSONKeepsOrder(t *testing.T) {
	const text = `{
  "z": [
    1,
    -2.5e3,
    true,
    null,
    {},
    []
  ],
  "a": "\"\\\n\u0001<é😀"
}`
	v, err := document.FromJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	got, err := document.ToJSON(v, "  ")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(text, string(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	oneLine, _ := document.ToJSON(v, "")
	var compact bytes.Buffer
	if err := json.Compact(&compact, []byte(text)); err != nil || compact.String() != string(oneLine) {
		t.Errorf("one line: %s", oneLine)
	}
}

func TestFromJSONErrors(t *testing.T) {
	for text, path := range map[string]string{
		``: "", `{"a":[1,]}`: "a[1]", `{"a":01}`: "a", `{"a":1,"a":2}`: "a", `1 2`: "", `{"a"}`: "a", `"a`: "", "\"\xff\"": "", `tru`: "", "1\x00": "", `{"a":"\q"}`: "a",
	} {
		_, err := document.FromJSON([]byte(text))
		if at, ok := errors.AsType[*document.PathError](err); !ok || at.Path != path {
			t.Errorf("%q: error %v, want one at %q", text, err, path)
		}
	}
}

// FuzzFromJSON demands that what is read is what encoding/json reads.
func FuzzFromJSON(f *testing.F) {
	for _, seed := range []string{`{"a":[1,2.5e3,{"b":null}],"c":"\u00e9\n"}`, `[]`, `"\ud83d\ude00"`, ` true `, `-0`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		v, err := document.FromJSON(data)
		if err != nil {
			return
		}
		if !json.Valid(data) {
			t.Fatalf("%q is not JSON", data)
		}
		text, err := document.ToJSON(v, "\t")
		if err != nil {
			t.Fatal(err)
		}
		var want, got any
		if json.Unmarshal(data, &want) != nil {
			return // a number out of range
		}
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%q (-want +got):\n%s", data, diff)
		}
	})
}
