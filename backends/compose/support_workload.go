package compose

import (
	"github.com/decamp-dev/decamp/backends/internal/segment"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/support"
)

// workloadRows are about how a workload is placed, replaced and reached.
func workloadRows() support.Table {
	const replaced = "Compose replaces all containers of a changed service at once, the old ones first. Whoever needs more writes it into the pipeline."
	const oneHost = "There is one host. On it nothing can be placed."
	fixed := when("at one number, with more than one replica", func(f *ir.Fact) bool {
		p, ok := f.Parent.(*ir.Publish)
		return ok && !segment.Kept(f.Workload) && relayed(f.Workload, p)
	})
	kept := when("of a workload with egress", func(f *ir.Fact) bool { return segment.Kept(f.Workload) })
	const mapped = "In the host's network a port is the host's: nothing maps it to another number or address. Take publish out, and let the process listen on that number."
	publish := func(fact string) support.Row {
		return native(fact, specServices,
			isDropped(inHostNetwork, mapped),
			isEmulated(kept, "by a relay (socat) on both sides, since no port is published out of an internal network"),
			isEmulated(fixed, "by a relay (socat) that holds the number and passes connections on to the replicas"))
	}
	return support.Table{
		native("workload", specServices),
		native("workload.labels", specServices),
		approximated("workload.annotations", "An Engine older than 24 leaves annotations out, and says nothing. Say what has to be seen as labels.", "run on Docker Engine 20.10; HostConfig.Annotations, Engine API 1.43"),
		native("workload.replicas", specDeploy,
			isEmulated(numberedReplicas, "by numbered services, because replicas of one service have neither identities nor sidecars of their own")),
		approximated("workload.scale.min", "Compose runs this many and never more: nothing measures the load. Change it by hand with docker compose up --scale.", specDeploy),
		dropped("workload.scale", "Compose does not scale by load: the smallest number runs. Change it by hand with docker compose up --scale.", specDeploy),
		emulated("workload.stateful", "by a host name that stays, and numbered services where there is more than one replica", specServices),

		dropped("workload.update", replaced, "Docker Compose v5, pkg/compose/convergence.go: update_config is not read"),
		native("workload.restart", composeCode),
		dropped("workload.restart.delay", "Docker restarts after 100 ms, then after twice as long each time up to a minute. A process that needs a pause has to make it itself.", composeCode),
		dropped("workload.restart.window", "Docker counts attempts anew once a container has run for 10 s.", composeCode),
		dropped("workload.restart.attempts", "Docker counts attempts only with the policy on-failure. Choose that one, or take the number out.", composeCode,
			isDropped(ofCron, "What the crontab starts is not started again before its time."),
			isNative(when("with the policy on-failure", attemptsCount))),
		native("workload.restart.policy", composeCode,
			isDropped(when("on-failure, for a cron job", func(f *ir.Fact) bool { return ofCron.Holds(f) && f.Word() == "on-failure" }),
				"A run that the crontab starts is not started again. Let the process try again by itself."),
			isEmulated(when("on-failure, beside retries", func(f *ir.Fact) bool {
				return ofJob.Holds(f) && f.Word() == "on-failure" && f.Workload.Job != nil && f.Workload.Job.Retries != nil
			}), "by a restart for each of the retries")),

		native("workload.aliases", specNetworks,
			isEmulated(inHostNetwork, "by entries of the others' hosts files")),
		publish("workload.publish"),
		publish("workload.publish.port"),
		publish("workload.publish.on"),
		publish("workload.publish.range"),
		native("workload.networks", specNetworks, isDropped(inHostNetwork, "In the host's network a container joins no other.")),
		native("workload.needs", specServices,
			isApproximated(when("ready, of a workload without a readiness or startup probe", needsUnchecked),
				"The other workload has no probe that says when it is ready, so that Compose waits until it has been started. Give it health.ready."),
			isApproximated(when("completed, of a job with several completions", needsSeveralRuns),
				"Compose goes on when the first of the runs has ended.")),

		dropped("workload.placement", oneHost, specDeploy),
		emulated("workload.placement.arch", "by the platform of the image, which the host has to run or to emulate", specServices),
		emulated("workload.placement.os", "by the engine, which is Linux", specServices,
			isDropped(is("windows"), "The engine here is Linux, and runs no containers of Windows. Keep the workload on a platform that has nodes with Windows.")),
		dropped("workload.disruption", "Nobody drains the one host. Stop services one by one where it counts.", specDeploy),
		dropped("workload.priority", "On one host everything runs or nothing does. Memory reservations say what is pressed last.", specServices),
		dropped("workload.serviceAccount", "Compose has no identities for workloads. Give the process a login as a secret.", specServices),
	}
}

func attemptsCount(f *ir.Fact) bool {
	w := f.Workload
	return w.Restart.Policy == "on-failure" && !ofCron.Holds(f) && (w.Job == nil || w.Job.Retries == nil)
}

// kindRows are about what runs to completion, or is started by the clock.
func kindRows() support.Table {
	neverRestarts := when("with restart.policy never", func(f *ir.Fact) bool {
		return f.Workload.Restart != nil && f.Workload.Restart.Policy == "never"
	})
	fewAtOnce := when("with fewer at once than there are", func(f *ir.Fact) bool {
		return f.Workload.Job.Parallel < f.Workload.Job.Completions
	})
	const oneRun = "The crontab starts one run at a time. Give the job several lines by hand, or several workloads."
	return support.Table{
		native("workload.kind", specServices,
			isEmulated(is("daemon"), "by a plain service on the one host that there is"),
			isEmulated(is("job"), "by a service that is not restarted"),
			isEmulated(is("cron"), "by a crontab for the host beside the Compose file, which has the job run at its times")),

		emulated("workload.job", "by a service that is not restarted", specServices),
		emulated("workload.job.completions", "by as many containers, all at once", specDeploy,
			isNative(is("1")),
			isDropped(ofCron, oneRun),
			isApproximated(fewAtOnce, "All runs go on at once, where fewer are asked for.")),
		dropped("workload.job.parallel", "All runs of a job go on at once. Split the job, or let the process take its turn.", specDeploy,
			isDropped(ofCron, oneRun)),
		emulated("workload.job.retries", "by a restart after each failure, up to that number", composeCode,
			isDropped(ofCron, "A run that the crontab starts is not started again. Let the process try again by itself."),
			isDropped(neverRestarts, "Compose tries again only by restarting the container, which the policy never forbids. Take the policy out.")),
		dropped("workload.job.timeout", "Compose ends no job. Run the process under timeout(1), or give it a limit of its own.", specServices,
			isEmulated(ofCron, "by timeout(1) in the crontab")),
		dropped("workload.job.keep", "A finished container stays until docker compose down, for looking at.", specServices,
			isDropped(ofCron, "A finished run is removed at once. Its output goes where cron sends it.")),

		emulated("workload.schedule.cron", "by a line of the crontab for the host", "crontab(5)"),
		approximated("workload.schedule.timezone", "CRON_TZ says the zone in the crontab. The cron of Red Hat, SUSE and Arch (cronie) heeds it, Debian's goes by the zone of the host.", "crontab(5)"),
		emulated("workload.schedule.overlap", "by flock(1), or by removing the last run, in the crontab", "flock(1)",
			isNative(is("allow"))),
		emulated("workload.schedule.suspend", "by a line of the crontab that is commented out", "crontab(5)"),
		dropped("workload.schedule.deadline", "Cron does not make up for a missed run. Start it by hand with docker compose run.", "crontab(5)"),
		dropped("workload.schedule.keep", "A finished run is removed at once. Its output goes where cron sends it.", "crontab(5)"),
	}
}

// peerRows are about who may reach whom.
func peerRows() support.Table {
	byName := when("for a workload that joins networks by name or the host's", func(f *ir.Fact) bool { return segment.Open(f.Workload) })
	outside := when("for an endpoint outside, or a host with a port", func(f *ir.Fact) bool {
		p, ok := peerOf(f)
		endpoint := f.App.Endpoints.Ref(p.Endpoint)
		return ok && (p.Host != "" && p.Port != 0 || endpoint != nil && endpoint.Workload == "")
	})
	unbounded := when("for a range of addresses, or a host at every port", func(f *ir.Fact) bool {
		p, ok := peerOf(f)
		return ok && (p.CIDR != "" || p.Host != "" && p.Port == 0)
	})
	const named = "The workload joins networks by name or is in the host's, and those alone decide. Say internal: true for the networks, or leave it to this list and join none."
	return support.Table{
		approximated("workload.egress", "The workload leaves the default network for an internal one, which those join that it names and that name it. These reach each other in both directions; a workload that names it nowhere does not reach it; addresses of the host itself stay reachable.", engineRun,
			isDropped(byName, named),
			isDropped(unbounded, "A network here leads out to everything or to nothing: this peer stays unreachable. Name an endpoint, or host:port, which a relay passes on."),
			isApproximated(outside, "A relay (socat) inside the workload's internal network passes TCP on to this name and port. UDP does not pass, and addresses of the host itself stay reachable.")),
		approximated("workload.ingress", "The workload leaves the default network for one of its own, which those join that it names. These reach each other in both directions, and a port that it publishes stays open to whoever reaches the host.", engineRun,
			isDropped(byName, named),
			isDropped(unbounded, "Docker does not filter by where a connection comes from. Publish on an address that only those reach, or filter on the host.")),
	}
}
