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

// A network that every workload joins keeps none apart, and is no loss of isolation; one that some do not join is, and so is
// one without a way out.
func TestOneNetwork(t *testing.T) {
	joined := func(network string) ir.Workload {
		w := ir.Workload{Container: ir.Container{Image: "app:1"}}
		if network != "" {
			w.Networks = ir.Map[ir.Attachment]{{Key: network}}
		}
		return w
	}
	for _, test := range []struct {
		name     string
		other    string // the network of the second workload
		internal bool
		want     support.Level
	}{
		{"all join it", "inner", false, support.Approximated},
		{"one is in the default network", "", false, support.Dropped},
		{"no way out", "inner", true, support.Dropped},
	} {
		app := &ir.App{Name: "shop", Networks: ir.Map[ir.Network]{{Key: "inner", Value: ir.Network{Internal: test.internal}}},
			Workloads: ir.Map[ir.Workload]{{Key: "web", Value: joined("inner")}, {Key: "db", Value: joined(test.other)}}}
		levels := map[string]support.Level{}
		for _, f := range support.Assess(app, New().Support, "").Findings {
			levels[f.Path] = f.Level
		}
		if have := levels["workloads.web.networks.inner"]; have != test.want {
			t.Errorf("%s: workloads.web.networks.inner is %s, want %s", test.name, have, test.want)
		}
		if have := levels["networks.inner"]; !test.internal && have != test.want {
			t.Errorf("%s: networks.inner is %s, want %s", test.name, have, test.want)
		}
	}
}

// A service without ports that others need is named, since nobody finds it; one that nobody needs, and one with a port, are not.
func TestUnreached(t *testing.T) {
	container := ir.Container{Image: "app:1"}
	open := container
	open.Ports = ir.Map[ir.Port]{{Key: "http", Value: ir.Port{Port: 80}}}
	needs := ir.Map[ir.Condition]{{Key: "db", Value: ir.Started}, {Key: "api", Value: ir.Started}}
	app := &ir.App{Name: "shop", Workloads: ir.Map[ir.Workload]{
		{Key: "web", Value: ir.Workload{Container: container, Needs: needs}},
		{Key: "db", Value: ir.Workload{Container: container}}, {Key: "api", Value: ir.Workload{Container: open}},
		{Key: "worker", Value: ir.Workload{Container: container}},
	}}
	_, list := Emit(app, backendtest.Defaults(New()))
	var paths []string
	for _, d := range list {
		if d.Code == CodeUnreached {
			paths = append(paths, d.Path)
		}
	}
	if len(paths) != 1 || paths[0] != "workloads.db" {
		t.Errorf("named are %v, want workloads.db", paths)
	}
}
