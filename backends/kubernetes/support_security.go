package kubernetes

import (
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/support"
)

// securityRows are about what a process is and may do.
func securityRows() []support.Row {
	numbers := "Kubernetes knows ids only, since it does not look into the image's list of users. Give the number."
	workload := when("when the container is not the main one", notMain, support.Dropped, "It belongs to the whole pod. Say it for the workload.")
	return []support.Row{
		native("container.security", "SecurityContext"),
		native("container.security.user", "SecurityContext.runAsUser",
			when("when it is a name", isNoNumber, support.Dropped, numbers),
			when("when no group is given", withoutGroup, support.Approximated,
				"The group of the process is 0, root's, whatever the image says of the user. Give the group too.")),
		native("container.security.group", "SecurityContext.runAsGroup",
			when("when it is a name", isNoNumber, support.Dropped, numbers)),
		native("container.security.groups", "PodSecurityContext.supplementalGroups",
			when("when the container is not the main one", notMain, support.Approximated, "The groups belong to the whole pod, so that its other containers have them too.")),
		native("container.security.fsGroup", "PodSecurityContext.fsGroup", workload),
		native("container.security.readOnlyRoot", "SecurityContext.readOnlyRootFilesystem"),
		native("container.security.noNewPrivileges", "SecurityContext.allowPrivilegeEscalation: false",
			when("when the container is privileged or has SYS_ADMIN", hasPrivileges, support.Dropped, "Kubernetes refuses it beside privileged and SYS_ADMIN. Take those away.")),
		native("container.security.seccomp", "SecurityContext.seccompProfile"),
		native("container.security.apparmor", "SecurityContext.appArmorProfile; an annotation below 1.30"),
		native("container.security.pid", "PodSpec.hostPID, shareProcessNamespace", workload),
		native("container.security.ipc", "PodSpec.hostIPC; the containers of a pod share theirs", workload,
			when("when the workload has sidecars that are to be kept apart", both(isWord("own"), hasSidecars), support.Dropped,
				"The containers of a pod always share it. Make the sidecars workloads of their own.")),
		native("container.security.network", "PodSpec.hostNetwork", workload),
	}
}

func isNoNumber(f *ir.Fact) bool {
	_, ok := numeric(f.Word())
	return !ok
}

func withoutGroup(f *ir.Fact) bool {
	s, ok := f.Parent.(*ir.Security)
	return ok && s.Group == ""
}

func hasPrivileges(f *ir.Fact) bool {
	s, ok := f.Parent.(*ir.Security)
	return ok && needsPrivileges(s)
}

func hasSidecars(f *ir.Fact) bool { return len(f.Workload.Sidecars) > 0 }
