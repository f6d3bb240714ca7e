package nomad

import (
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/support"
)

// workloadRows are about a workload's life: how many, when, how often.
func workloadRows() support.Table {
	return support.Table{
		{Fact: "workload", Level: native, Source: "job: job, group"},
		{Fact: "workload.labels", Level: native, Source: "job: meta"},
		{Fact: "workload.annotations", Level: native, Source: "docker: labels"},
		{Fact: "workload.scale", Level: approximated, Source: "job: scaling; Nomad Autoscaler",
			Means: "The number of replicas stays as it is until the Nomad Autoscaler, a program of its own, runs in the cluster and reads the policy"},
		{Fact: "workload.stateful", Level: approximated, Source: "runtime: environment, NOMAD_ALLOC_INDEX",
			Means: "Each replica has its number in its host name and in NOMAD_ALLOC_INDEX, but cannot be reached by that name"},
		{Fact: "workload.job.parallel", Level: dropped, Source: "job: group, count",
			Means: "Nomad starts all runs of a job at once; ask for fewer completions, or let a program within one run do the work in turns",
			Cases: []support.Case{{When: allAtOnce, Level: dropped, Means: "All runs of a job start at once on Nomad, which is what is asked for: nothing has to be done"}}},
		{Fact: "workload.job.timeout", Level: dropped, Source: "job: group",
			Means: "Nomad 1.11 ends no job after a time; have the program end by itself, for instance by the command timeout"},
		{Fact: "workload.job.keep", Level: dropped, Source: "agent configuration: job_gc_threshold",
			Means: "How long finished jobs are kept is a setting of the servers, job_gc_threshold"},
		{Fact: "workload.schedule", Level: native, Source: "job: periodic"},
		{Fact: "workload.schedule.overlap", Level: native, Source: "job: periodic, prohibit_overlap",
			Cases: []support.Case{{When: wordIs("to replace", "replace"), Level: dropped,
				Means: "Nomad cannot end the last run for the next one; choose forbid or allow"}}},
		{Fact: "workload.schedule.deadline", Level: dropped, Source: "job: periodic",
			Means: "Nomad starts the last run that was missed as soon as it can; there is no latest time"},
		{Fact: "workload.schedule.keep", Level: dropped, Source: "agent configuration: job_gc_threshold",
			Means: "How long finished runs are kept is a setting of the servers, job_gc_threshold"},
		{Fact: "workload.restart", Level: native, Source: "job: restart, reschedule"},
		{Fact: "workload.restart.policy", Level: native, Source: "job: restart, reschedule",
			Cases: []support.Case{
				{When: when("always, of services and daemons", func(f *ir.Fact) bool { return f.Word() == "always" && !f.Workload.RunsToCompletion() }),
					Level: approximated, Means: "What an operator stops stays stopped on Nomad; all else is started again without end"},
				{When: when("on-failure, of daemons", func(f *ir.Fact) bool {
					return f.Word() == "on-failure" && f.Workload.KindOrDefault() == ir.Daemon
				}),
					Level: dropped, Means: "Nomad starts a daemon's container again whenever it ends; make it a job if it may end well"},
				{When: when("on-failure, of services", func(f *ir.Fact) bool { return f.Word() == "on-failure" && !f.Workload.RunsToCompletion() }),
					Level: approximated, Means: "Nomad starts a service's container again when it ends well too"},
				{When: when("always or unless-stopped, of jobs", func(f *ir.Fact) bool {
					return f.Workload.RunsToCompletion() && (f.Word() == "always" || f.Word() == "unless-stopped")
				}), Level: dropped, Means: "A job that ends well is done on Nomad; make it a service if it has to run again"},
			}},
		{Fact: "workload.restart.attempts", Level: native, Source: "job: restart, reschedule",
			Cases: []support.Case{
				{When: retriesSaid, Level: dropped, Means: "A job has one number of further tries on Nomad, and job.retries says it"},
				{When: neverRestarted, Level: dropped, Means: "Nothing is started again, so there are no attempts"},
				{When: movesOn, Level: approximated, Means: "When the attempts are used up, Nomad starts the workload on another node in the place of giving up; say on-failure to give up"},
				{When: slows, Level: approximated, Means: "When the attempts are used up, Nomad waits until the window is over and goes on"},
			}},
		{Fact: "workload.restart.delay", Level: native, Source: "job: restart", Cases: neverCases()},
		{Fact: "workload.restart.window", Level: native, Source: "job: restart", Cases: neverCases()},
		{Fact: "workload.disruption", Level: native, Source: "job: migrate",
			Cases: []support.Case{{When: onlyOf, Level: dropped, Means: "Nomad limits what maintenance takes away for services only"}}},
		{Fact: "workload.placement", Level: native, Source: "job: constraint, affinity, spread"},
		{Fact: "workload.placement.prefer", Level: native, Source: "job: affinity",
			Cases: []support.Case{{When: ofDaemons, Level: dropped, Means: "A daemon runs on every node that fits, so Nomad refuses preferences; say it under require"}}},
		{Fact: "workload.placement.spread", Level: native, Source: "job: spread",
			Cases: []support.Case{{When: ofDaemons, Level: dropped, Means: "A daemon runs on every node that fits; there is nothing to spread"}}},
		{Fact: "workload.priority", Level: native, Source: "job: priority"},
		{Fact: "workload.serviceAccount", Level: dropped, Source: "concepts: workload identity",
			Means: "Each task has the identity of its job; attach an ACL policy to the job (nomad acl policy apply -job)"},
	}
}

func neverCases() []support.Case {
	return []support.Case{
		{When: neverRestarted, Level: dropped, Means: "Nothing is started again, so there is no time between attempts"},
		{When: withoutRetries, Level: dropped, Means: "Nothing is started again, so there is no time between attempts"},
	}
}

// updateRows are about releases.
func updateRows() support.Table {
	jobs := support.Case{When: ofJobs, Level: dropped, Means: "A new version of a job is its next run on Nomad; there is nothing to be replaced step by step"}
	return support.Table{
		{Fact: "workload.update", Level: native, Source: "job: update", Cases: []support.Case{jobs}},
		{Fact: "workload.update.order", Level: native, Source: "job: update, canary",
			Cases: []support.Case{jobs,
				{When: when("start-first, of daemons", func(f *ir.Fact) bool {
					return f.Word() == "start-first" && f.Workload.KindOrDefault() == ir.Daemon
				}),
					Level: dropped, Means: "Nomad stops a daemon on a node before it starts the new one there"},
				{When: when("start-first, with a volume for each replica", func(f *ir.Fact) bool { return f.Word() == "start-first" && ownReplicas.Holds(f) }),
					Level: dropped, Means: "A replica with a volume of its own has to stop before its successor can have the volume"},
				{When: withCanary, Level: dropped, Means: "The canaries start first; the other replicas are stopped before their successors start. Leave the canary out to start all first"},
				{When: wordIs("start-first", "start-first"), Level: approximated,
					Means: "All new replicas are started beside the old ones at once (as canaries that are promoted by themselves), and need room for both"},
			}},
		{Fact: "workload.update.parallel", Level: native, Source: "job: update, max_parallel",
			Cases: []support.Case{jobs, {When: when("as a share, of daemons", func(f *ir.Fact) bool {
				a, ok := f.Value().(ir.Amount)
				return ok && a.Percent && f.Workload.KindOrDefault() == ir.Daemon
			}), Level: dropped, Means: "How many nodes there are is not known to the job, so that they are updated one by one; say a number"}}},
		{Fact: "workload.update.delay", Level: approximated, Source: "job: update, min_healthy_time",
			Means: "The pause is added to the time that a replica has to be healthy before the next is replaced",
			Cases: []support.Case{jobs, {When: ofDaemons, Level: native}}},
		{Fact: "workload.update.canary", Level: native, Source: "job: update, canary, auto_promote",
			Cases: []support.Case{jobs,
				{When: ofDaemons, Level: dropped, Means: "Canaries of system jobs are a share of the nodes; lower the number that is replaced at once"},
				{When: ownReplicas, Level: dropped, Means: "Nomad refuses canaries where each replica has a volume of its own"}}},
	}
}

// reachRows are about how workloads find and reach each other.
func reachRows() support.Table {
	return support.Table{
		{Fact: "workload.aliases", Level: dropped, Source: "job: service",
			Means: "Native services have no names in DNS; refer to ${workloads.NAME.host} and ${workloads.NAME.ports.PORT} where the alias is used"},
		{Fact: "workload.publish", Level: native, Source: "job: network, port, static"},
		{Fact: "workload.publish.port", Level: native, Source: "job: network, port, static",
			Cases: []support.Case{{When: onHost, Level: dropped, Means: "On the node's network a port is reached under the number that the container listens on"}}},
		{Fact: "workload.publish.on", Level: emulated, Source: "job: network, host_network; agent configuration: host_network",
			Means: "by a host network of the clients, which has to be configured on each of them; without it the job is not placed"},
		{Fact: "workload.publish.range", Level: approximated, Source: "job: network, port, static",
			Means: "One number of the range is taken, the first that is free in the app, so that one replica fits on a node",
			Cases: []support.Case{
				{When: onHost, Level: dropped, Means: "On the node's network a port is reached under the number that the container listens on"},
				{When: when("beside a number", func(f *ir.Fact) bool { p, ok := f.Parent.(*ir.Publish); return ok && p.Port != 0 }),
					Level: dropped, Means: "The fixed number is taken"}}},
		{Fact: "workload.networks", Level: dropped, Source: "job: network",
			Means: "The groups of Nomad's jobs share one network; keep workloads apart by rules of the nodes' firewalls or by a CNI plugin",
			Cases: oneNetwork()},
		{Fact: "workload.needs", Level: approximated, Source: "job: lifecycle, prestart",
			Means: "A prestart task waits until an allocation of the job runs; where ACLs are on, the job needs a policy that reads jobs",
			Cases: needsCases()},
		{Fact: "workload.egress", Level: dropped, Source: "job: network",
			Means: "Nomad's jobs cannot limit what they reach; limit it by rules of the nodes' firewalls, by a CNI plugin, or by Consul service mesh"},
		{Fact: "workload.ingress", Level: dropped, Source: "job: network",
			Means: "Nomad's jobs cannot limit who reaches them; limit it by rules of the nodes' firewalls, by a CNI plugin, or by Consul service mesh"},
	}
}

func needsCases() []support.Case {
	asks := func(how tries) func(*ir.Fact) bool {
		return func(f *ir.Fact) bool {
			condition, ok := f.Value().(ir.Condition)
			got, _ := howToWait(f.App, f.Name, condition)
			return ok && got == how
		}
	}
	started := func(f *ir.Fact) bool { c, ok := f.Value().(ir.Condition); return ok && c == ir.Started }
	return []support.Case{
		{When: when("completed", func(f *ir.Fact) bool { c, ok := f.Value().(ir.Condition); return ok && c == ir.Completed }),
			Level: approximated, Means: "A prestart task waits until the job has a run that ended well, be it of an earlier version; where ACLs are on, the job needs a policy that reads jobs"},
		{When: when("ready, asked by HTTP", asks(triesHTTP)), Level: emulated, Means: "by a prestart task that asks the same of each replica until one is ready"},
		{When: when("ready, asked by TCP", func(f *ir.Fact) bool {
			w := f.App.Workloads.Ref(f.Name)
			return asks(triesTCP)(f) && !started(f) && w.Health != nil && w.Health.Ready != nil && w.Health.Ready.TCP != nil
		}), Level: emulated, Means: "by a prestart task that connects to each replica until one answers"},
		{When: when("started", func(f *ir.Fact) bool { return asks(triesTCP)(f) && started(f) }), Level: emulated,
			Means: "by a prestart task that waits until a port takes connections"},
		{When: when("ready, asked in another way", asks(triesTCP)), Level: approximated,
			Means: "A prestart task waits until a port takes connections, which can be before the readiness probe says yes"},
	}
}
