package ir

// Container is one process with its image, its files and its limits.
type Container struct {
	// Image that the container runs.
	Image string `spec:"image" example:"ghcr.io/acme/web:1.4.2"`
	// Build says how the image is made; with image too, that is the name it is given.
	Build *Build `spec:"build"`
	// Pull says when the image is fetched; missing when nothing is said.
	Pull string `spec:"pull" enum:"always,missing,never"`

	// Entrypoint replaces the image's ENTRYPOINT. A string is split into words as a shell would; no shell is added.
	Entrypoint *Command `spec:"entrypoint" example:"[/bin/web]"`
	// Args replaces the image's CMD. A string is split into words as a shell would; no shell is added.
	Args *Command `spec:"args" example:"[serve, --verbose]"`
	// Workdir is the folder in which the process starts.
	Workdir string `spec:"workdir" example:"/srv"`
	// Hostname that the process sees.
	Hostname string `spec:"hostname" example:"web"`
	// TTY gives the process a terminal.
	TTY bool `spec:"tty"`
	// Stdin keeps the standard input open.
	Stdin bool `spec:"stdin"`
	// Reaper runs a small process 1 that passes signals on and reaps children.
	Reaper bool `spec:"reaper"`

	// Env is the environment of the process, in order.
	Env Map[Text] `spec:"env" example:"{LOG_LEVEL: info}"`
	// Files are configs and secrets, by the path under which the process finds them.
	Files Map[FileMount] `spec:"files" example:"{/etc/web/web.yaml: \"${configs.web}\"}"`
	// Mounts are volumes, folders of the node and scratch space, by path.
	Mounts Map[Mount] `spec:"mounts" example:"{/data: {volume: data}}"`
	// Devices of the node that the container may use.
	Devices []Device `spec:"devices"`
	// GPUs that the container is given.
	GPUs *GPUs `spec:"gpus" example:"1"`
	// Shm is the size of /dev/shm.
	Shm Bytes `spec:"shm" example:"128Mi"`

	// Ports that the container listens on, by name.
	Ports Map[Port] `spec:"ports" example:"{http: 8080}"`
	// Health asks whether the container has begun, is ready, is alive.
	Health *Health `spec:"health"`

	// Resources that are reserved for the container, and its limits.
	Resources *Resources `spec:"resources"`
	// Ulimits of the process, by name.
	Ulimits Map[Ulimit] `spec:"ulimits" example:"{nofile: 65536}"`
	// Sysctls of the container's namespaces.
	Sysctls Map[string] `spec:"sysctls" example:"{net.core.somaxconn: \"1024\"}"`

	// Stop says how the container is ended.
	Stop *Stop `spec:"stop"`
	// Hooks run inside the container at moments of its life.
	Hooks *Hooks `spec:"hooks"`
	// Log says where the output of the process goes.
	Log *Log `spec:"log"`
	// Security says what the process may do.
	Security *Security `spec:"security"`
}

// Build makes an image from a folder.
type Build struct {
	// Context is the folder that is built, relative to the spec.
	Context string `spec:"context" required:"true" example:"./web"`
	// Dockerfile within the context.
	Dockerfile string `spec:"dockerfile" example:"Dockerfile"`
	// Target stage of the Dockerfile.
	Target string `spec:"target" example:"runtime"`
	// Args of the build.
	Args Map[string] `spec:"args" example:"{VERSION: \"1.4\"}"`
	// Platforms that are built for.
	Platforms []string `spec:"platforms" example:"[linux/amd64]"`
}

// FileMount gives the container one config or secret as a file, or a config that
// is a folder as a folder. Exactly one of Config and Secret is set.
type FileMount struct {
	// Config that is the file's content; in a spec: from: ${configs.web}.
	Config string `spec:"-" json:"config"`
	// Secret that is the file's content; in a spec: from: ${secrets.db-password}.
	Secret string `spec:"-" json:"secret"`
	// Key within the secret or within a config that is a folder; everything when nothing is said.
	Key string `spec:"-" json:"key"`
	// Mode of the file in octal.
	Mode *FileMode `spec:"mode" example:"0440"`
	// UID that owns the file.
	UID *int64 `spec:"uid" min:"0" example:"1000"`
	// GID that owns the file.
	GID *int64 `spec:"gid" min:"0" example:"1000"`
}

// Mount gives the container a place to read or write. Exactly one of Volume, Host,
// Scratch and Memory is set.
type Mount struct {
	// Volume of this app.
	Volume string `spec:"volume" example:"data"`
	// Subpath of the volume.
	Subpath string `spec:"subpath" example:"web"`
	// Host is a path of the node.
	Host string `spec:"host" example:"/var/log"`
	// Scratch is disk of the node that dies with the workload. Containers of the workload that mount it at the same path share it.
	Scratch *Space `spec:"scratch" example:"1Gi"`
	// Memory is a file system in memory. Containers of the workload that mount it at the same path share it.
	Memory *Space `spec:"memory" example:"64Mi"`
	// ReadOnly refuses writing.
	ReadOnly bool `spec:"readOnly"`
}

// Space is an amount of room.
type Space struct {
	// Size of the room; as much as there is when nothing is said.
	Size Bytes `spec:"size" example:"64Mi"`
}

// Device is a device node of the host.
type Device struct {
	// Host path of the device.
	Host string `spec:"host" required:"true" example:"/dev/fuse"`
	// Path in the container; the host's path when nothing is said.
	Path string `spec:"path" example:"/dev/fuse"`
	// Permissions: any of r (read), w (write), m (make nodes); rwm when nothing is said.
	Permissions string `spec:"permissions" example:"rw"`
}

// GPUs is a number of processors of one kind.
type GPUs struct {
	// Count of GPUs.
	Count int `spec:"count" required:"true" min:"1" example:"1"`
	// Vendor of the GPUs.
	Vendor string `spec:"vendor" enum:"nvidia,amd,intel"`
}

// Port is what a container listens on.
type Port struct {
	// Port number.
	Port int `spec:"port" required:"true" min:"1" max:"65535" example:"8080"`
	// Protocol below: tcp when nothing is said.
	Protocol string `spec:"protocol" enum:"tcp,udp,sctp"`
	// App protocol above: http, https, h2c, grpc, ws, …
	App string `spec:"app" example:"http"`
}

// ProtocolOrDefault returns the protocol, tcp when nothing is said.
func (p Port) ProtocolOrDefault() string {
	if p.Protocol == "" {
		return "tcp"
	}
	return p.Protocol
}

// Resources are reservations, and under limits the most that may be used.
type Resources struct {
	// CPU that is reserved, in cores.
	CPU CPU `spec:"cpu" example:"250m"`
	// Memory that is reserved.
	Memory Bytes `spec:"memory" example:"256Mi"`
	// Disk of the node that is reserved for what the container writes.
	Disk Bytes `spec:"disk" example:"1Gi"`
	// Limits are the most that may be used.
	Limits *Limits `spec:"limits"`
}

// Limits are the most that a container may use.
type Limits struct {
	// CPU in cores.
	CPU CPU `spec:"cpu" example:"1"`
	// Memory; a process that needs more is killed.
	Memory Bytes `spec:"memory" example:"512Mi"`
	// Pids is the most processes and threads.
	Pids int `spec:"pids" min:"1" example:"200"`
	// Disk of the node that the container may fill.
	Disk Bytes `spec:"disk" example:"2Gi"`
}

// Ulimit is a limit of the kernel on a process; -1 means none.
type Ulimit struct {
	// Soft limit, which the process can raise to the hard one.
	Soft int64 `spec:"soft" required:"true" min:"-1" example:"1024"`
	// Hard limit.
	Hard int64 `spec:"hard" required:"true" min:"-1" example:"65536"`
}

// Stop is how a container is ended: before, then the signal, then after the grace
// a kill.
type Stop struct {
	// Signal that asks the process to end; the image's, else SIGTERM.
	Signal string `spec:"signal" example:"SIGTERM"`
	// Grace is how long the process has for ending by itself.
	Grace *Duration `spec:"grace" example:"30s"`
	// Before is run before the signal is sent.
	Before *Hook `spec:"before"`
}

// Hooks run inside the container.
type Hooks struct {
	// AfterStart runs when the container has been started.
	AfterStart *Hook `spec:"afterStart"`
}

// Hook is a command or a request. Exactly one of Exec and HTTP is set.
type Hook struct {
	// Exec runs a command in the container: a list is an argv, a string is run by /bin/sh -c.
	Exec *Command `spec:"exec" example:"[/bin/web, warm]"`
	// HTTP asks the container.
	HTTP *HTTPAction `spec:"http"`
}

// Log is where output goes.
type Log struct {
	// Driver that takes the output.
	Driver string `spec:"driver" required:"true" example:"json-file"`
	// Options of the driver.
	Options Map[string] `spec:"options" example:"{max-size: 10m}"`
}
