package composeread

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/decamp-dev/decamp/compiler/ir"
)

func (r *reader) security(s *composeService) {
	f := s.f
	sec := s.c.Security // which a sidecar may have begun
	if sec == nil {
		sec = &ir.Security{}
	}
	at := s.path + ".security"
	if user := f.text("user"); user != "" {
		sec.User, sec.Group, _ = strings.Cut(user, ":")
		r.set(at+".user", f.at("user"), sec.User)
		if w := r.variables.written[f.at("user").node()]; w != nil && sec.Group != "" {
			delete(r.reading.Expressions, at+".user")
			if u, g, ok := strings.Cut(w.expression, ":"); ok {
				r.write(at+".user", f.at("user").node(), u, sec.User)
				r.write(at+".group", f.at("user").node(), g, sec.Group)
			}
		}
	}
	r.groups(s, sec)
	sec.ReadOnlyRoot = f.flag("read_only")
	r.positions.Set(at+".readOnlyRoot", f.at("read_only").node())
	sec.Privileged = f.flag("privileged")
	r.positions.Set(at+".privileged", f.at("privileged").node())
	add, drop := texts(f.take("cap_add")), texts(f.take("cap_drop"))
	if len(add)+len(drop) > 0 {
		sec.Capabilities = &ir.Capabilities{Add: capabilities(add), Drop: capabilities(drop)}
		for i := range add {
			r.set(fmt.Sprintf("%s.capabilities.add[%d]", at, i), f.at("cap_add").item(i, len(add)), add[i])
		}
		for i := range drop {
			r.set(fmt.Sprintf("%s.capabilities.drop[%d]", at, i), f.at("cap_drop").item(i, len(drop)), drop[i])
		}
	}
	r.securityOptions(s, sec)
	r.namespaces(s, sec)
	if !reflect.ValueOf(sec).Elem().IsZero() {
		s.c.Security = sec
	}
}

func capabilities(list []string) []string {
	var names []string
	for _, name := range list {
		names = append(names, strings.TrimPrefix(strings.ToUpper(name), "CAP_"))
	}
	return names
}

func (r *reader) groups(s *composeService, sec *ir.Security) {
	named := false
	for i, g := range texts(s.f.take("group_add")) {
		n, err := strconv.ParseInt(g, 10, 64)
		if err != nil {
			named = true
			continue
		}
		sec.Groups = append(sec.Groups, n)
		r.set(fmt.Sprintf("%s.security.groups[%d]", s.path, len(sec.Groups)-1), s.f.at("group_add").item(i, len(texts(s.f.m["group_add"]))), g)
	}
	if named {
		s.keepWhole("group_add")
	}
}

// securityOptions reads the options that a spec has words for; others are carried, and
// then all of them, since a list replaces a list.
func (r *reader) securityOptions(s *composeService, sec *ir.Security) {
	options := texts(s.f.take("security_opt"))
	unknown := false
	for i, option := range options {
		key, value, _ := strings.Cut(strings.Replace(option, "=", ":", 1), ":")
		path := ""
		switch {
		case key == "no-new-privileges" && value != "false":
			sec.NoNewPrivileges, path = true, "noNewPrivileges"
		case key == "seccomp":
			sec.Seccomp, path = value, "seccomp"
			if value != "unconfined" {
				sec.Seccomp = r.local(value)
			}
		case key == "apparmor":
			sec.AppArmor, path = value, "apparmor"
		case key == "label" && selinux(sec, value):
			path = "selinux"
		default:
			unknown = true
		}
		if path != "" {
			r.positions.Set(s.path+".security."+path, s.f.at("security_opt").item(i, len(options)).node())
		}
	}
	if unknown {
		s.keepWhole("security_opt")
	}
}

func selinux(sec *ir.Security, option string) bool {
	key, value, ok := strings.Cut(option, ":")
	l := sec.SELinux
	if l == nil {
		l = &ir.SELinux{}
	}
	to := map[string]*string{"user": &l.User, "role": &l.Role, "type": &l.Type, "level": &l.Level}[key]
	if !ok || to == nil || value == "" {
		return false
	}
	*to = value
	sec.SELinux = l
	return true
}

// namespaces reads whose namespaces the container is in; further containers share
// those of their workload.
func (r *reader) namespaces(s *composeService, sec *ir.Security) {
	pid, ipc := scalar(s.f.m["pid"]), scalar(s.f.m["ipc"])
	if s.role != ir.Main {
		r.sharedNamespaces(s, pid, ipc)
		return
	}
	if pid == "host" {
		s.f.take("pid")
		sec.PID = "host"
		r.positions.Set(s.path+".security.pid", s.f.at("pid").node())
	}
	if word := map[string]string{"host": "host", "shareable": "share", "private": "own"}[ipc]; word != "" {
		s.f.take("ipc")
		sec.IPC = word
		r.positions.Set(s.path+".security.ipc", s.f.at("ipc").node())
	}
	if scalar(s.f.m["network_mode"]) == "host" {
		s.f.take("network_mode")
		sec.Network = "host"
		r.positions.Set(s.path+".security.network", s.f.at("network_mode").node())
	}
}

func (r *reader) sharedNamespaces(s *composeService, pid, ipc string) {
	if s.role != ir.Sidecar {
		return
	}
	share := func() *ir.Security {
		if s.w.Security == nil {
			s.w.Security = &ir.Security{}
		}
		return s.w.Security
	}
	if pid == "service:"+s.main.name {
		s.f.take("pid")
		share().PID = "share"
	}
	if ipc == "service:"+s.main.name && share().IPC != "host" {
		s.f.take("ipc")
		share().IPC = "share"
	}
}
