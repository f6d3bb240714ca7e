package compose

import (
	"github.com/compose-spec/compose-go/v2/types"

	"github.com/decamp-dev/decamp/backends/internal/composefile"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// asked returns the probe that Compose's one check stands for: what depends_on waits
// for is readiness; a container that says only when it has begun is ready then.
func asked(c *ir.Container) *ir.Probe {
	switch {
	case c.Health == nil:
		return nil
	case c.Health.Ready != nil:
		return c.Health.Ready
	}
	return c.Health.Startup
}

// checked reports whether the container has a check that others can wait for.
func checked(c *ir.Container) bool { return asked(c) != nil }

func (e *emitter) health(c *ir.Container) *types.HealthCheckConfig {
	probe := asked(c)
	if probe == nil {
		return nil
	}
	every, timeout, retries := types.Duration(probe.EveryOrDefault()), types.Duration(probe.TimeoutOrDefault()), uint64(probe.FailuresOrDefault())
	check := &types.HealthCheckConfig{Test: composefile.Test(c, probe, e.words), Interval: &every, Timeout: &timeout, Retries: &retries}
	if period := startPeriod(c.Health); period > 0 {
		p := types.Duration(period)
		check.StartPeriod = &p
		if c.Health.Ready != nil && c.Health.Startup != nil && e.options.Passes[passStartInterval] {
			interval := types.Duration(c.Health.Startup.EveryOrDefault())
			check.StartInterval = &interval
		}
	}
	return check
}

// startPeriod is the time in which failures do not count: the delays, and for as
// long as the startup probe may fail.
func startPeriod(h *ir.Health) ir.Duration {
	if h.Ready == nil {
		return h.Startup.Delay
	}
	period := h.Ready.Delay
	if s := h.Startup; s != nil && (composefile.SameQuestion(s, h.Ready) || s.Every > 0 || s.Failures > 0) {
		period += s.Delay + s.EveryOrDefault()*ir.Duration(s.FailuresOrDefault())
	}
	return period
}
