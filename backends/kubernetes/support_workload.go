package kubernetes

import (
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/support"
)

// workloadRows are about how a workload lives.
func workloadRows() []support.Row {
	alone := "The pods of a StatefulSet are replaced one after the other, the old one before the new one."
	return []support.Row{
		native("workload", "Deployment, StatefulSet, DaemonSet, Job, CronJob"),
		native("workload.kind", "Deployment, Job, CronJob, DaemonSet"),
		native("workload.labels", "ObjectMeta.labels"),
		native("workload.annotations", "ObjectMeta.annotations"),
		native("workload.replicas", "Deployment spec.replicas"),
		native("workload.stateful", "StatefulSet with a headless Service"),

		native("workload.scale", "HorizontalPodAutoscaler, autoscaling/v2"),

		native("workload.job", "Job, batch/v1"),
		native("workload.job.keep", "Job ttlSecondsAfterFinished",
			when("when another workload waits for the end of the job", isAwaited, support.Dropped,
				"Another workload waits for this job, and its pods could not start any more once the job is removed. The job stays until someone deletes it.")),

		native("workload.schedule", "CronJob, batch/v1"),
		native("workload.schedule.timezone", "CronJob timeZone"),

		native("workload.update.order", "Deployment strategy, DaemonSet updateStrategy",
			when("when the workload mounts a volume that is not shared", isUnshared, support.Dropped,
				"The volume can be used on one node at a time, so the old pod always ends before the new one starts. Say shared: true where the storage allows it."),
			when("when a stateful workload starts the new replica first", both(isStateful, isWord("start-first")), support.Dropped, alone)),
		native("workload.update.parallel", "Deployment maxUnavailable and maxSurge, DaemonSet the same",
			when("when the workload mounts a volume that is not shared", isUnshared, support.Dropped, "The volume can be used on one node at a time, so there is one replica to be replaced."),
			when("when the workload is stateful", isStateful, support.Dropped, alone)),
		dropped("workload.update.delay", "Kubernetes does not pause between batches. Say update.healthy: each new replica then has to stay healthy for that long before the next is replaced.", "Deployment minReadySeconds"),
		native("workload.update.healthy", "minReadySeconds"),
		native("workload.update.deadline", "Deployment progressDeadlineSeconds",
			when("when the workload is stateful or a daemon", anyOf(isStateful, isKind(ir.Daemon)), support.Dropped,
				"Only a Deployment can fail to make progress; watch `kubectl rollout status --timeout` instead.")),
		dropped("workload.update.canary", "A Deployment has no canaries. Use a controller for them, such as Argo Rollouts or Flagger, by a platform entry.", "Deployment"),
		dropped("workload.update.rollback", "A release that fails stays where it is. Run `kubectl rollout status` after the deployment and `kubectl rollout undo` where it fails.", "Deployment progressDeadlineSeconds"),

		native("workload.restart.policy", "PodSpec.restartPolicy",
			when("when a service or daemon asks for always", both(isKind(ir.Service, ir.Daemon), isWord("always")), support.Approximated,
				"Containers are always restarted, but what an operator has scaled to nothing stays stopped, as with unless-stopped."),
			when("when a service or daemon is not to be restarted", both(isKind(ir.Service, ir.Daemon), isWord("on-failure", "never")), support.Dropped,
				"A Deployment, StatefulSet or DaemonSet always restarts its containers. Make the workload a job, or let the process go on.")),
		dropped("workload.restart.delay", "The kubelet waits 10s before a restart, twice as long each time, up to 5 minutes.", "Pod lifecycle, container restarts"),
		dropped("workload.restart.attempts", "A service is restarted for ever; for a job say job.retries.", "Pod lifecycle, container restarts"),
		dropped("workload.restart.window", "The kubelet forgets past restarts after 10 minutes without one.", "Pod lifecycle, container restarts"),

		native("workload.placement", "PodSpec.affinity, nodeSelector"),
		native("workload.placement.spread", "PodSpec.topologySpreadConstraints",
			when("when the workload is a daemon", isKind(ir.Daemon), support.Dropped, "A daemon runs on every node anyway.")),
		native("workload.disruption", "PodDisruptionBudget, policy/v1"),
		emulated("workload.priority", "by a PriorityClass of its own, which belongs to the whole cluster, so that whoever applies it needs the right to make one", "PriorityClass, scheduling/v1"),
		native("workload.serviceAccount", "ServiceAccount"),
	}
}

func anyOf(conditions ...func(*ir.Fact) bool) func(*ir.Fact) bool {
	return func(f *ir.Fact) bool {
		for _, holds := range conditions {
			if holds(f) {
				return true
			}
		}
		return false
	}
}

func isAwaited(f *ir.Fact) bool { return awaited(f.App, f.WorkloadName) }
