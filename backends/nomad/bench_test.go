package nomad

import (
	"fmt"
	"testing"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// many is an app of n workloads that look like the shop's.
func many(n int) *ir.App {
	app := shop()
	app.Endpoints = nil
	app.Workloads = nil
	for i := range n {
		web := shopWeb()
		web.Needs, web.Egress = nil, nil
		web.Env = append(ir.Map[ir.Text]{}, web.Env[:2]...)
		app.Workloads.Set(fmt.Sprintf("web-%d", i), web)
	}
	db, _ := shop().Workloads.Get("db")
	app.Workloads.Set("db", db)
	return app
}

func BenchmarkEmit(b *testing.B) {
	for _, n := range []int{10, 100, 1000} {
		app := many(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Emit(app, options("default"))
			}
		})
	}
}

func BenchmarkCheck(b *testing.B) {
	artifacts, _ := Emit(many(100), options("default"))
	b.ReportAllocs()
	for b.Loop() {
		Check(artifacts)
	}
}
