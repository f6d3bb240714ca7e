package kubernetes

import (
	"net/netip"
	"reflect"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/decamp-dev/decamp/compiler/ir"
)

func (e *emitter) networkLabel(network string) string {
	return shorten("network."+e.app.Name, 253) + "/" + network
}

// networkLabels mark the pods of a segment, for the policies of the others.
func (e *emitter) networkLabels(w *workload) map[string]string {
	if !e.segmented {
		return nil
	}
	labels := map[string]string{}
	for _, n := range w.networks {
		labels[e.networkLabel(n)] = "true"
	}
	return labels
}

// emitPolicy writes one NetworkPolicy with all that holds for the workload. Policies
// of several sources would add up to more than each allows.
func (e *emitter) emitPolicy(f *file, w *workload) {
	if w.Security != nil && w.Security.Network == "host" {
		return // no policy sees a pod in the network of its node
	}
	spec := networkingv1.NetworkPolicySpec{PodSelector: metav1.LabelSelector{MatchLabels: w.selector}}
	if e.segmented || w.Ingress != nil {
		spec.PolicyTypes = append(spec.PolicyTypes, networkingv1.PolicyTypeIngress)
		spec.Ingress = e.ingressRules(w)
	}
	if w.Egress != nil || e.isInternal(w) {
		spec.PolicyTypes = append(spec.PolicyTypes, networkingv1.PolicyTypeEgress)
		spec.Egress = e.egressRules(w)
	}
	if len(spec.PolicyTypes) == 0 {
		return
	}
	comments := e.outside(w)
	spec.Egress, comments = joinRules(spec.Egress, comments)
	object := e.read(w.path+".networks", "NetworkPolicy", w.name, &networkingv1.NetworkPolicy{
		TypeMeta:   metav1.TypeMeta{APIVersion: "networking.k8s.io/v1", Kind: "NetworkPolicy"},
		ObjectMeta: w.plain(w.name),
		Spec:       spec,
	})
	e.put(f, object)
	rules := object.value.Get("spec").Get("egress")
	for i, comment := range comments {
		if comment != "" && i < len(rules.Items) {
			rules.Items[i].Comment = comment
		}
	}
}

// outside names what a rule of egress is about where the rule itself cannot, since it
// knows no names; one for each rule that egressRules makes of a peer.
func (e *emitter) outside(w *workload) []string {
	var comments []string
	if w.Egress == nil {
		return nil
	}
	for _, peer := range w.Egress.Peers {
		comment := peer.Host
		if endpoint := e.app.Endpoints.Ref(peer.Endpoint); endpoint != nil {
			comment = endpoint.Host
		}
		for range e.egressRule(w, peer) {
			comments = append(comments, comment)
		}
	}
	if len(e.awaitedJobs(w)) > 0 {
		comments = append(comments, "the API server, for the init container that waits for a job")
	}
	return comments
}

// isInternal reports whether no network of the workload has a way out.
func (e *emitter) isInternal(w *workload) bool {
	if !e.segmented {
		return false
	}
	for _, name := range w.networks {
		if n := e.app.Networks.Ref(name); n == nil || !n.Internal {
			return false
		}
	}
	return true
}

func (e *emitter) segments(w *workload) []networkingv1.NetworkPolicyPeer {
	var peers []networkingv1.NetworkPolicyPeer
	for _, n := range w.networks {
		peers = append(peers, networkingv1.NetworkPolicyPeer{PodSelector: &metav1.LabelSelector{
			MatchLabels: map[string]string{e.networkLabel(n): "true"},
		}})
	}
	return peers
}

func podPeer(w *workload) networkingv1.NetworkPolicyPeer {
	return networkingv1.NetworkPolicyPeer{PodSelector: &metav1.LabelSelector{MatchLabels: w.selector}}
}

func cidrPeer(cidr string) networkingv1.NetworkPolicyPeer {
	if address, err := netip.ParseAddr(cidr); err == nil {
		cidr = netip.PrefixFrom(address, address.BitLen()).String()
	}
	return networkingv1.NetworkPolicyPeer{IPBlock: &networkingv1.IPBlock{CIDR: cidr}}
}

func policyPort(number int, protocol string) networkingv1.NetworkPolicyPort {
	p := networkingv1.NetworkPolicyPort{Port: pointer(intstr.FromInt32(int32(number)))}
	switch protocol {
	case "udp":
		p.Protocol = pointer(corev1.ProtocolUDP)
	case "sctp":
		p.Protocol = pointer(corev1.ProtocolSCTP)
	default:
		p.Protocol = pointer(corev1.ProtocolTCP)
	}
	return p
}

func (e *emitter) ingressRules(w *workload) []networkingv1.NetworkPolicyIngressRule {
	if w.Ingress == nil {
		rules := []networkingv1.NetworkPolicyIngressRule{{From: e.segments(w)}}
		if ports := e.openPorts(w); len(ports) > 0 {
			rules = append(rules, networkingv1.NetworkPolicyIngressRule{Ports: ports})
		}
		return rules
	}
	var rules []networkingv1.NetworkPolicyIngressRule
	var pods []networkingv1.NetworkPolicyPeer
	for _, peer := range w.Ingress.Peers {
		switch {
		case peer.Workload != "":
			if other := e.byName[peer.Workload]; other != nil && meet(w.Workload, other.Workload) {
				pods = append(pods, podPeer(other))
			}
		case peer.Route != "":
			if r := e.app.Routes.Ref(peer.Route); r != nil && r.To.Workload == w.name {
				rules = append(rules, networkingv1.NetworkPolicyIngressRule{Ports: w.portsNamed(r.To.Port)})
			}
		case peer.CIDR != "":
			rule := networkingv1.NetworkPolicyIngressRule{From: []networkingv1.NetworkPolicyPeer{cidrPeer(peer.CIDR)}}
			if peer.Port != 0 {
				rule.Ports = []networkingv1.NetworkPolicyPort{policyPort(peer.Port, "tcp")}
			}
			rules = append(rules, rule)
		}
	}
	if len(pods) > 0 {
		rules = append([]networkingv1.NetworkPolicyIngressRule{{From: pods}}, rules...)
	}
	return rules
}

// openPorts are those that answer from outside: by a route, or published.
func (e *emitter) openPorts(w *workload) []networkingv1.NetworkPolicyPort {
	var ports []networkingv1.NetworkPolicyPort
	seen := map[string]bool{}
	open := func(name string) {
		if !seen[name] {
			seen[name] = true
			ports = append(ports, w.portsNamed(name)...)
		}
	}
	for _, r := range e.app.Routes {
		if r.Value.To.Workload == w.name {
			open(r.Value.To.Port)
		}
	}
	for _, p := range w.Publish {
		open(p.Key)
	}
	return ports
}

// portsNamed are numbers of containers: a policy sees a packet after the Service has
// changed its target.
func (w *workload) portsNamed(name string) []networkingv1.NetworkPolicyPort {
	var ports []networkingv1.NetworkPolicyPort
	for _, p := range w.ports {
		if p.name == name || name == "" {
			ports = append(ports, policyPort(p.Port.Port, p.ProtocolOrDefault()))
		}
	}
	return ports
}

func (e *emitter) egressRules(w *workload) []networkingv1.NetworkPolicyEgressRule {
	var rules []networkingv1.NetworkPolicyEgressRule
	if w.Egress == nil {
		rules = append(rules, networkingv1.NetworkPolicyEgressRule{To: e.segments(w)})
	} else {
		for _, peer := range w.Egress.Peers {
			rules = append(rules, e.egressRule(w, peer)...)
		}
	}
	if len(e.awaitedJobs(w)) > 0 {
		rules = append(rules, networkingv1.NetworkPolicyEgressRule{Ports: []networkingv1.NetworkPolicyPort{
			policyPort(443, "tcp"), policyPort(6443, "tcp"),
		}})
	}
	if len(rules) > 0 {
		rules = append(rules, dnsRule())
	}
	return rules
}

// joinRules makes one rule of those that lead to the same place, with the ports of
// all and what is said about each.
func joinRules(rules []networkingv1.NetworkPolicyEgressRule, comments []string) (joined []networkingv1.NetworkPolicyEgressRule, said []string) {
	for i, rule := range rules {
		comment := ""
		if i < len(comments) {
			comment = comments[i]
		}
		at := slices.IndexFunc(joined, func(r networkingv1.NetworkPolicyEgressRule) bool {
			return reflect.DeepEqual(r.To, rule.To) && (len(r.Ports) == 0) == (len(rule.Ports) == 0)
		})
		if at < 0 {
			joined, said = append(joined, rule), append(said, comment)
			continue
		}
		for _, port := range rule.Ports {
			if !slices.ContainsFunc(joined[at].Ports, func(p networkingv1.NetworkPolicyPort) bool { return reflect.DeepEqual(p, port) }) {
				joined[at].Ports = append(slices.Clip(joined[at].Ports), port)
			}
		}
		if comment != "" && comment != said[at] {
			said[at] = strings.TrimPrefix(said[at]+"; "+comment, "; ")
		}
	}
	return joined, said
}

func (e *emitter) egressRule(w *workload, peer ir.Peer) []networkingv1.NetworkPolicyEgressRule {
	rule := networkingv1.NetworkPolicyEgressRule{}
	to := func(other *workload, ports []networkingv1.NetworkPolicyPort) []networkingv1.NetworkPolicyEgressRule {
		if other == nil || !meet(w.Workload, other.Workload) {
			return nil
		}
		return []networkingv1.NetworkPolicyEgressRule{{To: []networkingv1.NetworkPolicyPeer{podPeer(other)}, Ports: ports}}
	}
	switch {
	case peer.Workload != "":
		if other := e.byName[peer.Workload]; other != nil {
			return to(other, other.portsNamed(""))
		}
		return nil
	case peer.Endpoint != "":
		endpoint, _ := e.app.Endpoints.Get(peer.Endpoint)
		rule.Ports = []networkingv1.NetworkPolicyPort{policyPort(endpoint.Port, "tcp")}
		switch {
		case endpoint.Workload != "":
			return to(e.byName[endpoint.Workload], rule.Ports)
		case endpoint.Address != "":
			rule.To = []networkingv1.NetworkPolicyPeer{cidrPeer(endpoint.Address)}
		}
	case peer.CIDR != "":
		rule.To = []networkingv1.NetworkPolicyPeer{cidrPeer(peer.CIDR)}
		if peer.Port != 0 {
			rule.Ports = []networkingv1.NetworkPolicyPort{policyPort(peer.Port, "tcp")}
		}
	case peer.Host != "" && peer.Port != 0:
		rule.Ports = []networkingv1.NetworkPolicyPort{policyPort(peer.Port, "tcp")}
	case peer.Route != "":
		return nil
	}
	return []networkingv1.NetworkPolicyEgressRule{rule}
}

// dnsRule lets names be resolved: whoever may reach anything has to.
func dnsRule() networkingv1.NetworkPolicyEgressRule {
	return networkingv1.NetworkPolicyEgressRule{
		To: []networkingv1.NetworkPolicyPeer{{
			NamespaceSelector: &metav1.LabelSelector{MatchLabels: map[string]string{corev1.LabelMetadataName: "kube-system"}},
			PodSelector:       &metav1.LabelSelector{MatchLabels: map[string]string{"k8s-app": "kube-dns"}},
		}},
		Ports: []networkingv1.NetworkPolicyPort{policyPort(53, "udp"), policyPort(53, "tcp")},
	}
}
