package nomad

import (
	"fmt"

	"github.com/hashicorp/nomad/api"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// stubbed reports whether a copy of the endpoint's workload runs in this group.
func (u *unit) stubbed(name string, endpoint *ir.Endpoint) bool {
	return endpoint.Workload != "" && endpoint.Workload != u.name && u.usesEndpoint(name)
}

// stubs runs a copy of each stub beside the workload that uses it. An address that
// is known before anything runs, under the endpoint's own port, is there only
// within the group: 127.0.0.1.
func (u *unit) stubs() {
	added := map[string]bool{}
	for i := range u.emitter.app.Endpoints {
		name, endpoint := u.emitter.app.Endpoints[i].Key, &u.emitter.app.Endpoints[i].Value
		if !u.stubbed(name, endpoint) || added[endpoint.Workload] {
			continue
		}
		added[endpoint.Workload] = true
		stub := u.emitter.app.Workloads.Ref(endpoint.Workload)
		if stub == nil {
			continue
		}
		u.checkStubPorts(name, endpoint.Workload, stub)
		u.group.Tasks = append(u.group.Tasks, u.sidecar(u.copyOf(endpoint.Workload, &stub.Container)))
	}
}

// copyOf is a task for another workload's container, without its services: those
// belong to its own job.
func (u *unit) copyOf(name string, c *ir.Container) *api.Task {
	t := &task{unit: u, name: name, role: ir.Sidecar, stub: true, container: c, config: map[string]any{}}
	t.out = &api.Task{Name: u.taskName(name), Driver: "docker", User: user(c.Security), Config: t.config}
	t.write()
	return t.out
}

// checkStubPorts demands that the stub's ports are free in the group that it joins.
func (u *unit) checkStubPorts(endpoint, name string, stub *ir.Workload) {
	for _, theirs := range stub.Ports {
		for i := range u.ports {
			if u.ports[i].fact.Port == theirs.Value.Port {
				u.emitter.report(diag.Error, CodePortConflict, ir.JoinPath("endpoints", endpoint)+".workload",
					fmt.Sprintf("the stub and %s listen on the same port %d", u.name, theirs.Value.Port),
					"On Nomad a copy of the stub "+name+" runs in the group of each workload that uses the endpoint and shares its network; move one of the ports.")
			}
		}
	}
}
