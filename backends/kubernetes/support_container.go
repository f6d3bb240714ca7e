package kubernetes

import (
	"slices"
	"strings"

	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/support"
)

// containerRows are about one container, whatever its role.
func containerRows() []support.Row {
	image := "A cluster pulls images and builds none. Build the image, push it to a registry, and name it in image."
	sidecarJob := "A sidecar that is a plain container keeps the job from ending. Use a cluster of 1.29 or newer, or let the sidecar end by itself."
	return []support.Row{
		native("container", "Container"),
		native("container.image", "Container.image",
			support.Case{Below: "1.29", Level: support.Approximated, Means: sidecarJob,
				When: support.Condition{Doc: "when it is a sidecar of a job", Holds: both(hasRole(ir.Sidecar), isKind(ir.Job, ir.Cron))}}),
		dropped("container.build", image, "Container.image"),
		native("container.pull", "Container.imagePullPolicy"),
		native("container.entrypoint", "Container.command", when("when it is empty", isEmptyCommand, support.Dropped,
			"Kubernetes takes an empty command for none, and the image's entrypoint runs. Write the whole command.")),
		native("container.args", "Container.args", when("when they are empty", isEmptyCommand, support.Dropped,
			"Kubernetes takes empty arguments for none, and the image's run. Repeat the image's entrypoint as entrypoint: that drops them.")),
		native("container.workdir", "Container.workingDir"),
		native("container.hostname", "PodSpec.hostname",
			when("when the container is not the main one", notMain, support.Dropped, "A pod has one hostname. Say it for the workload."),
			when("when the workload is stateful", isStateful, support.Dropped, "The replicas of a StatefulSet are called by their own names, such as db-0."),
			when("when the workload uses the network of its node", onHostNetwork, support.Dropped, "A pod in the network of its node has the node's name."),
			when("when it is no DNS label", func(f *ir.Fact) bool { return hostLabel(f.Word()) != f.Word() }, support.Approximated,
				"Kubernetes calls a pod by a DNS label: what follows a dot is left out, capitals are small, and _ becomes -.")),
		native("container.tty", "Container.tty"),
		native("container.stdin", "Container.stdin"),
		emulated("container.reaper", "by sharing the processes of the pod's containers, whose first process reaps", "PodSpec.shareProcessNamespace",
			when("when the pod sees the processes of its node", onHostPID, support.Dropped, "The node's own first process reaps there.")),

		native("container.env", "Container.env; values with references by $(NAME)"),
		native("container.files", "volumes of ConfigMaps and Secrets"),
		native("container.files.mode", "ConfigMap and Secret volumes, defaultMode",
			when("when the config holds a secret", fromRendered, support.Dropped, "The file is written by an init container and can be read by all in the pod (0644)."),
			when("with bits beyond 0777", moreThanPermissions, support.Approximated,
				"The API takes modes up to 0777: the bits for set-user-ID, set-group-ID and sticky are left out.")),
		dropped("container.files.uid", "Files from ConfigMaps and Secrets belong to root. Let a mode or security.fsGroup make them readable.", "ConfigMapVolumeSource"),
		dropped("container.files.gid", "Files from ConfigMaps and Secrets belong to root's group. Say security.fsGroup: it becomes their group.", "ConfigMapVolumeSource"),
		native("container.mounts", "volumes and volumeMounts"),
		native("container.mounts.host", "hostPath"),
		native("container.mounts.scratch", "emptyDir"),
		native("container.mounts.memory", "emptyDir, medium Memory; counts against the memory limit"),

		dropped("container.devices", "Devices come from a device plugin on Kubernetes. Install one and ask for its resource by a platform entry, or say security.privileged.", "device plugins",
			when("when the container is privileged", inPrivileged, support.Emulated, "by mounting the device into a privileged container")),
		dropped("container.devices.permissions", "A privileged container has all rights on a device.", "SecurityContext.privileged"),
		native("container.gpus", "limits of the vendors' device plugins"),
		emulated("container.shm", "by a volume in memory at /dev/shm", "emptyDir, medium Memory"),

		native("container.ports", "Container.ports and Service.ports"),
		native("container.ports.app", "Service appProtocol",
			when("when the container is an init container", hasRole(ir.Init), support.Dropped, "No Service leads to an init container.")),

		native("container.resources", "requests and limits"),
		dropped("container.resources.limits.pids", "The number of processes is limited by the kubelet for all pods of a node (podPidsLimit).", "KubeletConfiguration.podPidsLimit"),
		dropped("container.ulimits", "Limits of processes are those of the node's container runtime. Raise them there, or let the image's entrypoint run `ulimit`.", "CRI"),
		native("container.sysctls", "PodSecurityContext.sysctls",
			when("when the pod uses the namespace of its node", ofNode, support.Dropped, "It would change the node. Set it there, or take security.network or security.ipc away."),
			when("when the sysctl is not one of the safe ones", isUnsafeSysctl, support.Approximated,
				"The sysctl is not among those that Kubernetes takes for safe: a node refuses the pod unless its kubelet allows it by --allowed-unsafe-sysctls.")),

		native("container.stop", "Lifecycle",
			when("when the container is an init container", hasRole(ir.Init), support.Dropped, "An init container has no lifecycle on Kubernetes.")),
		approximated("container.stop.signal", "It is said as lifecycle.stopSignal, which clusters heed whose feature gate ContainerStopSignals is on; the others send the signal of the image. Name it in the image too.", "Lifecycle.stopSignal",
			when("when it is SIGTERM", isSIGTERM, support.Native, ""),
			when("when the container is an init container", hasRole(ir.Init), support.Dropped, "An init container has no lifecycle on Kubernetes. Name the signal in the image."),
			below("1.33", support.Dropped, "Kubernetes sends the signal that the image names (STOPSIGNAL), else SIGTERM. Name it in the image.")),
		native("container.stop.grace", "PodSpec.terminationGracePeriodSeconds",
			when("when the container is not the main one", notMain, support.Dropped, "All containers of a pod have the same time for ending. Say it for the workload.")),
		native("container.stop.before", "Lifecycle.preStop",
			when("when the container is an init container", hasRole(ir.Init), support.Dropped, "An init container has no hooks on Kubernetes. Make the command a part of it."),
			when("when the command needs a secret or a config", needsValue, support.Dropped, "Kubernetes fills no values into hooks. Let a script in the image read them from variables.")),
		native("container.hooks.afterStart", "Lifecycle.postStart",
			when("when the container is an init container", hasRole(ir.Init), support.Dropped, "An init container has no hooks on Kubernetes. Make the command a part of it."),
			when("when the command needs a secret or a config", needsValue, support.Dropped, "Kubernetes fills no values into hooks. Let a script in the image read them from variables.")),
		approximated("container.hooks.afterStart.http", "The kubelet asks once, as soon as the process has been started: where it does not listen by then, the container is ended and started again. Use a command that tries again.", "Lifecycle.postStart.httpGet",
			when("when the container is an init container", hasRole(ir.Init), support.Dropped, "An init container has no hooks on Kubernetes. Make the command a part of it.")),
		dropped("container.log", "Pods write to the node, and an agent of the cluster takes it from there. Set the agent up, or the rotation in the kubelet.", "KubeletConfiguration.containerLogMaxSize"),
	}
}

func notMain(f *ir.Fact) bool { return f.Role != ir.Main }

func isEmptyCommand(f *ir.Fact) bool {
	c, ok := f.Value().(*ir.Command)
	return ok && c != nil && len(c.Words) == 0
}

func needsValue(f *ir.Fact) bool {
	c, ok := f.Value().(*ir.Command)
	return ok && c != nil && slices.ContainsFunc(c.Words, func(t ir.Text) bool { return t.HasRef(ir.RefSecret) || t.HasRef(ir.RefConfig) })
}

func onHostPID(f *ir.Fact) bool {
	return f.Workload.Security != nil && f.Workload.Security.PID == "host"
}

func inPrivileged(f *ir.Fact) bool { return isPrivileged(f.Container) }

func isSIGTERM(f *ir.Fact) bool { return f.Role != ir.Init && stopSignal(f.Word()) == "" }

// moreThanPermissions finds a mode with set-user-ID, set-group-ID or the sticky bit.
func moreThanPermissions(f *ir.Fact) bool {
	m, ok := f.Parent.(*ir.FileMount)
	return ok && m.Mode != nil && *m.Mode > 0o777
}

func fromRendered(f *ir.Fact) bool {
	m, ok := f.Parent.(*ir.FileMount)
	if !ok || m.Config == "" {
		return false
	}
	c := f.App.Configs.Ref(m.Config)
	return c != nil && newConfig(m.Config, c).rendered
}

// safeSysctls lists what every kubelet allows.
func safeSysctls() []string {
	return []string{
		"kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range",
		"net.ipv4.ip_unprivileged_port_start", "net.ipv4.ip_local_reserved_ports", "net.ipv4.tcp_keepalive_time",
		"net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes",
		"net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem",
	}
}

// ofNode holds for a sysctl of a namespace that the pod shares with its node, which
// Kubernetes refuses.
func ofNode(f *ir.Fact) bool { return isOfNode(f.Workload, f.Name) }

func isOfNode(w *ir.Workload, sysctl string) bool {
	if w.Security == nil {
		return false
	}
	if strings.HasPrefix(sysctl, "net.") {
		return w.Security.Network == "host"
	}
	return w.Security.IPC == "host"
}

func isUnsafeSysctl(f *ir.Fact) bool { return !slices.Contains(safeSysctls(), f.Name) }
