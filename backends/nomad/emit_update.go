package nomad

import (
	"fmt"
	"time"

	"github.com/hashicorp/nomad/api"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// update returns the group's update block, made on first use.
func (u *unit) update() *api.UpdateStrategy {
	if u.group.Update == nil {
		u.group.Update = &api.UpdateStrategy{}
	}
	return u.group.Update
}

// updateFacts writes how a release takes place, and how maintenance does.
func (u *unit) updateFacts() {
	kind := u.workload.KindOrDefault()
	if d := u.workload.Disruption; d != nil && kind == ir.Service {
		u.notes["migrate max_parallel"] = share(d.Unavailable, u.workload.ReplicaCount())
		u.group.Migrate = &api.MigrateStrategy{MaxParallel: new(d.Unavailable.Of(u.workload.ReplicaCount()))}
	}
	if u.workload.RunsToCompletion() {
		return
	}
	if f := u.workload.Update; f != nil {
		u.release(f)
	}
	u.deadlines()
}

// share says which percentage a count stands for.
func share(a ir.Amount, replicas int) string {
	if !a.Percent {
		return ""
	}
	return fmt.Sprintf("%s of %d", a, replicas)
}

func (u *unit) release(f *ir.Update) {
	update, replicas := u.update(), u.workload.ReplicaCount()
	service := u.workload.KindOrDefault() == ir.Service
	update.MaxParallel = new(1)
	if !f.Parallel.IsZero() {
		update.MaxParallel = new(max(1, f.Parallel.Of(replicas)))
		if service {
			u.notes["update max_parallel"] = share(f.Parallel, replicas)
		}
	}
	if f.Rollback {
		update.AutoRevert = new(true)
	}
	if service && !u.perAllocation() {
		switch {
		case f.Canary != 0:
			update.Canary, update.AutoPromote = new(f.Canary), new(true)
		case f.Order == "start-first" && replicas > 0:
			update.Canary, update.AutoPromote = new(replicas), new(true)
		}
	}
	healthy := f.Healthy.Std()
	if service {
		healthy += f.Delay.Std()
	} else if f.Delay != 0 {
		update.Stagger = new(f.Delay.Std())
	}
	if healthy != 0 {
		update.MinHealthyTime = new(healthy)
	}
	if f.Deadline != 0 {
		update.ProgressDeadline = new(f.Deadline.Std())
	}
}

// deadlines fits the deadlines of an update to each other as Nomad demands:
// min_healthy_time < healthy_deadline < progress_deadline, and kill_timeout within
// the last.
func (u *unit) deadlines() {
	startup, healthy, progress := u.startupBudget(), defaultHealthyDeadline, defaultProgressDeadline
	var minimum time.Duration
	stated := false
	if update := u.group.Update; update != nil {
		if update.MinHealthyTime != nil {
			minimum = *update.MinHealthyTime
		}
		if update.ProgressDeadline != nil {
			progress, stated = *update.ProgressDeadline, true
		}
	}
	needed := max(startup, minimum)
	if needed >= healthy {
		healthy = needed + time.Minute
	}
	grace := u.longestGrace()
	if !stated && (healthy >= progress || grace > progress) {
		progress = max(healthy, grace) + 5*time.Minute
	}
	if stated && healthy >= progress {
		healthy = progress - time.Second
	}
	if healthy <= minimum || healthy <= 0 {
		u.emitter.report(diag.Error, CodeUpdateDeadline, u.path+".update.deadline", "the deadline of an update is shorter than the time that a replica has to be healthy",
			fmt.Sprintf("Nomad wants update.deadline to be more than %s, which is update.healthy and update.delay together.", minimum+time.Second))
		return
	}
	if stated && grace > progress {
		u.emitter.report(diag.Error, CodeUpdateDeadline, u.path+".stop.grace", "the grace of a stop is longer than the deadline of an update",
			"Nomad refuses that; shorten stop.grace or lengthen update.deadline.")
	}
	if healthy != defaultHealthyDeadline {
		u.update().HealthyDeadline = new(healthy)
	}
	if progress != defaultProgressDeadline {
		u.update().ProgressDeadline = new(progress)
	}
}

// startupBudget is the longest time that a startup probe allows before a live probe
// counts.
func (u *unit) startupBudget() time.Duration {
	var longest time.Duration
	eachContainer(u.workload, func(_ string, _ ir.Role, c *ir.Container) {
		if c.Health != nil && c.Health.Startup != nil && asked(c.Health.Live) {
			longest = max(longest, budget(c.Health.Startup))
		}
	})
	return longest
}

func budget(p *ir.Probe) time.Duration {
	return p.Delay.Std() + p.EveryOrDefault().Std()*time.Duration(p.FailuresOrDefault())
}

func (u *unit) longestGrace() time.Duration {
	var longest time.Duration
	eachContainer(u.workload, func(_ string, _ ir.Role, c *ir.Container) {
		if c.Stop != nil && c.Stop.Grace != nil {
			longest = max(longest, c.Stop.Grace.Std())
		}
	})
	return longest
}
