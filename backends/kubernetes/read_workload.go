package kubernetes

import (
	"slices"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/tree"
)

func selectorOf(s *metav1.LabelSelector) map[string]string {
	if s == nil {
		return nil
	}
	return s.MatchLabels
}

// workload reads one workload.
func (r *sourceReader) workload(w *sourceWorkload) {
	w.id.selector = w.selector
	if len(w.id.selector) == 0 {
		w.id.selector = nil
	}
	w.id.object = w.sourceObject.name
	r.about(w)
	switch typed := w.typed.(type) {
	case *appsv1.Deployment:
		r.replicas(w, typed.Spec.Replicas)
		r.rollout(w, &typed.Spec)
	case *appsv1.StatefulSet:
		r.replicas(w, typed.Spec.Replicas)
		r.rolloutInOrder(w, &typed.Spec)
	case *appsv1.DaemonSet:
		r.rolloutOnNodes(w, &typed.Spec)
	case *batchv1.Job:
		r.job(w, &typed.Spec)
	case *batchv1.CronJob:
		r.schedule(w, &typed.Spec)
		r.job(w, &typed.Spec.JobTemplate.Spec)
	}
	r.dropRecommended(w)
	r.segmentsOf(w)
	r.priority(w)
	r.waits(w)
	r.podFacts(w)
	r.containers(w)
	r.reach(w)
}

// about reads labels and annotations: those that the object and its pods have in
// common describe the workload, and the others stay with Kubernetes.
func (r *sourceReader) about(w *sourceWorkload) {
	meta := w.node.Get("metadata")
	for _, p := range pairs(meta.Get("labels")) {
		r.positions.Set(ir.JoinPath(w.path+".labels", p.Key.Value), p.Value)
		w.result.Labels.Set(p.Key.Value, w.labels()[p.Key.Value])
	}
	template := r.templateNode(w).Get("metadata")
	for _, p := range pairs(template.Get("labels")) {
		key := p.Key.Value
		if _, selected := w.selector[key]; !selected && !w.result.Labels.Has(key) {
			r.positions.Set(ir.JoinPath(w.path+".labels", key), p.Value)
			w.result.Labels.Set(key, w.template.Labels[key])
		}
	}
	for _, p := range pairs(meta.Get("annotations")) {
		key := p.Key.Value
		value := w.typed.GetAnnotations()[key]
		if there, both := w.template.Annotations[key]; both && there == value {
			r.positions.Set(ir.JoinPath(w.path+".annotations", key), p.Value)
			w.result.Annotations.Set(key, value)
		}
	}
}

func (r *sourceReader) templateNode(w *sourceWorkload) *tree.Node {
	if w.kind == ir.Cron {
		return dig(w.node, "spec", "jobTemplate", "spec", "template")
	}
	return dig(w.node, "spec", "template")
}

func pairs(n *tree.Node) []tree.Pair {
	if n == nil {
		return nil
	}
	return n.Pairs
}

// place notes where a fact came from, by its path below the workload's spec.
func (r *sourceReader) place(path string, n *tree.Node) {
	if n != nil {
		r.positions.Set(path, n)
	}
}

func (r *sourceReader) replicas(w *sourceWorkload, n *int32) {
	r.place(w.path+".replicas", dig(w.node, "spec", "replicas"))
	if n != nil && *n != 1 && *n >= 0 {
		w.result.Replicas = pointer(int(*n))
	}
}

func secondsOf(n int64) ir.Duration { return ir.Duration(n * 1e9) }

func (w *sourceWorkload) settings() *ir.JobSettings {
	if w.result.Job == nil {
		w.result.Job = &ir.JobSettings{}
	}
	return w.result.Job
}

func (r *sourceReader) job(w *sourceWorkload, s *batchv1.JobSpec) {
	at := dig(w.node, "spec")
	if w.kind == ir.Cron {
		at = dig(w.node, "spec", "jobTemplate", "spec")
	}
	for field, key := range map[string]string{"completions": "completions", "parallel": "parallelism", "retries": "backoffLimit", "timeout": "activeDeadlineSeconds", "keep": "ttlSecondsAfterFinished"} {
		r.place(w.path+".job."+field, at.Get(key))
	}
	if n := s.Completions; n != nil && *n > 0 {
		w.settings().Completions = int(*n)
	}
	if n := s.Parallelism; n != nil && *n > 0 {
		w.settings().Parallel = int(*n)
	}
	if n := s.BackoffLimit; n != nil && *n >= 0 {
		w.settings().Retries = pointer(int(*n))
	}
	if n := s.ActiveDeadlineSeconds; n != nil && *n > 0 {
		w.settings().Timeout = secondsOf(*n)
	}
	if n := s.TTLSecondsAfterFinished; n != nil && *n >= 0 {
		w.settings().Keep = pointer(secondsOf(int64(*n)))
	}
	if w.template.Spec.RestartPolicy == corev1.RestartPolicyOnFailure {
		w.result.Restart = &ir.Restart{Policy: "on-failure"}
		r.place(w.path+".restart", w.pod.Get("restartPolicy"))
	}
}

func (r *sourceReader) schedule(w *sourceWorkload, s *batchv1.CronJobSpec) {
	spec := w.node.Get("spec")
	for field, key := range map[string]string{"cron": "schedule", "timezone": "timeZone", "overlap": "concurrencyPolicy", "deadline": "startingDeadlineSeconds", "suspend": "suspend", "keep": "successfulJobsHistoryLimit"} {
		r.place(w.path+".schedule."+field, spec.Get(key))
	}
	result := &ir.Schedule{Cron: s.Schedule, Overlap: strings.ToLower(string(s.ConcurrencyPolicy))}
	macros := map[string]string{"@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *"}
	if fields, ok := macros[s.Schedule]; ok {
		result.Cron = fields
	}
	for _, prefix := range []string{"CRON_TZ=", "TZ="} {
		if rest, ok := strings.CutPrefix(result.Cron, prefix); ok {
			result.Timezone, result.Cron, _ = strings.Cut(rest, " ")
		}
	}
	if s.TimeZone != nil {
		result.Timezone = *s.TimeZone
	}
	if n := s.StartingDeadlineSeconds; n != nil && *n > 0 {
		result.Deadline = secondsOf(*n)
	}
	if s.Suspend != nil {
		result.Suspend = *s.Suspend
	}
	if n := s.SuccessfulJobsHistoryLimit; n != nil {
		result.Keep = pointer(int(*n))
	}
	w.result.Schedule = result
}

// podFacts reads what is said for the pod as a whole.
func (r *sourceReader) podFacts(w *sourceWorkload) {
	spec := &w.template.Spec
	r.place(w.path+".serviceAccount", w.pod.Get("serviceAccountName"))
	r.place(w.path+".hostname", w.pod.Get("hostname"))
	r.place(w.path+".placement", w.pod.Get("nodeSelector"))
	w.result.ServiceAccount = spec.ServiceAccountName
	if w.result.ServiceAccount == "" {
		w.result.ServiceAccount = spec.DeprecatedServiceAccount
	} else if old := spec.DeprecatedServiceAccount; old != "" && old != w.result.ServiceAccount {
		r.report(diag.Warning, codeUnknownField, w.pod.Get("serviceAccount"), w.path+".serviceAccount", "serviceAccount and serviceAccountName name two accounts",
			"serviceAccount is the old name of the field and has no effect beside the new one. It is left out.")
	}
	if !w.result.Stateful && !spec.HostNetwork {
		w.result.Hostname = spec.Hostname
	}
	for i, s := range spec.ImagePullSecrets {
		if s.Name != "" && r.allPull(s.Name) {
			name := r.secret(w.namespace, s.Name, "")
			r.place(ir.JoinPath("secrets", name), dig(w.pod, "imagePullSecrets", i))
			r.app.Secrets.Ref(name).Type = "registry"
		}
	}
	r.placement(w)
}

// allPull reports whether every pod pulls its images with a secret, as a spec has it.
func (r *sourceReader) allPull(secret string) bool {
	for _, w := range r.workloads {
		if !slices.ContainsFunc(w.template.Spec.ImagePullSecrets, func(s corev1.LocalObjectReference) bool { return s.Name == secret }) {
			return false
		}
	}
	return true
}

// containers reads the containers of a pod in their roles.
func (r *sourceReader) containers(w *sourceWorkload) {
	spec := &w.template.Spec
	r.shareMounts(w)
	w.ports = map[portKey]string{}
	w.portNames = map[string]bool{}
	read := func(list string, i int, path string, role ir.Role, c *corev1.Container) ir.Container {
		n := dig(w.pod, list, i)
		r.place(path, n)
		if role != ir.Main {
			r.comment(path, n)
		}
		return r.container(w, path, role, c, n)
	}
	main := &spec.Containers[w.main]
	w.id.container = main.Name
	w.result.Container = mergeMain(w.result.Container, read("containers", w.main, w.path, ir.Main, main))
	for i := range spec.Containers {
		if i != w.main {
			c := &spec.Containers[i]
			w.result.Sidecars.Set(c.Name, read("containers", i, ir.JoinPath(w.path+".sidecars", c.Name), ir.Sidecar, c))
		}
	}
	for i := range spec.InitContainers {
		c := &spec.InitContainers[i]
		if w.isHelper(c.Name) {
			continue
		}
		if isNativeSidecar(c) {
			w.result.Sidecars.Set(c.Name, read("initContainers", i, ir.JoinPath(w.path+".sidecars", c.Name), ir.Sidecar, c))
			continue
		}
		w.result.Init.Set(c.Name, read("initContainers", i, ir.JoinPath(w.path+".init", c.Name), ir.Init, c))
	}
	r.podSecurity(w)
	if w.result.Sidecars.Has(w.name) { // the main container is another one
		r.report(diag.Warning, codeRenamed, w.pod, w.path, "a sidecar has the name of the workload", "Rename one of them in the spec.")
	}
}

func isNativeSidecar(c *corev1.Container) bool {
	return c.RestartPolicy != nil && *c.RestartPolicy == corev1.ContainerRestartPolicyAlways
}

// mergeMain keeps what is known of the workload's main container already.
func mergeMain(known, c ir.Container) ir.Container {
	c.Hostname = known.Hostname
	return c
}

// podSecurity reads what all containers of the pod have in common.
func (r *sourceReader) podSecurity(w *sourceWorkload) {
	spec := &w.template.Spec
	security := func() *ir.Security {
		if w.result.Security == nil {
			w.result.Security = &ir.Security{}
		}
		return w.result.Security
	}
	if spec.HostNetwork {
		security().Network = "host"
	}
	if spec.HostPID {
		security().PID = "host"
	}
	if spec.HostIPC {
		security().IPC = "host"
	}
	if spec.ShareProcessNamespace != nil && *spec.ShareProcessNamespace && !spec.HostPID {
		security().PID = "share"
	}
	if s := spec.SecurityContext; s != nil {
		if s.FSGroup != nil && *s.FSGroup >= 0 {
			security().FSGroup = s.FSGroup
			r.place(w.path+".security.fsGroup", dig(w.pod, "securityContext", "fsGroup"))
		}
		if len(s.SupplementalGroups) > 0 {
			security().Groups = s.SupplementalGroups
		}
		for _, ctl := range s.Sysctls {
			w.result.Sysctls.Set(ctl.Name, ctl.Value)
		}
	}
	if grace := spec.TerminationGracePeriodSeconds; grace != nil && *grace >= 0 {
		if w.result.Stop == nil {
			w.result.Stop = &ir.Stop{}
		}
		w.result.Stop.Grace = pointer(secondsOf(*grace))
		r.place(w.path+".stop.grace", w.pod.Get("terminationGracePeriodSeconds"))
	}
}
