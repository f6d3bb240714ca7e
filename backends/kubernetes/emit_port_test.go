package kubernetes

import (
	"strings"
	"testing"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// A Service calls a port as the spec does, a container where it may; a port that is called by its number alone has a name
// only where Kubernetes demands one. An Ingress goes by the number where the name is none that it takes.
func TestPortNames(t *testing.T) {
	one := func(name string) ir.Workload {
		return ir.Workload{Container: ir.Container{Image: "nginx", Ports: ir.Map[ir.Port]{{Key: name, Value: ir.Port{Port: 8080}}}}}
	}
	two := one("p8080")
	two.Ports.Set("p9090", ir.Port{Port: 9090})
	route := func(name string) ir.Route {
		return ir.Route{Host: name + ".test", To: ir.PortRef{Workload: "web", Port: name}}
	}
	for _, c := range []struct {
		name        string
		workload    ir.Workload
		has, hasNot []string
	}{
		{"p8080", one("p8080"), []string{"  - port: 8080\n", "- containerPort: 8080\n", "number: 8080\n"}, []string{"name: p8080"}},
		{"8080", one("8080"), []string{"  - name: \"8080\"\n    port: 8080\n", "- containerPort: 8080\n", "number: 8080\n"}, []string{"name: p8080"}},
		{"administration-port", one("administration-port"), []string{"  - name: administration-port\n", "- name: administra-9882\n", "number: 8080\n"}, nil},
		{"http", one("http"), []string{"  - name: http\n    port: 8080\n", "- name: http\n          containerPort: 8080\n", "name: http\n"}, []string{"number: 8080"}},
		{"p8080", two, []string{"  - name: p8080\n    port: 8080\n  - name: p9090\n    port: 9090\n"}, nil},
	} {
		app := &ir.App{Name: "shop", Workloads: ir.Map[ir.Workload]{{Key: "web", Value: c.workload}}}
		app.Routes.Set("front", route(c.name))
		text := joined(t, app, defaults())
		for _, want := range c.has {
			if !strings.Contains(text, want) {
				t.Errorf("%s: there is no %q in\n%s", c.name, want, text)
			}
		}
		for _, no := range c.hasNot {
			if strings.Contains(text, no) {
				t.Errorf("%s: there is %q in\n%s", c.name, no, text)
			}
		}
	}
}
