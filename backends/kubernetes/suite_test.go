package kubernetes_test

import (
	"testing"

	"github.com/decamp-dev/decamp/backends/kubernetes"
	"github.com/decamp-dev/decamp/compiler/backend/backendtest"
)

// exemptions are changes that the files cannot show, each with its reason.
var exemptions = []backendtest.Exemption{
	{Kind: "workload.egress", From: "smtp.example.com:587", To: "changed.smtp.example.com:587", Reason: "a NetworkPolicy knows no names: the rule admits every address, and a comment names the one that is meant"},
	{Kind: "workload.restart", To: "nothing", Reason: "the policy there is what is in force when nothing is said"},
	{Kind: "workload.needs", From: "ready", To: "started", Reason: "what is ready has started: the wait is the same"},

	// What manifests do not say, or say in one form for several facts.
	{Kind: "endpoint.host", Unread: true, Reason: "an endpoint is a constant in values"},
	{Kind: "endpoint.port", Unread: true, Reason: "an endpoint is a constant in values"},
	{Kind: "endpoint.scheme", Unread: true, Reason: "an endpoint is a constant in values"},
	{Kind: "endpoint.real", Unread: true, Reason: "an endpoint is a constant in values"},
	{Kind: "endpoint.address", Unread: true, Reason: "the hosts file of a pod tells no port, without which there is no endpoint"},
	{Kind: "container.env", Unread: true, Reason: "an endpoint is a constant in values, and a name in prose is a word"},
	{Kind: "config.content", Unread: true, Reason: "an endpoint is a constant in files"},
	{Kind: "secret.description", Unread: true, Reason: "it stands in a comment of secrets.yaml"},
	{Kind: "secret.env", Unread: true, Reason: "it stands in a comment of secrets.yaml"},
	{Kind: "secret.file", Unread: true, Reason: "it stands in a comment of secrets.yaml"},
	{Kind: "secret.type", Unread: true, Reason: "nothing refers to the type, but for certificates of routes and logins of registries"},
	{Kind: "secret.external", Unread: true, Reason: "manifests know a secret by its name on the cluster only"},
	{Kind: "container.files.secret", Unread: true, From: "db-cert", Reason: "manifests know a secret by its name on the cluster only"},
	{Kind: "route.tls.secret", Unread: true, From: "storefront-cert", Reason: "manifests know a secret by its name on the cluster only"},
	{Kind: "container.mounts.volume", Unread: true, From: "archive", Reason: "manifests know a volume that exists by its name on the cluster only"},
	{Kind: "volume.external", Unread: true, Reason: "manifests know a volume that exists by its name on the cluster only"},
	{Kind: "volume", Unread: true, Reason: "the size that a claim has to have is read, though nobody said it"},
	{Kind: "container.reaper", Unread: true, Reason: "processes are shared, which is also what security.pid: share says"},
	{Kind: "container.security.groups", Unread: true, Reason: "the groups of all containers are those of the pod"},
	{Kind: "container.health.startup.successes", Unread: true, From: "1", Reason: "it is what is meant when nothing is said"},
	{Kind: "container.health.live.successes", Unread: true, From: "1", Reason: "it is what is meant when nothing is said"},
	{Kind: "container.security.seccomp", Unread: true, From: "default", Reason: "the pass runtime-seccomp says it of every pod"},
	{Kind: "workload.disruption.unavailable", Unread: true, From: "1", Reason: "the pass disruption-budget says it of every service with replicas"},
	{Kind: "container.security.ipc", Unread: true, Reason: "the containers of a pod share it anyway"},
	{Kind: "container.security.pid", Unread: true, From: "own", Reason: "it is what is meant when nothing is said"},
	{Kind: "container.security.network", Unread: true, From: "own", Reason: "it is what is meant when nothing is said"},
	{Kind: "workload.restart.policy", Unread: true, Reason: "it is what is meant when nothing is said"},
	{Kind: "workload.replicas", Unread: true, From: "1", Reason: "it is what is meant when nothing is said"},
	{Kind: "workload.kind", Unread: true, From: "service", Reason: "it is what is meant when nothing is said"},
	{Kind: "route.match", Unread: true, From: "prefix", Reason: "it is what is meant when nothing is said"},
	{Kind: "workload.aliases", Unread: true, Reason: "a Service for an alias in a network is one for an alias"},
	{Kind: "workload.networks.aliases", Unread: true, Reason: "a Service for an alias in a network is one for an alias"},
	{Kind: "workload.placement.require", Unread: true, Reason: "a nodeSelector has no order, and a second rule for its label is an affinity"},
	{Kind: "workload.egress", Unread: true, Reason: "a policy with a rule for every address on a port is kept as it is: who is meant cannot be told"},
	{Kind: "workload.ingress", Unread: true, Reason: "a policy with a rule for every address on a port is kept as it is: who is meant cannot be told"},
}

// TestSuite proves the table: what it says of each fact is what a change of the fact does to the files.
func TestSuite(t *testing.T) {
	backendtest.Run(t, kubernetes.New(), backendtest.Maximal(t), exemptions...)
}
