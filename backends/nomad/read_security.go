package nomad

import (
	"slices"
	"strconv"
	"strings"

	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/decamp-dev/decamp/compiler/ir"
)

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
