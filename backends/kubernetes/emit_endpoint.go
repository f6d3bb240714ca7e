package kubernetes

import (
	"crypto/sha256"
	"fmt"
	"net/netip"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// hostAlias binds a name to an address in the hosts file of pods.
type hostAlias struct {
	ip, host string
	stub     string // the workload behind it, whose own pods keep what DNS says
}

// The addresses that stubs of endpoints take: of the range that kubeadm, kind and
// minikube give to Services, the lower part, which Kubernetes keeps for addresses
// that are chosen by hand. 10.96.0.1 and 10.96.0.10 belong to the cluster itself.
const (
	firstStubAddress = 32
	lastStubAddress  = 255
)

func stubAddress(n int) string { return fmt.Sprintf("10.96.0.%d", n) }

// bindEndpoints decides which names mean something else than what DNS says.
func (e *emitter) bindEndpoints() {
	for i := range e.app.Endpoints {
		item := &e.app.Endpoints[i]
		at := ir.JoinPath("endpoints", item.Key)
		switch {
		case item.Value.Address != "":
			ip, err := netip.ParseAddr(item.Value.Address)
			if err != nil {
				e.fail(codeAddress, at+".address", fmt.Sprintf("%q is no IP address", item.Value.Address), "The name is bound in the hosts file of the pods, which knows addresses only.")
				continue
			}
			e.hostAliases = append(e.hostAliases, hostAlias{ip: ip.String(), host: item.Value.Host})
		case e.byName[item.Value.Workload] != nil:
			name := stubName(item.Key)
			e.takeService(name, at)
			ip := e.chooseAddress(name)
			e.hostAliases = append(e.hostAliases, hostAlias{ip: ip, host: item.Value.Host, stub: item.Value.Workload})
		}
	}
}

func stubName(endpoint string) string { return shorten("endpoint-"+endpoint, maxLabel) }

// chooseAddress takes an address by a hash of the names, so that two apps on one
// cluster rarely want the same.
func (e *emitter) chooseAddress(service string) string {
	sum := sha256.Sum256([]byte(e.app.Name + "/" + service))
	room := lastStubAddress - firstStubAddress + 1
	start := int(sum[0])<<8 | int(sum[1])
	for n := range room {
		ip := stubAddress(firstStubAddress + (start+n)%room)
		if e.endpointByIP[ip] == "" {
			e.endpointByIP[ip] = service
			return ip
		}
	}
	return stubAddress(firstStubAddress)
}

// emitEndpoints writes a Service at a fixed address in front of each stub.
func (e *emitter) emitEndpoints() {
	f := e.file("endpoints.yaml")
	for i := range e.app.Endpoints {
		item := &e.app.Endpoints[i]
		w := e.byName[item.Value.Workload]
		if w == nil || item.Value.Address != "" {
			continue
		}
		name := stubName(item.Key)
		s := e.newService(w, name)
		for ip, service := range e.endpointByIP {
			if service == name {
				s.Spec.ClusterIP = ip
			}
		}
		s.Spec.Ports = []corev1.ServicePort{{
			Name: endpointPortName(item.Value), Port: int32(item.Value.Port), TargetPort: intstr.IntOrString{},
		}}
		e.add(f, ir.JoinPath("endpoints", item.Key), "Service", name, s)
	}
	e.finishEarly(f)
}

func endpointPortName(endpoint ir.Endpoint) string {
	if endpoint.Scheme == "" {
		return "endpoint"
	}
	return portName(slug(endpoint.Scheme))
}

// aliasesFor groups the names by address, as the hosts file of a pod wants them.
func (e *emitter) aliasesFor(w *workload) []corev1.HostAlias {
	var list []corev1.HostAlias
	at := map[string]int{}
	for _, a := range e.hostAliases {
		if a.stub == w.name {
			continue
		}
		if i, ok := at[a.ip]; ok {
			list[i].Hostnames = append(list[i].Hostnames, a.host)
			continue
		}
		at[a.ip] = len(list)
		list = append(list, corev1.HostAlias{IP: a.ip, Hostnames: []string{a.host}})
	}
	return list
}
