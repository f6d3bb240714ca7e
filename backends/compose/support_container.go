package compose

import (
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/support"
)

// containerRows are about the process and its surroundings.
func containerRows() support.Table {
	roles := []support.Case{
		isApproximated(sidecarOfJob, "The sidecar is a service that joins the network of the main one, and it goes on when the job has ended. Stop it with docker compose stop."),
		isApproximated(initOfReplicas, "The init container is a service that runs once for all replicas, not once for each."),
		isEmulated(inSidecar, "by a service of its own that joins the network of the main one and is restarted with it"),
		isEmulated(inInit, "by a service of its own that ends, for which the main one waits"),
	}
	const variableInstead = "Compose fills variables in and reads no files: the variable has to be set to the content of the secret's file before docker compose up."
	fromFile := isApproximated(when("with a secret from a file", secretFromFile), variableInstead)
	return support.Table{
		native("container", specServices),
		native("container.image", specServices, roles...),
		native("container.build", specServices),
		native("container.pull", specServices),
		native("container.entrypoint", specServices, fromFile),
		native("container.args", specServices, fromFile,
			isDropped(when("empty, without entrypoint", clears), "Compose reads an empty command as none, so that the image's runs. Say the entrypoint too.")),
		native("container.workdir", specServices),
		native("container.hostname", specServices,
			isDropped(when("in a sidecar", func(f *ir.Fact) bool { return inSidecar.Holds(f) && !inHostNetwork.Holds(f) }),
				"A container that joins the network of another has its host name too.")),
		native("container.tty", specServices),
		native("container.stdin", specServices),
		native("container.reaper", specServices),
		native("container.env", specServices, fromFile),
		native("container.ports", "expose and ports"),
		native("container.ports.app", "app_protocol of published ports; what Caddy speaks to those of routes",
			isDropped(when("of a port that is neither published nor, without HTTP/1.1, of a route", unsaidProtocol), "Compose says the protocol of published ports only. It stands as a comment, for people.")),
		native("container.log", specServices),
		native("container.stop", specServices),
		native("container.hooks", specServices),
		approximated("container.stop.before.http", wget, specServices),
		approximated("container.hooks.afterStart.http", wget, specServices),
	}
}

const wget = "Compose asks by commands only: this one needs wget in the image. Say it as exec, in words of the image's own, where it has none."

// fileRows are about what a container finds in its file system.
func fileRows() support.Table {
	host := when("from a file of the host", fromHost)
	shared := when("mounted at the same path by another container of the workload", isShared)
	unprivileged := when("for a process that is not said to be root", func(f *ir.Fact) bool {
		return f.Container == nil || f.Container.Security == nil || f.Container.Security.User != "0"
	})
	sharedWithInit := when("mounted at the same path by an init container too, or by what the spec calls scratch there", onDisk)
	const hostOwner = "Compose mounts the file as it is on the host, with its owner and mode. Set them there; a secret from a variable, or a root that can be written to, takes them from here."
	return support.Table{
		native("container.files", specConfigs),
		native("container.files.secret", specSecrets,
			isDropped(when("from a variable, with a read-only root", unwritable),
				"Compose writes a secret from a variable into the container, which a read-only root forbids. Take the secret from a file.")),
		native("container.files.mode", fileCode, isDropped(host, hostOwner)),
		native("container.files.uid", fileCode, isDropped(host, hostOwner)),
		native("container.files.gid", fileCode, isDropped(host, hostOwner)),

		native("container.mounts", specVolumes),
		emulated("container.mounts.scratch", "by an anonymous volume", specVolumes,
			isApproximated(unprivileged, "The volume belongs to root unless the image holds the folder and gives it to another user: a process of another user cannot write there. Make the folder in the image, or mount memory."),
			isApproximated(shared, "A named volume carries it from one container of the workload to the other. It keeps what it holds until docker compose down --volumes, and replicas of one service share it.")),
		dropped("container.mounts.scratch.size", "The volume takes what the disk of the host has. Use memory, which has a size, where the limit counts.", specVolumes),
		native("container.mounts.memory", specVolumes,
			isApproximated(sharedWithInit, "Docker frees a volume in memory as soon as no container uses it, so that what the init container writes there would be gone: it is a named volume on disk, until docker compose down --volumes."),
			isApproximated(shared, "A named volume in memory carries it from one container of the workload to the other. Docker frees it when none of them runs, and replicas of one service share it.")),
		native("container.mounts.memory.size", specVolumes,
			isApproximated(sharedWithInit, "The volume takes what the disk of the host has."),
			isApproximated(when("less than another container asks for at the same path", smallerDisk), "The containers share one volume in memory, of the largest size that one of them asks for.")),
		native("container.mounts.readOnly", specVolumes),
		approximated("container.mounts.subpath", "An Engine older than 26 mounts the whole volume, and says nothing.", "run on Docker Engine 20.10"),

		native("container.devices", specServices),
		native("container.gpus", specDeploy,
			isDropped(when("of AMD or Intel", func(f *ir.Fact) bool {
				g, ok := f.Parent.(*ir.GPUs)
				return ok && !requestable(g)
			}), "Docker asks only NVIDIA's driver for GPUs. List the device nodes under devices.")),
		native("container.shm", specServices),
	}
}

// resourceRows are about what a container may use.
func resourceRows() support.Table {
	const disk = "Docker limits the disk of a container on few file systems only. Watch the disk of the host."
	return support.Table{
		native("container.resources", specDeploy),
		dropped("container.resources.cpu", "Compose reserves no CPU. Limit what could press the container, by limits.cpu.", composeCode),
		native("container.resources.memory", specDeploy),
		dropped("container.resources.disk", disk, engineDocs),
		dropped("container.resources.limits.disk", disk, engineDocs),
		native("container.ulimits", specServices),
		native("container.sysctls", specServices,
			isEmulated(when("net.*, in a sidecar", func(f *ir.Fact) bool { return inSidecar.Holds(f) && networkSysctl(f.Name) }),
				"by the main service, whose network the sidecar is in")),
	}
}

// securityRows are about what the process is and may do.
func securityRows() support.Table {
	alone := when("without user", func(f *ir.Fact) bool { s, ok := f.Parent.(*ir.Security); return ok && s.User == "" })
	return support.Table{
		native("container.security", specServices),
		native("container.security.group", specServices,
			isDropped(alone, "Docker takes a group only together with a user. Say both.")),
		approximated("container.security.fsGroup", "The process joins the group, and volumes keep the owner that they have. Give new volumes to the group once, by an init container with chgrp.", specServices),
		native("container.security.seccomp", composeCode),
		native("container.security.pid", specServices),
		native("container.security.network", specServices,
			isApproximated(is("host"), "A container in the host's network does not see the names of the app: it reaches the others at the ports that they publish. They reach it by its name.")),
	}
}
