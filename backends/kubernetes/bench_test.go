package kubernetes

import (
	"fmt"
	"testing"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// many is an app with the workloads of the shop, many times.
func many(n int) *ir.App {
	app := shop()
	once := app.Workloads
	app.Workloads, app.Routes = nil, nil
	for i := range n {
		w := once[i%len(once)]
		w.Key = fmt.Sprintf("%s-%d", w.Key, i)
		w.Value.Needs, w.Value.Egress, w.Value.Env = nil, nil, w.Value.Env[:min(1, len(w.Value.Env))]
		app.Workloads = append(app.Workloads, w)
	}
	return app
}

func BenchmarkEmit(b *testing.B) {
	for _, n := range []int{10, 100, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			app, o := many(n), defaults()
			b.ReportAllocs()
			for b.Loop() {
				emit(app, o)
			}
		})
	}
}

func BenchmarkCheck(b *testing.B) {
	for _, n := range []int{10, 100, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			artifacts, _ := emit(many(n), defaults())
			b.SetBytes(total(artifacts))
			b.ReportAllocs()
			for b.Loop() {
				check(artifacts)
			}
		})
	}
}

func total(artifacts []backend.Artifact) (n int64) {
	for _, a := range artifacts {
		n += int64(len(a.Data))
	}
	return n
}
