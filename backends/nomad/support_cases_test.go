package nomad

import (
	"strings"
	"testing"

	"github.com/decamp-dev/decamp/compiler/backend/backendtest"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/support"
)

// emitOne emits an app of one workload, and returns its job and what the table says by path.
func emitOne(t *testing.T, w ir.Workload) (job string, levels map[string]support.Level) {
	t.Helper()
	w.Image = "registry.example.com/app:1"
	app := &ir.App{Name: "shop", Workloads: ir.Map[ir.Workload]{{Key: "web", Value: w}}}
	artifacts, list := Emit(app, backendtest.Defaults(New()))
	if list.HasErrors() || len(artifacts) == 0 {
		t.Fatalf("nothing is emitted: %v", list)
	}
	levels = map[string]support.Level{}
	for _, f := range support.Assess(app, New().Support, "").Findings {
		levels[f.Path] = f.Level
	}
	return string(artifacts[0].Data), levels
}

// Nomad refuses less than 10 MiB: they are reserved, and that is said.
func TestLeastMemory(t *testing.T) {
	job, levels := emitOne(t, ir.Workload{Container: ir.Container{Resources: &ir.Resources{Memory: 4 << 20, Limits: &ir.Limits{Memory: 6 << 20}}}})
	for _, path := range []string{"workloads.web.resources.memory", "workloads.web.resources.limits.memory"} {
		if levels[path] != support.Approximated {
			t.Errorf("%s is %s, want approximated", path, levels[path])
		}
	}
	words := strings.Join(strings.Fields(job), " ")
	if !strings.Contains(words, " memory = 10 ") {
		t.Errorf("10 MiB are not reserved:\n%s", job)
	}
	if _, levels := emitOne(t, ir.Workload{Container: ir.Container{Resources: &ir.Resources{Memory: 16 << 20, Limits: &ir.Limits{Memory: 32 << 20}}}}); len(levels) > 0 {
		t.Errorf("16 MiB within 32 are lost: %v", levels)
	}
}

// A number that is published for both protocols is one port, and each of two ranges has a number of its own.
func TestNumbersOfTheNode(t *testing.T) {
	job, _ := emitOne(t, ir.Workload{
		Container: ir.Container{Ports: ir.Map[ir.Port]{{Key: "dns", Value: ir.Port{Port: 53}}, {Key: "dns-udp", Value: ir.Port{Port: 53, Protocol: "udp"}}}},
		Publish:   ir.Map[ir.Publish]{{Key: "dns", Value: ir.Publish{Port: 5300}}, {Key: "dns-udp", Value: ir.Publish{Port: 5300}}},
	})
	if n := strings.Count(job, "5300"); n != 1 {
		t.Errorf("the number stands in %d ports:\n%s", n, job)
	}
	job, _ = emitOne(t, ir.Workload{
		Container: ir.Container{Ports: ir.Map[ir.Port]{{Key: "http", Value: ir.Port{Port: 80}}, {Key: "https", Value: ir.Port{Port: 443}}, {Key: "admin", Value: ir.Port{Port: 90}}}},
		Publish:   ir.Map[ir.Publish]{{Key: "http", Value: ir.Publish{Range: "30000-30010"}}, {Key: "https", Value: ir.Publish{Range: "30000-30010"}}, {Key: "admin", Value: ir.Publish{Port: 30000}}},
	})
	words := strings.Join(strings.Fields(job), " ")
	for _, want := range []string{"static = 30000 ", "static = 30001 ", "static = 30002 "} {
		if strings.Count(words, want) != 1 {
			t.Errorf("%q does not stand there once:\n%s", want, job)
		}
	}
}
