package nomad

import (
	"fmt"
	"time"

	"github.com/hashicorp/nomad/api"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// Nomad's own defaults, which settings have to fit.
const (
	defaultHealthyDeadline  = 5 * time.Minute
	defaultProgressDeadline = 10 * time.Minute
	defaultRestartInterval  = 30 * time.Minute
	defaultRestartDelay     = 15 * time.Second
	defaultRestartAttempts  = 2
	minimumRestartInterval  = 5 * time.Second
	jobRestartInterval      = 24 * time.Hour
)

// jobFacts writes what belongs to the job itself.
func (u *unit) jobFacts() {
	w := u.workload
	kind := map[ir.Kind]string{ir.Service: "service", ir.Job: "batch", ir.Cron: "batch", ir.Daemon: "system"}[w.KindOrDefault()]
	u.job.Type = &kind
	if stage := u.emitter.app.Stage; stage != "" {
		u.hints = append(u.hints, "Stage: "+stage)
	}
	if w.Priority != 0 {
		u.job.Priority = new(w.Priority)
	}
	for _, labels := range []ir.Map[string]{u.emitter.app.Labels, w.Labels} {
		for _, label := range labels {
			if u.job.Meta == nil {
				u.job.Meta = map[string]string{}
			}
			if _, twice := u.job.Meta[label.Key]; !twice {
				u.orders["meta"] = append(u.orders["meta"], label.Key)
			}
			u.job.Meta[label.Key] = label.Value
		}
	}
	if s := w.Schedule; s != nil {
		u.job.Periodic = periodic(s)
	}
	if len(variablePath(u.id)) > variablePathLimit {
		u.emitter.report(diag.Error, CodeNameTooLong, u.path, "the job's name is too long for the path of its secrets",
			fmt.Sprintf("Nomad allows %d characters in %s; shorten the name of the app or of the workload.", variablePathLimit, variablePath(u.id)))
	}
}

func periodic(s *ir.Schedule) *api.PeriodicConfig {
	p := &api.PeriodicConfig{Specs: []string{s.Cron}}
	if s.Timezone != "" {
		p.TimeZone = new(s.Timezone)
	}
	switch s.Overlap {
	case "forbid":
		p.ProhibitOverlap = new(true)
	case "allow":
		p.ProhibitOverlap = new(false)
	}
	if s.Suspend {
		p.Enabled = new(false)
	}
	return p
}

// scaleFacts writes how many of the group run.
func (u *unit) scaleFacts() {
	w := u.workload
	switch {
	case w.RunsToCompletion():
		if w.Job != nil && w.Job.Completions != 0 {
			u.group.Count = new(w.Job.Completions)
		}
	case w.KindOrDefault() == ir.Service:
		if w.Replicas != nil || w.Scale != nil && w.Scale.Min > 0 {
			u.group.Count = new(w.ReplicaCount())
		}
	}
	if w.Scale == nil || w.KindOrDefault() != ir.Service {
		return
	}
	u.group.Scaling = &api.ScalingPolicy{
		Min: new(int64(w.Scale.Min)), Max: new(int64(w.Scale.Max)), Enabled: new(true), Policy: scalingPolicy(w.Scale),
	}
}

// scalingPolicy is in the words of the Nomad Autoscaler. The lists of one map are
// how HCL's blocks look in the API.
func scalingPolicy(s *ir.Scale) map[string]any {
	var checks []map[string]any
	add := func(name, query string, target int) {
		if target == 0 {
			return
		}
		strategy := map[string]any{"target-value": []map[string]any{{"target": target}}}
		checks = append(checks, map[string]any{name: []map[string]any{{
			"source": "nomad-apm", "query": query, "strategy": []map[string]any{strategy},
		}}})
	}
	add("cpu", "avg_cpu-allocated", s.CPU)
	add("memory", "avg_memory-allocated", s.Memory)
	if checks == nil {
		return nil
	}
	return map[string]any{"check": checks}
}

// restartFacts writes what happens when a task ends.
func (u *unit) restartFacts() {
	if u.workload.RunsToCompletion() {
		u.retries()
		return
	}
	r := u.workload.Restart
	if r == nil {
		return
	}
	policy := &api.RestartPolicy{}
	switch r.Policy {
	case "never":
		policy.Attempts, policy.Mode = new(0), new("fail")
		u.giveUp()
		u.group.RestartPolicy = policy
		return
	case "on-failure":
		policy.Mode = new("fail")
		if r.Attempts != 0 {
			u.giveUp()
		}
	case "always":
		policy.Attempts, policy.Interval, policy.Delay, policy.Mode = new(4), new(time.Minute), new(defaultRestartDelay), new("delay")
	default:
		policy.Mode = new("delay")
		if r.Attempts != 0 {
			policy.Mode = new("fail") // and then on another node
		}
	}
	if r.Attempts != 0 {
		policy.Attempts = new(r.Attempts)
	}
	u.restartTimes(policy, r, defaultRestartInterval)
	u.group.RestartPolicy = policy
}

// retries writes how often a job is tried again: in its place, or, where containers
// are never started again, as a new allocation.
func (u *unit) retries() {
	r, retries := u.workload.Restart, -1
	if r == nil {
		r = &ir.Restart{}
	}
	switch job := u.workload.Job; {
	case job != nil && job.Retries != nil:
		retries = *job.Retries
	case r.Policy == "never":
		retries = 0
	case r.Attempts != 0:
		retries = r.Attempts
	}
	if r.Policy == "never" {
		u.group.RestartPolicy = &api.RestartPolicy{Attempts: new(0), Mode: new("fail")}
		u.retryElsewhere(r, retries)
		return
	}
	if retries < 0 && r.Delay == 0 && r.Window == 0 && r.Policy == "" {
		return
	}
	policy := &api.RestartPolicy{Mode: new("fail")}
	if retries >= 0 {
		policy.Attempts = new(retries)
		u.giveUp()
	}
	u.restartTimes(policy, r, jobRestartInterval)
	u.group.RestartPolicy = policy
}

func (u *unit) retryElsewhere(r *ir.Restart, retries int) {
	if retries == 0 {
		u.giveUp()
		return
	}
	delay := max(r.Delay.Std(), minimumRestartInterval)
	interval := max(r.Window.Std(), time.Duration(retries+1)*delay)
	if r.Window == 0 {
		interval = jobRestartInterval
	}
	u.group.ReschedulePolicy = &api.ReschedulePolicy{
		Attempts: &retries, Interval: &interval, Delay: &delay, DelayFunction: new("constant"), Unlimited: new(false),
	}
}

// giveUp keeps Nomad from starting the group elsewhere when its restarts are used up.
func (u *unit) giveUp() {
	if u.workload.KindOrDefault() != ir.Daemon {
		u.group.ReschedulePolicy = &api.ReschedulePolicy{Attempts: new(0), Unlimited: new(false)}
	}
}

// restartTimes writes delay and window, and widens a window that cannot hold all
// attempts, which Nomad refuses.
func (u *unit) restartTimes(policy *api.RestartPolicy, r *ir.Restart, interval time.Duration) {
	delay, attempts := defaultRestartDelay, defaultRestartAttempts
	if policy.Delay != nil {
		delay = *policy.Delay
	}
	if r.Delay != 0 {
		delay, policy.Delay = r.Delay.Std(), new(r.Delay.Std())
	}
	if policy.Attempts != nil {
		attempts = *policy.Attempts
	}
	said := interval
	if policy.Interval != nil {
		said = *policy.Interval
	}
	switch {
	case r.Window != 0:
		said = r.Window.Std()
		policy.Interval = new(said)
	case r.Attempts != 0 && policy.Interval == nil:
		said = jobRestartInterval
		policy.Interval = new(said)
	}
	needed := max(minimumRestartInterval, time.Duration(attempts)*delay)
	if said >= needed {
		return
	}
	policy.Interval = new(needed)
	if r.Window != 0 {
		u.emitter.report(diag.Note, CodeRounded, u.path+".restart.window",
			"the window of restarts is widened",
			fmt.Sprintf("Nomad wants room for all attempts with their delays, and at least 5s: %s becomes %s.", r.Window, needed))
	}
}
