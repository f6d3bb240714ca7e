package backends_test

import (
	"fmt"
	"testing"
	"testing/fstest"

	"github.com/decamp-dev/decamp/backends"
	"github.com/decamp-dev/decamp/compiler"
	"github.com/decamp-dev/decamp/compiler/audit"
	"github.com/decamp-dev/decamp/compiler/diff"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// BenchmarkJudge compares a spec with the manifests that were made of it, and holds it against all targets. What that
// takes is to be weighed against reading both.
func BenchmarkJudge(b *testing.B) {
	set := backends.All()
	for _, n := range []int{100, 1000} {
		spec := largeSpec(n)
		compiled, list := compiler.Compile(set, request(spec, "kubernetes"))
		if list.HasErrors() {
			b.Fatal(list[0])
		}
		manifests := compiler.ReadRequest{FS: fstest.MapFS{}, From: "kubernetes", Name: "large"}
		for _, a := range compiled.Outputs[0].Artifacts {
			manifests.FS.(fstest.MapFS)[a.Path] = &fstest.MapFile{Data: a.Data}
			manifests.Paths = append(manifests.Paths, a.Path)
		}
		read := func() (written, there *ir.App) {
			result, list := compiler.Compile(set, request(spec))
			reading, _, more := compiler.Read(set, manifests)
			if list.HasErrors() || more.HasErrors() {
				b.Fatal(list, more)
			}
			return result.Apps[0], reading.App
		}
		written, there := read()
		timed := func(name string, f func()) {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				b.ReportAllocs()
				begin := processTime(b)
				defer func() { b.ReportMetric(float64(processTime(b)-begin)/float64(b.N), "cpu-ns/op") }()
				for b.Loop() {
					f()
				}
			})
		}
		timed("read", func() { read() })
		timed("diff", func() {
			compiler.Diff(set, diff.Side{App: written}, diff.Side{App: there, Platform: set.Lookup("kubernetes")}, compiler.Request{}, nil)
		})
		timed("audit", func() {
			targets := compiler.Request{Targets: set.Emitters().Names()}
			if reports, list := compiler.Audit(set, []*ir.App{written}, targets, audit.DefaultWeights(), false); list.HasErrors() || len(reports) != 1 {
				b.Fatal(list)
			}
		})
	}
}
