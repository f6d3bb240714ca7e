package kubernetes

import (
	"strings"

	"github.com/decamp-dev/decamp/compiler/backend"
)

// typeRows are the fields of one type of the API. What becomes of a field of which
// only some values can be said in a spec is told as mapped: its other values are
// carried, since all in which an emitted object differs is.
type typeRows struct {
	name    string
	mapped  [][2]string // field, what it becomes
	opened  string      // mapped by their own fields
	carried string      // fields
	why     string      // for the carried ones
	ignored [][2]string
}

const (
	byCluster = "the cluster writes it, and it tells of the cluster"
	ownWord   = "a spec has no word for it; the patch on its workload keeps it"
)

func census() []typeRows {
	return append(append(append(metadataCensus(), controllerCensus()...), podCensus()...), otherCensus()...)
}

func metadataCensus() []typeRows {
	return []typeRows{
		{name: "ObjectMeta", mapped: [][2]string{
			{"name", "the name of the workload, volume, config, secret or route; the names entry keeps it where it cannot be one"},
			{"namespace", "the names entry; those of single objects in their patches"},
			{"labels", "labels of the workload or volume; others in patches"},
			{"annotations", "annotations where the object and its pods have the same; others in patches"},
		}, carried: "generateName finalizers", why: "objects that Kubernetes names are carried whole", ignored: [][2]string{
			{"selfLink", byCluster}, {"uid", byCluster}, {"resourceVersion", byCluster}, {"generation", byCluster}, {"creationTimestamp", byCluster},
			{"deletionTimestamp", byCluster}, {"deletionGracePeriodSeconds", byCluster}, {"managedFields", byCluster},
			{"ownerReferences", "what another object made is left out, since the other one says all about it"},
		}},
		{name: "PodTemplateSpec", opened: "metadata spec"},
	}
}

func controllerCensus() []typeRows {
	return []typeRows{
		{name: "DeploymentSpec", opened: "template strategy", mapped: [][2]string{
			{"replicas", "replicas"}, {"selector", "the names entry: it cannot be changed"}, {"minReadySeconds", "update.healthy"}, {"progressDeadlineSeconds", "update.deadline"},
		}, carried: "revisionHistoryLimit paused", why: ownWord},
		{name: "DeploymentStrategy", opened: "rollingUpdate", mapped: [][2]string{{"type", "update.order"}}},
		{name: "RollingUpdateDeployment", mapped: [][2]string{{"maxUnavailable", "update.parallel of stop-first"}, {"maxSurge", "update.parallel of start-first"}}},
		{name: "StatefulSetSpec", opened: "template", mapped: [][2]string{
			{"replicas", "replicas"}, {"selector", "the names entry: it cannot be changed"}, {"volumeClaimTemplates", "volumes with each"},
			{"serviceName", "the Service of the workload"}, {"minReadySeconds", "update.healthy"},
		}, carried: "podManagementPolicy updateStrategy revisionHistoryLimit persistentVolumeClaimRetentionPolicy ordinals", why: ownWord},
		{name: "DaemonSetSpec", opened: "template updateStrategy", mapped: [][2]string{{"selector", "the names entry: it cannot be changed"}, {"minReadySeconds", "update.healthy"}},
			carried: "revisionHistoryLimit", why: ownWord},
		{name: "DaemonSetUpdateStrategy", opened: "rollingUpdate", carried: "type", why: "OnDelete leaves the work to people, which a spec cannot say"},
		{name: "RollingUpdateDaemonSet", mapped: [][2]string{{"maxUnavailable", "update.parallel of stop-first"}, {"maxSurge", "update.parallel of start-first"}}},
		{name: "JobSpec", opened: "template", mapped: [][2]string{
			{"parallelism", "job.parallel"}, {"completions", "job.completions"}, {"activeDeadlineSeconds", "job.timeout"}, {"backoffLimit", "job.retries"}, {"ttlSecondsAfterFinished", "job.keep"},
		}, carried: "podFailurePolicy successPolicy backoffLimitPerIndex maxFailedIndexes selector manualSelector completionMode suspend podReplacementPolicy managedBy", why: ownWord},
		{name: "CronJobSpec", opened: "jobTemplate", mapped: [][2]string{
			{"schedule", "schedule.cron"}, {"timeZone", "schedule.timezone"}, {"startingDeadlineSeconds", "schedule.deadline"}, {"concurrencyPolicy", "schedule.overlap"},
			{"suspend", "schedule.suspend"}, {"successfulJobsHistoryLimit", "schedule.keep"},
		}, carried: "failedJobsHistoryLimit", why: "a spec keeps as many failed runs as good ones; another number stands in the patch"},
		{name: "JobTemplateSpec", opened: "metadata spec"},
	}
}

func podCensus() []typeRows {
	return []typeRows{
		{name: "PodSpec", opened: "volumes initContainers containers securityContext affinity topologySpreadConstraints", mapped: [][2]string{
			{"restartPolicy", "restart.policy of a job; the kind of a bare pod"}, {"terminationGracePeriodSeconds", "stop.grace"},
			{"nodeSelector", "placement.os, arch and require"}, {"serviceAccountName", "serviceAccount"}, {"serviceAccount", "serviceAccount: it is the old name of the field"},
			{"hostNetwork", "security.network"}, {"hostPID", "security.pid"}, {"hostIPC", "security.ipc"}, {"shareProcessNamespace", "security.pid"},
			{"hostname", "hostname"}, {"imagePullSecrets", "secrets of type registry"},
		}, carried: "ephemeralContainers activeDeadlineSeconds dnsPolicy automountServiceAccountToken nodeName subdomain schedulerName tolerations hostAliases priorityClassName priority dnsConfig readinessGates runtimeClassName enableServiceLinks preemptionPolicy overhead setHostnameAsFQDN os hostUsers schedulingGates resourceClaims resources hostnameOverride workloadRef", why: ownWord},
		{name: "PodSecurityContext", mapped: [][2]string{
			{"runAsUser", "security.user of each container"}, {"runAsGroup", "security.group of each container"}, {"seLinuxOptions", "security.selinux of each container"},
			{"seccompProfile", "security.seccomp of each container"}, {"appArmorProfile", "security.apparmor of each container"},
			{"supplementalGroups", "security.groups"}, {"fsGroup", "security.fsGroup"}, {"sysctls", "sysctls"},
		}, carried: "windowsOptions runAsNonRoot supplementalGroupsPolicy fsGroupChangePolicy seLinuxChangePolicy", why: ownWord},
		{name: "Affinity", mapped: [][2]string{{"nodeAffinity", "placement.require and prefer, where one term says it"}}, carried: "podAffinity podAntiAffinity", why: ownWord},
		{name: "TopologySpreadConstraint", mapped: [][2]string{{"topologyKey", "placement.spread"}},
			carried: "maxSkew whenUnsatisfiable labelSelector minDomains nodeAffinityPolicy nodeTaintsPolicy matchLabelKeys", why: "a spec spreads as well as room allows; what is stricter stands in the patch"},
		{name: "Volume", opened: "configMap secret emptyDir hostPath persistentVolumeClaim", ignored: [][2]string{{"name", "nothing outside of the pod sees it; decamp names volumes by what they are"}},
			carried: "gcePersistentDisk awsElasticBlockStore gitRepo nfs iscsi glusterfs rbd flexVolume cinder cephfs flocker downwardAPI fc azureFile vsphereVolume quobyte azureDisk photonPersistentDisk projected portworxVolume scaleIO storageos csi ephemeral image", why: "the sort of volume is Kubernetes' own"},
		{name: "ConfigMapVolumeSource", opened: "items", mapped: [][2]string{{"name", "files from the config"}, {"defaultMode", "mode of the files"}}, carried: "optional", why: ownWord},
		{name: "SecretVolumeSource", opened: "items", mapped: [][2]string{{"secretName", "files from the secret"}, {"defaultMode", "mode of the files"}}, carried: "optional", why: ownWord},
		{name: "KeyToPath", mapped: [][2]string{{"key", "key of the file"}, {"path", "path of the file"}, {"mode", "mode of the file"}}},
		{name: "EmptyDirVolumeSource", mapped: [][2]string{{"medium", "a mount of memory or scratch"}, {"sizeLimit", "its size"}}},
		{name: "HostPathVolumeSource", mapped: [][2]string{{"path", "a mount of host"}}, carried: "type", why: ownWord},
		{name: "PersistentVolumeClaimVolumeSource", mapped: [][2]string{{"claimName", "a mount of the volume"}, {"readOnly", "readOnly of its mounts"}}},
		{name: "Container", opened: "ports envFrom env resources volumeMounts livenessProbe readinessProbe startupProbe lifecycle securityContext", mapped: [][2]string{
			{"name", "name of a sidecar or init container; that of the main one in the names entry"}, {"image", "image"}, {"command", "entrypoint"}, {"args", "args"},
			{"workingDir", "workdir"}, {"restartPolicy", "Always makes an init container a sidecar"}, {"imagePullPolicy", "pull"}, {"stdin", "stdin"}, {"tty", "tty"},
		}, carried: "resizePolicy restartPolicyRules volumeDevices terminationMessagePath terminationMessagePolicy stdinOnce", why: ownWord},
		{name: "ContainerPort", mapped: [][2]string{{"containerPort", "ports"}, {"protocol", "protocol of the port"}, {"hostPort", "publish of a daemon"}, {"hostIP", "publish.on of a daemon"},
			{"name", "name of the port, unless a Service calls it otherwise, which is said"}}},
		{name: "EnvVar", opened: "valueFrom", mapped: [][2]string{{"name", "env"}, {"value", "env; $(NAME) is replaced by what the variable is, and names of Services by references"}}},
		{name: "EnvVarSource", opened: "configMapKeyRef secretKeyRef", carried: "fieldRef resourceFieldRef fileKeyRef", why: "only Kubernetes can fill it in, which is said for each"},
		{name: "ConfigMapKeySelector", mapped: [][2]string{{"name", "a reference to the config"}, {"key", "a reference to the file in it"}}, carried: "optional", why: ownWord},
		{name: "SecretKeySelector", mapped: [][2]string{{"name", "a reference to the secret"}, {"key", "a reference to its key"}}, carried: "optional", why: ownWord},
		{name: "EnvFromSource", mapped: [][2]string{{"prefix", "in the names of the variables"}, {"configMapRef", "a variable for each key, where the keys are known"}, {"secretRef", "a variable for each key, where the keys are known"}}},
		{name: "ResourceRequirements", mapped: [][2]string{{"limits", "resources.limits: cpu, memory, disk; gpus"}, {"requests", "resources: cpu, memory, disk"}}, carried: "claims", why: ownWord},
		{name: "VolumeMount", mapped: [][2]string{{"mountPath", "path of the mount or file"}, {"readOnly", "readOnly"}, {"subPath", "subpath of a volume; the key of a file"}},
			carried: "recursiveReadOnly mountPropagation subPathExpr", why: ownWord, ignored: [][2]string{{"name", "nothing outside of the pod sees it; decamp names volumes by what they are"}}},
		{name: "Probe", opened: "exec httpGet tcpSocket grpc", mapped: [][2]string{{"initialDelaySeconds", "delay"}, {"timeoutSeconds", "timeout"}, {"periodSeconds", "every"}, {"successThreshold", "successes"}, {"failureThreshold", "failures"}},
			carried: "terminationGracePeriodSeconds", why: ownWord},
		{name: "ExecAction", mapped: [][2]string{{"command", "exec"}}},
		{name: "HTTPGetAction", opened: "httpHeaders", mapped: [][2]string{{"path", "http.path"}, {"port", "http.port by its name"}, {"scheme", "http.scheme"}}, carried: "host", why: "a probe of a spec asks its own container"},
		{name: "HTTPHeader", mapped: [][2]string{{"name", "a header; Host is http.host"}, {"value", "its value"}}},
		{name: "TCPSocketAction", mapped: [][2]string{{"port", "tcp.port by its name"}}, carried: "host", why: "a probe of a spec asks its own container"},
		{name: "GRPCAction", mapped: [][2]string{{"port", "grpc.port by its name"}, {"service", "grpc.service"}}},
		{name: "Lifecycle", opened: "postStart preStop", mapped: [][2]string{{"stopSignal", "stop.signal"}}},
		{name: "LifecycleHandler", mapped: [][2]string{{"exec", "exec of the hook"}, {"httpGet", "http of the hook"}}, carried: "tcpSocket sleep", why: ownWord},
		{name: "SecurityContext", opened: "capabilities", mapped: [][2]string{
			{"privileged", "security.privileged"}, {"seLinuxOptions", "security.selinux"}, {"runAsUser", "security.user"}, {"runAsGroup", "security.group"},
			{"readOnlyRootFilesystem", "security.readOnlyRoot"}, {"allowPrivilegeEscalation", "security.noNewPrivileges"}, {"seccompProfile", "security.seccomp"}, {"appArmorProfile", "security.apparmor"},
		}, carried: "windowsOptions runAsNonRoot procMount", why: ownWord},
		{name: "Capabilities", mapped: [][2]string{{"add", "capabilities.add"}, {"drop", "capabilities.drop"}}},
	}
}

func otherCensus() []typeRows {
	return []typeRows{
		{name: "ServiceSpec", opened: "ports", mapped: [][2]string{
			{"selector", "finds the workload"}, {"type", "publish, for NodePort and LoadBalancer; an endpoint, for ExternalName"}, {"externalName", "host of the endpoint"},
		}, carried: "clusterIP clusterIPs externalIPs sessionAffinity loadBalancerIP loadBalancerSourceRanges externalTrafficPolicy healthCheckNodePort publishNotReadyAddresses sessionAffinityConfig ipFamilies ipFamilyPolicy allocateLoadBalancerNodePorts loadBalancerClass internalTrafficPolicy trafficDistribution", why: "the patch on the Service keeps it"},
		{name: "ServicePort", mapped: [][2]string{
			{"name", "name of the port"}, {"protocol", "protocol of the port"}, {"appProtocol", "app of the port"}, {"targetPort", "finds the port of the container"}, {"nodePort", "publish"},
			{"port", "publish of a load balancer; another number than the container's is kept in the patch, and references follow the container"},
		}},
		{name: "ConfigMap", opened: "metadata", mapped: [][2]string{{"data", "content of the config"}, {"binaryData", "content of the config"}}, carried: "immutable", why: "the patch on the config keeps it"},
		{name: "Secret", mapped: [][2]string{{"metadata", "name of the secret; its labels and annotations are not kept, which is said"}, {"data", "keys of the secret, never their values, which is said"}, {"stringData", "keys of the secret, never their values, which is said"}, {"type", "type of the secret"}},
			ignored: [][2]string{{"immutable", "the Secret is made by whoever has its values, which is said"}}},
		{name: "ServiceAccount", opened: "metadata", carried: "secrets imagePullSecrets automountServiceAccountToken", why: "the patch on the ServiceAccount keeps it"},
		{name: "PersistentVolumeClaimSpec", mapped: [][2]string{{"accessModes", "ReadWriteMany is shared"}, {"resources", "size"}, {"storageClassName", "class"}},
			carried: "selector volumeName volumeMode dataSource dataSourceRef volumeAttributesClassName", why: "the patch on the volume keeps it"},
		{name: "IngressSpec", opened: "defaultBackend tls rules", carried: "ingressClassName", why: "the patch on the route keeps it"},
		{name: "IngressBackend", opened: "service", carried: "resource", why: "the Ingress is carried whole: a route leads to a workload"},
		{name: "IngressServiceBackend", mapped: [][2]string{{"name", "the workload behind the route"}, {"port", "its port"}}},
		{name: "IngressTLS", mapped: [][2]string{{"hosts", "tls of the routes of these hosts"}, {"secretName", "tls.secret"}}},
		{name: "IngressRule", mapped: [][2]string{{"host", "host of the route"}, {"http", "a route for each path"}}},
		{name: "NetworkPolicySpec", mapped: [][2]string{{"podSelector", "finds the workload; a policy for several is carried whole"}, {"ingress", "ingress, where a list of peers says exactly that"}, {"egress", "egress, where a list of peers says exactly that"}, {"policyTypes", "whether there is a list"}}},
		{name: "HorizontalPodAutoscalerSpec", mapped: [][2]string{{"scaleTargetRef", "finds the workload"}, {"minReplicas", "scale.min"}, {"maxReplicas", "scale.max"}, {"metrics", "scale.cpu and memory; a scaler that follows something else is carried whole"}}, carried: "behavior", why: ownWord},
		{name: "PodDisruptionBudgetSpec", mapped: [][2]string{{"minAvailable", "disruption.unavailable: what is left of the replicas"}, {"selector", "finds the workload"}, {"maxUnavailable", "disruption.unavailable"}}, carried: "unhealthyPodEvictionPolicy", why: ownWord},
	}
}

// fields says what the reader does with each field of the types that it reads.
func fields() []backend.FieldRow {
	var rows []backend.FieldRow
	for _, t := range census() {
		add := func(field string, verdict backend.Verdict, because string) {
			rows = append(rows, backend.FieldRow{Field: t.name + "." + field, Verdict: verdict, Because: because})
		}
		for _, f := range t.mapped {
			add(f[0], backend.Mapped, f[1])
		}
		for _, f := range strings.Fields(t.opened) {
			add(f, backend.Mapped, "by its own fields")
		}
		for _, f := range strings.Fields(t.carried) {
			add(f, backend.Carried, t.why)
		}
		for _, f := range t.ignored {
			add(f[0], backend.Ignored, f[1])
		}
	}
	return rows
}
