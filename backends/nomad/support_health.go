package nomad

import (
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/support"
)

// healthRows are about the three questions. Native services are asked by HTTP and
// TCP only, and one failed answer counts.
func healthRows() support.Table {
	unasked := func(doc string, probe func(*ir.Health) *ir.Probe) support.Case {
		return support.Case{
			When:  when(doc, func(f *ir.Fact) bool { return f.Container.Health != nil && !asked(probe(f.Container.Health)) }),
			Level: dropped,
			Means: "Checks of native services ask by HTTP or TCP only; let the container answer one of them",
		}
	}
	ready := unasked("asked by a command or by gRPC", func(h *ir.Health) *ir.Probe { return h.Ready })
	live := unasked("asked by a command or by gRPC", func(h *ir.Health) *ir.Probe { return h.Live })
	startup := support.Case{
		When:  when("without a live probe by HTTP or TCP", func(f *ir.Fact) bool { return f.Container.Health != nil && !asked(f.Container.Health.Live) }),
		Level: dropped,
		Means: "Nomad asks no question at the start; a live probe by HTTP or TCP would be given that time",
	}
	const (
		readyMeans   = "A check decides whether an update goes on, but Nomad's own service discovery goes on listing a replica whose check fails"
		startupMeans = "The time that the probe allows is given to the live probe before it counts (check_restart grace); the question itself is not asked"
	)
	grace := func(fact string) support.Row {
		return support.Row{Fact: fact, Level: approximated, Means: startupMeans, Cases: []support.Case{startup}, Source: "job: check_restart, grace"}
	}
	const one = "A native check fails with one answer and passes with one; the number of answers cannot be said"
	return support.Table{
		{Fact: "container.health", Level: dropped, Source: "job: service, check", Means: "Without a probe there is nothing to ask; say one"},
		{Fact: "container.health.ready", Level: approximated, Means: readyMeans, Cases: []support.Case{ready}, Source: "job: check"},
		{Fact: "container.health.ready.delay", Level: dropped, Means: "A check begins as soon as the container runs", Source: "job: check"},
		{Fact: "container.health.ready.failures", Level: dropped, Means: one, Source: "job: check, failures_before_critical"},
		{Fact: "container.health.ready.successes", Level: dropped, Means: one, Source: "job: check, success_before_passing"},
		{Fact: "container.health.live", Level: emulated, Cases: []support.Case{live}, Source: "job: check_restart",
			Means: "by a check that restarts the container when it fails too often (check_restart)"},
		{Fact: "container.health.live.successes", Level: dropped, Means: one, Source: "job: check, success_before_passing"},
		{Fact: "container.health.startup", Level: dropped, Source: "job: check_restart, grace",
			Means: "Nomad asks no question at the start: only the time that the probe allows is used, where a live probe by HTTP or TCP is there to be given it"},
		grace("container.health.startup.every"),
		grace("container.health.startup.delay"),
		grace("container.health.startup.failures"),
	}
}
