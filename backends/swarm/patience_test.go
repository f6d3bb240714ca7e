package swarm

import (
	"strings"
	"testing"
	"time"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/backend/backendtest"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/support"
)

// A replica that is not ready yet is left alone: until the deadline of the release, which is what the table says whatever
// passes are in force, else for five minutes.
func TestPatientStart(t *testing.T) {
	ready := &ir.Health{Ready: &ir.Probe{Exec: &ir.Command{Words: []ir.Text{{{Literal: "/ready"}}}}, Every: ir.Duration(time.Second)}}
	for _, c := range []struct {
		deadline time.Duration
		passes   backend.Passes
		want     string
	}{
		{0, backendtest.Defaults(New()).Passes, "start_period: 5m"},
		{0, backend.Passes{}, ""},
		{40 * time.Second, backendtest.Defaults(New()).Passes, "start_period: 40s"},
		{40 * time.Second, backend.Passes{}, "start_period: 40s"},
	} {
		w := ir.Workload{Container: ir.Container{Image: "registry.example.com/app:1", Health: ready}}
		if c.deadline > 0 {
			w.Update = &ir.Update{Deadline: ir.Duration(c.deadline)}
		}
		app := &ir.App{Name: "shop", Workloads: ir.Map[ir.Workload]{{Key: "web", Value: w}}}
		artifacts, list := Emit(app, backend.Options{Passes: c.passes})
		if list.HasErrors() || len(artifacts) == 0 {
			t.Fatalf("nothing is emitted: %v", list)
		}
		text := string(artifacts[0].Data)
		if has := strings.Contains(text, "start_period"); has != (c.want != "") || !strings.Contains(text, c.want) {
			t.Errorf("deadline %v, passes %v: %q is wanted in\n%s", c.deadline, c.passes, c.want, text)
		}
		for _, f := range support.Assess(app, New().Support, "").Findings {
			if f.Path == "workloads.web.update.deadline" && f.Level != support.Approximated {
				t.Errorf("the deadline is %s, want approximated", f.Level)
			}
		}
	}
}
