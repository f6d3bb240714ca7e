package nomad

import (
	"strconv"

	"github.com/hashicorp/nomad/api"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// task is one container on its way to a task.
type task struct {
	unit      *unit
	name      string // of the container; "" for the main one
	role      ir.Role
	stub      bool // a copy of another workload's container
	container *ir.Container
	out       *api.Task
	config    map[string]any
	env       envFile
}

// tasks writes the tasks of the group: the main one first, as its reader looks for
// it, whatever starts before it.
func (u *unit) tasks() {
	w := u.workload
	u.group.Tasks = append(u.group.Tasks, u.task("", u.name, ir.Main, &w.Container))
	for i := range w.Sidecars {
		name := w.Sidecars[i].Key
		u.group.Tasks = append(u.group.Tasks, u.sidecar(u.task(name, u.taskName(name), ir.Sidecar, &w.Sidecars[i].Value)))
	}
	u.stubs()
	for i := range w.Init {
		name := w.Init[i].Key
		t := u.task(name, u.taskName(name), ir.Init, &w.Init[i].Value)
		u.steps = append(u.steps, &step{task: t, container: &w.Init[i].Value})
	}
	u.chain()
	u.hooks()
}

// taskName keeps a container that has its workload's name apart from the main one.
func (u *unit) taskName(container string) string { return emittedTaskName(u.name, container) }

func emittedTaskName(workload, container string) string {
	if container == workload || container == "alloc" {
		return workload + "-" + container
	}
	return container
}

func (u *unit) sidecar(t *api.Task) *api.Task {
	t.Lifecycle = &api.TaskLifecycle{Hook: "prestart", Sidecar: true}
	return t
}

func (u *unit) task(container, name string, role ir.Role, c *ir.Container) *api.Task {
	t := &task{unit: u, name: container, role: role, container: c, config: map[string]any{}}
	t.out = &api.Task{Name: name, Driver: "docker", User: user(c.Security), Config: t.config}
	t.write()
	t.out.Services = u.services(container, role, c)
	return t.out
}

func (t *task) write() {
	t.image()
	t.process()
	t.isolation()
	t.environment()
	t.files()
	t.mounts()
	t.resources()
	t.hosts()
	t.stop()
	t.env.finish(t)
}

func (t *task) path(keys ...string) string { return t.unit.at(t.name, t.role, keys...) }

func user(s *ir.Security) string {
	switch {
	case s == nil:
		return ""
	case s.Group != "":
		return s.User + ":" + s.Group
	}
	return s.User
}

func (t *task) image() {
	c := t.container
	t.config["image"] = driverString(c.Image)
	if c.Image == "" {
		t.unit.emitter.report(diag.Error, CodeImageNeeded, t.path("build"), "Nomad runs images and builds none",
			"Give the container an image besides its build: the name under which you push what you have built.")
	}
	switch c.Pull {
	case "always":
		t.config["force_pull"] = true
	case "never":
		t.config["force_pull"] = false
	}
}

func (t *task) process() {
	c := t.container
	if c.Entrypoint != nil {
		t.config["entrypoint"] = t.words(c.Entrypoint, "entrypoint")
	}
	if c.Args != nil && len(c.Args.Words) > 0 {
		t.config["args"] = t.words(c.Args, "args")
	}
	set := func(key, value string) {
		if value != "" {
			t.config[key] = driverString(value)
		}
	}
	set("work_dir", c.Workdir)
	for key, on := range map[string]bool{"tty": c.TTY, "interactive": c.Stdin, "init": c.Reaper} {
		if on {
			t.config[key] = true
		}
	}
	if c.Log != nil {
		logging := map[string]any{"type": driverString(c.Log.Driver)}
		if len(c.Log.Options) > 0 {
			logging["config"] = object(c.Log.Options)
		}
		t.config["logging"] = logging
	}
	if t.role == ir.Main && len(t.unit.workload.Annotations) > 0 && !t.stub {
		t.config["labels"] = object(t.unit.workload.Annotations)
	}
}

// words writes a command; what refers to a secret or a workload is put into a
// variable, which the client fills in.
func (t *task) words(c *ir.Command, key string) []string {
	words := []string{}
	for i, word := range c.Words {
		resolved := t.unit.emitter.resolve(word)
		if plain, ok := resolved.Plain(); ok {
			words = append(words, driverString(plain))
			continue
		}
		variable := identifier(t.unit.name + "_" + key + "_" + strconv.Itoa(i+1))
		t.env.add(variable, resolved)
		words = append(words, "${"+variable+"}")
	}
	return words
}

// object is a map of the driver's configuration.
func object(m ir.Map[string]) map[string]any {
	out := make(map[string]any, len(m))
	for _, item := range m {
		out[item.Key] = driverString(item.Value)
	}
	return out
}

func (t *task) stop() {
	s := t.container.Stop
	if s == nil {
		return
	}
	t.out.KillSignal = s.Signal
	if s.Grace != nil {
		t.out.KillTimeout = new(s.Grace.Std())
	}
}

// hosts binds the names of endpoints. The first task that starts writes the hosts
// file of the whole group, so every task has the same list.
func (t *task) hosts() {
	var hosts []string
	for i := range t.unit.emitter.app.Endpoints {
		name, endpoint := t.unit.emitter.app.Endpoints[i].Key, &t.unit.emitter.app.Endpoints[i].Value
		switch {
		case endpoint.Address != "":
			hosts = append(hosts, endpoint.Host+":"+endpoint.Address)
		case endpoint.Workload != "" && t.unit.stubbed(name, endpoint):
			hosts = append(hosts, endpoint.Host+":127.0.0.1")
		}
	}
	if hosts != nil {
		t.config["extra_hosts"] = hosts
	}
	if t.unit.onHost() {
		t.config["network_mode"] = "host"
	}
}
