package nomad

// defaults are what Nomad takes where nothing is said, by the API's type and the name
// in HCL: said or not, a job is the same. Those of batch jobs that differ stand under
// their name with @batch. Source: the Canonicalize methods of the API.
var defaults = map[string]string{
	"Job.type": "service", "Job.priority": "50", "Job.region": "global", "Job.namespace": "default", "Job.node_pool": "default",
	"TaskGroup.count": "1",

	"Task.kill_timeout": "5s", "Task.shutdown_delay": "0s",

	"Service.provider": "consul", "Service.address_mode": "auto", "Service.on_update": "require_healthy", "Service.cluster": "default",
	"ServiceCheck.on_update": "require_healthy", "ServiceCheck.success_before_passing": "0", "ServiceCheck.failures_before_critical": "0",
	"ServiceCheck.failures_before_warning": "0",
	"CheckRestart.limit":                   "0", "CheckRestart.grace": "1s",

	"Template.change_mode": "restart", "Template.perms": "0644", "Template.left_delimiter": "{{", "Template.right_delimiter": "}}",
	"Template.splay": "5s",

	"Resources.cpu": "100", "Resources.memory": "300", "Resources.memory_max": "0", "Resources.cores": "0", "Resources.secrets": "0",
	"LogConfig.max_files": "10", "LogConfig.max_file_size": "10",
	"EphemeralDisk.size": "300",

	"RestartPolicy.attempts": "2", "RestartPolicy.interval": "30m", "RestartPolicy.delay": "15s", "RestartPolicy.mode": "fail",
	"RestartPolicy.attempts@batch": "3", "RestartPolicy.interval@batch": "24h",
	"ReschedulePolicy.delay": "30s", "ReschedulePolicy.delay_function": "exponential", "ReschedulePolicy.max_delay": "1h",
	"ReschedulePolicy.unlimited": "true", "ReschedulePolicy.attempts": "0", "ReschedulePolicy.interval": "0s",
	"ReschedulePolicy.delay@batch": "5s", "ReschedulePolicy.delay_function@batch": "constant", "ReschedulePolicy.attempts@batch": "1",
	"ReschedulePolicy.interval@batch": "24h", "ReschedulePolicy.unlimited@batch": "false", "ReschedulePolicy.max_delay@batch": "0s",

	"UpdateStrategy.max_parallel": "1", "UpdateStrategy.health_check": "checks", "UpdateStrategy.min_healthy_time": "10s",
	"UpdateStrategy.healthy_deadline": "5m", "UpdateStrategy.progress_deadline": "10m", "UpdateStrategy.canary": "0", "UpdateStrategy.stagger": "30s",
	"MigrateStrategy.max_parallel": "1", "MigrateStrategy.health_check": "checks", "MigrateStrategy.min_healthy_time": "10s",
	"MigrateStrategy.healthy_deadline": "5m",

	"PeriodicConfig.enabled": "true", "PeriodicConfig.time_zone": "UTC",
	"Port.host_network": "default", "Port.to": "0", "Port.static": "0",
	"VolumeMount.propagation_mode": "private",
	"Constraint.operator":          "=", "Affinity.operator": "=", "Affinity.weight": "50", "Spread.weight": "50",
	"ScalingPolicy.enabled": "true", "ScalingPolicy.type": "horizontal",
	"Vault.env": "true", "Vault.change_mode": "restart", "Vault.cluster": "default",
	"WorkloadIdentity.name": "default",
}
