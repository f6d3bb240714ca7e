package ir

// Security is what a container's process is and may do.
type Security struct {
	// User id of the process; the image's when nothing is said.
	User string `spec:"user" example:"1000"`
	// Group id of the process; the image's when nothing is said.
	Group string `spec:"group" example:"1000"`
	// Groups that the process belongs to besides.
	Groups []int64 `spec:"groups" example:"[2000]"`
	// FSGroup owns the volumes of the workload; belongs to the workload, not to a sidecar.
	FSGroup *int64 `spec:"fsGroup" min:"0" example:"2000"`
	// ReadOnlyRoot refuses writing outside of mounts.
	ReadOnlyRoot bool `spec:"readOnlyRoot"`
	// Privileged gives the process nearly all that root of the node may do.
	Privileged bool `spec:"privileged"`
	// Capabilities of the kernel that are added and dropped.
	Capabilities *Capabilities `spec:"capabilities"`
	// NoNewPrivileges keeps the process from gaining rights, for instance by setuid programs.
	NoNewPrivileges bool `spec:"noNewPrivileges"`
	// Seccomp profile: default (the runtime's), unconfined, or the path of a profile.
	Seccomp string `spec:"seccomp" example:"default"`
	// AppArmor profile: default (the runtime's), unconfined, or the name of a profile on the node.
	AppArmor string `spec:"apparmor" example:"default"`
	// SELinux options of the process.
	SELinux *SELinux `spec:"selinux"`
	// PID namespace: own (the default), share (the containers of the workload see each other's processes) or host; belongs to the workload.
	PID string `spec:"pid" enum:"own,share,host"`
	// IPC namespace: own, share or host; belongs to the workload.
	IPC string `spec:"ipc" enum:"own,share,host"`
	// Network namespace: own (one for the workload, the default) or host; belongs to the workload.
	Network string `spec:"network" enum:"own,host"`
}

// Capabilities of the kernel, without the CAP_ prefix.
type Capabilities struct {
	// Add lists capabilities that the process gains.
	Add []string `spec:"add" example:"[NET_BIND_SERVICE]"`
	// Drop lists capabilities that the process loses; ALL for every one.
	Drop []string `spec:"drop" example:"[ALL]"`
}

// SELinux labels of a process.
type SELinux struct {
	// User part of the label.
	User string `spec:"user" example:"system_u"`
	// Role part of the label.
	Role string `spec:"role" example:"system_r"`
	// Type part of the label.
	Type string `spec:"type" example:"container_t"`
	// Level part of the label.
	Level string `spec:"level" example:"s0:c1,c2"`
}
