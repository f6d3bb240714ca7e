package parity_test

import (
	"reflect"
	"testing"

	"github.com/decamp-dev/decamp/compiler/backend/backendtest"
	"github.com/decamp-dev/decamp/compiler/diff"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/parity"
)

func TestPoints(t *testing.T) {
	stage := func(name, image string, replicas int) parity.Stage {
		w := ir.Workload{Container: ir.Container{Image: image}, Replicas: &replicas}
		return parity.Stage{Name: name, Side: diff.Side{App: &ir.App{Name: "shop", Workloads: ir.Map[ir.Workload]{{Key: "web", Value: w}}}}}
	}
	declared := func(path string) []parity.Reason {
		if path == "workloads.web.replicas" {
			return []parity.Reason{{Text: "they may"}}
		}
		return nil
	}
	r := parity.Of([]parity.Stage{stage("dev", "web:1", 1), stage("test", "web:1", 2), stage("prod", "web:2", 3)}, diff.Options{}, declared)
	if len(r.Points) != 2 || len(r.Declared()) != 1 || len(r.Undeclared()) != 1 {
		t.Fatalf("%+v", r.Points)
	}
	var values []string
	for _, p := range r.Points {
		for _, v := range p.Values {
			values = append(values, v.Text)
		}
	}
	if want := []string{"web:1", "web:1", "web:2", "1", "2", "3"}; !reflect.DeepEqual(values, want) {
		t.Errorf("%q", values)
	}
}

func TestSameStages(t *testing.T) {
	side := diff.Side{App: backendtest.Maximal(t)}
	r := parity.Of([]parity.Stage{{Name: "a", Side: side}, {Name: "b", Side: side}}, diff.Options{}, func(string) []parity.Reason { return nil })
	if len(r.Points) != 0 {
		t.Errorf("%+v", r.Points)
	}
}
