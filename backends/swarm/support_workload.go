package swarm

import (
	"github.com/decamp-dev/decamp/backends/internal/row"
	"github.com/decamp-dev/decamp/backends/internal/segment"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/support"
)

// workloadRows are about how a workload is placed, replaced and reached.
func workloadRows() support.Table {
	const node = "In the node's network a port is the node's: nothing maps it to another number or address. Take publish out, and let the process listen on that number."
	const noUpdate = "Swarm replaces no runs of a job: the next run is of the new version."
	several := row.When("with more than one replica", func(f *ir.Fact) bool { return f.Workload.ReplicaCount() > 1 })
	percent := row.When("in percent, for a daemon", func(f *ir.Fact) bool {
		return f.Workload.Kind == ir.Daemon && f.Workload.Update != nil && f.Workload.Update.Parallel.Percent
	})
	inPercent := row.When("in percent", func(f *ir.Fact) bool { return f.Workload.Update != nil && f.Workload.Update.Parallel.Percent })
	return support.Table{
		row.Native("workload", form),
		row.Native("workload.labels", form),
		row.Emulated("workload.annotations", "by labels of the containers", form),
		row.Native("workload.replicas", form),
		row.Approximated("workload.scale.min", "Swarm runs this many and never more: nothing measures the load. Change it by hand with docker service scale.", form),
		row.Dropped("workload.scale", "Swarm does not scale by load: the smallest number runs. Change it by hand with docker service scale.", form),
		row.Emulated("workload.stateful", "by a host name that stays", engineRun,
			row.IsApproximated(several, "Replicas know themselves by a host name with their number, counted from 1, and others reach only all of them by one name. Make them workloads of their own where they have to find each other.")),

		row.Native("workload.update", form, row.IsDropped(ofJob, noUpdate)),
		row.Native("workload.update.parallel", form, row.IsDropped(ofJob, noUpdate),
			row.IsDropped(percent, "Nobody knows how many nodes there are: one after the other is replaced. Say a number."),
			row.IsEmulated(inPercent, "by the number that it makes of the replicas")),
		row.Native("workload.update.healthy", "update_config.monitor", row.IsDropped(ofJob, noUpdate)),
		row.Dropped("workload.update.canary", "Swarm stops no release to look at it. Say start-first with rollback, or deploy the new version beside the old one.", form),
		row.Dropped("workload.update.deadline", "A release fails by replicas that fail, not by time. Stop it by hand with docker service rollback.", form,
			row.IsApproximated(row.When("beside a readiness probe alone", onlyReady),
				"The start period of the check lasts until then: a replica that is not ready by then is replaced, and the release has failed.")),

		row.Native("workload.restart", engineRun),
		row.Native("workload.restart.attempts", engineRun, row.IsDropped(row.When("beside retries", func(f *ir.Fact) bool {
			return f.Workload.Job != nil && f.Workload.Job.Retries != nil && ofJob.Holds(f)
		}), "A job has one number of attempts, that of its retries.")),
		row.Native("workload.restart.policy", engineRun,
			row.IsApproximated(row.When("unless-stopped or always, for a job", func(f *ir.Fact) bool {
				return ofJob.Holds(f) && (f.Word() == "always" || f.Word() == "unless-stopped")
			}), "Swarm restarts no job that has ended well.")),

		row.Native("workload.aliases", form, row.IsDropped(onNode, "Names lead to addresses in the stack's networks, which the workload has left for the node's.")),
		row.Native("workload.publish", "the routing mesh: the number leads to a replica from every node", row.IsDropped(onNode, node),
			row.IsEmulated(kept, "by a relay (socat) on both sides, since the network that ports are published by leads out")),
		row.Native("workload.publish.port", engineDocs, row.IsDropped(onNode, node),
			row.IsEmulated(kept, "by a relay (socat) on both sides, since the network that ports are published by leads out")),
		row.Dropped("workload.publish.on", "Swarm publishes on every address of every node, so that what was for the node itself is open to all. Take publish out, or filter on the nodes.", form),
		row.Approximated("workload.publish.range", "Every number of the range is published, and leads to the same port.", form, row.IsDropped(onNode, node)),
		row.Native("workload.networks", form, row.IsDropped(onNode, "In the node's network a container joins no other.")),
		row.Dropped("workload.networks.addresses", "docker stack deploy reads fixed addresses over. Use names.", conversion),
		row.Emulated("workload.needs", "by several stack files: each is deployed when what is in the one before is up", engineRun,
			row.IsApproximated(row.When("ready, of a workload without a probe", needsUnchecked),
				"The other workload has no probe that says when it is ready, so that the deployment goes on when it has been started. Give it a probe.")),

		row.Native("workload.placement", form),
		row.Native("workload.placement.require", swarmkit, row.IsDropped(row.When("with exists, or in with several values", unsayable),
			"Swarm compares with one value, and has no or. Give the nodes a label of their own for it.")),
		row.Dropped("workload.placement.prefer", "Swarm prefers no nodes. Require, or spread.", form),
		row.Native("workload.placement.spread", swarmkit),
		row.Dropped("workload.disruption", "Swarm drains a node all at once. Drain one node after the other.", engineDocs),
		row.Dropped("workload.priority", "Swarm has no priorities. Reservations say what finds room.", form),
		row.Dropped("workload.serviceAccount", "Swarm has no identities for workloads. Give the process a login as a secret.", form),
	}
}

// kindRows are about what runs to completion, or is started by the clock.
func kindRows() support.Table {
	neverRestarts := row.When("with restart.policy never", func(f *ir.Fact) bool {
		return f.Workload.Restart != nil && f.Workload.Restart.Policy == "never"
	})
	fewAtOnce := row.When("with fewer at once than there are", func(f *ir.Fact) bool {
		return f.Workload.Job.Parallel < f.Workload.Job.Completions
	})
	const oneRun = "The crontab starts one run at a time. Give the job several lines by hand, or several workloads."
	const kept = "Swarm keeps as many ended tasks as the cluster is set to (docker swarm update --task-history-limit)."
	return support.Table{
		row.Native("workload.kind", engineRun,
			row.IsEmulated(row.Is("cron"), "by a service of no replicas, of which a crontab on a manager starts one at its times")),

		row.Native("workload.job", engineRun),
		row.Native("workload.job.completions", engineRun,
			row.IsDropped(ofCron, oneRun),
			row.IsApproximated(fewAtOnce, "All runs go on at once, where fewer are asked for.")),
		row.Dropped("workload.job.parallel", "All runs of a job go on at once. Split the job, or let the process take its turn.", conversion, row.IsDropped(ofCron, oneRun)),
		row.Emulated("workload.job.retries", "by a restart after each failure, up to that number", engineRun,
			row.IsDropped(neverRestarts, "Swarm tries again only by restarting, which the policy never forbids. Take the policy out.")),
		row.Dropped("workload.job.timeout", "Swarm ends no job. Run the process under timeout(1), or give it a limit of its own.", form),
		row.Dropped("workload.job.keep", kept, engineDocs),

		row.Emulated("workload.schedule.cron", "by a line of the crontab for a manager", cronDocs),
		row.Approximated("workload.schedule.timezone", "CRON_TZ says the zone in the crontab. The cron of Red Hat, SUSE and Arch (cronie) heeds it, Debian's goes by the zone of the host.", cronDocs),
		row.Emulated("workload.schedule.overlap", "by a question in the crontab whether the last run goes on, or by an update that ends it", engineRun,
			row.IsDropped(row.Is("allow"), "A service runs its job once at a time: while a run goes on, the next is left out.")),
		row.Emulated("workload.schedule.suspend", "by a line of the crontab that is commented out", cronDocs),
		row.Dropped("workload.schedule.deadline", "Cron does not make up for a missed run. Start it by hand with docker service update --force.", cronDocs),
		row.Dropped("workload.schedule.keep", kept, engineDocs),
	}
}

// peerRows are about who may reach whom.
func peerRows() support.Table {
	byName := row.When("for a workload that joins networks by name or the host's", func(f *ir.Fact) bool { return segment.Open(f.Workload) })
	outside := row.When("for an endpoint outside, or a host with a port", func(f *ir.Fact) bool {
		p, ok := peerOf(f)
		endpoint := f.App.Endpoints.Ref(p.Endpoint)
		return ok && (p.Host != "" && p.Port != 0 || endpoint != nil && endpoint.Workload == "")
	})
	unbounded := row.When("for a range of addresses, or a host at every port", func(f *ir.Fact) bool {
		p, ok := peerOf(f)
		return ok && (p.CIDR != "" || p.Host != "" && p.Port == 0)
	})
	const named = "The workload joins networks by name or is in the node's, and those alone decide. Say internal: true for the networks, or leave it to this list and join none."
	return support.Table{
		row.Approximated("workload.egress", "The workload leaves the default network for an internal one, which those join that it names and that name it. These reach each other in both directions; a workload that names it nowhere does not reach it.", engineRun,
			row.IsDropped(byName, named),
			row.IsDropped(unbounded, "A network here leads out to everything or to nothing: this peer stays unreachable. Name an endpoint, or host:port, which a relay passes on."),
			row.IsApproximated(outside, "Relays (socat) pass TCP on to this name and port. UDP does not pass.")),
		row.Approximated("workload.ingress", "The workload leaves the default network for one of its own, which those join that it names. These reach each other in both directions, and a port that it publishes stays open to whoever reaches a node.", engineRun,
			row.IsDropped(byName, named),
			row.IsDropped(unbounded, "Docker does not filter by where a connection comes from. Filter on the nodes.")),
	}
}
