package nomad

import (
	"strings"

	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
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
