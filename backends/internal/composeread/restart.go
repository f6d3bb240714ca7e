package composeread

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// restart reads what happens when the process ends. Compose starts nothing again
// unless it is told to.
func (r *reader) restart(s *composeService) {
	if s.role != ir.Main {
		r.restartWithin(s)
		return
	}
	if r.dialect.Stack != nil {
		r.stackRestart(s)
		return
	}
	policy, attempts, _ := strings.Cut(s.f.text("restart"), ":")
	p := s.f.at("restart")
	restart := &ir.Restart{}
	if swarm := s.f.in("deploy").in("restart_policy"); s.f.m["deploy"] != nil && len(swarm.m) > 0 {
		policy, attempts = r.swarmRestart(s, swarm, restart)
		s.f.keep("restart") // which has no effect beside the other
		p = swarm.place
	}
	r.positions.Set(s.path+".restart", p.node())
	count, _ := strconv.Atoi(attempts)
	switch policy {
	case "", "no", "false", "none":
		restart.Policy = "never"
	case "on-failure":
		restart.Policy, restart.Attempts = policy, max(count, 0)
	default:
		restart.Policy = policy
	}
	switch {
	case s.w.RunsToCompletion():
		r.restartJob(s, restart, p)
	case *restart != (ir.Restart{Policy: "unless-stopped"}):
		s.w.Restart = restart
	}
}

func (r *reader) swarmRestart(s *composeService, f *fields, restart *ir.Restart) (policy, attempts string) {
	at := s.path + ".restart"
	if text := scalar(f.m["delay"]); text != "" {
		restart.Delay, _ = r.duration(text, f.at("delay"), at+".delay")
	}
	if text := scalar(f.m["window"]); text != "" {
		restart.Window, _ = r.duration(text, f.at("window"), at+".window")
	}
	if n, ok := integer(f.m["max_attempts"]); ok && n > 0 {
		attempts = fmt.Sprint(n)
		restart.Attempts = int(n)
	}
	switch condition := scalar(f.m["condition"]); condition {
	case "none", "on-failure", "unless-stopped":
		return condition, attempts
	}
	return "always", attempts
}

// restartJob reads how often a job is tried. One that is kept running can never end.
func (r *reader) restartJob(s *composeService, restart *ir.Restart, p place) {
	switch restart.Policy {
	case "never":
		return
	case "on-failure":
		if restart.Attempts > 0 {
			if s.w.Job == nil {
				s.w.Job = &ir.JobSettings{}
			}
			s.w.Job.Retries = &restart.Attempts
			r.positions.Set(s.path+".job.retries", p.node())
			return
		}
		s.w.Restart = &ir.Restart{Policy: restart.Policy}
	default:
		r.report(diag.Warning, r.dialect.Codes.Order, p, s.path+".restart", "others wait for the end of "+s.name+", which is started again whenever it ends", "It is read as a job, which ends. The policy stays as it is for "+r.dialect.Title+".")
		s.keepWhole("restart")
	}
}

// restartWithin weighs the policy of a further container, which has that of its
// workload, or of an init container's form.
func (r *reader) restartWithin(s *composeService) {
	own, main := scalar(s.f.m["restart"]), scalar(s.main.f.m["restart"])
	none := func(p string) bool { return p == "" || p == "no" }
	switch {
	case s.role == ir.Init && (own == r.dialect.InitRestart(s.w) || none(own) && r.dialect.InitRestart(s.w) == "no"):
		s.f.take("restart")
	case s.role == ir.Sidecar && (own == main || none(own) && none(main)):
		s.f.take("restart")
	case s.role == ir.Sidecar && own == "":
		s.rest["restart"] = "no"
	}
}
