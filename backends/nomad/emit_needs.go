package nomad

import (
	"fmt"
	"strings"

	"github.com/hashicorp/nomad/api"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// The images of the tasks that wait. Both hold a shell, nc and wget; the second can
// speak to a socket besides.
const (
	waitImage    = "busybox:1.37"
	waitAPIImage = "curlimages/curl:8.16.0"
)

// tries is how the waiting task asks whether a dependency is there.
type tries uint8

const (
	triesHTTP tries = iota + 1 // its ready probe, from outside
	triesTCP                   // a connection to its port
	triesJob                   // the state of its job
)

// howToWait chooses the nearest question to a condition that can be asked of
// another job.
func howToWait(app *ir.App, name string, condition ir.Condition) (tries, *port) {
	w := app.Workloads.Ref(name)
	if w == nil || condition == ir.Completed {
		return triesJob, nil
	}
	ports := portsOf(app, name, w)
	var first *port
	for i := range ports {
		p := &ports[i]
		if p.container != "" || !p.tcp() {
			continue
		}
		if condition == ir.Ready && w.Health != nil && asks(w.Health.Ready, p.name) {
			if w.Health.Ready.HTTP != nil && w.Health.Ready.HTTP.SchemeOrDefault() == "http" {
				return triesHTTP, p
			}
			return triesTCP, p
		}
		if first == nil {
			first = p
		}
	}
	if first != nil {
		return triesTCP, first
	}
	return triesJob, nil
}

// needs adds the task that waits for what the workload needs.
func (u *unit) needs() {
	if len(u.workload.Needs) == 0 {
		return
	}
	t := &api.Task{Name: u.free("wait"), Driver: "docker"}
	image := waitImage
	lines := []string{}
	ask := map[tries]bool{}
	for _, need := range u.workload.Needs {
		how, p := howToWait(u.emitter.app, need.Key, need.Value)
		ask[how] = true
		switch how {
		case triesJob:
			image = waitAPIImage
			lines = append(lines, u.waitForJob(need.Key, need.Value))
		default:
			t.Templates = append(t.Templates, addresses(need.Key, p.service))
			lines = append(lines, waitForPort(u.emitter.app, need.Key, how))
		}
	}
	script := strings.Join(append(functions(ask), lines...), "\n") + "\n"
	t.Templates = append([]*api.Template{{
		DestPath: new("local/wait.sh"), EmbeddedTmpl: &script, ChangeMode: new("noop"),
	}}, t.Templates...)
	t.Config = map[string]any{"image": image, "entrypoint": []string{"/bin/sh"}, "args": []string{"/local/wait.sh"}}
	if u.onHost() {
		t.Config["network_mode"] = "host"
	}
	if ask[triesJob] {
		t.Identities = []*api.WorkloadIdentity{{Env: true}}
		t.User = "0"
	}
	t.Resources = helperResources()
	u.steps = append(u.steps, &step{task: t, ours: true})
}

// helperResources are enough for a shell.
func helperResources() *api.Resources { return &api.Resources{CPU: new(50), MemoryMB: new(32)} }

// free returns a name for a task that no container has.
func (u *unit) free(name string) string {
	taken := map[string]bool{u.name: true}
	eachContainer(u.workload, func(container string, _ ir.Role, _ *ir.Container) { taken[u.taskName(container)] = true })
	for taken[name] {
		name += "-" + u.name
	}
	return name
}

// addresses lists where the instances of a service are; the waiting task reads it
// again and again.
func addresses(name, service string) *api.Template {
	data := fmt.Sprintf("{{ range nomadService %q -}}\n{{ .Address }} {{ .Port }}\n{{ end -}}\n", service)
	return &api.Template{DestPath: new("local/" + name), EmbeddedTmpl: &data, ChangeMode: new("noop")}
}

// functions are the questions that a script asks. Not every build of busybox has
// nc -z, so nc runs a program once it is connected.
func functions(ask map[tries]bool) []string {
	lines := []string{}
	if ask[triesHTTP] {
		lines = append(lines,
			`answers() { # FILE PATH: one of the instances answers the request`,
			`  while read -r host port; do`,
			`    wget -q -T 2 -O /dev/null "http://$host:$port$2" && return`,
			`  done < "$1"`,
			`  return 1`,
			`}`)
	}
	if ask[triesTCP] {
		lines = append(lines,
			`listens() { # FILE: one of the instances takes connections`,
			`  while read -r host port; do`,
			`    nc -w 2 "$host" "$port" -e true && return`,
			`  done < "$1"`,
			`  return 1`,
			`}`)
	}
	if ask[triesJob] {
		lines = append(lines,
			`count() { # JOB STATE: how many allocations of the job are in the state`,
			`  curl -fsS --unix-socket "$NOMAD_SECRETS_DIR/api.sock" -H "Authorization: Bearer $NOMAD_TOKEN" \`,
			`    "http://localhost/v1/job/$1/allocations" | grep -o "\"ClientStatus\":\"$2\"" | wc -l`,
			`}`)
	}
	return lines
}

func waitForPort(app *ir.App, name string, how tries) string {
	if how == triesTCP {
		return "until listens /local/" + name + "; do sleep 2; done"
	}
	path := app.Workloads.Ref(name).Health.Ready.HTTP.PathOrDefault()
	return "until answers /local/" + name + " " + shellQuote(path) + "; do sleep 2; done"
}

func (u *unit) waitForJob(name string, condition ir.Condition) string {
	state, count := "running", 1
	if w := u.emitter.app.Workloads.Ref(name); condition == ir.Completed {
		state = "complete"
		if w != nil && w.Job != nil && w.Job.Completions > 1 {
			count = w.Job.Completions
		}
	}
	return fmt.Sprintf(`until [ "$(count %s %s)" -ge %d ]; do sleep 2; done`, u.emitter.ids[name], state, count)
}

// shellWord quotes a word where a shell would read more into it.
func shellWord(s string) string {
	if strings.ContainsAny(s, " \t\n'\"\\$`&|;<>()*?[]{}~#!") {
		return shellQuote(s)
	}
	return s
}

// shellQuote quotes a word for a POSIX shell.
func shellQuote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
