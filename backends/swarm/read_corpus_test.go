package swarm

import (
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/decamp-dev/decamp/compiler"
	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/backend/backendtest"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/testdata/corpus"
)

// realFiles returns the stack files of the corpus of real files.
func realFiles(t testing.TB) (fs.FS, []string) {
	t.Helper()
	root := corpus.Root(t)
	var paths []string
	for _, u := range corpus.Units(t, root, Name) {
		paths = append(paths, u.Path)
	}
	return os.DirFS(root), paths
}

// TestCorpus reads every real file: it is refused with a place and a reason, or an app
// that makes sense.
func TestCorpus(t *testing.T) {
	folder, paths := realFiles(t)
	counts := map[string]int{}
	for _, name := range paths {
		reading, list := backendtest.Sources{FS: folder, Paths: []string{name}, Name: "app"}.Read(New())
		switch {
		case list.HasErrors():
			counts["refused"]++
			t.Logf("refused %s: %s", name, firstError(list))
		case reading.App == nil:
			t.Errorf("%s: no app, and no error", name)
		case len(ir.Verify(reading.App)) > 0:
			counts["without sense"]++
			t.Logf("without sense %s: %v", name, ir.Verify(reading.App)[0])
		default:
			counts["read"]++
		}
	}
	t.Log(counts)
	if counts["read"] < 20 {
		t.Errorf("only %d files are read", counts["read"])
	}
}

func firstError(list diag.List) string {
	for _, d := range list {
		if d.Severity == diag.Error {
			return d.Summary
		}
	}
	return ""
}

// TestNothingIsLost changes every value of every real file.
func TestNothingIsLost(t *testing.T) {
	folder, paths := realFiles(t)
	var total backendtest.LossCount
	for _, name := range paths {
		list, count := backendtest.SourceLoss(New(), backendtest.Sources{FS: folder, Paths: []string{name}, Name: "app"}, backendtest.LossOptions{
			Exemptions: []backendtest.SourceExemption{
				{Path: "services/*/deploy/mode", Because: "replicated is what holds when nothing is said, and another word is refused"},
				{Path: "services/*/deploy/restart_policy/condition", Because: "any is what holds when nothing is said, and another word means no other policy"},
				{Path: "version", Because: "all versions that can be deployed are read by the rules of the newest"},
			},
		})
		for _, v := range list {
			t.Error(v)
		}
		total.Add(count[0])
	}
	t.Logf("%d leaves, %d silent, %d exempt", total.Leaves, total.Silent, total.Exempt)
}

// TestImportGolden shows the specs of apps that people know, to be read: as a person
// would have written them.
func TestImportGolden(t *testing.T) {
	root := corpus.Root(t)
	for name, file := range map[string]string{
		"voting-app":     "swarm/example-voting-app/docker-stack.yml",
		"swarmprom":      "swarm/swarmprom/docker-compose.yml",
		"social-network": "swarm/DeathStarBench/socialNetwork/docker-compose-swarm.yml",
	} {
		t.Run(name, func(t *testing.T) {
			request, err := corpus.Unit{Path: file}.Request(root, Name)
			if err != nil {
				t.Fatal(err)
			}
			request.Name = name
			reading, _, list := compiler.Read(backend.Set{New()}, request)
			printed, found := compiler.Print(reading)
			if list = append(list, found...); list.HasErrors() {
				t.Error(firstError(list))
			}
			golden(t, "import/"+name+".yaml", printed.Text)
		})
	}
}

var update = flag.Bool("update", false, "write the golden files anew")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	name = filepath.Join("testdata", filepath.FromSlash(name))
	if *update {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got), run with -update when it is right:\n%s", name, diff)
	}
}
