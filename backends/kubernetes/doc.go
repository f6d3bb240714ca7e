// Package kubernetes writes an app as manifests for Kubernetes, and reads manifests
// into an app.
//
// # What is emitted
//
// A workload is one file with all that belongs to it, in the order in which it is
// needed: its account and rights, its Services, its NetworkPolicy, then what runs it
// (a service is a Deployment, or a StatefulSet with a headless Service when it is
// stateful; a daemon a DaemonSet; a job a Job; a cron job a CronJob), then its
// HorizontalPodAutoscaler and PodDisruptionBudget. Beside them stand configs.yaml,
// volumes.yaml, routes.yaml (Ingress), endpoints.yaml (stubs), priorities.yaml,
// platform.yaml (objects of the ledger), and secrets.yaml, which holds comments only:
// the commands that create the secrets. `kubectl apply -f DIR` takes the folder as it
// is; the namespace is the choice of who applies it.
//
// # Decisions
//
//   - Objects find each other by app.kubernetes.io/name and part-of. Selectors cannot
//     be changed, so nothing else is ever in them.
//   - The port of a Service is the one that the container listens on: what an address
//     in the app's configuration says is true on every platform.
//   - A Job cannot be changed, and a running pod does not notice a new ConfigMap, so
//     the names of both carry a hash of their content.
//   - What Kubernetes cannot wait for, init containers do: for a workload by connecting
//     to its Service, behind which only ready pods are, and for the end of a job by
//     `kubectl wait`, with rights to look at that one job and a token that no other
//     container of the pod gets.
//   - One NetworkPolicy says all about one workload. Several would add up to more than
//     each of them allows.
//   - A secret inside a config is filled in by an init container, into memory; a
//     ConfigMap never holds one.
//   - Every dollar is doubled in values, commands, arguments and exec probes, where
//     Kubernetes reads $(NAME); in hooks and paths it reads nothing.
//
// # Reading
//
// The reader takes the facts that an app can hold, has the app emitted, and compares
// each emitted object with the one of the files: what differs is the patch that goes
// into the ledger (read_keep.go), and an object that nothing emitted stands for is
// carried whole. So no field can be forgotten, those of later versions neither. Both
// sides are first written in one form; read_align.go lists what counts as the same.
// Names and selectors, which a cluster does not let anybody change, are said by one
// entry of the ledger for the whole app: on: names (emit_identity.go).
//
// # Sources
//
// The types of k8s.io/api are the reference for every field, the documentation of
// Kubernetes for behaviour. What only a running cluster shows was measured with 1.35:
// which texts are expanded, that policies see the ports of containers and not of
// Services, that a rollout drops requests without a pause before the signal, that a
// numeric user without a group has root's.
package kubernetes
