package backends_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/decamp-dev/decamp/backends"
	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/backend/backendtest"
	"github.com/decamp-dev/decamp/compiler/source"
	"github.com/decamp-dev/decamp/testdata/corpus"
)

// corpora says where the corpus has real files of a platform, and which leaves of
// those may be changed without effect on other platforms.
var corpora = []struct {
	platform, folder string
	extra            map[string]string // files that are referred to and that the corpus has not
	exemptions       []backendtest.SourceExemption
	refused          map[string]string // target and file → why the target cannot have it
}{
	{
		platform: "score", folder: "score",
		extra: map[string]string{
			"score-compose/examples/03-files/fileA.txt": "A\n", "score-examples/specification/files/fileA.txt": "A\n", "score-spec/samples/file.txt": "file\n",
		},
		refused: map[string]string{
			"nomad score-spec/samples/score-full.yaml": "one of its files is no text, and jobs hold nothing else",
		},
	},
}

// TestConversionLosesNothingInSilence changes every value of the real files and
// demands that the files of each other platform change, or that a finding does or
// names the value.
func TestConversionLosesNothingInSilence(t *testing.T) {
	for _, c := range corpora {
		t.Run(c.platform, func(t *testing.T) {
			files, paths := realFiles(t, backends.All().Lookup(c.platform), c.folder, c.extra)
			l := &losses{from: c.platform, files: files, paths: paths, exemptions: c.exemptions, try: treeLoss}
			for p, targets := range l.prove(t) {
				for _, target := range targets {
					if c.refused[target+" "+p] == "" {
						t.Errorf("%s is refused by %s", p, target)
					}
				}
			}
		})
	}
}

// realFiles returns the files of the corpus, and which of them are a platform's.
func realFiles(t *testing.T, b *backend.Backend, folder string, extra map[string]string) (fstest.MapFS, []string) {
	t.Helper()
	root := filepath.Join(corpus.Root(t), folder)
	files := fstest.MapFS{}
	for name, text := range extra {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	var paths []string
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		files[filepath.ToSlash(rel)] = &fstest.MapFile{Data: data}
		if b.Detect(source.NewFile(name, data)) == backend.Sure {
			paths = append(paths, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil || len(paths) == 0 {
		t.Fatalf("no files of %s: %v", b.Name, err)
	}
	return files, paths
}
