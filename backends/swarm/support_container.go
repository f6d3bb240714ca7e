package swarm

import (
	"github.com/decamp-dev/decamp/backends/internal/row"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/support"
)

// containerRows are about the process and its surroundings.
func containerRows() support.Table {
	roles := []support.Case{
		row.IsApproximated(inSidecar, "Swarm has no pods: the sidecar is a service of its own, reached by its own name and not at localhost, and may run on another node than the main one."),
		row.IsApproximated(inInit, "Swarm has no pods: the init container is a job of its own, deployed before the others. It runs once for all replicas, and again when it changes, not whenever one starts."),
	}
	const inSpec = "docker stack deploy fills the value in from a variable, and it then stands in the definition of the service, where everyone reads it who may ask a manager (docker service inspect). Swarm reads {{ in it as the beginning of a template. Mount the secret as a file, or give it by a config that is a template."
	secret := row.IsApproximated(withSecret, inSpec)
	return support.Table{
		row.Native("container", form),
		row.Native("container.image", form, roles...),
		row.Dropped("container.build", "Swarm builds nothing. Build the image and push it, under the name that image says, before the stack is deployed.", unread),
		row.Dropped("container.pull", "Each node pulls an image that it lacks; docker stack deploy pins what a tag stands for then (--resolve-image).", form),
		row.Native("container.entrypoint", engineRun, secret,
			row.IsEmulated(row.When("empty, with arguments", clearsEntrypoint), "by the arguments as the entrypoint, which are then the whole command"),
			row.IsDropped(row.When("empty, without arguments", clearsNothing), "Swarm reads an empty entrypoint as the image's own. Say the whole command as the entrypoint.")),
		row.Native("container.args", engineRun, secret,
			row.IsDropped(row.When("empty, without entrypoint", clearsNothing), "Swarm reads empty arguments as the image's own. Say the entrypoint too.")),
		row.Native("container.workdir", form),
		row.Native("container.hostname", form),
		row.Native("container.tty", form),
		row.Native("container.stdin", form),
		row.Native("container.reaper", form),
		row.Native("container.env", engineRun, secret),
		row.Native("container.ports", "ports of members of a network are open to each other",
			row.IsApproximated(row.When("in a sidecar", func(f *ir.Fact) bool { return f.Role == ir.Sidecar }), "The port is reached under the name of the sidecar's own service, WORKLOAD-SIDECAR. References to it, routes and what is published lead there.")),
		row.Dropped("container.ports.app", "Swarm knows no protocol above. It stands as a comment, for people.", form,
			row.IsEmulated(row.When("h2c, grpc or https, of a port of a route", routedProtocol), "by Caddy, which speaks it to the workload")),
		row.Native("container.log", form),
		row.Native("container.stop", form),
		row.Dropped("container.stop.before", "Swarm has no hooks. Let the process do it when it gets the signal.", form),
		row.Dropped("container.hooks", "Swarm has no hooks. Let the process do it, or an entrypoint around it.", form),
	}
}

// routedProtocol holds for a protocol above that the proxy of the routes needs to know.
func routedProtocol(f *ir.Fact) bool {
	for i := range f.App.Routes {
		if f.App.Routes[i].Value.To == (ir.PortRef{Workload: f.WorkloadName, Port: f.Name}) {
			return f.Word() == "h2c" || f.Word() == "grpc" || f.Word() == "https"
		}
	}
	return false
}

// fileRows are about what a container finds in its file system.
func fileRows() support.Table {
	shared := row.When("mounted at the same path by another container of the workload", sharedSpace)
	const apart = "The containers of a workload run apart, and each has room of its own: what one writes, the others do not see. Use a volume."
	return support.Table{
		row.Native("container.files", form),
		row.Native("container.mounts", form),
		row.Approximated("container.mounts.subpath", "An Engine older than 26 mounts the whole volume, and says nothing.", "docker/cli, cli/compose/convert; run on Docker Engine 20.10"),
		row.Native("container.mounts.host", engineRun),
		row.Emulated("container.mounts.scratch", "by an anonymous volume", conversion, row.IsApproximated(shared, apart)),
		row.Dropped("container.mounts.scratch.size", "The volume takes what the disk of the node has. Use memory, which has a size, where the limit counts.", form),
		row.Emulated("container.mounts.memory", "by a mount of type tmpfs: the service's own key tmpfs is read and dropped", engineRun, row.IsApproximated(shared, apart)),

		row.Dropped("container.devices", "Swarm gives containers no devices. Keep the workload on a platform that does, or have the engines of the nodes add them (CDI, a default runtime).", unread),
		row.Approximated("container.gpus", "By a generic resource: engines have to advertise it (node-generic-resources in daemon.json), and their default runtime gives the GPUs to the container.", conversion),
		row.Emulated("container.shm", "by a mount of type tmpfs: the key shm_size is read over", engineRun,
			row.IsDropped(row.When("with a mount at "+shmPath, func(f *ir.Fact) bool { return mountsShm(f.Container) }), "The mount there is what counts.")),
	}
}

// resourceRows are about what a container may use.
func resourceRows() support.Table {
	const disk = "Swarm neither reserves nor limits disk. Watch the disks of the nodes."
	return support.Table{
		row.Native("container.resources", form),
		row.Dropped("container.resources.disk", disk, form),
		row.Dropped("container.resources.limits.disk", disk, form),
		row.Native("container.ulimits", form),
		row.Native("container.sysctls", form),
	}
}

// securityRows are about what the process is and may do.
func securityRows() support.Table {
	alone := row.When("without user", func(f *ir.Fact) bool { s, ok := f.Parent.(*ir.Security); return ok && s.User == "" })
	const option = "docker stack deploy reads security_opt over. Set it for the engines of the nodes (daemon.json), or keep the workload on a platform that has it."
	return support.Table{
		row.Native("container.security", form),
		row.Native("container.security.group", form, row.IsDropped(alone, "Docker takes a group only together with a user. Say both.")),
		row.Dropped("container.security.groups", "A stack file has no group_add. Give the process its group as its own, or in the image's /etc/group.", form),
		row.Dropped("container.security.fsGroup", "Volumes keep the owner that they have. Give new ones to the process once, by hand or in the image.", form),
		row.Dropped("container.security.privileged", "docker stack deploy reads privileged over. Keep the workload on a platform that has it, or add the capabilities that it needs.", unread),
		row.Dropped("container.security.noNewPrivileges", option, unread),
		row.Dropped("container.security.seccomp", option, unread, row.IsNative(row.Is("default"))),
		row.Dropped("container.security.apparmor", option, unread, row.IsNative(row.Is("default"))),
		row.Dropped("container.security.selinux", option, unread),
		row.Dropped("container.security.pid", "Swarm gives each container its own. Keep the workload on a platform that shares them.", unread, row.IsNative(row.Is("own"))),
		row.Dropped("container.security.ipc", "Swarm gives each container its own. Keep the workload on a platform that shares them.", unread, row.IsNative(row.Is("own"))),
		row.Approximated("container.security.network", "In the node's network a container does not see the names of the stack, and the others do not find it by its own.", engineRun, row.IsNative(row.Is("own"))),
	}
}
