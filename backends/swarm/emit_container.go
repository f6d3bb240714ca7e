package swarm

import (
	"path"
	"strconv"
	"strings"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// container writes what belongs to one container, whatever its role: everything but its
// name, its networks, how many there are and when they are started again.
func (e *emitter) container(name string, w *ir.Workload, c *ir.Container, role ir.Role) *unit {
	u := &unit{mountComments: map[string]string{}}
	u.Image = e.image(name, c, role)
	u.Hostname = templated(c.Hostname)
	e.process(u, c)
	for i := range c.Env {
		u.Environment = append(u.Environment, ir.Item[string]{Key: c.Env[i].Key, Value: e.variableText(c.Env[i].Value)})
	}
	e.fileMounts(u, c)
	e.mounts(u, name, w, c)
	u.HealthCheck = e.health(c)
	e.patientStart(u.HealthCheck, w, c)
	if role == ir.Init {
		u.HealthCheck = nil
	}
	e.resources(u, c)
	e.lifecycle(u, c)
	e.security(u, c.Security)
	e.place(u, w)
	e.pin(u, c)
	u.Deploy.Labels = e.labels(w.Labels)
	if c.Log != nil {
		u.Logging = &logging{Driver: c.Log.Driver, Options: c.Log.Options}
	}
	return u
}

// image is what the nodes pull; Swarm builds nothing.
func (e *emitter) image(name string, c *ir.Container, role ir.Role) string {
	if c.Image != "" || c.Build == nil {
		return c.Image
	}
	path := ir.JoinPath("workloads", name)
	e.report(diag.Error, CodeImageNeeded, path, "the image that is built has no name",
		"Each node pulls the image from a registry, so that it needs a name that leads there: say image beside build, then docker build and docker push it before the app is deployed.")
	return stack(e.app) + "-" + name
}

func (e *emitter) process(u *unit, c *ir.Container) {
	u.Entrypoint, u.Command = e.words(c.Entrypoint), e.words(c.Args)
	if c.Entrypoint != nil && len(u.Entrypoint) == 0 {
		// An empty entrypoint is read as none. Without one the arguments are the whole
		// command, and an entrypoint drops those of the image.
		u.Entrypoint, u.Command = u.Command, nil
	}
	u.WorkingDir = c.Workdir
	u.TTY, u.StdinOpen, u.Init = c.TTY, c.Stdin, c.Reaper
}

// labels are the app's, and its own over them.
func (e *emitter) labels(own ir.Map[string]) ir.Map[string] {
	var all ir.Map[string]
	for _, l := range append(e.app.Labels[:len(e.app.Labels):len(e.app.Labels)], own...) {
		all.Set(l.Key, l.Value)
	}
	return all
}

func (e *emitter) resources(u *unit, c *ir.Container) {
	for _, l := range c.Ulimits {
		u.Ulimits.Set(l.Key, l.Value)
	}
	u.Sysctls = c.Sysctls
	r := &u.Deploy.Resources
	if c.Resources != nil {
		r.Reservations.CPUs, r.Reservations.Memory = cores(c.Resources.CPU), byteSize(c.Resources.Memory)
		if l := c.Resources.Limits; l != nil {
			r.Limits = limits{CPUs: cores(l.CPU), Memory: byteSize(l.Memory), Pids: l.Pids}
		}
	}
	if g := c.GPUs; g != nil {
		r.Reservations.GenericResources = []genericResource{{discreteResource{Kind: gpuKind(g), Value: g.Count}}}
	}
}

// gpuKind is the name under which nodes advertise GPUs, by the custom of NVIDIA's
// documentation; for the others the same form.
func gpuKind(g *ir.GPUs) string {
	if g.Vendor == "" {
		return "NVIDIA-GPU"
	}
	return strings.ToUpper(g.Vendor) + "-GPU"
}

func cores(c ir.CPU) string {
	if c == 0 {
		return ""
	}
	return c.Cores()
}

func (e *emitter) lifecycle(u *unit, c *ir.Container) {
	if c.Stop == nil {
		return
	}
	u.StopSignal = c.Stop.Signal
	if c.Stop.Grace != nil {
		grace := duration(c.Stop.Grace.Seconds() * 1e9)
		if ir.Duration(grace) != *c.Stop.Grace {
			e.report(diag.Note, CodeRounded, "", "a grace of "+c.Stop.Grace.String()+" is rounded up to "+strconv.FormatInt(c.Stop.Grace.Seconds(), 10)+"s",
				"Docker counts the time before it kills in whole seconds.")
		}
		u.StopGracePeriod = &grace
	}
}

func (e *emitter) security(u *unit, s *ir.Security) {
	if s == nil {
		return
	}
	u.User = s.User
	if s.User != "" && s.Group != "" {
		u.User += ":" + s.Group
	}
	u.ReadOnly = s.ReadOnlyRoot
	if s.Capabilities != nil {
		u.CapAdd, u.CapDrop = s.Capabilities.Add, s.Capabilities.Drop
	}
}

// mounts gives the container its places. Memory is a mount of type tmpfs: the key tmpfs
// of a service is read and dropped.
func (e *emitter) mounts(u *unit, name string, w *ir.Workload, c *ir.Container) {
	for i := range c.Mounts {
		target, m := c.Mounts[i].Key, &c.Mounts[i].Value
		v := mount{Target: templated(target), ReadOnly: m.ReadOnly}
		switch {
		case m.Volume != "":
			v.Type, v.Source = "volume", m.Volume
			if m.Subpath != "" {
				v.Volume = &mountVolume{Subpath: m.Subpath}
			}
		case m.Host != "":
			v.Type, v.Source = "bind", templated(e.hostPath(m.Host))
		case m.Memory != nil:
			v.Type = "tmpfs"
			if m.Memory.Size > 0 {
				v.Tmpfs = &mountMemory{Size: byteCount(m.Memory.Size)}
			}
		default:
			v.Type = "volume"
			if m.Scratch != nil && m.Scratch.Size > 0 {
				u.mountComments[v.Target] = "up to " + m.Scratch.Size.String() + ", which nothing enforces"
			}
		}
		u.Volumes = append(u.Volumes, v)
	}
	if c.Shm > 0 && !mountsShm(c) {
		u.Volumes = append(u.Volumes, mount{Type: "tmpfs", Target: shmPath, Tmpfs: &mountMemory{Size: byteCount(c.Shm)}})
	}
}

// shmPath is where shared memory is; the key shm_size is read and dropped.
const shmPath = "/dev/shm"

func mountsShm(c *ir.Container) bool {
	for _, m := range c.Mounts {
		if path.Clean(m.Key) == shmPath {
			return true
		}
	}
	return false
}

// hostPath keeps the paths of the node as they are, also those of Windows.
func (e *emitter) hostPath(p string) string {
	if strings.HasPrefix(p, "/") || len(p) > 1 && p[1] == ':' {
		return p
	}
	return e.relative(p)
}
