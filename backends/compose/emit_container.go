package compose

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/decamp-dev/decamp/backends/internal/composefile"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// container writes what belongs to one container, whatever its role: everything but
// its name, its networks and what it waits for.
func (e *emitter) container(w *ir.Workload, c *ir.Container, ordinal int) *service {
	s := &service{}
	s.ReadOnly = c.Security != nil && c.Security.ReadOnlyRoot
	s.Image = c.Image
	s.Build = e.build(c.Build)
	s.PullPolicy = c.Pull
	if s.Platform = platform(w.Placement); s.Platform != "" && s.Build != nil && len(s.Build.Platforms) > 0 && !slices.Contains(s.Build.Platforms, s.Platform) {
		// Compose refuses to run for a platform that is not built for.
		s.Build.Platforms = append(slices.Clone(s.Build.Platforms), s.Platform)
	}
	e.process(s, c)
	e.variables(s, c)
	e.fileMounts(s, c)
	e.mounts(s, c, ordinal)
	s.HealthCheck = e.health(c)
	e.resources(s, c)
	e.lifecycle(s, c)
	security(s, c.Security)
	if c.Security != nil && c.Security.Seccomp != "" {
		s.seccomp(e, c.Security.Seccomp)
	}
	e.labels(s, w)
	if c.Log != nil {
		s.Logging = &types.LoggingConfig{Driver: c.Log.Driver, Options: orderless[types.Options](c.Log.Options)}
	}
	return s
}

// orderless turns an ordered map into one of the library's.
func orderless[M ~map[string]string](m ir.Map[string]) M {
	if len(m) == 0 {
		return nil
	}
	out := make(M, len(m))
	for _, item := range m {
		out[item.Key] = item.Value
	}
	return out
}

func (e *emitter) build(b *ir.Build) *types.BuildConfig {
	if b == nil {
		return nil
	}
	build := &types.BuildConfig{Context: e.buildContext(b.Context), Dockerfile: b.Dockerfile, Target: b.Target, Platforms: b.Platforms}
	for _, a := range b.Args {
		put(&build.Args, a.Key, &a.Value)
	}
	return build
}

// buildContext keeps the addresses of repositories as they are.
func (e *emitter) buildContext(context string) string {
	if strings.Contains(context, "://") || strings.HasPrefix(context, "git@") {
		return context
	}
	return e.relative(context)
}

// platform is the image's: the host that it runs on is the only one there is, and its
// engine is Linux.
func platform(p *ir.Placement) string {
	if p == nil || p.Arch == "" {
		return ""
	}
	return "linux/" + p.Arch
}

func (e *emitter) process(s *service, c *ir.Container) {
	if c.Entrypoint != nil {
		s.Entrypoint = e.words(c.Entrypoint)
	}
	// An empty command is read as none, unless the entrypoint is replaced too.
	if c.Args != nil && (len(c.Args.Words) > 0 || c.Entrypoint != nil) {
		s.Command = e.words(c.Args)
	}
	s.WorkingDir = c.Workdir
	s.Hostname = c.Hostname
	s.Tty = c.TTY
	s.StdinOpen = c.Stdin
	if c.Reaper {
		s.Init = &c.Reaper
	}
}

func (e *emitter) variables(s *service, c *ir.Container) {
	for i := range c.Env {
		value := e.text(c.Env[i].Value)
		put(&s.Environment, c.Env[i].Key, &value)
		s.environment = append(s.environment, c.Env[i].Key)
	}
}

func (e *emitter) labels(s *service, w *ir.Workload) {
	for _, l := range e.app.Labels {
		put(&s.Labels, l.Key, l.Value)
	}
	for _, l := range w.Labels {
		put(&s.Labels, l.Key, l.Value)
	}
}

func (e *emitter) resources(s *service, c *ir.Container) {
	s.ShmSize = types.UnitBytes(c.Shm)
	for _, u := range c.Ulimits {
		put(&s.Ulimits, u.Key, &types.UlimitsConfig{Soft: int(u.Value.Soft), Hard: int(u.Value.Hard)})
	}
	s.Sysctls = orderless[types.Mapping](c.Sysctls)
	for _, d := range c.Devices {
		target := d.Path
		if target == "" {
			target = d.Host
		}
		s.Devices = append(s.Devices, types.DeviceMapping{Source: d.Host, Target: target, Permissions: d.Permissions})
	}
	if r := c.Resources; r != nil && r.Memory > 0 {
		s.reservations().MemoryBytes = types.UnitBytes(r.Memory)
	}
	if g := c.GPUs; g != nil && requestable(g) {
		s.reservations().Devices = []types.DeviceRequest{{Driver: g.Vendor, Count: types.DeviceCount(g.Count), Capabilities: []string{"gpu"}}}
	}
	if r := c.Resources; r != nil && r.Limits != nil {
		s.limits(r.Limits)
	}
}

func (s *service) reservations() *types.Resource {
	d := s.deploy()
	if d.Resources.Reservations == nil {
		d.Resources.Reservations = &types.Resource{}
	}
	return d.Resources.Reservations
}

func (s *service) limits(l *ir.Limits) {
	if l.CPU == 0 && l.Memory == 0 && l.Pids == 0 {
		return
	}
	s.deploy().Resources.Limits = &types.Resource{
		NanoCPUs:    types.NanoCPUs(float32(l.CPU) / 1000),
		MemoryBytes: types.UnitBytes(l.Memory),
		Pids:        int64(l.Pids),
	}
}

// requestable reports whether Docker can be asked for the GPUs: it knows NVIDIA's
// driver only.
func requestable(g *ir.GPUs) bool { return g.Vendor == "" || g.Vendor == "nvidia" }

func (e *emitter) lifecycle(s *service, c *ir.Container) {
	if c.Stop != nil {
		s.StopSignal = c.Stop.Signal
		if c.Stop.Grace != nil {
			s.StopGracePeriod = e.grace(s, c.Stop)
		}
		if c.Stop.Before != nil {
			s.PreStop = e.hook(c, c.Stop.Before)
		}
	}
	if c.Hooks != nil && c.Hooks.AfterStart != nil {
		s.PostStart = e.hook(c, c.Hooks.AfterStart)
	}
}

// grace rounds up to whole seconds, in which the engine counts.
func (e *emitter) grace(s *service, stop *ir.Stop) *types.Duration {
	grace := types.Duration(stop.Grace.Seconds() * 1e9)
	if int64(grace) != int64(*stop.Grace) {
		e.report(diag.Note, CodeRounded, "", "a grace of "+stop.Grace.String()+" is rounded up to "+strconv.FormatInt(stop.Grace.Seconds(), 10)+"s",
			"Docker counts the time before it kills in whole seconds.")
	}
	return &grace
}

func (e *emitter) hook(c *ir.Container, h *ir.Hook) []types.ServiceHook {
	if h.Exec != nil {
		return []types.ServiceHook{{Command: e.words(h.Exec)}}
	}
	return []types.ServiceHook{{Command: composefile.Request(c, h.HTTP)}}
}

func security(s *service, sec *ir.Security) {
	if sec == nil {
		return
	}
	s.User = sec.User
	if sec.User != "" && sec.Group != "" {
		s.User += ":" + sec.Group
	}
	groups := sec.Groups
	if sec.FSGroup != nil && !slices.Contains(groups, *sec.FSGroup) {
		groups = append(slices.Clone(groups), *sec.FSGroup)
	}
	for _, g := range groups {
		s.GroupAdd = append(s.GroupAdd, strconv.FormatInt(g, 10))
	}
	s.Privileged = sec.Privileged
	if sec.Capabilities != nil {
		s.CapAdd = sec.Capabilities.Add
		s.CapDrop = sec.Capabilities.Drop
	}
	if sec.NoNewPrivileges {
		s.SecurityOpt = append(s.SecurityOpt, "no-new-privileges:true")
	}
	if sec.AppArmor != "" && sec.AppArmor != "default" {
		s.SecurityOpt = append(s.SecurityOpt, "apparmor="+sec.AppArmor)
	}
	if l := sec.SELinux; l != nil {
		for _, part := range [][2]string{{"user", l.User}, {"role", l.Role}, {"type", l.Type}, {"level", l.Level}} {
			if part[1] != "" {
				s.SecurityOpt = append(s.SecurityOpt, "label="+part[0]+":"+part[1])
			}
		}
	}
}

// seccomp names a profile; the default is what Docker does unasked. Compose reads a
// profile where the app is deployed.
func (s *service) seccomp(e *emitter, profile string) {
	switch profile {
	case "default":
	case "unconfined":
		s.SecurityOpt = append(s.SecurityOpt, "seccomp=unconfined")
	default:
		s.SecurityOpt = append(s.SecurityOpt, "seccomp="+e.relative(profile))
	}
}

func (e *emitter) mounts(s *service, c *ir.Container, ordinal int) {
	for i := range c.Mounts {
		target, m := c.Mounts[i].Key, &c.Mounts[i].Value
		v := types.ServiceVolumeConfig{Target: target, ReadOnly: m.ReadOnly}
		switch {
		case m.Volume != "":
			v.Type, v.Source = types.VolumeTypeVolume, volumeName(m.Volume, e.app.Volumes.Ref(m.Volume), ordinal)
			if m.Subpath != "" {
				v.Volume = &types.ServiceVolumeVolume{Subpath: m.Subpath}
			}
		case m.Host != "":
			v.Type, v.Source = types.VolumeTypeBind, e.hostPath(m.Host)
		case e.scratch[path.Clean(target)] != "" && m.Volume == "":
			v.Type, v.Source = types.VolumeTypeVolume, e.scratch[path.Clean(target)]
		case m.Memory != nil:
			v.Type = types.VolumeTypeTmpfs
			if m.Memory.Size > 0 {
				v.Tmpfs = &types.ServiceVolumeTmpfs{Size: types.UnitBytes(m.Memory.Size)}
			}
		default:
			v.Type = types.VolumeTypeVolume
			if m.Scratch != nil && m.Scratch.Size > 0 {
				put(&s.mountComments, target, "up to "+m.Scratch.Size.String()+", which nothing enforces")
			}
		}
		s.Volumes = append(s.Volumes, v)
	}
}

// hostPath keeps the paths of the node as they are, also those of Windows and of a
// home folder.
func (e *emitter) hostPath(p string) string {
	if strings.HasPrefix(p, "/") || strings.HasPrefix(p, "~") || len(p) > 1 && p[1] == ':' {
		return p
	}
	return e.relative(p)
}

// volumeName numbers a volume that each replica has for itself.
func volumeName(name string, v *ir.Volume, ordinal int) string {
	if v == nil || !v.Each {
		return name
	}
	return name + "-" + strconv.Itoa(ordinal)
}
