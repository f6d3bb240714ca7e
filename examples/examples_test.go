// Package examples_test compiles every example for every platform, as its README says.
package examples_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/decamp-dev/decamp/backends"
	"github.com/decamp-dev/decamp/compiler"
	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// TestExamples compiles each example in each stage for each platform without an error,
// and has the platforms' own libraries check what comes out.
func TestExamples(t *testing.T) {
	specs, err := filepath.Glob("*/decamp.yaml")
	if err != nil || len(specs) == 0 {
		t.Fatal("no examples", err)
	}
	set := emitters()
	for _, spec := range specs {
		folder := filepath.Dir(spec)
		t.Run(folder, func(t *testing.T) {
			t.Parallel()
			request := compiler.Request{FS: os.DirFS(folder), Path: "decamp.yaml", Display: spec, Targets: set.Names()}
			result, findings := compiler.Compile(set, request)
			for _, d := range findings {
				if d.Severity.String() == "error" {
					t.Errorf("%s %s: %s\n%s", d.Target, d.Path, d.Summary, d.Detail)
				}
			}
			for _, o := range result.Outputs {
				if len(o.Artifacts) == 0 {
					t.Errorf("nothing is emitted for %s in %q", o.Target, o.Stage)
				}
				if b := set.Lookup(o.Target); b.Check != nil {
					if found := b.Check(o.Artifacts); found.HasErrors() {
						t.Errorf("%s in %q: %v", o.Target, o.Stage, found)
					}
				}
			}
		})
	}
}

func emitters() backend.Set {
	return slices.DeleteFunc(backends.All(), func(b *backend.Backend) bool { return b.Emit == nil })
}

// TestShopShowsEveryConcept holds the shop against the list of concepts: the first two
// words of the kinds of facts.
func TestShopShowsEveryConcept(t *testing.T) {
	rare := map[string]string{ // concepts that the shop does without
		"container.devices":  "a shop has no use for device nodes",
		"container.pull":     "the default is right",
		"container.workdir":  "the images' own are right",
		"container.hostname": "the names of the workloads are enough",
		"container.tty":      "nobody types",
		"container.stdin":    "nobody types",
	}
	apps, findings := compiler.Load(backends.All(), compiler.Request{FS: os.DirFS("shop"), Path: "decamp.yaml"})
	if findings.HasErrors() {
		t.Fatal(findings)
	}
	said := map[string]bool{}
	for _, app := range apps {
		ir.Walk(app, func(f *ir.Fact) { said[concept(f.Kind)] = true })
	}
	for _, k := range ir.Kinds() {
		root, c := ir.RootOf(k.Name), concept(k.Name)
		if root != "container" && root != "workload" || c == root || said[c] {
			continue
		}
		said[c] = true // once is enough
		if rare[c] == "" {
			t.Errorf("the shop does not show %s", c)
		}
		delete(rare, c)
	}
	for c := range rare {
		t.Errorf("the shop shows %s, or there is no such concept", c)
	}
}

func concept(kind string) string {
	words := strings.SplitN(kind, ".", 3)
	return strings.Join(words[:min(2, len(words))], ".")
}
