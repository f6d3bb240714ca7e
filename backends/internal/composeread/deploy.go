package composeread

import (
	"fmt"
	"slices"
	"strings"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// kernel reads limits of the kernel.
func (r *reader) kernel(s *composeService) {
	if shm := s.f.text("shm_size"); shm != "" && r.dialect.Stack == nil {
		s.c.Shm = r.size(shm, s.f.at("shm_size"), s.path+".shm")
	}
	ulimits, _ := s.f.take("ulimits").(model)
	for _, name := range s.f.at("ulimits").keys(ulimits) {
		path := ir.JoinPath(s.path+".ulimits", name)
		u := ir.Ulimit{}
		var ok bool
		if m, isMap := ulimits[name].(model); isMap {
			var soft, hard bool
			u.Soft, soft = integer(m["soft"])
			u.Hard, hard = integer(m["hard"])
			if single, one := integer(m["single"]); one {
				u, soft, hard = ir.Ulimit{Soft: single, Hard: single}, true, true
			}
			ok = soft && hard
		} else {
			u.Soft, ok = integer(ulimits[name])
			u.Hard = u.Soft
		}
		if !ok || u.Soft < -1 || u.Hard < -1 {
			s.keepWhole("ulimits")
			continue
		}
		s.c.Ulimits.Set(name, u)
		r.positions.Set(path, s.f.at("ulimits").get(name).node())
	}
	for _, k := range pairs(s.f.take("sysctls"), s.f.at("sysctls")) {
		s.c.Sysctls.Set(k.key, k.value)
		r.setKeyed(ir.JoinPath(s.path+".sysctls", k.key), k.place, k.key, k.value)
	}
}

// deploy reads how many there are, where, and how they are replaced. What Compose
// itself has no use for stays as it is too: the Compose file keeps it.
func (r *reader) deploy(s *composeService) {
	if r.dialect.Stack != nil {
		r.stackDeploy(s)
		return
	}
	r.platform(s)
	f := s.f.in("deploy")
	if s.f.m["deploy"] == nil {
		f = newFields(nil, place{})
	}
	if s.role != ir.Main {
		return
	}
	r.kind(s, f)
	r.replicas(s, f)
	r.placement(s, f.in("placement"))
	r.update(s, f.in("update_config"))
	if f.m["mode"] == "replicated" {
		f.take("mode")
	}
}

func (r *reader) kind(s *composeService, f *fields) {
	switch {
	case s.cron != nil:
		r.cronKind(s)
	case s.completed:
		s.w.Kind = ir.Job
	case f.m["mode"] == "global":
		s.w.Kind = ir.Daemon
		r.positions.Set(s.path+".kind", f.at("mode").node())
	}
}

func (r *reader) replicas(s *composeService, f *fields) {
	n, ok := integer(f.m["replicas"])
	p := f.at("replicas")
	if older, has := integer(s.f.m["scale"]); has {
		n, ok, p = older, true, s.f.at("scale")
	}
	if !ok || n < 0 {
		return
	}
	count := int(n)
	switch {
	case s.w.KindOrDefault() == ir.Service:
		if count != 1 {
			s.w.Replicas = &count
			r.positions.Set(s.path+".replicas", p.node())
		}
	case s.w.Kind == ir.Job && count > 0:
		if count > 1 {
			s.w.Job = &ir.JobSettings{Completions: count, Parallel: count}
			r.positions.Set(s.path+".job.completions", p.node())
		}
	default:
		return
	}
	f.take("replicas")
	s.f.take("scale")
}

// placement reads constraints on labels of nodes; the others are Swarm's own.
func (r *reader) placement(s *composeService, f *fields) {
	constraints := texts(f.m["constraints"])
	for i, constraint := range constraints {
		rule, ok := nodeRule(constraint)
		if !ok {
			continue
		}
		placement(s).Require = append(placement(s).Require, rule)
		r.positions.Set(fmt.Sprintf("%s.placement.require[%d]", s.path, len(placement(s).Require)-1), f.at("constraints").item(i, len(constraints)).node())
	}
	preferences, _ := f.m["preferences"].([]any)
	for i, entry := range preferences {
		m, _ := entry.(model)
		if label, ok := strings.CutPrefix(scalar(m["spread"]), "node.labels."); ok && label != "" {
			placement(s).Spread = append(placement(s).Spread, label)
			r.positions.Set(fmt.Sprintf("%s.placement.spread[%d]", s.path, len(placement(s).Spread)-1), f.at("preferences").item(i, len(preferences)).node())
		}
	}
}

func placement(s *composeService) *ir.Placement {
	if s.w.Placement == nil {
		s.w.Placement = &ir.Placement{}
	}
	return s.w.Placement
}

func nodeRule(constraint string) (ir.NodeRule, bool) {
	for _, operator := range []string{"==", "!="} {
		label, value, ok := strings.Cut(constraint, operator)
		if !ok {
			continue
		}
		label, isLabel := strings.CutPrefix(strings.TrimSpace(label), "node.labels.")
		value = strings.TrimSpace(value)
		if !isLabel || label == "" || value == "" || strings.ContainsAny(label+value, " []") {
			return ir.NodeRule{}, false
		}
		return ir.NodeRule{Label: label, Operator: operator, Values: []string{value}}, true
	}
	return ir.NodeRule{}, false
}

// update reads how Swarm replaces replicas, which Compose does not heed.
func (r *reader) update(s *composeService, f *fields) {
	if len(f.m) == 0 || s.w.RunsToCompletion() {
		return
	}
	u := &ir.Update{}
	if order := scalar(f.m["order"]); order == "start-first" || order == "stop-first" {
		u.Order = order
	}
	if n, ok := integer(f.m["parallelism"]); ok && n > 0 {
		u.Parallel = ir.Amount{Value: int(n)}
	}
	at := s.path + ".update"
	if text := scalar(f.m["delay"]); text != "" {
		u.Delay, _ = r.duration(text, f.at("delay"), at+".delay")
	}
	if text := scalar(f.m["monitor"]); text != "" {
		u.Healthy, _ = r.duration(text, f.at("monitor"), at+".healthy")
	}
	u.Rollback = scalar(f.m["failure_action"]) == "rollback"
	if *u != (ir.Update{}) {
		s.w.Update = u
		r.positions.Set(at, f.place.node())
	}
}

// platform reads for what the image is made.
func (r *reader) platform(s *composeService) {
	text := scalar(s.f.m["platform"])
	parts := strings.Split(text, "/")
	if text == "" || s.role != ir.Main || parts[0] != "linux" && parts[0] != "windows" {
		return
	}
	arches := []string{"amd64", "arm64", "arm", "386", "ppc64le", "s390x", "riscv64"}
	if len(parts) == 2 && slices.Contains(arches, parts[1]) && parts[0] == "linux" {
		s.f.take("platform")
	}
	p := placement(s)
	p.OS = parts[0]
	if len(parts) > 1 && slices.Contains(arches, parts[1]) {
		p.Arch = parts[1]
		if parts[0] == "linux" {
			p.OS = ""
		}
	}
	r.positions.Set(s.path+".placement", s.f.at("platform").node())
	if w := r.variables.written[s.f.at("platform").node()]; w != nil {
		w.used = false
	}
}
