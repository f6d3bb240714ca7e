package nomad

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the goldens")

// options are those of a compile with the default passes.
func options(passes string) backend.Options {
	set, _ := New().SelectPasses(passes)
	return backend.Options{Source: "decamp.yaml", Passes: set}
}

// golden joins the files of a compile, each behind its name.
func golden(artifacts []backend.Artifact) []byte {
	var b bytes.Buffer
	for _, a := range artifacts {
		b.WriteString("==== " + a.Path + "\n")
		b.Write(a.Data)
	}
	return b.Bytes()
}

func TestGoldens(t *testing.T) {
	tests := []struct {
		name    string
		app     *ir.App
		options backend.Options
	}{
		{"shop", shop(), options("default")},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			artifacts, diags := Emit(test.app, test.options)
			for _, d := range diags {
				if d.Severity == diag.Error {
					t.Errorf("%s: %s (%s)", d.Path, d.Summary, d.Detail)
				}
			}
			for _, d := range Check(artifacts) {
				t.Errorf("check: %s: %s", d.Path, d.Detail)
			}
			got, file := golden(artifacts), filepath.Join("testdata", test.name+".golden")
			if *update {
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(string(want), string(got)); d != "" {
				t.Errorf("-want +got; -update writes it:\n%s", d)
			}
			again, _ := Emit(test.app, test.options)
			if !bytes.Equal(got, golden(again)) {
				t.Error("the same app gave other bytes")
			}
		})
	}
}
