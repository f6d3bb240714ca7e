package swarm

import (
	"github.com/decamp-dev/decamp/backends/internal/row"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/support"
)

const (
	wget = "Swarm asks by commands only: this one needs wget in the image. Say it as exec, in words of the image's own, where it has none."
	nc   = "Swarm asks by commands only: this one needs nc in the image. Say it as exec, in words of the image's own, where it has none."
	grpc = "Swarm asks by commands only: this one needs grpc_health_probe in the image. Say it as exec, in words of the image's own, where it has none."
)

// healthRows are about the probes. Swarm has one check: a task is running, known by
// name and sent traffic once it has passed, and is replaced when it fails later. That is
// live; the others are said by it where they can be.
func healthRows() support.Table {
	const (
		action   = "Swarm has one check: a replica that answers no to it is not left alone until it is ready again, it is killed and replaced."
		noSeries = "One success makes a replica healthy."
	)
	rows := support.Table{
		row.Native("container.health", conversion),
		row.Native("container.health.live", engineRun),
		row.Approximated("container.health.live.http", wget, form),
		row.Approximated("container.health.live.tcp", nc, form),
		row.Approximated("container.health.live.grpc", grpc, form),
		row.Emulated("container.health.live.delay", "by the start period of the check, in which failures do not count", form),
	}
	return append(append(rows, readyRows(action, noSeries)...), startupRows(action, noSeries)...)
}

func readyRows(action, noSeries string) support.Table {
	const one = "Swarm has one check, and it asks what live asks: whether a replica is ready for traffic is not asked. Ask for both in live, or leave live out."
	beside := row.When("beside a liveness probe", besideLive)
	same := row.When("beside a liveness probe that asks the same", func(f *ir.Fact) bool { return sameAsAsked(f, f.Container.Health.Ready) })
	handler := func(fact, tool string) support.Row {
		return row.Approximated(fact, action+" "+tool, form,
			row.IsEmulated(same, "by the check, which asks the same for live"), row.IsDropped(beside, one))
	}
	rest := func(fact string) support.Row {
		return row.Native(fact, form,
			row.IsEmulated(row.When("beside a liveness probe that says the same", sameAsLive), "by the check, which has the pace of live"),
			row.IsDropped(beside, "The check has the pace of live."))
	}
	return support.Table{
		row.Approximated("container.health.ready", action, engineRun, row.IsEmulated(same, "by the check, which asks the same for live"), row.IsDropped(beside, one)),
		row.Approximated("container.health.ready.exec", action, engineRun, row.IsEmulated(same, "by the check, which asks the same for live"), row.IsDropped(beside, one)),
		handler("container.health.ready.http", wget),
		handler("container.health.ready.tcp", nc),
		handler("container.health.ready.grpc", grpc),
		rest("container.health.ready.every"),
		rest("container.health.ready.timeout"),
		rest("container.health.ready.failures"),
		row.Approximated("container.health.ready.delay", "The check asks from the start on; in the delay its failures do not count.", form, row.IsDropped(beside, "The check has the delay of live.")),
		row.Dropped("container.health.ready.successes", noSeries, conversion, row.IsNative(row.Is("1"))),
	}
}

func startupRows(action, noSeries string) support.Table {
	const one = "Swarm has one check, and it asks something else. In the time that startup gives, its failures do not count."
	beside := row.When("beside another probe", besideOther)
	same := row.When("beside another probe that asks the same", func(f *ir.Fact) bool { return sameAsAsked(f, f.Container.Health.Startup) })
	const period = "by the start period of the check, in which failures do not count"
	const goesOn = "Swarm goes on asking after the start, and replaces a replica that answers no."
	handler := func(fact, tool string) support.Row {
		return row.Approximated(fact, goesOn+tool, form,
			row.IsEmulated(same, "by the check, which asks the same"), row.IsDropped(beside, one))
	}
	rest := func(fact string) support.Row {
		return row.Native(fact, form, row.IsEmulated(beside, period))
	}
	return support.Table{
		row.Approximated("container.health.startup", goesOn, engineRun, row.IsEmulated(beside, period)),
		handler("container.health.startup.exec", ""),
		handler("container.health.startup.http", " "+wget),
		handler("container.health.startup.tcp", " "+nc),
		handler("container.health.startup.grpc", " "+grpc),
		rest("container.health.startup.every"),
		rest("container.health.startup.failures"),
		row.Emulated("container.health.startup.delay", period, form),
		row.Native("container.health.startup.timeout", form,
			row.IsEmulated(row.When("beside another probe that says the same", sameTimeout), "by the check, which has the timeout of the other probe"),
			row.IsDropped(beside, "The check has one timeout, that of the other probe.")),
		row.Dropped("container.health.startup.successes", noSeries, conversion, row.IsNative(row.Is("1"))),
	}
}
