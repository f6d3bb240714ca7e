package kubernetes

import (
	"testing"

	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/support"
)

// said is the level at which the table loses a fact of an app; native when nothing is said of it.
func said(app *ir.App, path string) support.Level {
	for _, f := range support.Assess(app, New().Support, "").Findings {
		if f.Path == path {
			return f.Level
		}
	}
	return support.Native
}

// What the API takes of a host name and of a mode is emitted, and the table says what is left out. What is not emitted at
// all is said to be dropped, whatever its form.
func TestFormsThatTheAPITakes(t *testing.T) {
	named := func(name string, more func(*ir.Workload)) *ir.App {
		w := ir.Workload{Container: ir.Container{Hostname: name}}
		if more != nil {
			more(&w)
		}
		return one("web", w)
	}
	onNode := func(w *ir.Workload) { w.Security = &ir.Security{Network: "host"} }
	for _, c := range []struct {
		app  *ir.App
		want support.Level
		text string
	}{
		{named("web-1", nil), support.Native, "hostname: web-1\n"},
		{named("Shard_1.example.com", nil), support.Approximated, "hostname: shard-1\n"},
		{named("Shard_1.example.com", onNode), support.Dropped, ""},
	} {
		if have := said(c.app, "workloads.web.hostname"); have != c.want {
			t.Errorf("%s is %s, want %s", c.app.Workloads[0].Value.Hostname, have, c.want)
		}
		contains(t, joined(t, c.app, defaults()), c.text)
	}

	mode := ir.FileMode(0o4750)
	app := one("web", ir.Workload{Container: ir.Container{Files: ir.Map[ir.FileMount]{{Key: "/etc/app", Value: ir.FileMount{Config: "app", Mode: &mode}}}}})
	app.Configs = ir.Map[ir.Config]{{Key: "app", Value: ir.Config{Content: lit("x")}}}
	if have := said(app, "workloads.web.files./etc/app.mode"); have != support.Approximated {
		t.Errorf("a mode with set-user-ID is %s, want approximated", have)
	}
	contains(t, joined(t, app, defaults()), "defaultMode: 488\n") // 0750
}
