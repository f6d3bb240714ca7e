package kubernetes

import (
	"slices"

	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/support"
)

// reachRows are about who reaches a workload, and whom it reaches.
func reachRows() []support.Row {
	label := "A name on Kubernetes is one label that begins with a letter, so an alias with a dot, or one that begins with a digit, cannot be had. Use an endpoint, or another alias."
	onHost := "No policy sees a pod in the network of its node. Take security.network: host away."
	onNode := when("when the workload is a daemon in the network of its node", both(isKind(ir.Daemon), onHostNetwork), support.Dropped,
		"The container listens on the node itself, under its own number and on the address that it chooses. Change what it listens on.")
	apart := "The two have no network in common, so nothing can pass whatever the list says. Let one join a network of the other."
	any := "A NetworkPolicy knows addresses and no names, so every address is allowed on its port, and on every port where the peer names none."
	return []support.Row{
		emulated("workload.aliases", "by a further Service for each alias", "Service",
			when("when no alias can be the name of a Service", noAlias, support.Dropped, label),
			when("when an alias cannot be the name of a Service", badAlias, support.Approximated, label)),
		native("workload.publish", "Service of type LoadBalancer; containers[].ports[].hostPort of a DaemonSet", onNode),
		dropped("workload.publish.on", "A load balancer listens on its own address and not on one of a node. Leave the port unpublished and reach it by `kubectl port-forward`, or publish it without an address.", "Service", onNode,
			when("when the workload is a daemon", isKind(ir.Daemon), support.Native, "")),
		approximated("workload.publish.range", "The port is published under the first number of the range.", "Service.spec.ports", onNode,
			when("when a number is given too", hasNumber, support.Dropped, "The number that is given beside it is taken.")),

		emulated("workload.networks", "by a NetworkPolicy that lets only pods of the same networks reach the workload, on clusters whose network plugin enforces policies", "NetworkPolicy",
			when("when the workload uses the network of its node", onHostNetwork, support.Dropped, onHost)),
		emulated("workload.networks.aliases", "by a further Service for each alias, which resolves in the whole namespace", "Service",
			when("when no alias can be the name of a Service", noAlias, support.Dropped, label),
			when("when an alias cannot be the name of a Service", badAlias, support.Approximated, label)),
		dropped("workload.networks.addresses", "Addresses of pods are given by the cluster. Reach the workload by its name.", "PodStatus"),

		emulated("workload.needs", "by an init container that waits until the other one answers", "initContainers",
			when("when a job has to be completed", isCondition(ir.Completed), support.Emulated,
				"by an init container that runs `kubectl wait`, and rights to look at that one job"),
			when("when the other one has to be started only", both(isCondition(ir.Started), couldWait), support.Emulated,
				"by an init container that waits until the other one answers, which is when it is ready and thus later than started"),
			when("when policies keep the workload from the other one", isUnreachable, support.Dropped,
				"An init container would have to connect to it, and the networks or the lists of peers do not let it. Add the one to egress and ingress of the other, or take the need out."),
			when("when the other one is a job without ports", needsIdleJob, support.Dropped,
				"A job without ports cannot be asked whether it has started. Wait until it is completed."),
			when("when the other one has UDP ports only", needsSilent, support.Dropped,
				"Nothing tells whether a UDP port answers. Let the workload try again by itself.")),

		emulated("workload.egress", "by a NetworkPolicy, on clusters whose network plugin enforces policies", "NetworkPolicy egress",
			when("when the workload uses the network of its node", onHostNetwork, support.Dropped, onHost),
			when("when the two have no network in common", isApart, support.Dropped, apart),
			when("when the peer is a name outside", isOutside, support.Approximated, any),
			when("when the workload waits for the end of a job", waitsForJob, support.Approximated,
				"The init container that waits for the job asks the API server, so every address is allowed on the ports 443 and 6443.")),
		emulated("workload.ingress", "by a NetworkPolicy, on clusters whose network plugin enforces policies", "NetworkPolicy ingress",
			when("when the workload uses the network of its node", onHostNetwork, support.Dropped, onHost),
			when("when the two have no network in common", isApart, support.Dropped, apart),
			when("when the peer is a name outside", isHostPeer, support.Dropped, "A NetworkPolicy knows addresses and no names. Give a CIDR."),
			when("when the peer is a route", isRoutePeer, support.Approximated,
				"Where the ingress controller runs is not known, so its port is open to every address. Narrow it by a platform entry that names the controller's namespace.")),
	}
}

func hasNumber(f *ir.Fact) bool {
	p, ok := f.Parent.(*ir.Publish)
	return ok && p.Port != 0
}

func aliasesIn(f *ir.Fact) []string {
	list, _ := f.Value().([]string)
	return list
}

func badAlias(f *ir.Fact) bool {
	return slices.ContainsFunc(aliasesIn(f), func(a string) bool { return !isServiceName(a) })
}

func noAlias(f *ir.Fact) bool {
	return len(aliasesIn(f)) > 0 && !slices.ContainsFunc(aliasesIn(f), isServiceName)
}

func isCondition(c ir.Condition) func(*ir.Fact) bool {
	return func(f *ir.Fact) bool { return f.Word() == string(c) }
}

func needsIdleJob(f *ir.Fact) bool {
	other := f.App.Workloads.Ref(f.Name)
	return other != nil && other.RunsToCompletion() && !hasPorts(other, "")
}

func needsSilent(f *ir.Fact) bool {
	other := f.App.Workloads.Ref(f.Name)
	return other != nil && !other.Stateful && hasPorts(other, "") && !hasPorts(other, "tcp")
}

func hasPorts(w *ir.Workload, protocol string) bool {
	found := false
	ir.EachContainer(w, "", func(_, _ string, role ir.Role, c *ir.Container) {
		for _, p := range c.Ports {
			found = found || role != ir.Init && (protocol == "" || p.Value.ProtocolOrDefault() == protocol)
		}
	})
	return found
}

func peerOf(f *ir.Fact) ir.Peer {
	p, _ := f.Value().(ir.Peer)
	return p
}

func isHostPeer(f *ir.Fact) bool  { return peerOf(f).Host != "" }
func isRoutePeer(f *ir.Fact) bool { return peerOf(f).Route != "" }

// isOutside holds for a host name, and for an endpoint that is the real one.
func isOutside(f *ir.Fact) bool {
	p := peerOf(f)
	if p.Endpoint == "" {
		return p.Host != ""
	}
	endpoint, _ := f.App.Endpoints.Get(p.Endpoint)
	return endpoint.Workload == "" && endpoint.Address == ""
}

// couldWait holds where a wait is written.
func couldWait(f *ir.Fact) bool {
	return !isUnreachable(f) && !needsIdleJob(f) && !needsSilent(f)
}

func isUnreachable(f *ir.Fact) bool { return !reaches(f.App, f.WorkloadName, f.Name) }

// isApart holds for a peer of this app that is in none of the workload's networks.
func isApart(f *ir.Fact) bool {
	p := peerOf(f)
	name := p.Workload
	if endpoint := f.App.Endpoints.Ref(p.Endpoint); endpoint != nil {
		name = endpoint.Workload
	}
	other := f.App.Workloads.Ref(name)
	return other != nil && !meet(f.Workload, other)
}

func waitsForJob(f *ir.Fact) bool {
	for _, need := range f.Workload.Needs {
		if need.Value == ir.Completed {
			return true
		}
	}
	return false
}
