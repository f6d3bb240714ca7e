package composeread

import (
	"fmt"
	"strings"

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
