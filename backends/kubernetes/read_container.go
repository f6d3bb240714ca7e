package kubernetes

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
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

func (r *sourceReader) container(w *sourceWorkload, path string, role ir.Role, c *corev1.Container, n *tree.Node) ir.Container {
	out := ir.Container{Image: c.Image, Workdir: c.WorkingDir, TTY: c.TTY, Stdin: c.Stdin}
	r.placeAll(path, containerPlaces, n)
	r.placeAll(path+".security", securityPlaces, n.Get("securityContext"), w.pod.Get("securityContext"))
	switch c.ImagePullPolicy {
	case corev1.PullAlways:
		out.Pull = "always"
	case corev1.PullIfNotPresent:
		out.Pull = "missing"
	case corev1.PullNever:
		out.Pull = "never"
	}
	env := r.environment(w, path, c, n.Get("env"))
	out.Env = env.variables
	out.Entrypoint = env.command(c.Command)
	out.Args = env.command(c.Args)
	r.containerPorts(w, path, c, n.Get("ports"), &out, role)
	if role != ir.Init {
		out.Health = r.health(w, path, c, n, &out)
		r.lifecycle(w, path, c, n.Get("lifecycle"), &out)
	}
	r.resources(path, c, n.Get("resources"), &out)
	out.Security = r.security(w.template.Spec.SecurityContext, c.SecurityContext)
	r.mounts(w, path, c, n.Get("volumeMounts"), &out)
	return out
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
		name = strings.ToLower(strconv.Itoa(int(number)) + "-" + string(key.protocol))
	}
	for n := 2; w.portNames[name]; n++ {
		name = strconv.Itoa(int(number)) + "-" + strconv.Itoa(n)
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
		return strconv.Itoa(int(number))
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

func (r *sourceReader) health(w *sourceWorkload, path string, c *corev1.Container, n *tree.Node, out *ir.Container) *ir.Health {
	h := ir.Health{}
	for _, p := range []struct {
		name, key string
		source    *corev1.Probe
		into      **ir.Probe
	}{
		{"startup", "startupProbe", c.StartupProbe, &h.Startup}, {"ready", "readinessProbe", c.ReadinessProbe, &h.Ready}, {"live", "livenessProbe", c.LivenessProbe, &h.Live},
	} {
		if p.source != nil {
			r.place(path+".health."+p.name, n.Get(p.key))
			r.placeAll(path+".health."+p.name, probePlaces, n.Get(p.key))
			*p.into = r.probe(w, p.source, out)
			if *p.into != nil && p.name != "ready" {
				(*p.into).Successes = 0
			}
		}
	}
	if h == (ir.Health{}) {
		return nil
	}
	return &h
}

func (r *sourceReader) probe(w *sourceWorkload, p *corev1.Probe, out *ir.Container) *ir.Probe {
	result := &ir.Probe{
		Every: secondsOf(int64(p.PeriodSeconds)), Timeout: secondsOf(int64(p.TimeoutSeconds)), Delay: secondsOf(int64(p.InitialDelaySeconds)),
		Failures: int(p.FailureThreshold), Successes: int(p.SuccessThreshold),
	}
	usual(&result.Every, ir.DefaultProbeEvery)
	usual(&result.Timeout, ir.DefaultProbeTimeout)
	usual(&result.Failures, ir.DefaultProbeFailures)
	usual(&result.Successes, ir.DefaultProbeSuccesses)
	switch {
	case p.Exec != nil && len(p.Exec.Command) > 0:
		result.Exec = &ir.Command{}
		for _, word := range p.Exec.Command {
			result.Exec.Words = append(result.Exec.Words, ir.Literal(unescape(word)))
		}
	case p.HTTPGet != nil:
		result.HTTP = r.httpAction(w, p.HTTPGet, out)
		if result.HTTP == nil {
			return nil
		}
	case p.TCPSocket != nil:
		port := r.declare(w, out, portNumberIn(&w.template.Spec, p.TCPSocket.Port), "", "")
		if port == "" {
			return nil
		}
		result.TCP = &ir.TCPAction{Port: port}
	case p.GRPC != nil:
		port := r.declare(w, out, p.GRPC.Port, "", "")
		if port == "" {
			return nil
		}
		result.GRPC = &ir.GRPCAction{Port: port}
		if p.GRPC.Service != nil {
			result.GRPC.Service = *p.GRPC.Service
		}
	default:
		return nil
	}
	return result
}

// usual leaves out what a spec means anyway.
func usual[T comparable](p *T, meant T) {
	if *p == meant {
		var zero T
		*p = zero
	}
}

func (r *sourceReader) httpAction(w *sourceWorkload, h *corev1.HTTPGetAction, out *ir.Container) *ir.HTTPAction {
	port := r.declare(w, out, portNumberIn(&w.template.Spec, h.Port), "", "")
	if port == "" || h.Host != "" && h.Host != "127.0.0.1" && h.Host != "localhost" {
		return nil // it asks something else
	}
	action := &ir.HTTPAction{Port: port, Path: h.Path, Scheme: strings.ToLower(string(h.Scheme))}
	if action.Scheme == "http" {
		action.Scheme = ""
	}
	for _, header := range h.HTTPHeaders {
		switch {
		case strings.EqualFold(header.Name, "Host") && action.Host == "":
			action.Host = header.Value
		case !action.Headers.Has(header.Name):
			action.Headers.Set(header.Name, header.Value)
		}
	}
	return action
}

func (r *sourceReader) lifecycle(w *sourceWorkload, path string, c *corev1.Container, n *tree.Node, out *ir.Container) {
	l := c.Lifecycle
	if l == nil {
		return
	}
	if hook := r.hook(w, l.PostStart, out); hook != nil {
		out.Hooks = &ir.Hooks{AfterStart: hook}
		r.place(path+".hooks.afterStart", n.Get("postStart"))
	}
	if hook := r.hook(w, l.PreStop, out); hook != nil {
		out.Stop = &ir.Stop{Before: hook}
		r.place(path+".stop.before", n.Get("preStop"))
	}
	if l.StopSignal != nil {
		if out.Stop == nil {
			out.Stop = &ir.Stop{}
		}
		out.Stop.Signal = string(*l.StopSignal)
		r.place(path+".stop.signal", n.Get("stopSignal"))
	}
}

// hook reads a command or a request. Nothing in it is expanded by Kubernetes.
func (r *sourceReader) hook(w *sourceWorkload, h *corev1.LifecycleHandler, out *ir.Container) *ir.Hook {
	switch {
	case h == nil:
	case h.Exec != nil && len(h.Exec.Command) > 0:
		command := &ir.Command{}
		for _, word := range h.Exec.Command {
			command.Words = append(command.Words, ir.Literal(word))
		}
		return &ir.Hook{Exec: command}
	case h.HTTPGet != nil:
		if action := r.httpAction(w, h.HTTPGet, out); action != nil {
			return &ir.Hook{HTTP: action}
		}
	}
	return nil
}

func (r *sourceReader) resources(path string, c *corev1.Container, n *tree.Node, out *ir.Container) {
	requests, limits := c.Resources.Requests, c.Resources.Limits
	l := ir.Limits{CPU: cpuOf(limits, corev1.ResourceCPU), Memory: bytesOf(limits, corev1.ResourceMemory), Disk: bytesOf(limits, corev1.ResourceEphemeralStorage)}
	res := ir.Resources{CPU: cpuOf(requests, corev1.ResourceCPU), Memory: bytesOf(requests, corev1.ResourceMemory), Disk: bytesOf(requests, corev1.ResourceEphemeralStorage)}
	if l.CPU > 0 && res.CPU > l.CPU { // a cluster would refuse it
		res.CPU = 0
	}
	if l.Memory > 0 && res.Memory > l.Memory {
		res.Memory = 0
	}
	if l.Disk > 0 && res.Disk > l.Disk {
		res.Disk = 0
	}
	if l != (ir.Limits{}) {
		res.Limits = &l
		r.place(path+".resources.limits", n.Get("limits"))
	}
	if res != (ir.Resources{}) {
		out.Resources = &res
	}
	for _, vendor := range []string{"nvidia", "amd", "intel"} {
		if q, ok := limits[gpuResources[vendor]]; ok && q.Value() > 0 && out.GPUs == nil {
			out.GPUs = &ir.GPUs{Count: int(q.Value()), Vendor: vendor}
			r.place(path+".gpus", n.Get("limits").Get(string(gpuResources[vendor])))
		}
	}
}

func cpuOf(list corev1.ResourceList, name corev1.ResourceName) ir.CPU {
	q, ok := list[name]
	if !ok || q.Sign() <= 0 || q.AsApproximateFloat64() > 1e6 {
		return 0
	}
	return ir.CPU(q.MilliValue())
}

func bytesOf(list corev1.ResourceList, name corev1.ResourceName) ir.Bytes {
	q, ok := list[name]
	if !ok {
		return 0
	}
	return quantityBytes(q)
}

func quantityBytes(q resource.Quantity) ir.Bytes {
	if q.Sign() <= 0 || q.AsApproximateFloat64() >= 1<<62 {
		return 0
	}
	return ir.Bytes(q.Value())
}

// security reads what holds for one container: its own words, else the pod's.
func (r *sourceReader) security(pod *corev1.PodSecurityContext, s *corev1.SecurityContext) *ir.Security {
	s = effective(pod, s)
	if s == nil {
		return nil
	}
	out := ir.Security{}
	number := func(n *int64) string {
		if n == nil || *n < 0 {
			return ""
		}
		return strconv.FormatInt(*n, 10)
	}
	is := func(b *bool) bool { return b != nil && *b }
	out.User, out.Group = number(s.RunAsUser), number(s.RunAsGroup)
	out.ReadOnlyRoot, out.Privileged = is(s.ReadOnlyRootFilesystem), is(s.Privileged)
	out.NoNewPrivileges = s.AllowPrivilegeEscalation != nil && !*s.AllowPrivilegeEscalation
	if c := s.Capabilities; c != nil && len(c.Add)+len(c.Drop) > 0 {
		out.Capabilities = &ir.Capabilities{Add: capabilityNames(c.Add), Drop: capabilityNames(c.Drop)}
	}
	if p := s.SeccompProfile; p != nil {
		switch {
		case p.Type == corev1.SeccompProfileTypeRuntimeDefault:
			out.Seccomp = "default"
		case p.Type == corev1.SeccompProfileTypeUnconfined:
			out.Seccomp = "unconfined"
		case p.LocalhostProfile != nil:
			out.Seccomp = *p.LocalhostProfile
		}
	}
	if p := s.AppArmorProfile; p != nil {
		switch {
		case p.Type == corev1.AppArmorProfileTypeRuntimeDefault:
			out.AppArmor = "default"
		case p.Type == corev1.AppArmorProfileTypeUnconfined:
			out.AppArmor = "unconfined"
		case p.LocalhostProfile != nil:
			out.AppArmor = *p.LocalhostProfile
		}
	}
	if l := s.SELinuxOptions; l != nil && (*l != corev1.SELinuxOptions{}) {
		out.SELinux = &ir.SELinux{User: l.User, Role: l.Role, Type: l.Type, Level: l.Level}
	}
	if isZeroSecurity(&out) {
		return nil
	}
	return &out
}

func isZeroSecurity(s *ir.Security) bool {
	return s.User == "" && s.Group == "" && !s.ReadOnlyRoot && !s.Privileged && !s.NoNewPrivileges && s.Capabilities == nil &&
		s.Seccomp == "" && s.AppArmor == "" && s.SELinux == nil
}

func capabilityNames(list []corev1.Capability) []string {
	var names []string
	for _, c := range capabilities(capabilityStrings(list)) {
		names = append(names, string(c))
	}
	return names
}

func capabilityStrings(list []corev1.Capability) []string {
	out := make([]string, len(list))
	for i, c := range list {
		out[i] = string(c)
	}
	return out
}

// effective is what holds for a container: what its pod says, unless it says otherwise
// itself.
func effective(pod *corev1.PodSecurityContext, own *corev1.SecurityContext) *corev1.SecurityContext {
	if pod == nil {
		return own
	}
	s := &corev1.SecurityContext{}
	if own != nil {
		s = own.DeepCopy()
	}
	fill(&s.RunAsUser, pod.RunAsUser)
	fill(&s.RunAsGroup, pod.RunAsGroup)
	fill(&s.RunAsNonRoot, pod.RunAsNonRoot)
	fill(&s.SeccompProfile, pod.SeccompProfile)
	fill(&s.AppArmorProfile, pod.AppArmorProfile)
	fill(&s.SELinuxOptions, pod.SELinuxOptions)
	return s
}

func fill[T any](into **T, from *T) {
	if *into == nil {
		*into = from
	}
}
