package kubernetes

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/decamp-dev/decamp/backends/internal/naming"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// portKey is a port as the containers of a pod share them.
type portKey struct {
	number   int32
	protocol corev1.Protocol
}

// containerPorts names what the container listens on: as its Services do, else as
// the container does, else by the number.
func (r *sourceReader) containerPorts(w *sourceWorkload, path string, c *corev1.Container, n *tree.Node, out *ir.Container, role ir.Role) {
	for i, p := range c.Ports {
		if name := r.declare(w, out, p.ContainerPort, p.Protocol, p.Name); name != "" {
			r.place(ir.JoinPath(path+".ports", name), dig(n, i))
			if p.Name != "" && p.Name != name && n != nil {
				r.report(diag.Note, codeRenamed, dig(n, i, "name"), ir.JoinPath(path+".ports", name), fmt.Sprintf("the port name %s of the container is not kept", p.Name),
					fmt.Sprintf("Its Service calls it %s, and so does the spec. All that refers to it follows.", name))
			}
			if p.HostPort > 0 && w.kind == ir.Daemon && role != ir.Init && !w.template.Spec.HostNetwork {
				w.result.Publish.Set(name, ir.Publish{Port: int(p.HostPort), On: p.HostIP})
			}
		}
	}
	if role == ir.Init {
		return
	}
	for _, s := range w.services { // what only a Service tells
		for _, p := range s.typed.Spec.Ports {
			if target := targetNumber(&w.template.Spec, p); target > 0 && (role == ir.Main || w.ports[portKey{target, protocolOf(p.Protocol)}] == "") && !w.elsewhere(c, target) {
				if name := r.declare(w, out, target, p.Protocol, ""); name != "" {
					r.place(ir.JoinPath(path+".ports", name), s.node.Get("spec"))
				}
			}
		}
	}
	for i := range out.Ports {
		if app := w.appProtocol(int32(out.Ports[i].Value.Port)); app != "" {
			out.Ports[i].Value.App = app
		}
	}
}

// elsewhere reports whether another container of the pod declares the number.
func (w *sourceWorkload) elsewhere(c *corev1.Container, number int32) bool {
	spec := &w.template.Spec
	listens := func(other *corev1.Container) bool {
		return other.Name != c.Name && slices.ContainsFunc(other.Ports, func(p corev1.ContainerPort) bool { return p.ContainerPort == number })
	}
	for i := range spec.Containers {
		if listens(&spec.Containers[i]) {
			return true
		}
	}
	for i := range spec.InitContainers {
		if isNativeSidecar(&spec.InitContainers[i]) && listens(&spec.InitContainers[i]) {
			return true
		}
	}
	return false
}

func protocolOf(p corev1.Protocol) corev1.Protocol {
	if p == "" {
		return corev1.ProtocolTCP
	}
	return p
}

// declare adds a port to a container and returns its name; "" when another container
// of the pod has it.
func (r *sourceReader) declare(w *sourceWorkload, out *ir.Container, number int32, protocol corev1.Protocol, own string) string {
	if number < 1 || number > 65535 {
		return ""
	}
	key := portKey{number, protocolOf(protocol)}
	for _, p := range out.Ports {
		if int32(p.Value.Port) == number && strings.EqualFold(p.Value.ProtocolOrDefault(), string(key.protocol)) {
			return p.Key
		}
	}
	if w.ports[key] != "" {
		return ""
	}
	name := or(w.serviceName(number, protocol), own)
	if name == "" {
		name = w.guessPort(number)
	}
	name = naming.Label(name)
	if w.portNames[name] {
		name = strings.ToLower(fmt.Sprintf("p%d-%s", number, key.protocol))
	}
	for n := 2; w.portNames[name]; n++ {
		name = fmt.Sprintf("p%d-%d", number, n)
	}
	w.ports[key], w.portNames[name] = name, true
	port := ir.Port{Port: int(number)}
	if key.protocol != corev1.ProtocolTCP {
		port.Protocol = strings.ToLower(string(key.protocol))
	}
	out.Ports.Set(name, port)
	return name
}

// guessPort names a port that has no name as a person would: by what it is known for,
// else by its number.
func (w *sourceWorkload) guessPort(number int32) string {
	name := knownPorts[number]
	spec := &w.template.Spec
	for i := range spec.Containers {
		c := &spec.Containers[i]
		for _, p := range []*corev1.Probe{c.StartupProbe, c.ReadinessProbe, c.LivenessProbe} {
			if p != nil && p.HTTPGet != nil && portNumberIn(spec, p.HTTPGet.Port) == number {
				name = strings.ToLower(or(string(p.HTTPGet.Scheme), "http"))
			}
		}
	}
	if name == "" || w.portNames[name] {
		return "p" + strconv.Itoa(int(number))
	}
	return name
}

// knownPorts are numbers that are used for one thing only, or nearly so.
var knownPorts = map[int32]string{
	80: "http", 8080: "http", 443: "https", 8443: "https", 3306: "mysql", 5432: "postgres", 6379: "redis", 27017: "mongo",
	5672: "amqp", 9042: "cql", 9092: "kafka", 2181: "zookeeper", 11211: "memcached", 9200: "elasticsearch", 2379: "etcd",
	53: "dns", 22: "ssh", 25: "smtp", 4222: "nats", 9411: "zipkin", 8500: "consul",
}

// serviceName is what Services call a port.
func (w *sourceWorkload) serviceName(number int32, protocol corev1.Protocol) string {
	for _, s := range w.services {
		for _, p := range s.typed.Spec.Ports {
			if p.Name != "" && targetNumber(&w.template.Spec, p) == number && protocolOf(p.Protocol) == protocolOf(protocol) {
				return p.Name
			}
		}
	}
	return ""
}

// appProtocol is what Services say about a port.
func (w *sourceWorkload) appProtocol(number int32) string {
	for _, s := range w.services {
		for _, p := range s.typed.Spec.Ports {
			if p.AppProtocol != nil && targetNumber(&w.template.Spec, p) == number {
				return strings.TrimPrefix(*p.AppProtocol, "kubernetes.io/")
			}
		}
	}
	return ""
}

// portNumberIn resolves a port of a pod by name or number.
func portNumberIn(spec *corev1.PodSpec, port intstr.IntOrString) int32 {
	if port.Type == intstr.Int {
		return port.IntVal
	}
	for _, list := range [][]corev1.Container{spec.Containers, spec.InitContainers} {
		for _, c := range list {
			for _, p := range c.Ports {
				if p.Name == port.StrVal {
					return p.ContainerPort
				}
			}
		}
	}
	n, _ := strconv.Atoi(port.StrVal)
	return int32(n)
}

// targetNumber is the number of the container behind a port of a Service.
func targetNumber(spec *corev1.PodSpec, p corev1.ServicePort) int32 {
	if p.TargetPort.Type == intstr.Int && p.TargetPort.IntVal == 0 {
		return p.Port
	}
	return portNumberIn(spec, p.TargetPort)
}
