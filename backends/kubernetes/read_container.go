package kubernetes

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/tree"
)

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
	r.anyUser(path, out.Security, n.Get("securityContext"), w.pod.Get("securityContext"))
	r.mounts(w, path, c, n.Get("volumeMounts"), &out)
	return out
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
