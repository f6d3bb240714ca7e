package backends_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/decamp-dev/decamp/backends"
	"github.com/decamp-dev/decamp/compiler"
	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/backend/backendtest"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/source"
	"github.com/decamp-dev/decamp/compiler/support"
	"github.com/decamp-dev/decamp/compiler/tree"
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
	set := backends.All()
	for _, c := range corpora {
		files, paths := realFiles(t, set.Lookup(c.platform), c.folder, c.extra)
		for _, target := range set.Emitters().Names() {
			t.Run(c.platform+"-"+target, func(t *testing.T) {
				var total backendtest.LossCount
				refused := 0
				for _, p := range paths {
					options := backendtest.LossOptions{Exemptions: c.exemptions, Others: otherWords, Observe: func(s backendtest.Sources) backendtest.Observation {
						return converted(set, c.platform, target, s)
					}}
					list, count := backendtest.SourceLoss(nil, backendtest.Sources{FS: files, Paths: []string{p}, Name: "app"}, options)
					for _, v := range list {
						t.Error(v)
					}
					if count.Leaves == 0 {
						refused++
						if c.refused[target+" "+p] == "" {
							t.Errorf("%s is refused", p)
						}
					}
					total.Leaves += count.Leaves
					total.Silent += count.Silent
				}
				t.Logf("%d files, %d refused, %d leaves, %d silent", len(paths), refused, total.Leaves, total.Silent)
			})
		}
	}
}

// converted is what a conversion makes, and all that it says.
func converted(set backend.Set, from, to string, s backendtest.Sources) backendtest.Observation {
	request := compiler.ReadRequest{FS: s.FS, Paths: s.Paths, From: from, Name: s.Name}
	reading, _, _ := compiler.Read(set, request)
	request.Variables = map[string]string{}
	for _, v := range reading.Vars {
		if !v.Value.HasDefault {
			request.Variables[v.Value.NameOr(v.Key)] = "given-" + v.Key
		}
	}
	result, list := compiler.Convert(set, request,
		compiler.Request{Path: s.Paths[0], Targets: []string{to}, Policy: support.Policy{Allow: []string{"all"}}})
	if list.HasErrors() {
		return backendtest.Observation{Refused: true}
	}
	shown := slices.DeleteFunc(list, func(d diag.Diagnostic) bool { // a note about what was emulated is not shown
		return d.Severity == diag.Note && d.Code != support.CodeDropped && d.Code != support.CodeApproximated && d.Code != "secret-needed"
	})
	var output strings.Builder
	for _, o := range result.Outputs {
		for _, a := range o.Artifacts {
			output.WriteString(a.Path + "\n")
			output.Write(a.Data)
		}
	}
	o := backendtest.Observation{Messages: backendtest.Messages(shown)}
	o.Output = output.String() + o.Messages
	for _, d := range shown {
		if d.Code == support.CodeDropped || d.Code == support.CodeApproximated {
			o.Losses = append(o.Losses, d.Subject)
		}
	}
	return o
}

// otherWords are values that may stand where only few may.
func otherWords(document *tree.Node, path []string, value string) []string {
	if len(path) > 3 && path[len(path)-2] == "depends_on" { // a link says the same, unless it is another service
		var names []string
		for _, p := range document.Get("services").Elements() {
			for _, service := range p.Pairs {
				if name := service.Key.Value; name != value && name != path[1] {
					names = append(names, name)
				}
			}
		}
		return names
	}
	switch key := path[len(path)-1]; {
	case key == "protocol":
		return []string{"UDP"}
	case key == "scheme":
		return []string{"HTTPS"}
	case key == "targetPort":
		return []string{"4711"} // the number beside it may be taken
	}
	return nil
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
