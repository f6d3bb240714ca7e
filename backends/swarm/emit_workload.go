package swarm

import (
	"fmt"
	"strconv"

	"github.com/decamp-dev/decamp/backends/internal/composefile"
	"github.com/decamp-dev/decamp/backends/internal/reference"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// The modes of a service.
const (
	modeGlobal        = "global"
	modeReplicatedJob = "replicated-job"
)

// slot is the number of a replica, from 1, which it keeps when it is moved.
const slot = "{{.Task.Slot}}"

// reserveNames notes which names services have, and reports two of the same name.
func (e *emitter) reserveNames() {
	for i := range e.app.Workloads {
		name := e.app.Workloads[i].Key
		ir.EachContainer(&e.app.Workloads[i].Value, ir.JoinPath("workloads", name), func(path, container string, _ ir.Role, _ *ir.Container) {
			e.reserve(composefile.ServiceName(name, container), path)
		})
	}
}

func (e *emitter) reserve(name, path string) {
	other, taken := e.taken[name]
	if !taken {
		e.taken[name] = path
		return
	}
	e.report(diag.Error, CodeNameCollision, path, fmt.Sprintf("two services would be called %q", name),
		"The other one stands for "+other+". Rename one of them: sidecars and init containers are called after their workload and themselves.")
	e.diags[len(e.diags)-1].Related = []diag.Related{{Range: e.app.Locate(other), Message: "the other one"}}
}

// free returns a name for a service that the app does not name itself.
func (e *emitter) free(name, path string) string {
	candidate := name
	for i := 2; e.taken[candidate] != ""; i++ {
		candidate = name + "-" + strconv.Itoa(i)
	}
	e.taken[candidate] = path
	return candidate
}

// maxServiceName is the longest name that Swarm takes, with the stack's in front.
const maxServiceName = 63

func (e *emitter) checkNames() {
	for _, u := range e.units {
		if full := e.scoped(u.name); len(full) > maxServiceName {
			e.report(diag.Error, CodeNameTooLong, e.taken[u.name], fmt.Sprintf("the service would be called %s, which is %d characters long", full, len(full)),
				"Swarm takes 63, of which the name of the stack and an underscore are a part. Shorten the name of the app, the stage or the workload.")
		}
	}
}

// workload adds the services of a workload: there are no pods, so that each container
// is one.
func (e *emitter) workload(name string, w *ir.Workload) {
	wave := e.waves[name]
	for i := range w.Init {
		u := e.container(name, w, &w.Init[i].Value, ir.Init)
		u.name, u.wave = composefile.ServiceName(name, w.Init[i].Key), wave+i
		e.init(u, w)
		u.DependsOn = waitsFor(name, w, i)
		e.attach(u, name, w, "")
		e.units = append(e.units, u)
	}
	e.main(name, w)
	for i := range w.Sidecars {
		u := e.container(name, w, &w.Sidecars[i].Value, ir.Sidecar)
		u.name, u.wave = composefile.ServiceName(name, w.Sidecars[i].Key), e.waveOfMain(name)
		e.sidecar(u, w)
		e.attach(u, name, w, w.Sidecars[i].Key)
		e.ports(u, name, w, w.Sidecars[i].Key)
		e.units = append(e.units, u)
	}
}

func (e *emitter) main(name string, w *ir.Workload) {
	u := e.container(name, w, &w.Container, ir.Main)
	u.name, u.wave = name, e.waveOfMain(name)
	if w.Stateful && u.Hostname == "" {
		u.Hostname = name
		if w.ReplicaCount() > 1 {
			u.Hostname += "-" + slot
		}
	}
	u.Labels = w.Annotations
	u.comment = listens(w)
	u.DependsOn = waitsFor(name, w, len(w.Init))
	e.attach(u, name, w, "")
	e.ports(u, name, w, "")
	switch w.KindOrDefault() {
	case ir.Job:
		u.Deploy.Mode = modeReplicatedJob
		if w.Job != nil && w.Job.Completions > 1 {
			u.Deploy.Replicas = &w.Job.Completions
		}
		u.Deploy.RestartPolicy = jobRestart(w)
	case ir.Cron:
		u.Deploy.Replicas = new(int) // the crontab starts it
		u.Deploy.RestartPolicy = jobRestart(w)
	case ir.Daemon:
		u.Deploy.Mode = modeGlobal
		u.Deploy.RestartPolicy = restart(w)
		e.update(u, w)
	default:
		if n := w.ReplicaCount(); n != 1 {
			u.Deploy.Replicas = &n
		}
		u.Deploy.RestartPolicy = restart(w)
		e.update(u, w)
	}
	e.units = append(e.units, u)
}

// waitsFor are the services that the files keep waiting for before a workload, or before
// one of its init containers: what it needs, and the init containers that come first.
func waitsFor(name string, w *ir.Workload, first int) words {
	list := words(w.Needs.Keys())
	if w.Kind == ir.Cron {
		return list // the crontab keeps their order
	}
	for i := range first {
		list = append(list, composefile.ServiceName(name, w.Init[i].Key))
	}
	return list
}

// init makes an init container a job, which has to have completed before the next file
// is deployed.
func (e *emitter) init(u *unit, w *ir.Workload) {
	u.Deploy.RestartPolicy = &restartPolicy{Condition: "on-failure"}
	if w.RunsToCompletion() {
		u.Deploy.RestartPolicy = jobRestart(w)
	}
	if w.Kind == ir.Cron {
		u.Deploy.Replicas = new(int)
	} else {
		u.Deploy.Mode = modeReplicatedJob
	}
}

// sidecar gives the service as many replicas as the main one has.
func (e *emitter) sidecar(u *unit, w *ir.Workload) {
	switch w.KindOrDefault() {
	case ir.Daemon:
		u.Deploy.Mode = modeGlobal
	case ir.Cron:
		u.Deploy.Replicas = new(int)
	case ir.Service:
		if n := w.ReplicaCount(); n != 1 {
			u.Deploy.Replicas = &n
		}
	}
	if !w.RunsToCompletion() {
		u.Deploy.RestartPolicy = restart(w)
	}
}

// restart writes the policy of what keeps running; Swarm's own is to restart always.
func restart(w *ir.Workload) *restartPolicy {
	r := w.Restart
	if r == nil {
		return nil
	}
	p := &restartPolicy{Condition: map[string]string{"on-failure": "on-failure", "never": "none"}[r.Policy]}
	p.details(r)
	if *p == (restartPolicy{}) {
		return nil
	}
	if p.Condition == "" {
		p.Condition = "any"
	}
	return p
}

func (p *restartPolicy) details(r *ir.Restart) {
	if r.Delay > 0 {
		d := duration(r.Delay)
		p.Delay = &d
	}
	if r.Attempts > 0 {
		p.MaxAttempts = &r.Attempts
	}
	if r.Window > 0 {
		d := duration(r.Window)
		p.Window = &d
	}
}

// jobRestart writes how often a job is tried; Swarm's own is again and again.
func jobRestart(w *ir.Workload) *restartPolicy {
	p := &restartPolicy{Condition: "none"}
	if w.Restart != nil && w.Restart.Policy == "on-failure" {
		p.Condition = "on-failure"
	}
	if w.Job != nil && w.Job.Retries != nil && *w.Job.Retries > 0 && !(w.Restart != nil && w.Restart.Policy == "never") {
		p.Condition = "on-failure"
	}
	if w.Restart != nil {
		p.details(w.Restart)
	}
	if w.Job != nil && w.Job.Retries != nil && p.Condition == "on-failure" {
		p.MaxAttempts = w.Job.Retries
	}
	return p
}

// update writes how a release takes place.
func (e *emitter) update(u *unit, w *ir.Workload) {
	if w.Update == nil {
		return
	}
	c := &updateConfig{Order: w.Update.Order, Delay: duration(w.Update.Delay), Monitor: duration(w.Update.Healthy), Parallelism: parallelism(w)}
	if w.Update.Rollback {
		c.FailureAction = "rollback"
		back := updateConfig{Order: c.Order, Parallelism: c.Parallelism}
		if back != (updateConfig{}) {
			u.Deploy.RollbackConfig = &back
		}
	}
	if *c != (updateConfig{}) {
		u.Deploy.UpdateConfig = c
	}
}

// parallelism is a count of replicas. A share of them is rounded down to the safe side,
// and is at least one.
func parallelism(w *ir.Workload) *int {
	p := w.Update.Parallel
	switch {
	case p == (ir.Amount{}):
		return nil
	case !p.Percent:
		return &p.Value
	case w.Kind == ir.Daemon:
		return nil // nobody knows how many nodes there are
	}
	n := max(1, w.ReplicaCount()*p.Value/100)
	return &n
}

// listens says for people which ports a service listens on: in a network every port of
// a member is open, so that nothing declares one.
func listens(w *ir.Workload) string {
	s := ""
	for i := range w.Ports {
		p := &w.Ports[i].Value
		if s != "" {
			s += ", "
		}
		s += w.Ports[i].Key + " " + strconv.Itoa(p.Port)
		if p.ProtocolOrDefault() != "tcp" {
			s += "/" + p.Protocol
		}
		if p.App != "" && p.App != w.Ports[i].Key {
			s += " (" + p.App + ")"
		}
	}
	if s == "" {
		return ""
	}
	return "listens on " + s
}

// portIn returns a port of one container of a workload.
func portIn(w *ir.Workload, name, container string) (ir.Port, bool) {
	p, in, ok := reference.Port(w, name)
	return p, ok && in == container
}
