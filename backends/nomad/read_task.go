package nomad

import (
	"slices"
	"strconv"
	"strings"

	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/pattern"
)

// container makes a container of a task.
func (r *reader) container(t *sourceTask) {
	c, at := &t.out, t.path()
	config := or(t.doc.Get("config"))
	r.said(at, t.doc)
	image := config.Get("image")
	c.Image = r.driverText(t, at+".image", image)
	if textOf(config.Get("force_pull"), "") == "true" {
		c.Pull = "always"
		r.said(at+".pull", config.Get("force_pull"))
	}
	r.process(t, config)
	r.isolation(t, config)
	r.environment(t)
	r.templates(t)
	r.mounts(t, config)
	r.resources(t)
	r.stop(t)
}

func (r *reader) process(t *sourceTask, config *document.Value) {
	c, at := &t.out, t.path()
	c.Entrypoint = r.command(t, at+".entrypoint", config.Get("entrypoint"))
	args := or(config.Get("args")).Items
	if command := config.Get("command"); command != nil && command.Text != "" {
		args = append([]*document.Value{command}, args...)
	}
	if len(args) > 0 {
		c.Args = r.command(t, at+".args", document.List(args...))
		r.said(at+".args", args[0])
	}
	r.chained(t)
	if v := config.Get("work_dir"); v != nil {
		c.Workdir = r.driverText(t, at+".workdir", v)
	}
	for key, set := range map[string]*bool{"tty": &c.TTY, "interactive": &c.Stdin, "init": &c.Reaper} {
		*set = textOf(config.Get(key), "") == "true"
	}
	for key, name := range map[string]string{"tty": "tty", "interactive": "stdin", "init": "reaper"} {
		r.said(at+"."+name, config.Get(key))
	}
	if v := config.Get("hostname"); v != nil && t.as == mainTask && t.group.workload.Hostname == "" && !clientReference().MatchString(v.Text) {
		t.group.workload.Hostname = v.Text
		r.saidText(at+".hostname", v)
	}
	if logging := config.Get("logging"); logging != nil {
		if driver := textOf(logging.Get("type"), textOf(logging.Get("driver"), "")); driver != "" {
			c.Log = &ir.Log{Driver: driver, Options: r.texts(t, at+".log.options", logging.Get("config"))}
			r.said(at+".log", logging)
		}
	}
	if t.as == mainTask {
		t.group.workload.Annotations = r.texts(t, at+".annotations", config.Get("labels"))
	}
}

// texts reads a map of texts of the driver's configuration.
func (r *reader) texts(t *sourceTask, at string, v *document.Value) ir.Map[string] {
	var out ir.Map[string]
	for _, m := range or(v).Members {
		if m.Value.Kind.Scalar() {
			out.Set(m.Key, r.driverText(t, ir.JoinPath(at, m.Key), m.Value))
		}
	}
	return out
}

func (r *reader) command(t *sourceTask, at string, v *document.Value) *ir.Command {
	if v == nil {
		return nil
	}
	items := v.Items
	if v.Kind.Scalar() {
		items = []*document.Value{v}
	}
	c := &ir.Command{Words: []ir.Text{}}
	for i, item := range items {
		c.Words = append(c.Words, ir.Literal(r.driverText(t, at+"["+strconv.Itoa(i)+"]", item)))
	}
	r.said(at, v)
	return c
}

// driverText reads a text of the driver's configuration, which the client evaluates
// once more.
func (r *reader) driverText(t *sourceTask, at string, v *document.Value) string {
	if v == nil {
		return ""
	}
	p := r.places[v]
	text, open := r.filledIn(t, v.Text)
	if open != "" {
		r.report(diag.Warning, CodeRuntime, r.whereOf(v), at, "only a client of Nomad knows "+open,
			"It stands as it is for other platforms, which will not replace it; the ledger keeps it for Nomad. Say what it is there.")
	}
	plain := strings.NewReplacer("$${", "${", "%%{", "%{").Replace(text)
	if p != nil {
		if !p.where.IsZero() {
			r.positions[at] = p.where
		}
		written := p.written
		if plain != v.Text {
			written = "" // what is written is not what the container gets
		}
		r.open(at, p, written)
	}
	return plain
}

// runtimeReference is what a client replaces, except where it is escaped.
var runtimeReference = pattern.New(`\$?\$\{[^{}]+\}`)

// filledIn replaces what the client would, as far as that is the same wherever the
// task runs. open is the first reference that stays.
func (r *reader) filledIn(t *sourceTask, text string) (filled, open string) {
	if !strings.Contains(text, "${") {
		return text, ""
	}
	filled = runtimeReference().ReplaceAllStringFunc(text, func(reference string) string {
		if strings.HasPrefix(reference, "$$") {
			return reference
		}
		if value, known := t.constant(strings.TrimSpace(reference[2 : len(reference)-1])); known {
			return value
		}
		if open == "" {
			open = reference
		}
		return reference
	})
	return filled, open
}

// constant is the value of what Nomad tells each task, where it is always the same.
func (t *sourceTask) constant(name string) (string, bool) {
	g := t.group
	switch name {
	case "NOMAD_TASK_DIR":
		return "/local", true
	case "NOMAD_SECRETS_DIR":
		return "/secrets", true
	case "NOMAD_ALLOC_DIR":
		return "/alloc", true
	case "NOMAD_JOB_NAME", "NOMAD_JOB_ID":
		return g.job.id, true
	case "NOMAD_GROUP_NAME":
		return g.label, true
	case "NOMAD_TASK_NAME":
		return t.label, true
	}
	if label, ok := strings.CutPrefix(name, "NOMAD_PORT_"); ok {
		for _, p := range g.ports {
			if identifier(p.label) == label && p.key != "" {
				return strconv.Itoa(p.number), true
			}
		}
	}
	key, isMeta := strings.CutPrefix(name, "NOMAD_META_")
	if isMeta {
		for _, meta := range []*document.Value{t.doc.Get("meta"), g.doc.Get("meta"), g.job.doc.Get("meta")} {
			for _, m := range or(meta).Members {
				if identifier(m.Key) == key && !strings.Contains(m.Value.Text, "${") {
					return m.Value.Text, true
				}
			}
		}
	}
	return "", false
}

func (r *reader) isolation(t *sourceTask, config *document.Value) {
	c, at := &t.out, t.path()
	if v := t.doc.Get("user"); v != nil && v.Text != "" && !strings.Contains(v.Text, "${") {
		s := security(c)
		s.User, s.Group, _ = strings.Cut(v.Text, ":")
		if s.Group == "" {
			r.saidText(at+".security.user", v)
		} else {
			r.said(at+".security.user", v)
			r.said(at+".security.group", v)
		}
	}
	if textOf(config.Get("readonly_rootfs"), "") == "true" {
		security(c).ReadOnlyRoot = true
		r.said(at+".security.readOnlyRoot", config.Get("readonly_rootfs"))
	}
	if textOf(config.Get("privileged"), "") == "true" {
		security(c).Privileged = true
		r.said(at+".security.privileged", config.Get("privileged"))
	}
	r.capabilities(c, at, config)
	r.securityOptions(c, at, config.Get("security_opt"))
	r.groups(t, config.Get("group_add"))
	if t.as == mainTask {
		for key, set := range map[string]func(*ir.Security){"pid_mode": func(s *ir.Security) { s.PID = "host" }, "ipc_mode": func(s *ir.Security) { s.IPC = "host" }} {
			if v := config.Get(key); textOf(v, "") == "host" {
				set(security(c))
				r.said(at+".security."+strings.TrimSuffix(key, "_mode"), v)
			}
		}
	}
	r.limits(t, config)
}

func (r *reader) capabilities(c *ir.Container, at string, config *document.Value) {
	upper := func(v *document.Value) []string {
		var out []string
		for _, item := range or(v).Items {
			out = append(out, strings.TrimPrefix(strings.ToUpper(item.Text), "CAP_"))
		}
		return out
	}
	add, drop := upper(config.Get("cap_add")), upper(config.Get("cap_drop"))
	if add == nil && drop == nil {
		return
	}
	security(c).Capabilities = &ir.Capabilities{Add: add, Drop: drop}
	r.said(at+".security.capabilities.add", config.Get("cap_add"))
	r.said(at+".security.capabilities.drop", config.Get("cap_drop"))
}

func (r *reader) securityOptions(c *ir.Container, at string, v *document.Value) {
	for _, item := range or(v).Items {
		key, value, _ := strings.Cut(strings.Replace(item.Text, ":", "=", 1), "=")
		if strings.Contains(item.Text, "=") {
			key, value, _ = strings.Cut(item.Text, "=")
		}
		if !slices.Contains([]string{"no-new-privileges", "seccomp", "apparmor", "label"}, key) {
			continue
		}
		s := security(c)
		switch key {
		case "no-new-privileges":
			s.NoNewPrivileges = value == "" || value == "true"
			r.said(at+".security.noNewPrivileges", item)
		case "seccomp":
			s.Seccomp = value
			r.said(at+".security.seccomp", item)
		case "apparmor":
			s.AppArmor = value
			r.said(at+".security.apparmor", item)
		case "label":
			part, label, _ := strings.Cut(value, ":")
			l := s.SELinux
			if l == nil {
				l = &ir.SELinux{}
			}
			into := map[string]*string{"user": &l.User, "role": &l.Role, "type": &l.Type, "level": &l.Level}[part]
			if into != nil {
				*into = label
				s.SELinux = l
				r.said(at+".security.selinux."+part, item)
			}
		}
	}
}

func (r *reader) groups(t *sourceTask, v *document.Value) {
	for _, item := range or(v).Items {
		n, err := strconv.ParseInt(item.Text, 10, 64)
		if err != nil || n < 0 {
			continue
		}
		if fs := ownedBy(t.group); fs != nil && *fs == n {
			continue // the group of the volumes
		}
		security(&t.out).Groups = append(security(&t.out).Groups, n)
		r.said(t.path()+".security.groups", v)
	}
}

func (r *reader) limits(t *sourceTask, config *document.Value) {
	c, at := &t.out, t.path()
	if n, ok := intOf(config.Get("shm_size")); ok && n > 0 {
		c.Shm = ir.Bytes(n)
		r.said(at+".shm", config.Get("shm_size"))
	}
	for _, m := range or(config.Get("ulimit")).Members {
		soft, hard, both := strings.Cut(m.Value.Text, ":")
		if !both {
			hard = soft
		}
		low, err := strconv.ParseInt(soft, 10, 64)
		high, failed := strconv.ParseInt(hard, 10, 64)
		if err == nil && failed == nil && low >= -1 && high >= -1 {
			c.Ulimits.Set(m.Key, ir.Ulimit{Soft: low, Hard: high})
			r.said(ir.JoinPath(at+".ulimits", m.Key), m.Value)
		}
	}
	c.Sysctls = r.texts(t, at+".sysctls", config.Get("sysctl"))
	if n, ok := intOf(config.Get("pids_limit")); ok && n > 0 {
		limits(c).Pids = n
		r.said(at+".resources.limits.pids", config.Get("pids_limit"))
	}
	r.devices(t, config)
}

func (r *reader) devices(t *sourceTask, config *document.Value) {
	c, at := &t.out, t.path()
	for _, d := range blocksOf(config, "devices") {
		host := textOf(d.Get("host_path"), "")
		if host == "" || strings.Contains(host, "${") {
			continue
		}
		c.Devices = append(c.Devices, ir.Device{Host: host, Path: textOf(d.Get("container_path"), ""), Permissions: textOf(d.Get("cgroup_permissions"), "")})
		r.said(at+".devices["+strconv.Itoa(len(c.Devices)-1)+"]", d)
	}
	for _, d := range blocksOf(or(t.doc.Get("resources")), "device") {
		words := strings.Split(labelOf(d), "/")
		vendor := ""
		kind := words[0]
		if len(words) > 1 {
			vendor, kind = words[0], words[1]
		}
		count, counted := intOf(d.Get("count"))
		if !counted {
			count = 1
		}
		if kind != "gpu" || c.GPUs != nil || vendor != "" && !slices.Contains([]string{"nvidia", "amd", "intel"}, vendor) {
			continue
		}
		c.GPUs = &ir.GPUs{Count: count, Vendor: vendor}
		r.said(at+".gpus", d)
	}
}

func limits(c *ir.Container) *ir.Limits {
	if c.Resources == nil {
		c.Resources = &ir.Resources{}
	}
	if c.Resources.Limits == nil {
		c.Resources.Limits = &ir.Limits{}
	}
	return c.Resources.Limits
}

// environment reads the variables. What only a client knows stays in the ledger.
func (r *reader) environment(t *sourceTask) {
	at := t.path()
	for _, m := range or(t.doc.Get("env")).Members {
		path := ir.JoinPath(at+".env", m.Key)
		text, open := r.filledEnvironment(t, m.Value.Text)
		if open != "" {
			r.report(diag.Warning, CodeRuntime, r.whereOf(m.Value), path, "the variable "+m.Key+" is filled in by Nomad: only a client knows "+open,
				"It stays in the ledger, for Nomad only. Say what it is on other platforms.")
			continue
		}
		t.out.Env.Set(m.Key, ir.Literal(text))
		if text != m.Value.Text {
			r.said(path, m.Value)
			continue
		}
		r.saidText(path, m.Value)
	}
}

// filledEnvironment is filledIn for the env block, where nothing is escaped and a
// name that is not known stays.
func (r *reader) filledEnvironment(t *sourceTask, text string) (filled, open string) {
	filled = clientReference().ReplaceAllStringFunc(text, func(reference string) string {
		name := reference[2 : len(reference)-1]
		if value, known := t.constant(name); known {
			return value
		}
		if open == "" && knownToClient(name) {
			open = reference
		}
		return reference
	})
	return filled, open
}

// knownToClient reports names that a client can have a value for.
func knownToClient(name string) bool {
	for _, prefix := range []string{"NOMAD_", "attr.", "node.", "meta.", "env.", "device.", "secret."} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// resources reads what is reserved and what is the limit.
func (r *reader) resources(t *sourceTask) {
	v, config := or(t.doc.Get("resources")), or(t.doc.Get("config"))
	c, at := &t.out, t.path()
	reserve := func() *ir.Resources {
		if c.Resources == nil {
			c.Resources = &ir.Resources{}
		}
		return c.Resources
	}
	if n, ok := intOf(v.Get("cores")); ok && n > 0 {
		reserve().CPU = ir.CPU(n * 1000)
		r.said(at+".resources.cpu", v.Get("cores"))
	} else if n, ok := intOf(v.Get("cpu")); ok && n > 0 {
		cpu := coresOf(n)
		if textOf(config.Get("cpu_hard_limit"), "") == "true" {
			limits(c).CPU = cpu
			r.said(at+".resources.limits.cpu", v.Get("cpu"))
			// the limit is reserved too, which counts where replicas are added by the share of it that is in use
			if s := t.group.workload.Scale; s != nil && s.CPU > 0 && t.as == mainTask {
				reserve().CPU = cpu
				r.said(at+".resources.cpu", v.Get("cpu"))
			}
		} else {
			reserve().CPU = cpu
			r.said(at+".resources.cpu", v.Get("cpu"))
		}
	}
	memory, _ := intOf(v.Get("memory"))
	if memory > 0 && !(t.group.job.own && memory == defaultMemoryMB && v.Get("cpu") == nil) { // what decamp writes when nothing is said
		reserve().Memory = ir.Bytes(memory) * mebibyte
		r.said(at+".resources.memory", v.Get("memory"))
	}
	for _, most := range []*document.Value{v.Get("memory_max"), config.Get("memory_hard_limit")} {
		if n, ok := intOf(most); ok && n > 0 && n >= memory && limits(c).Memory == 0 {
			limits(c).Memory = ir.Bytes(n) * mebibyte
			r.said(at+".resources.limits.memory", most)
		}
	}
	if c.Resources != nil && c.Resources.Limits != nil && *c.Resources.Limits == (ir.Limits{}) {
		c.Resources.Limits = nil
	}
	if c.Resources != nil && *c.Resources == (ir.Resources{}) {
		c.Resources = nil
	}
}

// coresOf turns MHz into cores, so that writing gives the same number of MHz back.
func coresOf(mhz int) ir.CPU {
	low := int64(mhz) * 1000 / coreMHz
	if low > 0 && (low*coreMHz+999)/1000 == int64(mhz) {
		return ir.CPU(low)
	}
	return ir.CPU((int64(mhz)*1000 + coreMHz - 1) / coreMHz)
}

func (r *reader) stop(t *sourceTask) {
	s, at := &ir.Stop{}, t.path()
	if v := t.doc.Get("kill_signal"); v != nil && v.Text != "" {
		s.Signal = v.Text
		r.saidText(at+".stop.signal", v)
	}
	if d, ok := duration(t.doc.Get("kill_timeout")); ok {
		s.Grace = new(ir.Duration(d))
		r.said(at+".stop.grace", t.doc.Get("kill_timeout"))
	}
	if *s != (ir.Stop{}) {
		t.out.Stop = s
	}
}
