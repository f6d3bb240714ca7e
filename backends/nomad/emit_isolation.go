package nomad

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/nomad/api"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// allowedCapabilities may be had on a client that says nothing else: the docker
// driver's default allow_caps.
var allowedCapabilities = []string{
	"audit_write", "chown", "dac_override", "fowner", "fsetid", "kill", "mknod", "net_bind_service",
	"setfcap", "setgid", "setpcap", "setuid", "sys_chroot",
}

// isolation writes what the process may do.
func (t *task) isolation() {
	t.limits()
	t.devices()
	t.namespaces()
	t.groups()
	s := t.container.Security
	if s == nil {
		return
	}
	if s.ReadOnlyRoot {
		t.config["readonly_rootfs"] = true
	}
	if s.Privileged {
		t.config["privileged"] = true
		t.unit.emitter.client(clientNeed{what: "privileged containers", path: t.path("security", "privileged"),
			text: `plugin "docker" { config { allow_privileged = true } }`})
	}
	t.capabilities(s.Capabilities)
	if s.Seccomp != "" && s.Seccomp != "default" && s.Seccomp != "unconfined" {
		t.unit.emitter.client(clientNeed{what: "a seccomp profile", path: t.path("security", "seccomp"),
			text: "nothing, but the file " + s.Seccomp + " has to be on each of them"})
	}
	if options := securityOptions(s); options != nil {
		t.config["security_opt"] = options
	}
}

// groups are the container's own, and the one that owns the workload's volumes.
func (t *task) groups() {
	var groups []string
	if s := t.container.Security; s != nil {
		for _, g := range s.Groups {
			groups = append(groups, strconv.FormatInt(g, 10))
		}
	}
	if s := t.unit.workload.Security; s != nil && s.FSGroup != nil && !t.stub {
		if fs := strconv.FormatInt(*s.FSGroup, 10); !slices.Contains(groups, fs) {
			groups = append(groups, fs)
		}
	}
	if groups != nil {
		t.config["group_add"] = groups
	}
}

func (t *task) capabilities(c *ir.Capabilities) {
	if c == nil {
		return
	}
	lower := func(names []string) []string {
		var out []string
		for _, name := range names {
			out = append(out, strings.ToLower(strings.TrimPrefix(name, "CAP_")))
		}
		return out
	}
	add := lower(c.Add)
	if add != nil {
		t.config["cap_add"] = add
	}
	if c.Drop != nil {
		t.config["cap_drop"] = lower(c.Drop)
	}
	for _, name := range add {
		if !slices.Contains(allowedCapabilities, name) {
			t.unit.emitter.client(clientNeed{what: "the capability " + name, path: t.path("security", "capabilities", "add"),
				text: fmt.Sprintf(`plugin "docker" { config { allow_caps = [%q] } } (besides those that are allowed already)`, name)})
		}
	}
}

func securityOptions(s *ir.Security) []string {
	var options []string
	if s.NoNewPrivileges {
		options = append(options, "no-new-privileges")
	}
	if s.Seccomp != "" && s.Seccomp != "default" {
		options = append(options, "seccomp="+driverString(s.Seccomp))
	}
	if s.AppArmor != "" && s.AppArmor != "default" {
		options = append(options, "apparmor="+driverString(s.AppArmor))
	}
	if l := s.SELinux; l != nil {
		for _, part := range [][2]string{{"user", l.User}, {"role", l.Role}, {"type", l.Type}, {"level", l.Level}} {
			if part[1] != "" {
				options = append(options, "label="+part[0]+":"+driverString(part[1]))
			}
		}
	}
	return options
}

// namespaces are the workload's, and every task has them.
func (t *task) namespaces() {
	s := t.unit.workload.Security
	if s == nil {
		return
	}
	if s.PID == "host" {
		t.config["pid_mode"] = "host"
	}
	if s.IPC == "host" {
		t.config["ipc_mode"] = "host"
	}
}

func (t *task) limits() {
	c := t.container
	if c.Shm != 0 {
		t.config["shm_size"] = int64(c.Shm)
	}
	if len(c.Ulimits) > 0 {
		ulimits := map[string]any{}
		for _, u := range c.Ulimits {
			ulimits[u.Key] = fmt.Sprintf("%d:%d", u.Value.Soft, u.Value.Hard)
		}
		t.config["ulimit"] = ulimits
	}
	if len(c.Sysctls) > 0 {
		t.config["sysctl"] = object(c.Sysctls)
	}
	if c.Resources != nil && c.Resources.Limits != nil && c.Resources.Limits.Pids != 0 {
		t.config["pids_limit"] = c.Resources.Limits.Pids
	}
}

func (t *task) devices() {
	var devices []map[string]any
	for _, d := range t.container.Devices {
		device := map[string]any{"host_path": driverString(d.Host)}
		if d.Path != "" {
			device["container_path"] = driverString(d.Path)
		}
		if d.Permissions != "" {
			device["cgroup_permissions"] = d.Permissions
		}
		devices = append(devices, device)
	}
	if devices != nil {
		t.config["devices"] = devices
	}
	if g := t.container.GPUs; g != nil {
		name := "gpu"
		if g.Vendor != "" {
			name = g.Vendor + "/gpu"
		}
		t.needed().Devices = []*api.RequestedDevice{{Name: name, Count: new(uint64(g.Count))}}
	}
}

// clientNeed is something that the clients of the cluster have to be configured for.
type clientNeed struct{ what, path, text string }

// client notes a need; each is said once, with all of its places.
func (e *emitter) client(need clientNeed) { e.clients = append(e.clients, need) }

func (e *emitter) noteClients() {
	for _, need := range e.clients {
		e.report(diag.Note, CodeClientConfig, need.path, "the clients of the cluster have to allow "+need.what,
			"In their configuration: "+need.text+".")
	}
}
