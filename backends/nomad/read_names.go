package nomad

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/decamp-dev/decamp/backends/internal/naming"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// nameAll names the app and its workloads, and sorts out what each group and task is.
func (r *reader) nameAll() {
	r.app.Name = r.appName()
	if len(r.jobs) > 0 {
		r.said("name", r.jobs[0].doc)
	}
	for _, j := range r.jobs {
		for _, g := range j.groups {
			r.classify(g)
		}
	}
	taken := map[string]bool{}
	for _, j := range r.jobs {
		if r.living(j) > 0 {
			r.inherit(j.doc)
		}
		for _, g := range j.groups {
			if !g.carried {
				g.name = r.workloadName(j, g, taken)
				taken[g.name] = true
			}
		}
	}
	for _, j := range r.jobs {
		for _, g := range j.groups {
			if !g.carried {
				r.nameTasks(g)
				r.ports(g)
			}
		}
	}
}

// appName is what all jobs have in front of their groups' names, as decamp writes
// them; else what the jobs' names have in common; else what the user says.
func (r *reader) appName() string {
	prefix, ours := "", true
	for _, j := range r.jobs {
		before := ""
		if len(j.groups) == 1 {
			before = strings.TrimSuffix(j.id, "-"+j.groups[0].label)
		}
		if before == "" || before == j.id || prefix != "" && before != prefix {
			ours = false
		}
		prefix = before
	}
	switch {
	case ours:
		return naming.Label(prefix)
	case len(r.jobs) == 1:
		return naming.Label(r.jobs[0].id)
	}
	if common := r.commonPrefix(); common != "" {
		return naming.Label(common)
	}
	return naming.Label(cmp.Or(r.source.Name, r.jobs[0].id))
}

// commonPrefix is what the names of all jobs begin with, up to a dash.
func (r *reader) commonPrefix() string {
	words := strings.Split(r.jobs[0].id, "-")
	for _, j := range r.jobs[1:] {
		other := strings.Split(j.id, "-")
		n := 0
		for n < len(words) && n < len(other) && words[n] == other[n] {
			n++
		}
		words = words[:n]
	}
	return strings.Join(words, "-")
}

// workloadName is the name of the group, or of the job where the group's says less.
func (r *reader) workloadName(j *sourceJob, g *sourceGroup, taken map[string]bool) string {
	rest, prefixed := strings.CutPrefix(j.id, r.app.Name+"-")
	single := len(j.groups) == 1
	var wishes []string
	switch {
	case single && prefixed && rest != "":
		wishes = []string{rest, g.label}
	case single && len(r.jobs) > 1:
		wishes = []string{j.id, g.label}
	}
	wishes = append(wishes, g.label, j.id+"-"+g.label)
	for _, wish := range wishes {
		label := naming.Label(wish)
		if taken[label] {
			continue
		}
		if label != wish {
			r.report(diag.Note, CodeRenamed, r.whereOf(g.doc), ir.JoinPath("workloads", label), fmt.Sprintf("group %q is called %s", wish, label), "Names are DNS labels, each once. On Nomad it keeps its name.")
		}
		return label
	}
	return r.names.workloads.Name(fmt.Sprintf("%s-%s-%d", j.id, g.label, len(taken)))
}

// containerDrivers run images.
var containerDrivers = map[string]bool{"docker": true, "podman": true}

// classify decides what becomes of the tasks of a group. A group in which no
// container is the main task cannot be a workload.
func (r *reader) classify(g *sourceGroup) {
	var main *sourceTask
	for _, t := range g.tasks {
		driver := textOf(t.doc.Get("driver"), "")
		life := t.doc.Get("lifecycle")
		hook, sidecar := textOf(life.Get("hook"), ""), textOf(life.Get("sidecar"), "") == "true"
		switch {
		case !containerDrivers[driver] || textOf(t.doc.Get("config").Get("image"), "") == "":
			t.as = carriedTask
		case hook == "" && (main == nil || better(t, main)):
			if main != nil {
				main.as = sidecarTask
			}
			t.as, main = mainTask, t
		case hook == "" || sidecar && hook != "poststop":
			t.as = sidecarTask
		case hook == "prestart":
			t.as = initTask
			if helper(t) {
				t.as = helperTask
			}
		case hook == "poststart" && hookOf(g, t) != nil:
			t.as = hookTask
		default:
			t.as = carriedTask
		}
	}
	g.carried = main == nil
	for _, t := range g.tasks {
		if t.as == carriedTask || g.carried && !helper(t) {
			r.noteCarried(g, t)
		}
	}
}

func better(t, than *sourceTask) bool {
	leads := func(t *sourceTask) bool { return textOf(t.doc.Get("leader"), "") == "true" }
	if leads(t) != leads(than) {
		return leads(t)
	}
	return t.label == t.group.label && than.label != t.group.label && !leads(than)
}

func (r *reader) noteCarried(g *sourceGroup, t *sourceTask) {
	driver := textOf(t.doc.Get("driver"), "")
	switch {
	case !containerDrivers[driver]:
		r.report(diag.Warning, CodeDriver, r.whereOf(t.doc), "", fmt.Sprintf("task %s of group %s runs no container: its driver is %q", t.label, g.label, driver),
			"It stays as it is in the ledger, for Nomad only. To take it along, put the program into an image.")
	case g.carried:
		r.report(diag.Warning, CodeTask, r.whereOf(t.doc), "", fmt.Sprintf("task %s of group %s has no main task beside it", t.label, g.label),
			"A workload has one container that runs by itself. The group stays as it is in the ledger, for Nomad only.")
	default:
		r.report(diag.Warning, CodeTask, r.whereOf(t.doc), "", fmt.Sprintf("task %s of group %s runs when the others have started or ended", t.label, g.label),
			"The spec has no words for poststart and poststop tasks. It stays as it is in the ledger, for Nomad only.")
	}
}

// nameTasks names the containers, and notes which task each will be.
func (r *reader) nameTasks(g *sourceGroup) {
	r.ids[g.doc] = g.name
	taken := map[string]bool{g.name: true}
	for _, t := range g.tasks {
		switch t.as {
		case mainTask:
			r.ids[t.doc] = g.name
		case sidecarTask, initTask:
			name := naming.Label(t.label)
			if own, ok := strings.CutPrefix(t.label, g.name+"-"); ok && (own == g.name || own == "alloc") && g.job.own {
				name = own
			}
			for n := 2; taken[name]; n++ {
				name = fmt.Sprintf("%s-%d", naming.Label(t.label), n)
			}
			taken[name] = true
			t.name = name
			r.ids[t.doc] = emittedTaskName(g.name, name)
			if name != t.label && r.ids[t.doc] != t.label {
				r.report(diag.Note, CodeRenamed, r.whereOf(t.doc), t.path(), fmt.Sprintf("task %q is called %s", t.label, name), "Names are DNS labels, each once. On Nomad it keeps its name.")
			}
		case hookTask, helperTask:
			r.ids[t.doc] = t.label
		}
	}
}

// noteRenamed says which volumes have other names.
func (r *reader) noteRenamed() {
	for _, original := range r.names.volumes.Renamed() {
		label := r.names.volumes.Name(original)
		r.report(diag.Note, CodeRenamed, r.app.Locate(ir.JoinPath("volumes", label)), ir.JoinPath("volumes", label), fmt.Sprintf("volume %q is called %s", original, label), "Names are DNS labels, each once. On Nomad it keeps its name.")
	}
	for _, original := range r.names.vars.Renamed() {
		label := r.names.vars.Name(original)
		if v := r.lookupVariable(original); v != nil && v.used {
			r.report(diag.Note, CodeRenamed, v.where, ir.JoinPath("vars", label), fmt.Sprintf("variable %q is called %s", original, label), "Names are DNS labels, each once.")
		}
	}
}

// containerTask finds the task that is a container and has this label.
func (g *sourceGroup) containerTask(label string) *sourceTask {
	for _, t := range g.tasks {
		if t.label == label && (t.as == mainTask || t.as == sidecarTask || t.as == initTask) {
			return t
		}
	}
	return nil
}

func (g *sourceGroup) main() *sourceTask {
	for _, t := range g.tasks {
		if t.as == mainTask {
			return t
		}
	}
	return nil
}

// int of an attribute; false when it is none.
func intOf(v *document.Value) (int, bool) {
	if v == nil {
		return 0, false
	}
	n := 0
	if _, err := fmt.Sscanf(v.Text, "%d", &n); err != nil || fmt.Sprint(n) != v.Text {
		return 0, false
	}
	return n, true
}
