package kubernetes

import (
	"fmt"
	"reflect"
	"slices"

	networkingv1 "k8s.io/api/networking/v1"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// policies reads the NetworkPolicies that say exactly what lists of peers say. All
// others are carried whole: an isolation that is nearly right is none. What several
// policies admit adds up, so that one which is carried closes nothing that is said.
func (r *sourceReader) policies() {
	singles, about := map[*sourceWorkload][]*sourceObject{}, map[*sourceWorkload]int{}
	closers := map[string][]networkingv1.PolicyType{} // by namespace: what all of its pods are closed to
	for _, o := range r.objects {
		typed, ok := o.typed.(*networkingv1.NetworkPolicy)
		if !ok {
			continue
		}
		spec := typed.Spec.DeepCopy()
		fillPolicy(spec)
		if closesAll(spec) {
			closers[o.namespace] = append(closers[o.namespace], spec.PolicyTypes...)
			o.unmapped = closesAllPods
			continue
		}
		var selected []*sourceWorkload
		for _, w := range r.workloads {
			if w.namespace == o.namespace && len(typed.Spec.PodSelector.MatchExpressions) == 0 &&
				(len(typed.Spec.PodSelector.MatchLabels) == 0 || selects(typed.Spec.PodSelector.MatchLabels, w.template.Labels)) {
				selected = append(selected, w)
				about[w]++
			}
		}
		if len(selected) == 1 {
			singles[selected[0]] = append(singles[selected[0]], o)
		} else {
			o.unmapped = "it is about several workloads, or about none of these files"
		}
	}
	for _, w := range r.workloads {
		if list := singles[w]; len(list) == 1 {
			typed, _ := list[0].typed.(*networkingv1.NetworkPolicy)
			spec := typed.Spec.DeepCopy()
			fillPolicy(spec)
			r.policy(w, list[0], spec, closers[w.namespace])
		} else if about[w] == 0 {
			r.close(w, closers[w.namespace])
		}
	}
	for _, o := range r.objects {
		if _, ok := o.typed.(*networkingv1.NetworkPolicy); !ok || o.unmapped == closesAllPods || o.unmapped == closesNothing || slices.ContainsFunc(r.workloads, func(w *sourceWorkload) bool { return w.policy == o }) {
			continue
		}
		r.report(diag.Warning, codePolicy, o.node, "", fmt.Sprintf("NetworkPolicy %s cannot be said as ingress and egress", o.name),
			"It stays in the ledger, so Kubernetes keeps it; on other platforms what it isolates is open. Write ingress and egress of the workloads for those.")
	}
}

// closesAllPods is why a policy is carried that the workloads say each for itself.
const closesAllPods = "it closes all pods of the namespace, and the workloads say it each for itself"

// closesNothing is why a policy is carried that admits everybody to all that listens.
const closesNothing = "it closes none of the ports on which something listens"

// closesAll reports a policy that is about all pods and admits nobody.
func closesAll(s *networkingv1.NetworkPolicySpec) bool {
	return len(s.PodSelector.MatchLabels) == 0 && len(s.PodSelector.MatchExpressions) == 0 && len(s.Ingress) == 0 && len(s.Egress) == 0 && len(s.PolicyTypes) > 0
}

// close says of a workload what a policy for all pods says, where nothing else does.
func (r *sourceReader) close(w *sourceWorkload, types []networkingv1.PolicyType) {
	if slices.Contains(types, networkingv1.PolicyTypeIngress) && w.result.Ingress == nil {
		w.result.Ingress = &ir.PeerList{}
	}
	if slices.Contains(types, networkingv1.PolicyTypeEgress) && w.result.Egress == nil {
		w.result.Egress = &ir.PeerList{}
	}
	r.sayPeers(w)
}

// sayPeers hands the lists of a workload to the app, which has it already.
func (r *sourceReader) sayPeers(w *sourceWorkload) {
	if held := r.app.Workloads.Ref(w.name); held != nil {
		held.Ingress, held.Egress = w.result.Ingress, w.result.Egress
	}
}

func (r *sourceReader) policy(w *sourceWorkload, o *sourceObject, spec *networkingv1.NetworkPolicySpec, closed []networkingv1.PolicyType) {
	types := spec.PolicyTypes
	var ingress, egress *ir.PeerList
	if slices.Contains(types, networkingv1.PolicyTypeIngress) {
		list, open, ok := r.ingressOf(w, o, spec.Ingress)
		if !ok {
			return
		}
		if !open {
			ingress = list
		}
		closed = slices.DeleteFunc(slices.Clone(closed), func(t networkingv1.PolicyType) bool { return t == networkingv1.PolicyTypeIngress })
	}
	if slices.Contains(types, networkingv1.PolicyTypeEgress) {
		egress = &ir.PeerList{}
		for _, rule := range spec.Egress {
			if reflect.DeepEqual(rule, dnsRule()) || isDNS(rule) {
				continue
			}
			if !r.peersOf(o, rule.To, rule.Ports, egress) {
				return
			}
		}
		closed = slices.DeleteFunc(slices.Clone(closed), func(t networkingv1.PolicyType) bool { return t == networkingv1.PolicyTypeEgress })
	}
	w.result.Ingress, w.result.Egress = ingress, egress
	r.close(w, closed)
	if w.result.Ingress == nil && w.result.Egress == nil {
		o.unmapped = closesNothing
		return
	}
	w.policy = o
	r.place(w.path+".ingress", dig(o.node, "spec", "ingress"))
	r.place(w.path+".egress", dig(o.node, "spec", "egress"))
}

// ingressOf reads who is admitted; open means everybody, to all that listens.
func (r *sourceReader) ingressOf(w *sourceWorkload, o *sourceObject, rules []networkingv1.NetworkPolicyIngressRule) (list *ir.PeerList, open, ok bool) {
	list = &ir.PeerList{}
	for _, rule := range rules {
		routes := r.routesAt(w, rule.Ports)
		switch {
		case len(rule.From) == 0 && len(routes) > 0 && r.own:
			list.Peers = append(list.Peers, routes...)
		case !r.allPorts(w, rule.Ports):
			return nil, false, false
		case len(rule.From) == 0:
			open = true
		case !r.peersOf(o, rule.From, nil, list):
			return nil, false, false
		}
	}
	return list, open, true
}

// routesAt finds the routes that lead to a workload at ports that a rule opens for
// everybody: decamp writes it so.
func (r *sourceReader) routesAt(w *sourceWorkload, ports []networkingv1.NetworkPolicyPort) []ir.Peer {
	var peers []ir.Peer
	for _, route := range r.app.Routes {
		if route.Value.To.Workload != w.name {
			continue
		}
		for key, name := range w.ports {
			if name == route.Value.To.Port && slices.ContainsFunc(ports, func(p networkingv1.NetworkPolicyPort) bool {
				return p.Port != nil && portNumberIn(&w.template.Spec, *p.Port) == key.number
			}) {
				peers = append(peers, ir.Peer{Route: route.Key})
			}
		}
	}
	return peers
}

// isDNS reports a rule that only lets names be resolved.
func isDNS(rule networkingv1.NetworkPolicyEgressRule) bool {
	for _, p := range rule.Ports {
		if p.Port == nil || p.Port.IntVal != 53 || p.EndPort != nil {
			return false
		}
	}
	return len(rule.Ports) > 0
}

// allPorts reports whether a rule closes none of the workload's ports.
func (r *sourceReader) allPorts(w *sourceWorkload, ports []networkingv1.NetworkPolicyPort) bool {
	if len(ports) == 0 {
		return true
	}
	for key := range w.ports {
		if !slices.ContainsFunc(ports, func(p networkingv1.NetworkPolicyPort) bool {
			return p.Port != nil && portNumberIn(&w.template.Spec, *p.Port) == key.number && (p.Protocol == nil && key.protocol == "TCP" || p.Protocol != nil && *p.Protocol == key.protocol)
		}) {
			return false
		}
	}
	return true
}

// peersOf adds the peers of a rule; false where a list of peers cannot say it.
func (r *sourceReader) peersOf(o *sourceObject, from []networkingv1.NetworkPolicyPeer, ports []networkingv1.NetworkPolicyPort, into *ir.PeerList) bool {
	if len(from) == 0 {
		return false // everybody
	}
	add := func(p ir.Peer) {
		if !slices.Contains(into.Peers, p) {
			into.Peers = append(into.Peers, p)
		}
	}
	for _, peer := range from {
		switch {
		case peer.NamespaceSelector != nil:
			return false
		case peer.IPBlock != nil && len(peer.IPBlock.Except) == 0:
			number := 0
			if len(ports) > 1 || len(ports) == 1 && (ports[0].Port == nil || ports[0].EndPort != nil || ports[0].Protocol != nil && *ports[0].Protocol != "TCP") {
				return false
			}
			if len(ports) == 1 {
				number = ports[0].Port.IntValue()
			}
			add(ir.Peer{CIDR: peer.IPBlock.CIDR, Port: number})
		case peer.PodSelector != nil && len(peer.PodSelector.MatchExpressions) == 0 && len(peer.PodSelector.MatchLabels) > 0:
			found := false
			for _, w := range r.workloads {
				if w.namespace == o.namespace && selects(peer.PodSelector.MatchLabels, w.template.Labels) {
					if !r.allPorts(w, ports) {
						return false
					}
					found = true
					add(ir.Peer{Workload: w.name})
				}
			}
			if !found {
				return false
			}
		default:
			return false
		}
	}
	return true
}
