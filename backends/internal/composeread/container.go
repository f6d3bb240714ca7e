package composeread

import (
	"bytes"
	"fmt"
	"path"
	"reflect"
	"strconv"
	"strings"

	"github.com/compose-spec/compose-go/v2/dotenv"
	"github.com/mattn/go-shellwords"

	"github.com/decamp-dev/decamp/backends/internal/composefile"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// process reads the image and what runs in it.
func (r *reader) process(s *composeService) {
	f, c := s.f, s.c
	c.Image = f.text("image")
	if strings.Contains(c.Image, "{{") {
		r.report(diag.Error, codeTemplateSource, f.at("image"), s.path+".image", "the image is a template", "Another program fills its marks in. Run that program first, and read what it writes.")
	}
	r.set(s.path+".image", f.at("image"), c.Image)
	if r.dialect.Stack == nil {
		r.build(s)
	}
	switch pull := scalar(f.m["pull_policy"]); pull {
	case "always", "missing", "never":
		c.Pull = f.text("pull_policy")
		r.set(s.path+".pull", f.at("pull_policy"), pull)
	case "if_not_present":
		f.take("pull_policy")
		c.Pull = "missing"
	}
	c.Entrypoint = r.command(s.path+".entrypoint", f.take("entrypoint"), f.at("entrypoint"))
	c.Args = r.command(s.path+".args", f.take("command"), f.at("command"))
	if c.Args != nil && len(c.Args.Words) == 0 && (c.Entrypoint == nil || r.dialect.Stack != nil) {
		c.Args = nil // an empty command is read as none
	}
	if c.Entrypoint != nil && len(c.Entrypoint.Words) == 0 && r.dialect.Stack != nil {
		c.Entrypoint = nil // so is an empty entrypoint in a stack
	}
	for _, text := range []struct {
		key, name string
		to        *string
	}{{"working_dir", "workdir", &c.Workdir}, {"hostname", "hostname", &c.Hostname}} {
		*text.to = f.text(text.key)
		r.set(s.path+"."+text.name, f.at(text.key), *text.to)
	}
	r.hostname(s)
	for _, flag := range []struct {
		key, name string
		to        *bool
	}{{"tty", "tty", &c.TTY}, {"stdin_open", "stdin", &c.Stdin}} {
		*flag.to = f.flag(flag.key)
		r.positions.Set(s.path+"."+flag.name, f.at(flag.key).node())
	}
	if f.m["init"] == true {
		c.Reaper = f.flag("init")
		r.positions.Set(s.path+".reaper", f.at("init").node())
	}
	if log := f.in("logging"); log.text("driver") != "" {
		c.Log = &ir.Log{Driver: log.text("driver")}
		r.positions.Set(s.path+".log", f.at("logging").node())
		r.set(s.path+".log.driver", log.at("driver"), c.Log.Driver)
		for _, o := range pairs(log.take("options"), log.at("options")) {
			c.Log.Options.Set(o.key, o.value)
			r.set(ir.JoinPath(s.path+".log.options", o.key), o.place, o.value)
		}
	}
}

// hostname reads a name that the node fills in: with the number of the replica, it says
// that the workload has an identity.
func (r *reader) hostname(s *composeService) {
	if r.dialect.Stack == nil || s.c.Hostname == "" {
		return
	}
	plain, ok := r.dialect.Stack.Plain(s.c.Hostname)
	if name, numbered := r.numbered(s.c.Hostname); !ok && numbered && name == s.name {
		s.w.Stateful, plain, ok = true, "", true
		r.positions.Set(s.path+".stateful", s.f.at("hostname").node())
	}
	if s.c.Hostname = plain; !ok {
		s.c.Hostname = ""
		s.keepWhole("hostname")
		r.templated(s.f.at("hostname"), s.path+".hostname", "the host name of "+s.name)
	}
}

// templated says that the node fills something in.
func (r *reader) templated(p place, path, what string) {
	r.report(diag.Warning, r.dialect.Codes.Template, p, path, what+" is a template, which the node fills in", "A spec has no word for that. It stays as it is for "+r.dialect.Title+"; other platforms get none of it.")
}

// command reads words, or a text that is split as a shell would.
func (r *reader) command(path string, v any, p place) *ir.Command {
	switch v := v.(type) {
	case string:
		return r.split(path, v, p)
	case []any:
		c := &ir.Command{Words: []ir.Text{}}
		for i, word := range v {
			text := scalar(word)
			c.Words = append(c.Words, r.variables.text(text))
			r.set(fmt.Sprintf("%s[%d]", path, i), p.item(i, len(v)), text)
		}
		r.positions.Set(path, p.node())
		return c
	}
	return nil
}

func (r *reader) split(path, text string, p place) *ir.Command {
	words, err := shellwords.Parse(text)
	if err != nil {
		r.report(diag.Error, r.dialect.Codes.Invalid, p, path, "a command cannot be split into words", "Close its quotes, or write it as a list.")
		return nil
	}
	c := &ir.Command{Words: []ir.Text{}}
	for _, word := range words {
		c.Words = append(c.Words, r.variables.text(word))
	}
	r.positions.Set(path, p.node())
	r.expressions(path, p, len(words))
	return c
}

// expressions splits the expression of a command like its text.
func (r *reader) expressions(path string, p place, count int) {
	w := r.variables.written[p.node()]
	if w == nil {
		return
	}
	words, err := shellwords.Parse(w.expression)
	if err != nil || len(words) != count {
		return
	}
	for i, word := range words {
		r.write(fmt.Sprintf("%s[%d]", path, i), p.node(), word, "")
	}
}

func (r *reader) build(s *composeService) {
	if s.f.m["build"] == nil {
		return
	}
	f := s.f.in("build")
	b := &ir.Build{}
	s.c.Build = b
	at := s.path + ".build"
	r.positions.Set(at, s.f.at("build").node())
	for _, text := range []struct {
		key string
		to  *string
	}{{"context", &b.Context}, {"dockerfile", &b.Dockerfile}, {"target", &b.Target}} {
		*text.to = f.text(text.key)
		p := f.at(text.key)
		if text.key == "context" && p.node() == nil {
			p = s.f.at("build")
		}
		if text.key != "context" {
			r.set(at+"."+text.key, p, *text.to)
			continue
		}
		if original := b.Context; !strings.HasPrefix(original, "git@") {
			b.Context = r.local(original)
			r.setLocal(at+".context", p, original, b.Context)
		}
	}
	if b.Context == "" {
		b.Context = "."
	}
	var missing []any
	for _, arg := range pairs(f.take("args"), f.at("args")) {
		value, has := arg.value, arg.has
		if !has {
			value, has = r.variables.lookup(r)(arg.key)
		}
		if !has {
			missing = append(missing, arg.key) // a value that only the builder's machine has
		} else {
			b.Args.Set(arg.key, value)
			r.setKeyed(ir.JoinPath(at+".args", arg.key), arg.place, arg.key, value)
		}
	}
	if missing != nil {
		s.rest["build"] = model{"args": missing}
	}
	b.Platforms = texts(f.take("platforms"))
}

// environment reads variables: those of files first, then the service's own.
func (r *reader) environment(s *composeService) {
	own := pairs(s.f.take("environment"), s.f.at("environment"))
	at := s.path + ".env"
	r.positions.Set(at, s.f.at("environment").node())
	r.environmentFiles(s, own)
	for _, v := range own {
		path := ir.JoinPath(at, v.key)
		if !v.has || r.deployers(v) {
			r.passThrough(s, path, v)
			continue
		}
		if v.value, v.has = r.plain(v.value); !v.has {
			r.keepVariable(s, v.key+"="+v.value)
			r.templated(v.place, path, "the variable "+v.key)
			continue
		}
		s.c.Env.Set(v.key, r.variables.text(v.value))
		r.setKeyed(path, v.place, v.key, v.value)
		r.comments(path, s.f.at("environment"), v.key)
	}
}

// passThrough reads a variable that is taken from the deployer's environment.
func (r *reader) passThrough(s *composeService, path string, v pair) {
	value, has := r.variables.lookup(r)(v.key)
	r.positions.Set(path, v.place.node())
	switch {
	case namesSecret(v.key) && !r.source.Bake:
		name := r.variables.secret(r, v.key)
		s.c.Env.Set(v.key, ir.Text{{Ref: ir.Ref{Kind: ir.RefSecret, Name: name}}})
	case has:
		s.c.Env.Set(v.key, ir.Literal(value))
		if !r.source.Bake {
			r.reading.Expressions[path] = r.variables.variable(r, v.key, value, true)
		}
	default:
		// Unset, it is unset in the container too, which no value can say.
		r.keepVariable(s, v.key)
	}
}

func (r *reader) keepVariable(s *composeService, entry string) {
	list, _ := s.rest["environment"].([]any)
	s.rest["environment"] = append(list, entry)
}

// deployers reports a variable that is empty, and that a stack replaces by the
// deployer's own of that name.
func (r *reader) deployers(v pair) bool {
	if r.dialect.Stack == nil || v.value != "" {
		return false
	}
	_, has := r.variables.lookup(r)(v.key)
	return has
}

// plain returns the text that a template of the node stands for.
func (r *reader) plain(text string) (string, bool) {
	if r.dialect.Stack == nil {
		return text, true
	}
	if plain, ok := r.dialect.Stack.Plain(text); ok {
		return plain, true
	}
	return text, false
}

// environmentFiles reads the variables of env_file.
func (r *reader) environmentFiles(s *composeService, own []pair) {
	entries, _ := s.f.take("env_file").([]any)
	overridden := map[string]bool{}
	for _, v := range own {
		overridden[v.key] = v.has
	}
	missing := false
	for i, entry := range entries {
		m, _ := entry.(model)
		name, required := scalar(m["path"]), m["required"] != false
		p := s.f.at("env_file").item(i, len(entries))
		if w := r.variables.written[p.node()]; w != nil {
			w.used = false
		}
		data, err := r.data(path.Join(r.folder, name))
		if err != nil {
			missing = true
			severity := diag.Warning
			if !required {
				severity = diag.Note
			}
			r.report(severity, codeFileMissing, p, s.path+".env", "a file of variables is missing: "+name, "The entry stays as it is for "+r.dialect.Title+"; other platforms get none of its variables.")
			continue
		}
		r.environmentFile(s, p, name, scalar(m["format"]), data, overridden)
	}
	if missing {
		s.keepWhole("env_file")
	}
}

func (r *reader) environmentFile(s *composeService, p place, name, format string, data []byte, overridden map[string]bool) {
	values := map[string]string{}
	var err error
	switch {
	case r.dialect.Stack != nil:
		values = r.rawVariables(data)
	case format == "raw":
		err = dotenv.ParseWithFormat(bytes.NewReader(data), name, values, r.variables.lookup(r), format)
	default:
		values, err = dotenv.ParseWithLookup(bytes.NewReader(data), r.variables.lookup(r))
	}
	if err != nil {
		r.report(diag.Error, r.dialect.Codes.Invalid, p, s.path+".env", "a file of variables cannot be read: "+name, "A line is NAME=value. "+withoutValue(err.Error()))
		return
	}
	for _, key := range fileOrder(data, values) {
		if overridden[key] {
			continue
		}
		at := ir.JoinPath(s.path+".env", key)
		if namesSecret(key) && !r.source.Bake {
			s.c.Env.Set(key, ir.Text{{Ref: ir.Ref{Kind: ir.RefSecret, Name: r.variables.secret(r, key)}}})
		} else {
			s.c.Env.Set(key, ir.Literal(values[key]))
		}
		r.positions.Set(at, p.node())
	}
}

// rawVariables reads a file of variables as it stands: no quotes, and a name alone is the
// deployer's variable.
func (r *reader) rawVariables(data []byte) map[string]string {
	values := map[string]string{}
	for line := range strings.Lines(strings.TrimPrefix(string(data), "\ufeff")) {
		line = strings.TrimLeft(strings.TrimRight(line, "\r\n"), " \t")
		key, value, has := strings.Cut(line, "=")
		if line == "" || line[0] == '#' {
			continue
		}
		if given, known := r.variables.lookup(r)(key); known && value == "" {
			value, has = given, true
		}
		if has {
			values[key] = value
		}
	}
	return values
}

// fileOrder returns the names of a file of variables in its order.
func fileOrder(data []byte, values map[string]string) []string {
	var keys []string
	seen := map[string]bool{}
	for _, line := range strings.Split(string(data), "\n") {
		key, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "export "), "=")
		key = strings.TrimSpace(key)
		if _, ok := values[key]; ok && !seen[key] {
			seen[key] = true
			keys = append(keys, key)
		}
	}
	for _, key := range sorted(values) {
		if !seen[key] {
			keys = append(keys, key)
		}
	}
	return keys
}

// labels reads labels and annotations; those of the main container are the workload's.
func (r *reader) labels(s *composeService) {
	if s.role != ir.Main {
		return
	}
	to := &s.w.Labels
	if r.dialect.Stack != nil {
		to = &s.w.Annotations // its labels are those of deploy
	}
	for _, kind := range []struct {
		key string
		to  *ir.Map[string]
	}{{"labels", to}, {"annotations", &s.w.Annotations}} {
		for _, l := range pairs(s.f.take(kind.key), s.f.at(kind.key)) {
			kind.to.Set(l.key, l.value)
			section := kind.key
			if kind.to == &s.w.Annotations {
				section = "annotations"
			}
			r.setKeyed(ir.JoinPath(s.path+"."+section, l.key), l.place, l.key, l.value)
		}
	}
}

func (r *reader) lifecycle(s *composeService) {
	f, c := s.f, s.c
	signal, grace := f.text("stop_signal"), f.text("stop_grace_period")
	if signal != "" || grace != "" {
		c.Stop = &ir.Stop{Signal: signal}
		r.set(s.path+".stop.signal", f.at("stop_signal"), signal)
		if grace != "" {
			if d, ok := r.duration(grace, f.at("stop_grace_period"), s.path+".stop.grace"); ok {
				c.Stop.Grace = &d
			}
		}
	}
	if hook := r.hook(s, "pre_stop", s.path+".stop.before"); hook != nil {
		if c.Stop == nil {
			c.Stop = &ir.Stop{}
		}
		c.Stop.Before = hook
	}
	if hook := r.hook(s, "post_start", s.path+".hooks.afterStart"); hook != nil {
		c.Hooks = &ir.Hooks{AfterStart: hook}
	}
}

// hook reads a single hook that says nothing but its command.
func (r *reader) hook(s *composeService, key, path string) *ir.Hook {
	list, _ := s.f.m[key].([]any)
	if len(list) != 1 {
		return nil
	}
	m, _ := list[0].(model)
	if len(m) != 1 || m["command"] == nil {
		return nil
	}
	s.f.take(key)
	p := s.f.at(key).item(0, 1)
	r.positions.Set(path, p.node())
	if h := composefile.RequestOf(s.c, texts(m["command"])); h != nil {
		return &ir.Hook{HTTP: h}
	}
	return &ir.Hook{Exec: r.command(path+".exec", m["command"], p.get("command"))}
}

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
