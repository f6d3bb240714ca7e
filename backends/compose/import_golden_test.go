package compose

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/decamp-dev/decamp/compiler"
	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/testdata/corpus"
)

// TestImportGolden shows the specs of apps that people know, to be read: as a person
// would have written them.
func TestImportGolden(t *testing.T) {
	root := corpus.Root(t)
	for name, file := range map[string]string{
		"sock-shop":  "compose/sock-shop/deploy/docker-compose/docker-compose.yml",
		"voting-app": "compose/example-voting-app/docker-compose.yml",
		"nextcloud":  "compose/awesome-compose/nextcloud-redis-mariadb/compose.yaml",
	} {
		t.Run(name, func(t *testing.T) {
			request, err := corpus.Unit{Path: file}.Request(root, Name)
			if err != nil {
				t.Fatal(err)
			}
			request.Name = name
			reading, _, list := compiler.Read(backend.Set{New()}, request)
			printed, found := compiler.Print(reading)
			for _, d := range append(list, found...) {
				if d.Severity == diag.Error {
					t.Errorf("%s: %s", d.Code, d.Summary)
				}
			}
			golden := filepath.Join("testdata", "import", name+".yaml")
			if *update {
				if err := os.MkdirAll(filepath.Dir(golden), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(golden, printed.Text, 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(printed.Text)); diff != "" {
				t.Errorf("%s (-want +got), run with -update when it is right:\n%s", golden, diff)
			}
		})
	}
}
