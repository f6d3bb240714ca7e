package backends_test

import (
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/decamp-dev/decamp/backends"
	"github.com/decamp-dev/decamp/compiler"
	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diff"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// A spec says the same as the files that it is compiled to, on every platform and with every choice of optimisations; and
// where a word of those files is another, that is the difference.
func TestCompiledIsTheSame(t *testing.T) {
	set := backends.All()
	specs, err := filepath.Glob("../examples/*/decamp.yaml")
	if err != nil || len(specs) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	for _, spec := range specs {
		folder := filepath.Dir(spec)
		for _, target := range set.Emitters() {
			if target.Read == nil {
				continue
			}
			for _, optimize := range []string{"default", "none"} {
				t.Run(filepath.Base(folder)+"/"+target.Name+"/"+optimize, func(t *testing.T) {
					r := compiler.Request{FS: os.DirFS(folder), Path: "decamp.yaml", Targets: []string{target.Name}, Optimize: optimize}
					r.Policy.Allow = []string{"all"}
					result, list := compiler.Compile(set, r)
					if list.HasErrors() {
						t.Fatal(list[0])
					}
					for _, o := range result.Outputs {
						sameAsCompiled(t, set, target, appAt(result.Apps, o.Stage), r, o.Artifacts)
					}
				})
			}
		}
	}
}

func appAt(apps []*ir.App, stage string) *ir.App {
	for _, app := range apps {
		if app.Stage == stage {
			return app
		}
	}
	return nil
}

func sameAsCompiled(t *testing.T, set backend.Set, target *backend.Backend, app *ir.App, r compiler.Request, artifacts []backend.Artifact) {
	t.Helper()
	files := fstest.MapFS{}
	read := compiler.ReadRequest{FS: files, From: target.Name, Bake: true, Name: app.Name}
	for _, a := range artifacts {
		files[a.Path] = &fstest.MapFile{Data: a.Data}
		if !a.Unmarked {
			read.Paths = append(read.Paths, a.Path)
		}
	}
	reading, _, list := compiler.Read(set, read)
	if list.HasErrors() {
		t.Fatalf("%s: what was compiled cannot be read: %v", app.Stage, list[0])
	}
	written, there := diff.Side{App: app}, diff.Side{App: reading.App, Platform: target}
	c := compiler.Diff(set, written, there, r, nil)
	if diff.Differs(c.Changes) {
		t.Errorf("%s: %s", app.Stage, summaryOf(c.Changes))
	}
	other := ir.Clone(there.App)
	for i := range other.Workloads {
		other.Workloads[i].Value.Image += "-other"
	}
	want, changed := 0, 0
	for _, w := range app.Workloads {
		if there.App.Workloads.Ref(w.Key) != nil { // replicas that differ are services of their own on Compose
			want++
		}
	}
	for _, ch := range compiler.Diff(set, written, diff.Side{App: other, Platform: target}, r, nil).Changes {
		segments := ir.SplitPath(ch.Path) // workloads.web.image
		if ch.Kind == "container.image" && len(segments) == 3 && app.Workloads.Ref(segments[1]) != nil && ch.AtA == app.Locate(ch.Path) {
			changed++
		}
	}
	if changed != want {
		t.Errorf("%s: %d images are others, and %d are found at their places in the spec", app.Stage, want, changed)
	}
}
