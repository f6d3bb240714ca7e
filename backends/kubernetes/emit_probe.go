package kubernetes

import (
	"strconv"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/decamp-dev/decamp/compiler/ir"
)

func probesOf(c *ir.Container) []*ir.Probe {
	var list []*ir.Probe
	if c.Health != nil {
		for _, p := range []*ir.Probe{c.Health.Startup, c.Health.Ready, c.Health.Live} {
			if p != nil {
				list = append(list, p)
			}
		}
	}
	return list
}

func (p *pod) probes(out *corev1.Container, path string, c *ir.Container) {
	if c.Health == nil {
		return
	}
	out.StartupProbe = p.probe(c, c.Health.Startup, path+".health.startup")
	out.ReadinessProbe = p.probe(c, c.Health.Ready, path+".health.ready")
	out.LivenessProbe = p.probe(c, c.Health.Live, path+".health.live")
}

// probe writes the times out even where they are Kubernetes' defaults: no two
// platforms have the same.
func (p *pod) probe(c *ir.Container, probe *ir.Probe, path string) *corev1.Probe {
	if probe == nil {
		return nil
	}
	out := &corev1.Probe{
		InitialDelaySeconds: int32(p.e.seconds(probe.Delay, path+".delay")),
		PeriodSeconds:       int32(p.e.seconds(probe.EveryOrDefault(), path+".every")),
		TimeoutSeconds:      int32(p.e.seconds(probe.TimeoutOrDefault(), path+".timeout")),
		FailureThreshold:    int32(probe.FailuresOrDefault()),
		SuccessThreshold:    int32(probe.Successes),
	}
	switch {
	case probe.HTTP != nil:
		out.HTTPGet = httpGet(c, probe.HTTP)
	case probe.TCP != nil:
		out.TCPSocket = &corev1.TCPSocketAction{Port: portOf(c, probe.TCP.Port)}
	case probe.GRPC != nil:
		number := portNumber(c, probe.GRPC.Port)
		out.GRPC = &corev1.GRPCAction{Port: number}
		if probe.GRPC.Service != "" {
			out.GRPC.Service = &probe.GRPC.Service
		}
	default:
		// Kubernetes fills $(NAME) into probes, from literal variables only.
		words, ok := p.e.constants(probe.Exec, escape)
		if !ok {
			return nil
		}
		out.Exec = &corev1.ExecAction{Command: words}
	}
	return out
}

// httpGet is not expanded by Kubernetes; its own field "host" is where to connect and
// no header.
func httpGet(c *ir.Container, h *ir.HTTPAction) *corev1.HTTPGetAction {
	out := &corev1.HTTPGetAction{Path: h.PathOrDefault(), Port: portOf(c, h.Port)}
	if h.SchemeOrDefault() == "https" {
		out.Scheme = corev1.URISchemeHTTPS
	}
	if h.Host != "" {
		out.HTTPHeaders = append(out.HTTPHeaders, corev1.HTTPHeader{Name: "Host", Value: h.Host})
	}
	for _, header := range h.Headers {
		out.HTTPHeaders = append(out.HTTPHeaders, corev1.HTTPHeader{Name: header.Key, Value: header.Value})
	}
	return out
}

// portOf refers to a port of the container by its name, where it has one.
func portOf(c *ir.Container, name string) intstr.IntOrString {
	if p, _ := c.Ports.Get(name); isNumbered(name, p) {
		return intstr.FromInt32(int32(p.Port))
	}
	return intstr.FromString(portName(name))
}

// isUnnamed reports a port whose name says no more than its number, p8080: it has no name on Kubernetes either, where it needs
// none.
func isUnnamed(name string, p ir.Port) bool { return name == "p"+strconv.Itoa(p.Port) }

// isNumbered reports a port that has no name in its container: one without a name, or one that its Service calls by the number,
// which no container's port may be called.
func isNumbered(name string, p ir.Port) bool {
	return isUnnamed(name, p) || name == strconv.Itoa(p.Port)
}

func portNumber(c *ir.Container, name string) int32 {
	p, _ := c.Ports.Get(name)
	return int32(p.Port)
}
