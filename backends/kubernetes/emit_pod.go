package kubernetes

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// pod is the template of one workload in the making.
type pod struct {
	e           *emitter
	w           *workload
	spec        corev1.PodSpec
	annotations map[string]string
	volumes     names // what a volume holds → its name
	taken       names // names of volumes and of containers, each with its prefix
	sysctls     names // sysctl → path of who wants its value
}

func (e *emitter) pod(w *workload) *pod {
	p := &pod{e: e, w: w, annotations: map[string]string{}, volumes: names{}, taken: names{}, sysctls: names{}}
	p.identity()
	p.namespaces()
	p.takeContainerNames()
	p.restart()
	p.placement()
	p.security()
	p.spec.HostAliases = e.aliasesFor(w)
	for _, name := range e.pullSecrets {
		p.spec.ImagePullSecrets = append(p.spec.ImagePullSecrets, corev1.LocalObjectReference{Name: name})
	}
	if e.pass(passServiceLinks) {
		p.spec.EnableServiceLinks = pointer(false)
	}
	if w.Priority != 0 {
		p.spec.PriorityClassName = e.priorityName(w.Priority)
	}
	p.spec.Hostname = hostLabel(w.Hostname)
	if w.Stateful || p.spec.HostNetwork {
		p.spec.Hostname = "" // each replica is called by its own name, or by its node's
	}
	p.containers()
	p.stop()
	return p
}

// hostLabel is what Kubernetes can have of a host name: a DNS label.
func hostLabel(name string) string {
	name, _, _ = strings.Cut(strings.ToLower(name), ".")
	return strings.Trim(strings.ReplaceAll(name, "_", "-"), "-")
}

func (p *pod) identity() {
	p.spec.ServiceAccountName = p.e.accountOf(p.w)
	if p.e.pass(passNoToken) && p.w.ServiceAccount == "" {
		p.spec.AutomountServiceAccountToken = pointer(false)
	}
}

func (p *pod) namespaces() {
	s := p.w.Security
	if s == nil {
		s = &ir.Security{}
	}
	p.spec.HostNetwork = s.Network == "host"
	if p.spec.HostNetwork {
		p.spec.DNSPolicy = corev1.DNSClusterFirstWithHostNet // else names of the app do not resolve
	}
	p.spec.HostPID = s.PID == "host"
	p.spec.HostIPC = s.IPC == "host"
	reaper := false
	ir.EachContainer(p.w.Workload, "", func(_, _ string, _ ir.Role, c *ir.Container) { reaper = reaper || c.Reaper })
	if (s.PID == "share" || reaper) && !p.spec.HostPID {
		p.spec.ShareProcessNamespace = pointer(true)
	}
}

// containers writes the containers in the order in which they start: those that wait,
// those that write files, the app's own init containers, sidecars, the main one.
func (p *pod) containers() {
	w := p.w
	p.waits()
	p.renders()
	for i := range w.Init {
		item := &w.Init[i]
		p.spec.InitContainers = append(p.spec.InitContainers, p.container(ir.JoinPath(w.path+".init", item.Key), item.Key, ir.Init, &item.Value))
	}
	native := p.nativeSidecars()
	var plain []corev1.Container
	for i := range w.Sidecars {
		item := &w.Sidecars[i]
		c := p.container(ir.JoinPath(w.path+".sidecars", item.Key), item.Key, ir.Sidecar, &item.Value)
		if native {
			c.RestartPolicy = pointer(corev1.ContainerRestartPolicyAlways)
			p.spec.InitContainers = append(p.spec.InitContainers, c)
		} else {
			plain = append(plain, c)
		}
	}
	p.spec.Containers = append([]corev1.Container{p.container(w.path, w.id.container, ir.Main, &w.Container)}, plain...)
}

// nativeSidecars reports how sidecars are written. Those of a job are always native
// where the cluster has it: plain ones would keep it from ending.
func (p *pod) nativeSidecars() bool {
	return p.e.atLeast(29) && (p.e.pass(passNativeSidecars) || p.w.RunsToCompletion())
}

func (p *pod) restart() {
	policy := ""
	if p.w.Restart != nil {
		policy = p.w.Restart.Policy
	}
	switch {
	case p.w.RunsToCompletion() && policy == "on-failure":
		p.spec.RestartPolicy = corev1.RestartPolicyOnFailure
	case p.w.RunsToCompletion():
		p.spec.RestartPolicy = corev1.RestartPolicyNever
	case policy == "always":
		p.spec.RestartPolicy = corev1.RestartPolicyAlways
	}
}

// stop sets the time that a pod has for ending. What drains before the signal counts
// against it on Kubernetes, so that much is added.
func (p *pod) stop() {
	s := p.w.Stop
	if s == nil || s.Grace == nil {
		return
	}
	grace := p.e.seconds(*s.Grace, p.w.path+".stop.grace")
	if p.drains(ir.Main, &p.w.Container) {
		grace += drainSeconds
	}
	p.spec.TerminationGracePeriodSeconds = &grace
}

// takeContainerNames keeps the names of the app's containers from those made here.
func (p *pod) takeContainerNames() {
	ir.EachContainer(p.w.Workload, p.w.path, func(at, name string, role ir.Role, _ *ir.Container) {
		if role == ir.Main {
			name = p.w.id.container
		}
		if other, taken := p.taken["container "+name]; taken {
			d := p.e.fail(codeCollision, at, fmt.Sprintf("two containers of the pod are called %q", name), "The main container has the name of the workload. Rename the other one.")
			p.e.related(d, other, "the other one")
		}
		p.taken["container "+name] = at
	})
}

// free returns the name, or the next one that nothing of that sort has.
func (p *pod) free(sort, name string) string {
	name = shorten(name, maxLabel)
	for candidate, n := name, 2; ; n++ {
		if _, taken := p.taken[sort+" "+candidate]; !taken {
			p.taken[sort+" "+candidate] = p.w.path
			return candidate
		}
		candidate = shorten(fmt.Sprintf("%s-%d", name, n), maxLabel)
	}
}

// volume returns the name of the pod's volume for a content, and adds it the first
// time.
func (p *pod) volume(content, name string, source corev1.VolumeSource) string {
	if taken, ok := p.volumes[content]; ok {
		return taken
	}
	name = p.free("volume", name)
	p.volumes[content] = name
	p.spec.Volumes = append(p.spec.Volumes, corev1.Volume{Name: name, VolumeSource: source})
	return name
}

func (p *pod) security() {
	s := &corev1.PodSecurityContext{}
	ir.EachContainer(p.w.Workload, p.w.path, func(at, _ string, role ir.Role, c *ir.Container) {
		if c.Security != nil {
			for _, g := range c.Security.Groups {
				if !slices.Contains(s.SupplementalGroups, g) {
					s.SupplementalGroups = append(s.SupplementalGroups, g)
				}
			}
			if role == ir.Main {
				s.FSGroup = c.Security.FSGroup
			}
		}
		p.addSysctls(s, at, c)
	})
	if p.e.pass(passSeccomp) {
		s.SeccompProfile = &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeRuntimeDefault}
	}
	if len(s.SupplementalGroups) > 0 || len(s.Sysctls) > 0 || s.FSGroup != nil || s.SeccompProfile != nil {
		p.spec.SecurityContext = s
	}
}

func (p *pod) addSysctls(s *corev1.PodSecurityContext, path string, c *ir.Container) {
	for _, item := range c.Sysctls {
		if isOfNode(p.w.Workload, item.Key) {
			continue
		}
		at := ir.JoinPath(path+".sysctls", item.Key)
		other, taken := p.sysctls[item.Key]
		if !taken {
			p.sysctls[item.Key] = at
			s.Sysctls = append(s.Sysctls, corev1.Sysctl{Name: item.Key, Value: item.Value})
			continue
		}
		for _, have := range s.Sysctls {
			if have.Name == item.Key && have.Value != item.Value {
				d := p.e.fail(codeSysctl, at, fmt.Sprintf("two containers want %s to be %q and %q", item.Key, have.Value, item.Value),
					"Sysctls belong to the whole pod. Give both the same value.")
				p.e.related(d, other, "the other one")
			}
		}
	}
}
