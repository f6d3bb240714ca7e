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
// others are carried whole: an isolation that is nearly right is none.
func (r *sourceReader) policies() {
	byWorkload := map[*sourceWorkload][]*sourceObject{}
	for _, o := range r.objects {
		typed, ok := o.typed.(*networkingv1.NetworkPolicy)
		if !ok {
			continue
		}
		var selected []*sourceWorkload
		for _, w := range r.workloads {
			if w.namespace == o.namespace && len(typed.Spec.PodSelector.MatchExpressions) == 0 &&
				(len(typed.Spec.PodSelector.MatchLabels) == 0 || selects(typed.Spec.PodSelector.MatchLabels, w.template.Labels)) {
				selected = append(selected, w)
				byWorkload[w] = append(byWorkload[w], o)
			}
		}
		if len(selected) != 1 {
			o.unmapped = "it is about several workloads, or about none of these files"
		}
	}
	for _, w := range r.workloads {
		list := byWorkload[w]
		if len(list) == 1 && list[0].unmapped == "" {
			r.policy(w, list[0], list[0].typed.(*networkingv1.NetworkPolicy))
		}
	}
	for _, o := range r.objects {
		if _, ok := o.typed.(*networkingv1.NetworkPolicy); ok && !slices.ContainsFunc(r.workloads, func(w *sourceWorkload) bool { return w.policy == o }) {
			r.report(diag.Warning, codePolicy, o.node, "", fmt.Sprintf("NetworkPolicy %s cannot be said as ingress and egress", o.name),
				"It stays in the ledger, so Kubernetes keeps it; on other platforms what it isolates is open. Write ingress and egress of the workloads for those.")
		}
	}
}

func (r *sourceReader) policy(w *sourceWorkload, o *sourceObject, typed *networkingv1.NetworkPolicy) {
	types := typed.Spec.PolicyTypes
	if len(types) == 0 {
		types = []networkingv1.PolicyType{networkingv1.PolicyTypeIngress}
		if len(typed.Spec.Egress) > 0 {
			types = append(types, networkingv1.PolicyTypeEgress)
		}
	}
	var ingress, egress *ir.PeerList
	if slices.Contains(types, networkingv1.PolicyTypeIngress) {
		ingress = &ir.PeerList{}
		for _, rule := range typed.Spec.Ingress {
			if !r.allPorts(w, rule.Ports) || !r.peersOf(o, rule.From, nil, ingress) {
				return
			}
		}
	}
	if slices.Contains(types, networkingv1.PolicyTypeEgress) {
		egress = &ir.PeerList{}
		for _, rule := range typed.Spec.Egress {
			if reflect.DeepEqual(rule, dnsRule()) || isDNS(rule) {
				continue
			}
			if !r.peersOf(o, rule.To, rule.Ports, egress) {
				return
			}
		}
	}
	w.result.Ingress, w.result.Egress = ingress, egress
	for i := range r.app.Workloads {
		if r.app.Workloads[i].Key == w.name {
			r.app.Workloads[i].Value.Ingress, r.app.Workloads[i].Value.Egress = ingress, egress
		}
	}
	w.policy = o
	r.place(w.path+".ingress", dig(o.node, "spec", "ingress"))
	r.place(w.path+".egress", dig(o.node, "spec", "egress"))
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
