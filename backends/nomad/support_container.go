package nomad

import (
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/support"
)

// containerRows are about the process, its files and its ports.
func containerRows() support.Table {
	among := support.Case{When: lookedUpAmong, Level: approximated,
		Means: "The reference leads to one of the replicas, another one for each allocation that refers to it, and to the next when that one is gone: requests are not spread over all"}
	rendered := support.Case{When: lookedUp, Level: emulated,
		Means: "by a template that looks the service up, and a restart of the container when the answer changes"}
	return support.Table{
		{Fact: "container", Level: native, Source: "job: task"},
		{Fact: "container.image", Level: native, Source: "docker: image",
			Cases: []support.Case{
				{When: notChained, Level: approximated,
					Means: "Nomad starts all init containers at once; say the entrypoint of this one, so that it can be made to wait for its turn"},
				{When: chained, Level: approximated,
					Means: "Nomad starts all init containers at once, so a shell loop in front of the command waits for its turn: the image needs /bin/sh"},
			}},
		{Fact: "container.build", Level: dropped, Source: "docker: image",
			Means: "Nomad builds nothing; build the image, push it under the name in image, and deploy that"},
		{Fact: "container.pull", Level: native, Source: "docker: force_pull",
			Cases: []support.Case{{When: wordIs("never", "never"), Level: approximated,
				Means: "Nomad pulls an image that is not on the node; it cannot be told not to"}}},
		{Fact: "container.entrypoint", Level: native, Source: "docker: entrypoint", Cases: []support.Case{among, rendered}},
		{Fact: "container.args", Level: native, Source: "docker: args",
			Cases: []support.Case{{When: clearsOnly, Level: dropped,
				Means: "Nothing clears an image's CMD alone; say the entrypoint too, which does"}, among, rendered}},
		{Fact: "container.hostname", Level: native, Source: "job: network, hostname",
			Cases: []support.Case{
				{When: ofSidecar, Level: dropped, Means: "The containers of a group share one host name; say it for the workload"},
				{When: onHost, Level: dropped, Means: "On the node's network the host name is the node's"}}},
		{Fact: "container.env", Level: native, Source: "job: env, template", Cases: []support.Case{among, rendered}},
		{Fact: "container.files", Level: native, Source: "job: template; docker: mount"},
		{Fact: "container.ports", Level: approximated, Source: "job: network, port; job: service",
			Means: "Nomad gives a port another number on the node's address, where everyone who reaches the node reaches it, and native services have no DNS: a name typed as NAME:PORT does not resolve. Use ${workloads.NAME.host} and ${workloads.NAME.ports.PORT}, which are filled from service discovery",
			Cases: []support.Case{{When: onHost, Level: approximated,
				Means: "The port is the node's, so that one replica fits on a node, and native services have no DNS: use ${workloads.NAME.host} and ${workloads.NAME.ports.PORT}"}}},
		{Fact: "container.ports.protocol", Level: emulated, Source: "networking: port mapping",
			Means: "by Nomad's port mapping, which forwards TCP and UDP alike; a tag of the service says which is meant",
			Cases: []support.Case{
				{When: wordIs("tcp", "tcp"), Level: native},
				{When: wordIs("sctp", "sctp"), Level: dropped, Means: "Nomad forwards TCP and UDP only; put the workload on the node's network"}}},
		{Fact: "container.ports.app", Level: emulated, Source: "job: service, tags", Means: "by a tag of the service"},
		{Fact: "container.stop", Level: native, Source: "job: task, kill_signal"},
		{Fact: "container.stop.grace", Level: native, Source: "job: task, kill_timeout",
			Cases: []support.Case{{When: longGrace, Level: approximated,
				Means: "Clients end a task after max_kill_timeout at the latest, which is 30s unless their configuration says more"}}},
		{Fact: "container.stop.before", Level: dropped, Source: "job: lifecycle",
			Means: "Nomad runs nothing in a container before it is stopped; have the program do it when it gets the signal"},
		{Fact: "container.hooks", Level: approximated, Source: "job: lifecycle, poststart",
			Means: "The hook runs in a container of its own, from the same image with the same variables and mounts, once all main tasks have started",
			Cases: []support.Case{{When: ofInit, Level: dropped, Means: "An init container ends by itself; run the command in it"}}},
		{Fact: "container.log", Level: approximated, Source: "docker: logging; task: logs; run on Nomad 1.11",
			Means: "Docker's own log is kept so. The agent keeps a copy of what a task writes, by default ten files of 10 MB for each stream, and nomad alloc logs reads that"},
	}
}

// mountRows are about where a container reads and writes.
func mountRows() support.Table {
	return support.Table{
		{Fact: "container.mounts", Level: native, Source: "job: volume_mount; docker: mount"},
		{Fact: "container.mounts.subpath", Level: dropped, Source: "job: volume_mount",
			Means: "Nomad mounts volumes whole; give the workload a volume of its own, or the program the folder within it"},
		{Fact: "container.mounts.scratch.size", Level: approximated, Source: "job: ephemeral_disk",
			Means: "The size is reserved on the node's disk, and nothing stops the container from taking more"},
	}
}

// resourceRows are about what is reserved and limited.
func resourceRows() support.Table {
	return support.Table{
		{Fact: "container.resources", Level: native, Source: "job: resources"},
		{Fact: "container.resources.cpu", Level: approximated, Source: "job: resources, cpu",
			Means: "Nomad counts in MHz, which nodes have more or less of: a core is taken for 2500 MHz",
			Cases: []support.Case{{When: when("beside a limit", func(f *ir.Fact) bool {
				l := f.Container.Resources.Limits
				return l != nil && l.CPU != 0
			}), Level: dropped, Means: "Nomad has one figure for the CPU, and the limit takes it: as much as the limit is reserved"}}},
		{Fact: "container.resources.limits.cpu", Level: approximated, Source: "docker: cpu_hard_limit",
			Means: "Nomad counts in MHz, which nodes have more or less of: a core is taken for 2500 MHz, and the limit is a share of the node's own"},
		{Fact: "container.resources.memory", Level: native, Source: "job: resources, memory",
			Cases: []support.Case{
				{When: when("below 10 MiB", func(f *ir.Fact) bool { return f.Container.Resources.Memory < leastMemoryMB*mebibyte }),
					Level: approximated, Means: "Nomad reserves 10 MiB at least, which are the limit too where none is said"},
				{When: when("without a limit", func(f *ir.Fact) bool {
					l := f.Container.Resources.Limits
					return l == nil || l.Memory == 0
				}), Level: approximated, Means: "Nomad takes what is reserved for the limit too; say resources.limits.memory to allow more"}}},
		{Fact: "container.resources.limits.memory", Level: native, Source: "docker: memory_hard_limit",
			Cases: []support.Case{{When: when("below 10 MiB", func(f *ir.Fact) bool { return f.Container.Resources.Limits.Memory < leastMemoryMB*mebibyte }),
				Level: approximated, Means: "Nomad limits no container to less than 10 MiB"}}},
		{Fact: "container.resources.limits.disk", Level: dropped, Source: "docker: storage_opt",
			Means: "Nothing limits the disk of a container on most nodes; reserve it by resources.disk"},
	}
}

// securityRows are about what a container may do.
func securityRows() support.Table {
	shared := func(what string) support.Case {
		return support.Case{When: wordIs("share", "share"), Level: dropped,
			Means: "The containers of a group share their network and nothing else on Nomad; say host to share the node's " + what}
	}
	return support.Table{
		{Fact: "container.security", Level: native, Source: "docker: cap_add, security_opt; job: task, user"},
		{Fact: "container.security.fsGroup", Level: emulated, Source: "docker: group_add",
			Means: "by a prestart task that gives the volumes to the group, and by adding the group to the containers' own"},
		{Fact: "container.security.pid", Level: native, Source: "docker: pid_mode", Cases: []support.Case{shared("processes")}},
		{Fact: "container.security.ipc", Level: native, Source: "docker: ipc_mode", Cases: []support.Case{shared("IPC namespace")}},
	}
}
