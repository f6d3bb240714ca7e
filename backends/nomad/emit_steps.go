package nomad

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/nomad/api"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// sharedFolder is the folder that the tasks of a group share, seen from the folder of
// one of them. Any user may write there.
const sharedFolder = "../alloc/data"

// step is one task that has to end before the main tasks start.
type step struct {
	task      *api.Task
	container *ir.Container // of an init container; nil for a task of ours
	ours      bool          // its script is a template local/…, run by /bin/sh
}

// markers is where a step leaves a file when it has ended well. alloc/ is shared by
// the tasks of a group, and any user may write there.
const markers = "/alloc/tmp"

// chain adds the steps to the group. Nomad starts all prestart tasks at once, so
// that more than one of them have to wait for each other.
func (u *unit) chain() {
	u.ownership()
	for i, s := range u.steps {
		s.task.Lifecycle = &api.TaskLifecycle{Hook: "prestart"}
		var before, after string
		if i > 0 {
			before = marker(u.steps[i-1])
		}
		if i+1 < len(u.steps) {
			after = marker(s)
		}
		s.order(before, after)
		u.group.Tasks = append(u.group.Tasks, s.task)
	}
}

func marker(s *step) string { return markers + "/" + s.task.Name + ".done" }

// order makes a step wait for the file of the one before it and leave its own.
func (s *step) order(before, after string) {
	if before == "" && after == "" {
		return
	}
	wait := ""
	if before != "" {
		wait = "until [ -e " + before + " ]; do sleep 1; done"
	}
	if s.ours {
		script := s.task.Templates[0].EmbeddedTmpl
		if wait != "" {
			*script = wait + "\n" + *script
		}
		if after != "" {
			*script += ": > " + after + "\n"
		}
		return
	}
	entrypoint, known := s.task.Config["entrypoint"].([]string)
	if !known || len(entrypoint) == 0 {
		return // Nothing is known of the image's own command; the table says so.
	}
	run := `"$@" && : > ` + after
	if after == "" {
		run = `exec "$@"`
	}
	if wait != "" {
		run = wait + "; " + run
	}
	args, _ := s.task.Config["args"].([]string)
	s.task.Config["args"] = slices.Concat([]string{"-c", run, "sh"}, entrypoint, args)
	s.task.Config["entrypoint"] = []string{"/bin/sh"}
}

// ownership adds the task that gives the workload's volumes to its fsGroup, before
// anything else uses them.
func (u *unit) ownership() {
	s := u.workload.Security
	if s == nil || s.FSGroup == nil {
		return
	}
	t := &api.Task{Name: u.free("own-volumes"), Driver: "docker", User: "0", Resources: helperResources()}
	var script strings.Builder
	var seen []string
	eachContainer(u.workload, func(_ string, _ ir.Role, c *ir.Container) {
		for _, m := range c.Mounts {
			if m.Value.Volume == "" || slices.Contains(seen, m.Value.Volume) {
				continue
			}
			seen = append(seen, m.Value.Volume)
			target := path.Join("/volumes", m.Value.Volume)
			t.VolumeMounts = append(t.VolumeMounts, &api.VolumeMount{Volume: new(m.Value.Volume), Destination: &target})
			fmt.Fprintf(&script, "chgrp -R %d %s && chmod -R g+rwX %s || exit 1\n", *s.FSGroup, target, target)
		}
	})
	if seen == nil {
		return
	}
	text := script.String()
	t.Templates = []*api.Template{{DestPath: new("local/own.sh"), EmbeddedTmpl: &text, ChangeMode: new("noop")}}
	t.Config = map[string]any{"image": waitImage, "entrypoint": []string{"/bin/sh"}, "args": []string{"/local/own.sh"}}
	u.steps = append([]*step{{task: t, ours: true}}, u.steps...)
}

// hooks adds, for what is to run after a container has started, a task of the same
// image that starts after the main tasks.
func (u *unit) hooks() {
	eachContainer(u.workload, func(name string, role ir.Role, c *ir.Container) {
		if role == ir.Init || c.Hooks == nil || c.Hooks.AfterStart == nil {
			return
		}
		base := u.name
		if name != "" {
			base = name
		}
		u.group.Tasks = append(u.group.Tasks, u.afterStart(name, u.free(base+"-after-start"), role, c))
	})
}

func (u *unit) afterStart(container, name string, role ir.Role, c *ir.Container) *api.Task {
	hook := c.Hooks.AfterStart
	if hook.Exec == nil {
		t := &api.Task{Name: name, Driver: "docker", Resources: helperResources(), Lifecycle: &api.TaskLifecycle{Hook: "poststart"}}
		t.Config = map[string]any{"image": waitImage, "entrypoint": []string{"wget"}, "args": u.request(c, hook.HTTP)}
		return t
	}
	like := *c
	like.Entrypoint, like.Args = hook.Exec, nil
	like.Log, like.GPUs, like.Stop = nil, nil, nil
	if like.Resources != nil {
		resources := *like.Resources
		resources.Disk = 0 // the group's, and counted once
		like.Resources = &resources
	}
	t := &task{unit: u, name: container, role: role, container: &like, config: map[string]any{}}
	t.out = &api.Task{Name: name, Driver: "docker", User: user(c.Security), Config: t.config, Lifecycle: &api.TaskLifecycle{Hook: "poststart"}}
	t.write()
	return t.out
}

// request is what wget asks the container, which is at 127.0.0.1 within the group.
func (u *unit) request(c *ir.Container, action *ir.HTTPAction) []string {
	args := []string{"-q", "-O", "/dev/null"}
	if action.Host != "" {
		args = append(args, "--header", driverString("Host: "+action.Host))
	}
	for _, h := range action.Headers {
		args = append(args, "--header", driverString(h.Key+": "+h.Value))
	}
	number, _ := c.Ports.Get(action.Port)
	return append(args, driverString(fmt.Sprintf("%s://127.0.0.1:%d%s", action.SchemeOrDefault(), number.Port, action.PathOrDefault())))
}
