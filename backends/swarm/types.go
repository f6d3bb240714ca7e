package swarm

import "github.com/decamp-dev/decamp/compiler/ir"

// The form of a stack file, as far as it is written here, in the order in which people
// write it. TestForm proves the names and types against docker/cli's own.

// words is a list that stands on one line.
type words []string

type (
	duration  ir.Duration
	byteSize  ir.Bytes // written with a unit, which is a power of 1024
	byteCount ir.Bytes // written as a plain number
	fileMode  ir.FileMode
)

type service struct {
	Image           string              `yaml:"image,omitempty"`
	Hostname        string              `yaml:"hostname,omitempty"`
	Entrypoint      words               `yaml:"entrypoint,omitempty"`
	Command         words               `yaml:"command,omitempty"`
	WorkingDir      string              `yaml:"working_dir,omitempty"`
	User            string              `yaml:"user,omitempty"`
	Init            bool                `yaml:"init,omitempty"`
	TTY             bool                `yaml:"tty,omitempty"`
	StdinOpen       bool                `yaml:"stdin_open,omitempty"`
	Environment     ir.Map[string]      `yaml:"environment,omitempty"`
	Configs         []fileReference     `yaml:"configs,omitempty"`
	Secrets         []fileReference     `yaml:"secrets,omitempty"`
	Volumes         []mount             `yaml:"volumes,omitempty"`
	Networks        ir.Map[*attachment] `yaml:"networks,omitempty"`
	ExtraHosts      []string            `yaml:"extra_hosts,omitempty"`
	Ports           []port              `yaml:"ports,omitempty"`
	DependsOn       words               `yaml:"depends_on,omitempty"` // Swarm reads it over: it is for people
	HealthCheck     *healthCheck        `yaml:"healthcheck,omitempty"`
	StopSignal      string              `yaml:"stop_signal,omitempty"`
	StopGracePeriod *duration           `yaml:"stop_grace_period,omitempty"`
	ReadOnly        bool                `yaml:"read_only,omitempty"`
	CapAdd          words               `yaml:"cap_add,omitempty"`
	CapDrop         words               `yaml:"cap_drop,omitempty"`
	Sysctls         ir.Map[string]      `yaml:"sysctls,omitempty"`
	Ulimits         ir.Map[ir.Ulimit]   `yaml:"ulimits,omitempty"`
	Deploy          deploy              `yaml:"deploy,omitempty"`
	Logging         *logging            `yaml:"logging,omitempty"`
	Labels          ir.Map[string]      `yaml:"labels,omitempty"`
}

// fileReference gives a container a config or a secret.
type fileReference struct {
	Source string    `yaml:"source"`
	Target string    `yaml:"target,omitempty"`
	UID    string    `yaml:"uid,omitempty"`
	GID    string    `yaml:"gid,omitempty"`
	Mode   *fileMode `yaml:"mode,omitempty"`
}

// mount is a place to read or write. The service's own key tmpfs is read and dropped,
// so that memory is a mount too.
type mount struct {
	Type     string        `yaml:"type"`
	Source   string        `yaml:"source,omitempty"`
	Target   string        `yaml:"target"`
	ReadOnly bool          `yaml:"read_only,omitempty"`
	Volume   *mountVolume  `yaml:"volume,omitempty"`
	Tmpfs    *mountMemory  `yaml:"tmpfs,omitempty"`
	Bind     *mountBinding `yaml:"bind,omitempty"`
}

type mountVolume struct {
	NoCopy  bool   `yaml:"nocopy,omitempty"`
	Subpath string `yaml:"subpath,omitempty"`
}

type mountMemory struct {
	Size byteCount `yaml:"size,omitempty"`
}

type mountBinding struct {
	Propagation string `yaml:"propagation,omitempty"`
}

// attachment is the membership in a network. ipv4_address is read and dropped, and so
// not written.
type attachment struct {
	Aliases words `yaml:"aliases,omitempty"`
}

// port is published. A range is written in the short form, which stands for as many
// ports as it has.
type port struct {
	Target    int    `yaml:"target,omitempty"`
	Published int    `yaml:"published,omitempty"`
	Protocol  string `yaml:"protocol,omitempty"`
	Mode      string `yaml:"mode,omitempty"`
	Range     string `yaml:"-"`
}

type healthCheck struct {
	Test          words     `yaml:"test,omitempty"`
	Interval      duration  `yaml:"interval,omitempty"`
	Timeout       duration  `yaml:"timeout,omitempty"`
	Retries       int       `yaml:"retries,omitempty"`
	StartPeriod   *duration `yaml:"start_period,omitempty"`
	StartInterval *duration `yaml:"start_interval,omitempty"`
}

type deploy struct {
	Mode           string         `yaml:"mode,omitempty"`
	Replicas       *int           `yaml:"replicas,omitempty"`
	EndpointMode   string         `yaml:"endpoint_mode,omitempty"`
	RestartPolicy  *restartPolicy `yaml:"restart_policy,omitempty"`
	UpdateConfig   *updateConfig  `yaml:"update_config,omitempty"`
	RollbackConfig *updateConfig  `yaml:"rollback_config,omitempty"`
	Placement      placement      `yaml:"placement,omitempty"`
	Resources      resources      `yaml:"resources,omitempty"`
	Labels         ir.Map[string] `yaml:"labels,omitempty"`
}

type restartPolicy struct {
	Condition   string    `yaml:"condition,omitempty"`
	Delay       *duration `yaml:"delay,omitempty"`
	MaxAttempts *int      `yaml:"max_attempts,omitempty"`
	Window      *duration `yaml:"window,omitempty"`
}

type updateConfig struct {
	Order         string   `yaml:"order,omitempty"`
	Parallelism   *int     `yaml:"parallelism,omitempty"`
	Delay         duration `yaml:"delay,omitempty"`
	Monitor       duration `yaml:"monitor,omitempty"`
	FailureAction string   `yaml:"failure_action,omitempty"`
}

type placement struct {
	Constraints        []string     `yaml:"constraints,omitempty"`
	Preferences        []preference `yaml:"preferences,omitempty"`
	MaxReplicasPerNode int          `yaml:"max_replicas_per_node,omitempty"`
}

type preference struct {
	Spread string `yaml:"spread"`
}

type resources struct {
	Reservations reservations `yaml:"reservations,omitempty"`
	Limits       limits       `yaml:"limits,omitempty"`
}

// cpus are texts: the schema takes no numbers.
type reservations struct {
	CPUs             string            `yaml:"cpus,omitempty"`
	Memory           byteSize          `yaml:"memory,omitempty"`
	GenericResources []genericResource `yaml:"generic_resources,omitempty"`
}

type limits struct {
	CPUs   string   `yaml:"cpus,omitempty"`
	Memory byteSize `yaml:"memory,omitempty"`
	Pids   int      `yaml:"pids,omitempty"`
}

type genericResource struct {
	Discrete discreteResource `yaml:"discrete_resource_spec"`
}

type discreteResource struct {
	Kind  string `yaml:"kind"`
	Value int    `yaml:"value"`
}

type logging struct {
	Driver  string         `yaml:"driver,omitempty"`
	Options ir.Map[string] `yaml:"options,omitempty"`
}

type network struct {
	Name       string         `yaml:"name,omitempty"`
	External   bool           `yaml:"external,omitempty"`
	Driver     string         `yaml:"driver,omitempty"`
	DriverOpts ir.Map[string] `yaml:"driver_opts,omitempty"`
	Internal   bool           `yaml:"internal,omitempty"`
	Attachable bool           `yaml:"attachable,omitempty"`
	IPAM       ipam           `yaml:"ipam,omitempty"`
	Labels     ir.Map[string] `yaml:"labels,omitempty"`
}

type ipam struct {
	Config []ipamPool `yaml:"config,omitempty"`
}

type ipamPool struct {
	Subnet string `yaml:"subnet"`
}

type volume struct {
	Name       string         `yaml:"name,omitempty"`
	External   bool           `yaml:"external,omitempty"`
	Driver     string         `yaml:"driver,omitempty"`
	DriverOpts ir.Map[string] `yaml:"driver_opts,omitempty"`
	Labels     ir.Map[string] `yaml:"labels,omitempty"`
}

type config struct {
	Name           string         `yaml:"name,omitempty"`
	File           string         `yaml:"file,omitempty"`
	TemplateDriver string         `yaml:"template_driver,omitempty"`
	Labels         ir.Map[string] `yaml:"labels,omitempty"`
}

type secret struct {
	External bool   `yaml:"external"`
	Name     string `yaml:"name,omitempty"`
}
