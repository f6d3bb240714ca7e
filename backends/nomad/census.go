package nomad

import (
	"strings"

	"github.com/decamp-dev/decamp/compiler/backend"
)

// fieldGroup says the same of several fields of one type of Nomad's API.
type fieldGroup struct {
	typ     string // the type's name in the API
	names   string // in HCL; the Go name, with !, where HCL has none
	verdict backend.Verdict
	because string
}

const (
	serverFills = "Nomad's servers fill it in, or no file can say it"
	ownWords    = "only Nomad has words for it; the difference to what would be written is kept"
	whole       = "kept whole: only Consul's service mesh has words for it"
)

// fieldGroups say what becomes of each field of a job. Whatever is mapped is carried
// too where writing would not give the same back.
func fieldGroups() []fieldGroup {
	const m, c, i = backend.Mapped, backend.Carried, backend.Ignored
	return []fieldGroup{
		{"Job", "id name", m, "the name of the app, where all jobs begin with it; the ledger keeps the id"},
		{"Job", "type", m, "the kind; sysbatch is carried"},
		{"Job", "priority", m, "priority"},
		{"Job", "constraint affinity spread", m, "placement, where it is about labels of nodes"},
		{"Job", "group", m, "a workload each; groups without a container are carried"},
		{"Job", "update reschedule migrate", m, "handed down to the groups"},
		{"Job", "periodic", m, "the schedule"},
		{"Job", "meta", m, "labels, where they are short words; else carried"},
		{"Job", "region namespace all_at_once datacenters node_pool multiregion parameterized ui", c, ownWords},
		{"Job", "!Stop !ParentID !Dispatched !DispatchIdempotencyToken !Payload !ConsulNamespace !VaultNamespace !NomadTokenID !Status !StatusDescription !Stable !Version !SubmitTime !CreateIndex !ModifyIndex !JobModifyIndex !VersionTag", i, serverFills},
		{"JobVersionTag", "!Name !Description !TaggedTime", i, serverFills},
		{"JobUIConfig", "description link", c, ownWords},
		{"JobUILink", "label url", c, ownWords},

		{"Constraint", "attribute value operator", m, "a rule of placement, where it compares a label of nodes; else carried"},
		{"Affinity", "attribute value operator weight", m, "a preference of placement of the usual weight; else carried"},
		{"Spread", "attribute weight", m, "placement.spread"},
		{"Spread", "target", c, ownWords},
		{"SpreadTarget", "!Value percent", c, ownWords},

		{"TaskGroup", "name", m, "the name of the workload; the ledger keeps the group's own"},
		{"TaskGroup", "count", m, "replicas, or completions of a job"},
		{"TaskGroup", "constraint affinity spread", m, "placement, where it is about labels of nodes"},
		{"TaskGroup", "task", m, "the main container, sidecars and init containers; others are carried"},
		{"TaskGroup", "volume", m, "volumes"},
		{"TaskGroup", "restart reschedule", m, "restart and job.retries"},
		{"TaskGroup", "update", m, "update"},
		{"TaskGroup", "migrate", m, "disruption"},
		{"TaskGroup", "network", m, "ports, publish, hostname"},
		{"TaskGroup", "service", m, "ports, probes, routes; names and tags are carried"},
		{"TaskGroup", "scaling", m, "scale, where the policy keeps CPU or memory at a share"},
		{"TaskGroup", "ephemeral_disk", c, "the disk of a group is said for each container here"},
		{"TaskGroup", "meta", c, "only tasks read it, as variables NOMAD_META_…"},
		{"TaskGroup", "disconnect shutdown_delay max_run_duration stop_after_client_disconnect max_client_disconnect consul prevent_reschedule_on_lost", c, ownWords},
		{"DisconnectStrategy", "lost_after stop_on_client_after replace reconcile", c, ownWords},
		{"EphemeralDisk", "sticky migrate size", c, ownWords},

		{"Task", "name", m, "the name of the container; the ledger keeps the task's own"},
		{"Task", "driver", m, "docker and podman are containers; tasks of other drivers are carried whole, with a warning"},
		{"Task", "user", m, "security.user and group"},
		{"Task", "lifecycle", m, "init containers and sidecars; poststart and poststop are carried"},
		{"Task", "config", m, "image, command, mounts, security; other settings of the driver are carried"},
		{"Task", "env", m, "env; what only a client can fill in is carried, with a warning"},
		{"Task", "service", m, "ports, probes, routes; names and tags are carried"},
		{"Task", "resources", m, "resources"},
		{"Task", "kill_timeout kill_signal", m, "stop"},
		{"Task", "template", m, "files, env and secrets, where it is text, Nomad variables and services of the app; else carried, with a warning"},
		{"Task", "volume_mount", m, "mounts"},
		{"Task", "leader", m, "the main container; carried too"},
		{"Task", "constraint affinity restart meta logs artifact vault consul dispatch_payload csi_plugin shutdown_delay kind scaling secret !Identity identity action schedule", c, ownWords},
		{"TaskLifecycle", "hook sidecar", m, "init containers and sidecars"},
		{"TaskSchedule", "cron", c, ownWords},
		{"TaskScheduleCron", "start end timezone", c, ownWords},
		{"Secret", "name provider path config env", c, ownWords},
		{"Action", "name command args", c, ownWords},
		{"DispatchPayloadConfig", "file", c, ownWords},
		{"TaskCSIPluginConfig", "id type mount_dir stage_publish_base_dir health_timeout", c, ownWords},
		{"TaskArtifact", "source options headers mode insecure destination chown", c, ownWords},
		{"WorkloadIdentity", "name aud change_mode change_signal env file filepath service_name ttl extra_claims", c, ownWords},
		{"Vault", "policies role namespace cluster env disable_file change_mode change_signal allow_token_expiration", c, ownWords},
		{"Consul", "namespace cluster partition", c, ownWords},
		{"LogConfig", "max_files max_file_size enabled disabled", c, ownWords},

		{"Service", "name", m, "references of templates find workloads by it; the ledger keeps it"},
		{"Service", "port", m, "the port that it leads to"},
		{"Service", "tags", m, "protocols of ports, and routes by Traefik's rules; carried where there are others"},
		{"Service", "check", m, "probes"},
		{"Service", "check_restart", m, "the live probe"},
		{"Service", "task", m, "the container that is asked"},
		{"Service", "canary_tags enable_tag_override address_mode address connect meta canary_meta tagged_addresses on_update identity weights provider cluster kind", c, ownWords},
		{"ServiceWeights", "passing warning", c, ownWords},
		{"ServiceCheck", "type path protocol port interval timeout header grpc_service task command args check_restart", m, "a probe, where it asks by HTTP, TCP, gRPC or a command"},
		{"ServiceCheck", "method", m, "GET is what probes do; others are carried"},
		{"ServiceCheck", "name expose address_mode advertise initial_status notes tls_server_name tls_skip_verify grpc_use_tls success_before_passing failures_before_critical failures_before_warning body on_update", c, ownWords},
		{"CheckRestart", "limit grace", m, "failures and delay of the live probe"},
		{"CheckRestart", "ignore_warnings", c, ownWords},

		{"ConsulConnect", "native gateway sidecar_service sidecar_task", c, whole},
		{"ConsulGateway", "proxy ingress terminating mesh", c, whole},
		{"ConsulGatewayProxy", "connect_timeout envoy_gateway_bind_tagged_addresses envoy_gateway_bind_addresses envoy_gateway_no_default_bind envoy_dns_discovery_type config", c, whole},
		{"ConsulGatewayBindAddress", "!Name address port", c, whole},
		{"ConsulIngressConfigEntry", "tls listener", c, whole},
		{"ConsulGatewayTLSConfig", "enabled tls_min_version tls_max_version cipher_suites sds", c, whole},
		{"ConsulGatewayTLSSDSConfig", "cluster_name cert_resource", c, whole},
		{"ConsulIngressListener", "port protocol service", c, whole},
		{"ConsulIngressService", "name hosts tls request_headers response_headers max_connections max_pending_requests max_concurrent_requests", c, whole},
		{"ConsulHTTPHeaderModifiers", "add set remove", c, whole},
		{"ConsulTerminatingConfigEntry", "service", c, whole},
		{"ConsulLinkedService", "name ca_file cert_file key_file sni", c, whole},
		{"ConsulSidecarService", "tags port proxy disable_default_tcp_check meta", c, whole},
		{"ConsulProxy", "local_service_address local_service_port expose upstreams transparent_proxy config", c, whole},
		{"ConsulProxy", "!ExposeConfig", i, "the older name of expose in the JSON of the API"},
		{"ConsulExposeConfig", "path", c, whole},
		{"ConsulExposeConfig", "!Path", i, "the older name of paths in the JSON of the API"},
		{"ConsulExposePath", "path protocol local_path_port listener_port", c, whole},
		{"ConsulUpstream", "destination_name destination_namespace destination_peer destination_partition destination_type local_bind_port datacenter local_bind_address local_bind_socket_path local_bind_socket_mode mesh_gateway config", c, whole},
		{"ConsulMeshGateway", "mode", c, whole},
		{"ConsulTransparentProxy", "uid outbound_port exclude_inbound_ports exclude_outbound_ports exclude_outbound_cidrs exclude_uids no_dns", c, whole},
		{"SidecarTask", "name driver user config env resources meta kill_timeout logs shutdown_delay kill_signal volume_mount identity", c, whole},

		{"Resources", "cpu cores", m, "cores, of 2500 MHz each"},
		{"Resources", "memory memory_max", m, "the reservation and the limit"},
		{"Resources", "network", m, "ports, in the form of before groups had networks"},
		{"Resources", "device", m, "GPUs; other devices are carried"},
		{"Resources", "disk numa secrets iops", c, ownWords},
		{"NUMAResource", "affinity devices", c, ownWords},
		{"RequestedDevice", "!Name count", m, "GPUs; other devices are carried"},
		{"RequestedDevice", "constraint affinity", c, ownWords},
		{"NetworkResource", "port", m, "ports and publish"},
		{"NetworkResource", "hostname", m, "the host name"},
		{"NetworkResource", "mode", m, "bridge is what is written; others are carried"},
		{"NetworkResource", "reserved_ports", i, "ports with a number are blocks port in HCL; in JSON they are read"},
		{"NetworkResource", "device cidr ip dns mbits cni", c, ownWords},
		{"DNSConfig", "servers searches options", c, ownWords},
		{"CNIConfig", "args", c, ownWords},
		{"Port", "!Label static to", m, "the name and the numbers of a port"},
		{"Port", "host_network", m, "publish.on, where decamp has named the network after its address; else carried"},
		{"Port", "ignore_collision", c, ownWords},

		{"VolumeRequest", "name source", m, "the volume"},
		{"VolumeRequest", "per_alloc", m, "each"},
		{"VolumeRequest", "access_mode", m, "shared"},
		{"VolumeRequest", "read_only", m, "readOnly of the mounts"},
		{"VolumeRequest", "type sticky attachment_mode mount_options", c, ownWords},
		{"VolumeRequest", "!ExtraKeysHCL", i, "Nomad's own reader keeps there what it does not know"},
		{"CSIMountOptions", "fs_type mount_flags", c, ownWords},
		{"CSIMountOptions", "!ExtraKeysHCL", i, "Nomad's own reader keeps there what it does not know"},
		{"VolumeMount", "volume destination read_only", m, "a mount"},
		{"VolumeMount", "propagation_mode selinux_label", c, ownWords},

		{"RestartPolicy", "attempts interval delay mode", m, "restart, or job.retries; what the policies of the spec do not say is carried"},
		{"RestartPolicy", "render_templates", c, ownWords},
		{"ReschedulePolicy", "attempts unlimited delay interval", m, "whether a workload gives up, and how a job is tried again"},
		{"ReschedulePolicy", "delay_function max_delay", c, ownWords},
		{"UpdateStrategy", "max_parallel min_healthy_time progress_deadline canary auto_revert auto_promote", m, "update"},
		{"UpdateStrategy", "stagger", m, "the delay of daemons; else carried"},
		{"UpdateStrategy", "health_check healthy_deadline", c, ownWords},
		{"MigrateStrategy", "max_parallel", m, "disruption.unavailable"},
		{"MigrateStrategy", "health_check min_healthy_time healthy_deadline", c, ownWords},
		{"ScalingPolicy", "min max enabled policy", m, "scale, where the policy keeps CPU or memory at a share; else carried"},
		{"ScalingPolicy", "type", c, ownWords},
		{"ScalingPolicy", "!ID !Namespace !Target !CreateIndex !ModifyIndex", i, serverFills},
		{"PeriodicConfig", "enabled cron crons prohibit_overlap time_zone", m, "the schedule; several, and those with seconds or years, are carried"},
		{"PeriodicConfig", "!SpecType", i, "there is one type, cron"},
		{"ParameterizedJobConfig", "payload meta_required meta_optional", c, ownWords},
		{"Multiregion", "strategy region", c, ownWords},
		{"MultiregionStrategy", "max_parallel on_failure", c, ownWords},
		{"MultiregionRegion", "!Name count datacenters node_pool meta", c, ownWords},

		{"Template", "data destination perms uid gid left_delimiter right_delimiter env", m, "the content of a file or of variables, and where it is"},
		{"Template", "source change_mode change_script change_signal once splay vault_grace wait error_on_missing_key", c, ownWords},
		{"ChangeScript", "command args timeout fail_on_error run_on_first_render", c, ownWords},
		{"WaitConfig", "min max", c, ownWords},
	}
}

// fields says what Read does with each field of Nomad's types.
func fields() []backend.FieldRow {
	var rows []backend.FieldRow
	for _, g := range fieldGroups() {
		for name := range strings.FieldsSeq(g.names) {
			rows = append(rows, backend.FieldRow{Field: g.typ + "." + strings.TrimPrefix(name, "!"), Verdict: g.verdict, Because: g.because})
		}
	}
	return rows
}
