package swarm

import (
	"time"

	"github.com/decamp-dev/decamp/backends/internal/composefile"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// Swarm has one check. A task counts as running, gets names and traffic, and lets a
// release go on, once the check has passed; when it fails later the task is killed and
// another one takes its place. That is what live asks, with startup before it. Where
// there is no live, readiness or else startup is better than no check: a release would
// go on over replicas that never answer.

// asked returns the probe that the check stands for.
func asked(c *ir.Container) *ir.Probe {
	switch {
	case c.Health == nil:
		return nil
	case c.Health.Live != nil:
		return c.Health.Live
	case c.Health.Ready != nil:
		return c.Health.Ready
	}
	return c.Health.Startup
}

// checked reports whether the container has a check that others can wait for.
func checked(c *ir.Container) bool { return asked(c) != nil }

func (e *emitter) health(c *ir.Container) *healthCheck {
	p := asked(c)
	if p == nil {
		return nil
	}
	check := &healthCheck{
		Test:     composefile.Test(c, p, e.words),
		Interval: duration(p.EveryOrDefault()), Timeout: duration(p.TimeoutOrDefault()), Retries: p.FailuresOrDefault(),
	}
	if period := duration(startPeriod(c.Health, p)); period > 0 {
		check.StartPeriod = &period
		if s := c.Health.Startup; s != nil && s != p && e.options.Passes[passStartInterval] {
			if interval := duration(s.EveryOrDefault()); interval != enginePace {
				check.StartInterval = &interval
			}
		}
	}
	return check
}

// patience is how long a replica may not be ready before it has been for the first time, where nothing else is said.
const patience = duration(5 * time.Minute)

// enginePace is how often Docker asks while the start period lasts, where nothing else is said.
const enginePace = duration(5 * time.Second)

// patientStart gives a check that stands for readiness a start period: until the deadline of the release, when one is said,
// else as the pass has it.
func (e *emitter) patientStart(check *healthCheck, w *ir.Workload, c *ir.Container) {
	if check == nil || check.StartPeriod != nil || asked(c) != c.Health.Ready {
		return
	}
	period := patience
	switch {
	case w.Update != nil && w.Update.Deadline > 0:
		period = duration(w.Update.Deadline)
	case !e.options.Passes[passPatientStart]:
		return
	}
	check.StartPeriod = &period
	if check.Interval < enginePace {
		pace := check.Interval
		check.StartInterval = &pace
	}
}

// startPeriod is the time in which failures do not count: the delays, and for as long
// as the startup probe may fail.
func startPeriod(h *ir.Health, asked *ir.Probe) ir.Duration {
	period := asked.Delay
	if s := h.Startup; s != nil && s != asked {
		period += s.Delay + s.EveryOrDefault()*ir.Duration(s.FailuresOrDefault())
	}
	return period
}
