package nomad

import (
	"slices"
	"time"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/pattern"
)

// job makes the workloads of a job.
func (r *reader) job(j *sourceJob) {
	for _, g := range j.groups {
		if g.carried {
			continue
		}
		w := &g.workload
		r.said(g.path(), g.doc)
		r.comment(g.path(), g.doc)
		if len(j.groups) == 1 && !j.own && j.notes != "" {
			r.reading.Comments[g.path()] = j.notes
		}
		r.kind(g)
		r.labels(g)
		if v := j.doc.Get("priority"); v != nil {
			if n, ok := intOf(v); ok && n >= 1 && n <= 100 && n != 50 {
				w.Priority = n
				r.said(g.path()+".priority", v)
			}
		}
		r.network(g)
		r.replicas(g)
		r.placement(g)
		for _, role := range []taskRole{mainTask, sidecarTask, initTask} {
			for _, t := range g.tasks {
				if t.as == role {
					r.container(t)
				}
			}
		}
		r.helpers(g)
		r.restart(g)
		r.update(g)
		r.assemble(g)
	}
}

// assemble puts the containers into the workload and the workload into the app.
func (r *reader) assemble(g *sourceGroup) {
	for _, t := range g.tasks {
		switch t.as {
		case mainTask:
			t.out.Hostname = g.workload.Hostname
			g.workload.Container = t.out
		case sidecarTask:
			g.workload.Sidecars.Set(t.name, t.out)
		case initTask:
			g.workload.Init.Set(t.name, t.out)
		}
		if t.as != mainTask {
			r.comment(t.path(), t.doc)
		}
	}
	r.app.Workloads.Set(g.name, g.workload)
}

func (r *reader) kind(g *sourceGroup) {
	job, w := g.job.doc, &g.workload
	at := g.path() + ".kind"
	kind := textOf(job.Get("type"), "service")
	periodic := job.Get("periodic")
	switch kind {
	case "system":
		w.Kind = ir.Daemon
	case "batch", "sysbatch":
		w.Kind = ir.Job
	}
	r.said(at, job.Get("type"))
	if kind == "sysbatch" {
		r.report(diag.Warning, CodeKind, r.whereOf(job.Get("type")), at, "a job that runs once on each node is taken for one that runs once",
			"The spec has no words for it; the ledger keeps the type sysbatch for Nomad.")
	}
	if job.Get("parameterized") != nil {
		r.report(diag.Warning, CodeKind, r.whereOf(job.Get("parameterized")), at, "a parameterized job is started by a dispatch, with its own values each time",
			"The spec has no words for it; the ledger keeps it for Nomad. Elsewhere it is a job that runs once.")
		w.Kind = ir.Job
	}
	if periodic != nil && kind == "batch" {
		r.schedule(g, periodic)
	}
}

// labelText is what a label's key or value may be on every platform.
var labelText = pattern.New(`^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$`)

// labels reads the job's meta, as far as it is short words.
func (r *reader) labels(g *sourceGroup) {
	for _, m := range or(g.job.doc.Get("meta")).Members {
		if m.Key != "" && labelText().MatchString(m.Key) && labelText().MatchString(m.Value.Text) {
			g.workload.Labels.Set(m.Key, m.Value.Text)
			r.saidText(ir.JoinPath(g.path()+".labels", m.Key), m.Value)
		}
	}
}

// commonLabels are the app's: those that every job has.
func (r *reader) commonLabels() {
	if len(r.app.Workloads) == 0 || len(r.jobs) < 2 {
		return
	}
	for _, label := range slices.Clone(r.app.Workloads[0].Value.Labels) {
		everywhere := true
		for i := range r.app.Workloads {
			value, there := r.app.Workloads[i].Value.Labels.Get(label.Key)
			everywhere = everywhere && there && value == label.Value
		}
		if !everywhere {
			continue
		}
		r.app.Labels.Set(label.Key, label.Value)
		at := ir.JoinPath("labels", label.Key)
		for i := range r.app.Workloads {
			w := &r.app.Workloads[i]
			path := ir.JoinPath(ir.JoinPath("workloads", w.Key)+".labels", label.Key)
			if where, ok := r.positions[path]; ok {
				r.positions[at] = where
			}
			if written, open := r.reading.Expressions[path]; open {
				r.reading.Expressions[at] = written
				delete(r.reading.Expressions, path)
			}
			w.Value.Labels = slices.DeleteFunc(w.Value.Labels, func(l ir.Item[string]) bool { return l.Key == label.Key })
		}
	}
}

// replicas reads how many of the group run.
func (r *reader) replicas(g *sourceGroup) {
	w, v := &g.workload, g.doc.Get("count")
	n, said := intOf(v)
	switch {
	case w.RunsToCompletion():
		if said && n > 1 {
			w.Job = &ir.JobSettings{Completions: n, Parallel: n}
			r.said(g.path()+".job", v)
		}
		return
	case w.KindOrDefault() == ir.Daemon:
		return
	}
	if r.scale(g) {
		return
	}
	if said && n != 1 {
		w.Replicas = new(n)
		r.said(g.path()+".replicas", v)
	}
}

// scale reads a scaling block whose policy keeps the use of CPU or memory at a share,
// by the means that the Nomad Autoscaler has for it.
func (r *reader) scale(g *sourceGroup) bool {
	scaling := g.doc.Get("scaling")
	if scaling == nil || textOf(scaling.Get("enabled"), "true") == "false" {
		return false
	}
	most, ok := intOf(scaling.Get("max"))
	if !ok || most < 1 {
		return false
	}
	s := &ir.Scale{Max: most}
	s.Min, ok = intOf(scaling.Get("min"))
	count, counted := intOf(g.doc.Get("count"))
	if !ok && counted {
		s.Min = count
	}
	for _, check := range blocksOf(or(scaling.Get("policy")), "check") {
		strategy := check.Get("strategy")
		target, ok := intOf(or(strategy).Get("target"))
		if !ok || textOf(check.Get("source"), "nomad-apm") != "nomad-apm" || labelOf(or(strategy)) != "target-value" {
			continue
		}
		switch textOf(check.Get("query"), "") {
		case "avg_cpu-allocated", "avg_cpu":
			s.CPU = target
		case "avg_memory-allocated", "avg_memory":
			s.Memory = target
		}
	}
	if s.Min > s.Max || counted && count != max(s.Min, 1) && count != s.Min {
		return false
	}
	if s.CPU > 0 && or(g.main().doc.Get("resources")).Get("cpu") == nil && or(g.main().doc.Get("resources")).Get("cores") == nil ||
		s.Memory > 0 && or(g.main().doc.Get("resources")).Get("memory") == nil {
		return false
	}
	if s.CPU == 0 && s.Memory == 0 && scaling.Get("policy") != nil && len(or(scaling.Get("policy")).Members) > 0 {
		r.report(diag.Warning, CodeScale, r.whereOf(scaling), g.path()+".scale", "the policy that chooses the number of replicas is not one of CPU or memory",
			"The range is kept, and the policy in the ledger for Nomad. Say scale.cpu or scale.memory for other platforms.")
	}
	g.workload.Scale = s
	r.said(g.path()+".scale", scaling)
	for key, name := range map[string]string{"min": "min", "max": "max"} {
		r.said(g.path()+".scale."+name, scaling.Get(key))
	}
	return true
}

// update reads how a release takes place, and how maintenance does.
func (r *reader) update(g *sourceGroup) {
	w := &g.workload
	if v := g.doc.Get("migrate").Get("max_parallel"); v != nil && w.KindOrDefault() == ir.Service {
		if n, ok := intOf(v); ok && n > 0 {
			w.Disruption = &ir.Disruption{Unavailable: ir.Amount{Value: n}}
			r.said(g.path()+".disruption.unavailable", v)
		}
	}
	v := g.doc.Get("update")
	if v == nil || w.RunsToCompletion() {
		return
	}
	at := g.path() + ".update"
	u := &ir.Update{}
	if n, ok := intOf(v.Get("max_parallel")); ok && n > 1 {
		u.Parallel = ir.Amount{Value: n}
		r.said(at+".parallel", v.Get("max_parallel"))
	}
	u.Rollback = textOf(v.Get("auto_revert"), "") == "true"
	canary, _ := intOf(v.Get("canary"))
	if canary > 0 && w.KindOrDefault() == ir.Service {
		if canary == w.ReplicaCount() && textOf(v.Get("auto_promote"), "") == "true" {
			u.Order = "start-first"
		} else {
			u.Canary = canary
		}
		r.said(at+".canary", v.Get("canary"))
	}
	if d, ok := duration(v.Get("min_healthy_time")); ok && d != 10*time.Second && d > 0 {
		u.Healthy = ir.Duration(d)
		r.said(at+".healthy", v.Get("min_healthy_time"))
	}
	if d, ok := duration(v.Get("progress_deadline")); ok && d != defaultProgressDeadline && d > 0 {
		u.Deadline = ir.Duration(d)
		r.said(at+".deadline", v.Get("progress_deadline"))
	}
	if d, ok := duration(v.Get("stagger")); ok && d > 0 && w.KindOrDefault() == ir.Daemon {
		u.Delay = ir.Duration(d)
		r.said(at+".delay", v.Get("stagger"))
	}
	if *u != (ir.Update{}) {
		w.Update = u
		r.said(at, v)
	}
}
