package compiler_test

import (
	"bytes"
	"testing"
	"testing/fstest"

	"github.com/decamp-dev/decamp/compiler"
	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/backend/backendtest"
	"github.com/decamp-dev/decamp/compiler/diag"
)

// Files that are too much together are refused at the first that is too much, and one that is too much alone is not read.
func TestReadTooLarge(t *testing.T) {
	large := &fstest.MapFile{Data: bytes.Repeat([]byte("# nothing\n"), 17<<20/10)}
	half := &fstest.MapFile{Data: bytes.Repeat([]byte("# nothing\n"), 9<<20/10)}
	files := fstest.MapFS{"a.yaml": half, "b.yaml": half, "c.yaml": half, "large.yaml": large}
	memory := backendtest.Memory(backendtest.Honest)
	memory.Read = func(backend.Source) (backend.Reading, diag.List) { return backend.Reading{}, nil }
	for _, test := range []struct {
		paths []string
		want  string // the file that is named; empty: none
	}{
		{[]string{"a.yaml"}, ""},
		{[]string{"a.yaml", "b.yaml", "c.yaml"}, "b.yaml"},
		{[]string{"large.yaml"}, "large.yaml"},
	} {
		_, _, list := compiler.Read(backend.Set{memory}, compiler.ReadRequest{FS: files, Paths: test.paths, From: memory.Name})
		have := ""
		for _, d := range list {
			if d.Code == diag.CodeTooLarge {
				have += d.Subject.File.Name
			}
		}
		if have != test.want {
			t.Errorf("of %v too large is %q, want %q", test.paths, have, test.want)
		}
	}
}
