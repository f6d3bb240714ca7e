package swarm

import (
	"testing"

	"github.com/decamp-dev/decamp/compiler/backend/backendtest"
)

// unsaid are facts that a stack file does not hold in a form of their own.
var unsaid = []backendtest.Exemption{
	{Unread: true, Kind: "app.name", Reason: stageName},
	{Unread: true, Kind: "app.stage", Reason: stageName},
	{Unread: true, Kind: "container.env", Reason: referenceText},
	{Unread: true, Kind: "container.args", Reason: "an empty entrypoint with arguments is written as the arguments alone"},
	{Unread: true, Kind: "container.files.config", Reason: oneEach},
	{Unread: true, Kind: "container.files.key", Reason: oneEach},
	{Unread: true, Kind: "container.files.secret", Reason: oneEach},
	{Unread: true, Kind: "container.health.startup.delay", Reason: onePeriod},
	{Unread: true, Kind: "container.health.startup.failures", Reason: onePeriod},
	{Unread: true, Kind: "container.health.startup.successes", From: "1", Reason: meantAnyway},
	{Unread: true, Kind: "container.health.live.successes", From: "1", Reason: meantAnyway},
	{Unread: true, Kind: "container.health.live.delay", Reason: onePeriod},
	{Unread: true, Kind: "container.security.pid", From: "own", Reason: meantAnyway},
	{Unread: true, Kind: "container.security.ipc", From: "own", Reason: meantAnyway},
	{Unread: true, Kind: "container.security.network", From: "own", Reason: meantAnyway},
	{Unread: true, Kind: "workload.kind", From: "service", Reason: meantAnyway},
	{Unread: true, Kind: "workload.replicas", From: "1", Reason: meantAnyway},
	{Unread: true, Kind: "workload.restart.policy", Reason: "Swarm starts what ends again unless it is told otherwise, and knows one form of it"},
	{Unread: true, Kind: "workload.update.parallel", From: "25%", Reason: "it is written as the number that it makes of the replicas"},
	{Unread: true, Kind: "workload.aliases", Reason: everyNetwork},
	{Unread: true, Kind: "workload.networks", Reason: everyNetwork},
	{Unread: true, Kind: "workload.networks.aliases", Reason: everyNetwork},
	{Unread: true, Kind: "workload.publish.port", Reason: "the port is one of a sidecar, which is a service of its own here"},
	{Unread: true, Kind: "workload.needs", Reason: "the next file waits until all of this one is up, whatever is asked"},
	{Unread: true, Kind: "workload.placement.require", Reason: "not in with several values is several constraints; roles of nodes are Swarm's own"},
	{Unread: true, Kind: "workload.placement.spread", Reason: "Swarm spreads over nodes by itself"},
	{Unread: true, Kind: "workload.stateful", Reason: "one replica has a host name like any other"},
	{Unread: true, Kind: "route.host", Reason: proxyConfig},
	{Unread: true, Kind: "route.path", Reason: proxyConfig},
	{Unread: true, Kind: "route.match", Reason: proxyConfig},
	{Unread: true, Kind: "route.to", Reason: proxyConfig},
	{Unread: true, Kind: "route.tls.secret", Reason: proxyConfig},
	{Unread: true, Kind: "config.content", Reason: "a config is its text; one that only stands in other texts is no object"},
	{Unread: true, Kind: "config.entries", Reason: oneEach},
	{Unread: true, Kind: "secret.description", Reason: "it is a comment, or a message"},
	{Unread: true, Kind: "secret.env", Reason: createdBefore},
	{Unread: true, Kind: "secret.file", Reason: createdBefore},
	{Unread: true, Kind: "secret.keys", Reason: oneEach},
	{Unread: true, Kind: "secret.type", Reason: "a secret of Swarm is bytes"},
	{Unread: true, Kind: "secret.external", Reason: "each value of a secret is one of its own"},
	{Unread: true, Kind: "network.options", Reason: "options of an overlay stay for Swarm"},
	{Unread: true, Kind: "endpoint.host", Reason: hostNameOnly},
	{Unread: true, Kind: "endpoint.port", Reason: hostNameOnly},
	{Unread: true, Kind: "endpoint.scheme", Reason: hostNameOnly},
	{Unread: true, Kind: "endpoint.real", Reason: hostNameOnly},
	{Unread: true, Kind: "endpoint.workload", Reason: hostNameOnly},
	{Unread: true, Kind: "endpoint.address", Reason: hostNameOnly},
}

const (
	stageName     = "the stack of a stage is called after app and stage"
	referenceText = "a reference is the text that it stands for"
	oneEach       = "each value of a config or secret is one of its own"
	onePeriod     = "start_period is one time: delays and failures together"
	meantAnyway   = "it is what is meant when nothing is said"
	everyNetwork  = "the aliases of a workload stand at each of its networks"
	proxyConfig   = "a route is the configuration of a proxy, which is a service"
	createdBefore = "a secret exists before the stack, and nothing there says what it was made of"
	hostNameOnly  = "an endpoint is its host name in the texts that name it"
)

// TestReadBack emits the maximal app and demands every native and emulated fact back.
// Sidecars and init containers are services of their own, which nothing in the files holds
// together.
func TestReadBack(t *testing.T) {
	app := backendtest.Maximal(t)
	for i := range app.Workloads {
		w := &app.Workloads[i].Value
		w.Init, w.Sidecars = nil, nil
	}
	for _, v := range backendtest.Reading(New(), app, unsaid...) {
		t.Error(v)
	}
}
