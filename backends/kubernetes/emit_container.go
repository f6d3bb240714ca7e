package kubernetes

import (
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// container writes one container of the app.
func (p *pod) container(path, name string, role ir.Role, c *ir.Container) corev1.Container {
	out := corev1.Container{
		Name: name, Image: c.Image, WorkingDir: c.Workdir, TTY: c.TTY, Stdin: c.Stdin,
		ImagePullPolicy: pullPolicy(c.Pull),
		Ports:           p.containerPorts(c),
		Resources:       resources(c),
		SecurityContext: p.containerSecurity(c),
	}
	if c.Image == "" {
		p.e.fail(codeImage, path+".build", "the container has no image that a cluster could pull",
			"Kubernetes builds nothing. Build the image, push it to a registry, and give its name as image beside build.")
	}
	env := newEnvironment(p.e, c)
	out.Env = env.variables(path, c)
	out.Command = env.words(c.Entrypoint)
	out.Args = env.words(c.Args)
	out.Env = append(out.Env, env.pending...)
	p.mounts(&out, name, path, role, c)
	if role != ir.Init {
		p.probes(&out, path, c)
		out.Lifecycle = p.lifecycle(role, c)
	}
	p.appArmor(&out, c)
	return out
}

func pullPolicy(pull string) corev1.PullPolicy {
	switch pull {
	case "always":
		return corev1.PullAlways
	case "missing":
		return corev1.PullIfNotPresent
	case "never":
		return corev1.PullNever
	}
	return ""
}

func (p *pod) containerPorts(c *ir.Container) []corev1.ContainerPort {
	var ports []corev1.ContainerPort
	for _, own := range c.Ports {
		cp := corev1.ContainerPort{Name: portName(own.Key), ContainerPort: int32(own.Value.Port), Protocol: protocol(own.Value)}
		if public, ok := p.w.Publish.Get(own.Key); ok && p.w.KindOrDefault() == ir.Daemon {
			cp.HostPort, cp.HostIP = publishedPort(public), public.On
		}
		if isNumbered(own.Key, own.Value) {
			cp.Name = ""
		}
		if p.spec.HostNetwork {
			cp.HostPort = 0 // the port is the host's own already
		}
		ports = append(ports, cp)
	}
	return ports
}

// gpuResources are the names under which the vendors' device plugins offer GPUs.
var gpuResources = map[string]corev1.ResourceName{
	"": "nvidia.com/gpu", "nvidia": "nvidia.com/gpu", "amd": "amd.com/gpu", "intel": "gpu.intel.com/i915",
}

func resources(c *ir.Container) corev1.ResourceRequirements {
	requests, limits := corev1.ResourceList{}, corev1.ResourceList{}
	fill := func(list corev1.ResourceList, processor ir.CPU, memory, disk ir.Bytes) {
		if processor > 0 {
			list[corev1.ResourceCPU] = cpu(processor)
		}
		if memory > 0 {
			list[corev1.ResourceMemory] = size(memory)
		}
		if disk > 0 {
			list[corev1.ResourceEphemeralStorage] = size(disk)
		}
	}
	if r := c.Resources; r != nil {
		fill(requests, r.CPU, r.Memory, r.Disk)
		if l := r.Limits; l != nil {
			fill(limits, l.CPU, l.Memory, l.Disk)
		}
	}
	if c.GPUs != nil {
		limits[gpuResources[c.GPUs.Vendor]] = cpu(ir.CPU(c.GPUs.Count) * 1000)
	}
	return corev1.ResourceRequirements{Requests: requests, Limits: limits}
}

func (p *pod) containerSecurity(c *ir.Container) *corev1.SecurityContext {
	s := c.Security
	if s == nil {
		return nil
	}
	out := &corev1.SecurityContext{RunAsUser: id(s.User), RunAsGroup: id(s.Group)}
	if out.RunAsUser != nil && *out.RunAsUser != 0 {
		out.RunAsNonRoot = pointer(true)
	}
	if s.ReadOnlyRoot {
		out.ReadOnlyRootFilesystem = pointer(true)
	}
	if s.Privileged {
		out.Privileged = pointer(true)
	}
	if s.NoNewPrivileges && !needsPrivileges(s) {
		out.AllowPrivilegeEscalation = pointer(false)
	}
	if caps := s.Capabilities; caps != nil {
		out.Capabilities = &corev1.Capabilities{Add: capabilities(caps.Add), Drop: capabilities(caps.Drop)}
	}
	switch s.Seccomp {
	case "":
	case "default":
		out.SeccompProfile = &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeRuntimeDefault}
	case "unconfined":
		out.SeccompProfile = &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeUnconfined}
	default:
		out.SeccompProfile = &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeLocalhost, LocalhostProfile: &s.Seccomp}
	}
	if l := s.SELinux; l != nil {
		out.SELinuxOptions = &corev1.SELinuxOptions{User: l.User, Role: l.Role, Type: l.Type, Level: l.Level}
	}
	if (*out == corev1.SecurityContext{}) {
		return nil
	}
	return out
}

// appArmor is a field since 1.30 and was an annotation of the pod before.
func (p *pod) appArmor(out *corev1.Container, c *ir.Container) {
	if c.Security == nil || c.Security.AppArmor == "" {
		return
	}
	profile, annotation := corev1.AppArmorProfile{}, ""
	switch name := c.Security.AppArmor; name {
	case "default":
		profile.Type, annotation = corev1.AppArmorProfileTypeRuntimeDefault, "runtime/default"
	case "unconfined":
		profile.Type, annotation = corev1.AppArmorProfileTypeUnconfined, "unconfined"
	default:
		profile.Type, profile.LocalhostProfile = corev1.AppArmorProfileTypeLocalhost, &name
		annotation = "localhost/" + name
	}
	if !p.e.atLeast(30) {
		p.annotations["container.apparmor.security.beta.kubernetes.io/"+out.Name] = annotation
		return
	}
	if out.SecurityContext == nil {
		out.SecurityContext = &corev1.SecurityContext{}
	}
	out.SecurityContext.AppArmorProfile = &profile
}

func capabilities(list []string) []corev1.Capability {
	var out []corev1.Capability
	for _, name := range list {
		out = append(out, corev1.Capability(strings.TrimPrefix(strings.ToUpper(name), "CAP_")))
	}
	return out
}

// needsPrivileges reports rights with which Kubernetes refuses to keep a process from
// gaining more.
func needsPrivileges(s *ir.Security) bool {
	if s.Privileged {
		return true
	}
	if s.Capabilities != nil {
		for _, c := range capabilities(s.Capabilities.Add) {
			if c == "SYS_ADMIN" {
				return true
			}
		}
	}
	return false
}

// id is nil for what is no number: Kubernetes does not look into the image's list of
// users.
func id(name string) *int64 {
	n, ok := numeric(name)
	if !ok {
		return nil
	}
	return &n
}

func numeric(name string) (int64, bool) {
	n := int64(0)
	for _, r := range name {
		if r < '0' || r > '9' || n > 1<<32 {
			return 0, false
		}
		n = n*10 + int64(r-'0')
	}
	return n, name != "" && n < 1<<31
}

// lifecycle writes the hooks. None of them is expanded by Kubernetes, so nothing is
// escaped in them.
func (p *pod) lifecycle(role ir.Role, c *ir.Container) *corev1.Lifecycle {
	l := corev1.Lifecycle{}
	if c.Hooks != nil && c.Hooks.AfterStart != nil {
		l.PostStart = p.hook(c, c.Hooks.AfterStart)
	}
	if c.Stop != nil {
		if c.Stop.Before != nil {
			l.PreStop = p.hook(c, c.Stop.Before)
		}
		if signal := stopSignal(c.Stop.Signal); signal != "" && p.e.atLeast(33) {
			l.StopSignal = &signal
			p.spec.OS = &corev1.PodOS{Name: p.os()}
		}
	}
	if p.drains(role, c) {
		l.PreStop = &corev1.LifecycleHandler{Sleep: &corev1.SleepAction{Seconds: drainSeconds}}
	}
	if (l == corev1.Lifecycle{}) {
		return nil
	}
	return &l
}

func (p *pod) os() corev1.OSName {
	if p.w.Placement != nil && p.w.Placement.OS == "windows" {
		return corev1.Windows
	}
	return corev1.Linux
}

// stopSignal returns the signal by Kubernetes' name, "" for the one that is sent
// anyway.
func stopSignal(signal string) corev1.Signal {
	signal = strings.ToUpper(signal)
	if signal != "" && !strings.HasPrefix(signal, "SIG") {
		signal = "SIG" + signal
	}
	if signal == "SIGTERM" {
		return ""
	}
	return corev1.Signal(signal)
}

// drains reports whether the container waits before it is told to stop.
func (p *pod) drains(role ir.Role, c *ir.Container) bool {
	if !p.e.pass(passDrain) || !p.e.atLeast(30) || role != ir.Main || p.w.KindOrDefault() != ir.Service {
		return false
	}
	return len(c.Ports) > 0 && (c.Stop == nil || c.Stop.Before == nil)
}

func (p *pod) hook(c *ir.Container, h *ir.Hook) *corev1.LifecycleHandler {
	if h.HTTP != nil {
		return &corev1.LifecycleHandler{HTTPGet: httpGet(c, h.HTTP)}
	}
	words, ok := p.e.constants(h.Exec, func(s string) string { return s })
	if !ok {
		return nil
	}
	return &corev1.LifecycleHandler{Exec: &corev1.ExecAction{Command: words}}
}
