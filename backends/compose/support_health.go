package compose

import (
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/support"
)

// healthRows are about the probes. Compose has one check, whose answer is a status:
// depends_on waits for it, docker ps shows it, nothing else follows from it.
func healthRows() support.Table {
	const (
		nothing  = "Compose restarts nothing that answers no: the status is only shown. Let the process end when it is stuck, and the restart policy starts it again."
		one      = "Compose has one check, and it asks what ready asks. In the time that startup gives, its failures do not count."
		noSeries = "One success makes the status healthy again."
		nc       = "Compose asks by commands only: this one needs nc in the image. Say it as exec, in words of the image's own, where it has none."
		grpc     = "Compose asks by commands only: this one needs grpc_health_probe in the image. Say it as exec, in words of the image's own, where it has none."
	)
	beside := when("beside a readiness probe", besideReady)
	lost := isDropped(when("beside a readiness probe that asks something else", readyElsewhere), one)
	same := isEmulated(beside, "by the start period of the check, which asks the same")
	const check = "by the check, which asks nothing else"
	const pure = "Docker Compose v5, pkg/compose/convert.go"
	return support.Table{
		native("container.health", specServices),

		native("container.health.ready", specServices,
			isApproximated(when("of several replicas", func(f *ir.Fact) bool { return f.Workload.Replicas != nil && *f.Workload.Replicas > 1 }),
				"The check decides what waits for it, and is shown. A replica that is not ready keeps its traffic: Docker's names lead to all that run.")),
		approximated("container.health.ready.http", wget, specServices),
		approximated("container.health.ready.tcp", nc, specServices),
		approximated("container.health.ready.grpc", grpc, specServices),
		approximated("container.health.ready.delay", "The check asks from the start on; in the delay its failures do not count.", pure),
		dropped("container.health.ready.successes", noSeries, pure, isNative(is("1"))),

		emulated("container.health.startup", check, specServices),
		emulated("container.health.startup.exec", check, specServices, lost, same),
		approximated("container.health.startup.http", wget, specServices, lost, same),
		approximated("container.health.startup.tcp", nc, specServices, lost, same),
		approximated("container.health.startup.grpc", grpc, specServices, lost, same),
		emulated("container.health.startup.every", check, specServices,
			isEmulated(beside, "by the start period of the check")),
		emulated("container.health.startup.failures", check, specServices,
			isEmulated(beside, "by the start period of the check")),
		emulated("container.health.startup.delay", "by the start period of the check", specServices),
		emulated("container.health.startup.timeout", check, specServices,
			isDropped(beside, "The check has one timeout, that of ready.")),
		dropped("container.health.startup.successes", noSeries, pure, isNative(is("1"))),

		dropped("container.health.live", nothing, pure),
	}
}
