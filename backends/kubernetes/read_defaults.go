package kubernetes

import (
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// The functions of this file take away what the API server would add by itself, after
// the defaulting functions of its API groups: what is left is what somebody said.

// strip empties a pointer that says the default.
func strip[T comparable](p **T, byDefault T) {
	if *p != nil && **p == byDefault {
		*p = nil
	}
}

// stripWord empties a word that says the default.
func stripWord[T ~string](p *T, byDefault T) {
	if *p == byDefault {
		*p = ""
	}
}

func stripNumber(p *int32, byDefault int32) {
	if *p == byDefault {
		*p = 0
	}
}

func stripDeployment(s *appsv1.DeploymentSpec) {
	strip(&s.Replicas, 1)
	strip(&s.RevisionHistoryLimit, 10)
	strip(&s.ProgressDeadlineSeconds, 600)
	quarter := intstr.FromString("25%")
	stripWord(&s.Strategy.Type, appsv1.RollingUpdateDeploymentStrategyType)
	if u := s.Strategy.RollingUpdate; u != nil {
		strip(&u.MaxSurge, quarter)
		strip(&u.MaxUnavailable, quarter)
		if *u == (appsv1.RollingUpdateDeployment{}) {
			s.Strategy.RollingUpdate = nil
		}
	}
}

func stripStatefulSet(s *appsv1.StatefulSetSpec) {
	strip(&s.Replicas, 1)
	strip(&s.RevisionHistoryLimit, 10)
	stripWord(&s.PodManagementPolicy, appsv1.OrderedReadyPodManagement)
	stripWord(&s.UpdateStrategy.Type, appsv1.RollingUpdateStatefulSetStrategyType)
	if u := s.UpdateStrategy.RollingUpdate; u != nil {
		strip(&u.Partition, 0)
		if *u == (appsv1.RollingUpdateStatefulSetStrategy{}) {
			s.UpdateStrategy.RollingUpdate = nil
		}
	}
	if p := s.PersistentVolumeClaimRetentionPolicy; p != nil {
		stripWord(&p.WhenDeleted, appsv1.RetainPersistentVolumeClaimRetentionPolicyType)
		stripWord(&p.WhenScaled, appsv1.RetainPersistentVolumeClaimRetentionPolicyType)
		if *p == (appsv1.StatefulSetPersistentVolumeClaimRetentionPolicy{}) {
			s.PersistentVolumeClaimRetentionPolicy = nil
		}
	}
	for i := range s.VolumeClaimTemplates {
		stripClaim(&s.VolumeClaimTemplates[i])
		s.VolumeClaimTemplates[i].Kind, s.VolumeClaimTemplates[i].APIVersion = "", ""
	}
}

func stripDaemonSet(s *appsv1.DaemonSetSpec) {
	strip(&s.RevisionHistoryLimit, 10)
	stripWord(&s.UpdateStrategy.Type, appsv1.RollingUpdateDaemonSetStrategyType)
	if u := s.UpdateStrategy.RollingUpdate; u != nil {
		strip(&u.MaxSurge, intstr.FromInt32(0))
		strip(&u.MaxUnavailable, intstr.FromInt32(1))
		if *u == (appsv1.RollingUpdateDaemonSet{}) {
			s.UpdateStrategy.RollingUpdate = nil
		}
	}
}

func stripJob(s *batchv1.JobSpec) {
	if s.Completions != nil && *s.Completions == 1 && (s.Parallelism == nil || *s.Parallelism == 1) {
		s.Completions, s.Parallelism = nil, nil
	}
	strip(&s.Parallelism, 1)
	strip(&s.BackoffLimit, 6)
	strip(&s.Suspend, false)
	strip(&s.CompletionMode, batchv1.NonIndexedCompletion)
}

func stripCronJob(s *batchv1.CronJobSpec) {
	stripWord(&s.ConcurrencyPolicy, batchv1.AllowConcurrent)
	strip(&s.Suspend, false)
	strip(&s.SuccessfulJobsHistoryLimit, 3)
	strip(&s.FailedJobsHistoryLimit, 1)
	stripJob(&s.JobTemplate.Spec)
}

func stripClaim(c *corev1.PersistentVolumeClaim) {
	strip(&c.Spec.VolumeMode, corev1.PersistentVolumeFilesystem)
	sameQuantities(c.Spec.Resources.Requests)
	sameQuantities(c.Spec.Resources.Limits)
}

// sameQuantities writes quantities in one form.
func sameQuantities(list corev1.ResourceList) {
	for name, q := range list {
		list[name] = sameQuantity(q)
	}
}

func sameQuantity(q resource.Quantity) resource.Quantity {
	switch {
	case q.Value() > 1<<50 || q.Value() < 0:
		return q
	case resource.NewQuantity(q.Value(), resource.DecimalSI).Cmp(q) == 0:
		return size(ir.Bytes(q.Value()))
	case resource.NewMilliQuantity(q.MilliValue(), resource.DecimalSI).Cmp(q) == 0:
		return *resource.NewMilliQuantity(q.MilliValue(), resource.DecimalSI)
	}
	return q
}

func stripScaler(s *autoscalingv2.HorizontalPodAutoscalerSpec) {
	strip(&s.MinReplicas, 1)
	if len(s.Metrics) == 0 {
		s.Metrics = []autoscalingv2.MetricSpec{{
			Type: autoscalingv2.ResourceMetricSourceType,
			Resource: &autoscalingv2.ResourceMetricSource{Name: corev1.ResourceCPU, Target: autoscalingv2.MetricTarget{
				Type: autoscalingv2.UtilizationMetricType, AverageUtilization: pointer(int32(defaultTarget)),
			}},
		}}
	}
	switch s.ScaleTargetRef.Kind {
	case "Deployment", "ReplicationController", "ReplicaSet":
		s.ScaleTargetRef.Kind, s.ScaleTargetRef.APIVersion = "Deployment", "apps/v1"
	case "StatefulSet":
		s.ScaleTargetRef.APIVersion = "apps/v1"
	}
}

func stripService(s *corev1.ServiceSpec, w *sourceWorkload) {
	stripWord(&s.Type, corev1.ServiceTypeClusterIP)
	stripWord(&s.SessionAffinity, corev1.ServiceAffinityNone)
	stripWord(&s.ExternalTrafficPolicy, corev1.ServiceExternalTrafficPolicyCluster)
	strip(&s.InternalTrafficPolicy, corev1.ServiceInternalTrafficPolicyCluster)
	strip(&s.AllocateLoadBalancerNodePorts, true)
	for i := range s.Ports {
		p := &s.Ports[i]
		stripWord(&p.Protocol, corev1.ProtocolTCP)
		if w != nil {
			if n := targetNumber(&w.template.Spec, *p); n > 0 {
				p.TargetPort = intstr.FromInt32(n)
			}
		}
		if p.TargetPort == intstr.FromInt32(p.Port) {
			p.TargetPort = intstr.IntOrString{}
		}
	}
}

func stripPod(s *corev1.PodSpec) {
	stripWord(&s.RestartPolicy, corev1.RestartPolicyAlways)
	stripWord(&s.DNSPolicy, corev1.DNSClusterFirst)
	stripWord(&s.SchedulerName, corev1.DefaultSchedulerName)
	strip(&s.TerminationGracePeriodSeconds, corev1.DefaultTerminationGracePeriodSeconds)
	strip(&s.EnableServiceLinks, true)
	strip(&s.ShareProcessNamespace, false)
	strip(&s.SetHostnameAsFQDN, false)
	if s.ServiceAccountName == "" {
		s.ServiceAccountName = s.DeprecatedServiceAccount
	}
	s.DeprecatedServiceAccount = ""
	renameKey(s.NodeSelector, "beta.kubernetes.io/os", corev1.LabelOSStable)
	renameKey(s.NodeSelector, "beta.kubernetes.io/arch", corev1.LabelArchStable)
	for i := range s.Volumes {
		stripVolume(&s.Volumes[i])
	}
	for _, list := range [][]corev1.Container{s.InitContainers, s.Containers} {
		for i := range list {
			list[i].SecurityContext = effective(s.SecurityContext, list[i].SecurityContext)
			stripContainer(&list[i], s.HostNetwork)
		}
	}
	if pod := s.SecurityContext; pod != nil { // it stands on the containers now
		pod.RunAsUser, pod.RunAsGroup, pod.RunAsNonRoot = nil, nil, nil
		pod.SeccompProfile, pod.AppArmorProfile, pod.SELinuxOptions = nil, nil, nil
	}
	for i := range s.TopologySpreadConstraints {
		strip(&s.TopologySpreadConstraints[i].NodeAffinityPolicy, corev1.NodeInclusionPolicyHonor)
		strip(&s.TopologySpreadConstraints[i].NodeTaintsPolicy, corev1.NodeInclusionPolicyIgnore)
	}
}

func stripVolume(v *corev1.Volume) {
	const mode = 0o644
	switch {
	case v.ConfigMap != nil:
		strip(&v.ConfigMap.DefaultMode, mode)
		strip(&v.ConfigMap.Optional, false)
	case v.Secret != nil:
		strip(&v.Secret.DefaultMode, mode)
		strip(&v.Secret.Optional, false)
	case v.Projected != nil:
		strip(&v.Projected.DefaultMode, mode)
	case v.DownwardAPI != nil:
		strip(&v.DownwardAPI.DefaultMode, mode)
	case v.HostPath != nil:
		strip(&v.HostPath.Type, corev1.HostPathUnset)
	case v.EmptyDir != nil && v.EmptyDir.SizeLimit != nil:
		*v.EmptyDir.SizeLimit = sameQuantity(*v.EmptyDir.SizeLimit)
	}
}

func stripContainer(c *corev1.Container, onHost bool) {
	stripWord(&c.TerminationMessagePath, corev1.TerminationMessagePathDefault)
	stripWord(&c.TerminationMessagePolicy, corev1.TerminationMessageReadFile)
	stripWord(&c.ImagePullPolicy, defaultPull(c.Image))
	for i := range c.Ports {
		stripWord(&c.Ports[i].Protocol, corev1.ProtocolTCP)
		if onHost {
			stripNumber(&c.Ports[i].HostPort, c.Ports[i].ContainerPort)
		}
		if c.Ports[i].HostIP == "0.0.0.0" {
			c.Ports[i].HostIP = ""
		}
	}
	for i := range c.Env {
		v := &c.Env[i]
		v.Value = sameText(v.Value)
		if from := v.ValueFrom; from != nil {
			if from.FieldRef != nil {
				stripWord(&from.FieldRef.APIVersion, "v1")
			}
			if from.SecretKeyRef != nil {
				strip(&from.SecretKeyRef.Optional, false)
			}
			if from.ConfigMapKeyRef != nil {
				strip(&from.ConfigMapKeyRef.Optional, false)
			}
		}
	}
	for _, words := range [][]string{c.Command, c.Args} {
		for i := range words {
			words[i] = sameText(words[i])
		}
	}
	for _, p := range []*corev1.Probe{c.StartupProbe, c.ReadinessProbe, c.LivenessProbe} {
		if p != nil {
			stripProbe(p)
		}
	}
	if c.Lifecycle != nil {
		for _, h := range []*corev1.LifecycleHandler{c.Lifecycle.PostStart, c.Lifecycle.PreStop} {
			if h != nil && h.HTTPGet != nil {
				stripRequest(h.HTTPGet)
			}
		}
		if (*c.Lifecycle == corev1.Lifecycle{}) {
			c.Lifecycle = nil
		}
	}
	stripResources(&c.Resources)
	if c.SecurityContext != nil {
		c.SecurityContext = stripSecurity(c.SecurityContext)
	}
}

// sameText writes a text in which variables are expanded with every other dollar
// doubled.
func sameText(s string) string {
	if !strings.Contains(s, "$") {
		return s
	}
	var b strings.Builder
	for _, part := range segments(s) {
		switch {
		case part.variable == "":
			b.WriteString(escape(part.plain))
		case isVariable().MatchString(part.variable):
			b.WriteString("$(" + part.variable + ")")
		default:
			b.WriteString(escape("$(" + part.variable + ")"))
		}
	}
	return b.String()
}

// defaultPull is when an image is fetched if nothing is said.
func defaultPull(image string) corev1.PullPolicy {
	name := image[strings.LastIndexByte(image, '/')+1:]
	if strings.Contains(name, "@") {
		return corev1.PullIfNotPresent
	}
	if _, tag, ok := strings.Cut(name, ":"); !ok || tag == "latest" {
		return corev1.PullAlways
	}
	return corev1.PullIfNotPresent
}

func stripProbe(p *corev1.Probe) {
	stripNumber(&p.PeriodSeconds, 10)
	stripNumber(&p.TimeoutSeconds, 1)
	stripNumber(&p.FailureThreshold, 3)
	stripNumber(&p.SuccessThreshold, 1)
	if p.HTTPGet != nil {
		stripRequest(p.HTTPGet)
	}
	if p.GRPC != nil {
		strip(&p.GRPC.Service, "")
	}
	if p.Exec != nil {
		for i := range p.Exec.Command {
			p.Exec.Command[i] = sameText(p.Exec.Command[i])
		}
	}
}

func stripRequest(h *corev1.HTTPGetAction) {
	stripWord(&h.Scheme, corev1.URISchemeHTTP)
	stripWord(&h.Path, "/")
}

// stripResources leaves out requests that are those of the limits: what is not
// requested is taken from there.
func stripResources(r *corev1.ResourceRequirements) {
	sameQuantities(r.Requests)
	sameQuantities(r.Limits)
	for name, limit := range r.Limits {
		if request, ok := r.Requests[name]; ok && request.Cmp(limit) == 0 {
			delete(r.Requests, name)
		}
	}
}

func stripSecurity(s *corev1.SecurityContext) *corev1.SecurityContext {
	strip(&s.Privileged, false)
	strip(&s.ReadOnlyRootFilesystem, false)
	strip(&s.RunAsNonRoot, false)
	strip(&s.AllowPrivilegeEscalation, true)
	strip(&s.ProcMount, corev1.DefaultProcMount)
	if s.RunAsUser != nil && *s.RunAsUser != 0 {
		strip(&s.RunAsNonRoot, true) // nothing else is possible
	}
	if c := s.Capabilities; c != nil {
		c.Add, c.Drop = capabilities(capabilityStrings(c.Add)), capabilities(capabilityStrings(c.Drop))
		if len(c.Add)+len(c.Drop) == 0 {
			s.Capabilities = nil
		}
	}
	if (*s == corev1.SecurityContext{}) {
		return nil
	}
	return s
}
