package composeread

import (
	"fmt"
	"slices"
	"strings"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// stackDeploy reads how many there are, where, and how they are replaced, where all of
// it counts.
func (r *reader) stackDeploy(s *composeService) {
	f := s.f.in("deploy")
	if s.f.m["deploy"] == nil {
		f = newFields(nil, place{})
	}
	r.stackKind(s, f)
	r.replicas(s, f)
	if s.w.Kind == ir.Cron {
		f.take("replicas")
	}
	for _, l := range pairs(f.take("labels"), f.at("labels")) {
		if !r.isCommon(l) {
			s.w.Labels.Set(l.key, l.value)
			r.setKeyed(ir.JoinPath(s.path+".labels", l.key), l.place, l.key, l.value)
		}
	}
	if f.m["endpoint_mode"] == "vip" {
		f.take("endpoint_mode")
	}
	r.stackPlacement(s, f.in("placement"))
	r.stackUpdate(s, f)
	r.genericResources(s, f.in("resources").in("reservations"))
}

// stackKind reads the mode. A job on each node has no word in a spec: it is a job, and
// stays what it is for the platform.
func (r *reader) stackKind(s *composeService, f *fields) {
	mode := scalar(f.m["mode"])
	switch mode {
	case "replicated", "":
		f.take("mode")
		if s.cron != nil {
			r.cronKind(s)
		}
		return
	case "global":
		f.take("mode")
		s.w.Kind = ir.Daemon
	case "replicated-job":
		f.take("mode")
		s.w.Kind = ir.Job
	case "global-job":
		s.w.Kind = ir.Job
		r.report(diag.Warning, r.dialect.Codes.Order, f.at("mode"), s.path+".kind", s.name+" runs to its end on each node", "A spec has no word for that. It is read as a job, which runs once, and stays what it is for "+r.dialect.Title+".")
	default:
		r.report(diag.Error, r.dialect.Codes.Invalid, f.at("mode"), s.path+".kind", "there is no mode "+mode, "The modes are replicated, global, replicated-job and global-job.")
	}
	if f.m["replicas"] != nil && strings.HasPrefix(mode, "global") {
		r.report(diag.Error, r.dialect.Codes.Invalid, f.at("replicas"), s.path+".replicas", s.name+" has replicas, and runs on each node", "docker stack deploy refuses that. Take one of the two out.")
	}
	r.positions.Set(s.path+".kind", f.at("mode").node())
}

// stackPlacement reads rules about nodes. A list that holds what a spec cannot say stays
// as it is, besides what is read of it.
func (r *reader) stackPlacement(s *composeService, f *fields) {
	constraints := texts(f.m["constraints"])
	whole := true
	for i, constraint := range constraints {
		at := f.at("constraints").item(i, len(constraints))
		if r.pins(s, constraint) {
			continue
		}
		rule, os, arch, ok := r.dialect.Stack.Constraint(constraint)
		p := s.w.Placement
		switch {
		case !ok, os != "" && p != nil && p.OS != "", arch != "" && p != nil && p.Arch != "":
			whole = false
		case os != "":
			placement(s).OS = os
			r.positions.Set(s.path+".placement.os", at.node())
		case arch != "":
			placement(s).Arch = arch
			r.positions.Set(s.path+".placement.arch", at.node())
		default:
			placement(s).Require = append(placement(s).Require, rule)
			r.positions.Set(fmt.Sprintf("%s.placement.require[%d]", s.path, len(placement(s).Require)-1), at.node())
		}
	}
	if whole {
		f.take("constraints")
	}
	preferences, _ := f.m["preferences"].([]any)
	whole = true
	for i, entry := range preferences {
		m, _ := entry.(model)
		label, ok := strings.CutPrefix(scalar(m["spread"]), "node.labels.")
		if !ok || label == "" || label == "host" {
			whole = false
			continue
		}
		placement(s).Spread = append(placement(s).Spread, label)
		r.positions.Set(fmt.Sprintf("%s.placement.spread[%d]", s.path, len(placement(s).Spread)-1), f.at("preferences").item(i, len(preferences)).node())
	}
	if whole {
		f.take("preferences")
	}
}

// pins reports a constraint that the backend has written for a volume of the service.
func (r *reader) pins(s *composeService, constraint string) bool {
	if r.own == nil {
		return false
	}
	volumes, _ := s.f.m["volumes"].([]any)
	return slices.ContainsFunc(volumes, func(entry any) bool {
		m, _ := entry.(model)
		return m["type"] == "volume" && constraint == r.dialect.Stack.Pin(r.own.name, scalar(m["source"]))
	})
}

// stackUpdate reads how a release takes place, and goes back.
func (r *reader) stackUpdate(s *composeService, deploy *fields) {
	if s.w.RunsToCompletion() {
		return
	}
	f := deploy.in("update_config")
	u := &ir.Update{}
	at := s.path + ".update"
	if order := scalar(f.m["order"]); order == "start-first" || order == "stop-first" {
		u.Order = f.text("order")
		r.set(at+".order", f.at("order"), u.Order)
	}
	if n, ok := integer(f.m["parallelism"]); ok && n > 0 {
		f.take("parallelism")
		u.Parallel = ir.Amount{Value: int(n)}
		r.positions.Set(at+".parallel", f.at("parallelism").node())
	}
	r.takeTime(f, "delay", at+".delay", &u.Delay)
	r.takeTime(f, "monitor", at+".healthy", &u.Healthy)
	switch scalar(f.m["failure_action"]) {
	case "rollback":
		u.Rollback = true
		r.positions.Set(at+".rollback", f.at("failure_action").node())
		f.take("failure_action")
	case "pause": // what holds when nothing is said
		f.take("failure_action")
	}
	if n, ok := f.m["max_failure_ratio"].(float64); ok && n == 0 {
		f.take("max_failure_ratio")
	}
	if *u != (ir.Update{}) {
		s.w.Update = u
		r.positions.Set(at, f.place.node())
	}
	r.rollback(s, deploy, u)
}

// takeTime reads a time, where one is said.
func (r *reader) takeTime(f *fields, key, path string, to *ir.Duration) {
	if text := f.text(key); text != "" {
		*to, _ = r.duration(text, f.at(key), path)
		r.positions.Set(path, f.at(key).node())
	}
}

// rollback holds how it goes back against what the backend writes for what is read.
func (r *reader) rollback(s *composeService, deploy *fields, u *ir.Update) {
	written := model{}
	if u.Rollback {
		if u.Order != "" {
			written["order"] = u.Order
		}
		if u.Parallel.Value > 0 {
			written["parallelism"] = u.Parallel.Value
		}
	}
	f := deploy.in("rollback_config")
	missing := model{}
	for key, v := range written {
		switch said := f.m[key]; {
		case said == nil:
			missing[key] = removed{}
		case scalar(said) == scalar(v):
			f.take(key)
		}
	}
	if len(missing) == 0 {
		return
	}
	var patch any = missing
	if len(f.m) == 0 {
		patch = removed{}
	}
	s.rest["deploy"] = mergeModels(s.rest["deploy"], model{"rollback_config": patch})
}

// genericResources reads GPUs.
func (r *reader) genericResources(s *composeService, f *fields) {
	list, _ := f.m["generic_resources"].([]any)
	if len(list) != 1 {
		return
	}
	entry, _ := list[0].(model)
	spec, _ := entry["discrete_resource_spec"].(model)
	vendor, ok := r.dialect.Stack.GPUs(scalar(spec["kind"]))
	count, isNumber := integer(spec["value"])
	if !ok || !isNumber || count < 1 {
		return
	}
	f.take("generic_resources")
	s.c.GPUs = &ir.GPUs{Vendor: vendor, Count: int(count)}
	r.positions.Set(s.path+".gpus", f.at("generic_resources").node())
}

// restartIgnored reports whether the older key is beside the policy that counts, or asks
// for what a stack never does.
func (r *reader) restartIgnored(s *composeService) bool {
	deploy, _ := s.f.m["deploy"].(model)
	policy := scalar(s.f.m["restart"])
	return deploy["restart_policy"] != nil || policy == "no" || policy == "false"
}

// stackRestart reads what happens when the process ends: it is started again, unless
// something else is said.
func (r *reader) stackRestart(s *composeService) {
	at := s.path + ".restart"
	restart := &ir.Restart{}
	policy, attempts, _ := strings.Cut(s.f.text("restart"), ":")
	p := s.f.at("restart")
	deploy, _ := s.f.m["deploy"].(model)
	if deploy["restart_policy"] != nil {
		f := s.f.in("deploy").in("restart_policy")
		p = f.place
		policy, attempts = f.text("condition"), scalar(f.take("max_attempts"))
		r.takeTime(f, "delay", at+".delay", &restart.Delay)
		r.takeTime(f, "window", at+".window", &restart.Window)
	}
	r.positions.Set(at, p.node())
	if n, ok := integer(attempts); ok && n > 0 {
		restart.Attempts = int(n)
	}
	switch policy {
	case "none":
		restart.Policy = "never"
	case "on-failure":
		restart.Policy = policy
	}
	if s.w.RunsToCompletion() {
		r.stackRetries(s, restart, p)
		return
	}
	if *restart != (ir.Restart{}) {
		if restart.Policy == "" {
			restart.Policy = "unless-stopped"
		}
		s.w.Restart = restart
	}
}

// stackRetries reads how often a job is tried: again and again, unless something else is
// said.
func (r *reader) stackRetries(s *composeService, restart *ir.Restart, p place) {
	if restart.Policy == "never" {
		if *restart != (ir.Restart{Policy: "never"}) {
			s.w.Restart = restart
		}
		return
	}
	restart.Policy = "on-failure"
	if restart.Attempts > 0 {
		if s.w.Job == nil {
			s.w.Job = &ir.JobSettings{}
		}
		retries := restart.Attempts
		s.w.Job.Retries = &retries
		restart.Attempts = 0
		r.positions.Set(s.path+".job.retries", p.node())
	}
	if s.w.Job == nil || s.w.Job.Retries == nil || *restart != (ir.Restart{Policy: "on-failure"}) {
		s.w.Restart = restart
	}
}
