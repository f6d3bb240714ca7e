package compose

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/backend/backendtest"
	"github.com/decamp-dev/decamp/compiler/diag"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden shows what is emitted for apps that a person can read. What is right is
// for the platform to say.
func TestGolden(t *testing.T) {
	for _, golden := range []struct{ name, folder, stage string }{
		{"shop-dev", "backends/compose/testdata/shop", "dev"},
		{"shop-prod", "backends/compose/testdata/shop", "prod"},
		{"pods", "backends/compose/testdata/pods", ""},
	} {
		t.Run(golden.name, func(t *testing.T) {
			app := backendtest.Load(t, golden.folder, golden.stage)
			artifacts, list := Emit(app, backendtest.Defaults(New()))
			for _, d := range append(list, Check(artifacts)...) {
				if d.Severity == diag.Error {
					t.Errorf("%s: %s: %s %s", d.Code, d.Path, d.Summary, d.Detail)
				}
			}
			compareGolden(t, filepath.Join("testdata", golden.name), artifacts)
		})
	}
}

func compareGolden(t *testing.T, folder string, artifacts []backend.Artifact) {
	for _, a := range artifacts {
		name := filepath.Join(folder, filepath.FromSlash(a.Path)+".golden")
		if *update {
			if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, a.Data, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(a.Data)); diff != "" {
			t.Errorf("%s (-want +got), run with -update when it is right:\n%s", name, diff)
		}
	}
}
