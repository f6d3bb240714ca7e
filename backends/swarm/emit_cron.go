package swarm

import (
	"strings"

	"github.com/decamp-dev/decamp/backends/internal/composefile"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// crontab writes the lines that start the cron jobs; nil when there are none. In the
// stack they are services of no replicas, whose tasks are not started again: the
// deployment starts nothing. A job of Swarm would not do, since each deployment runs it.
func (e *emitter) crontab() []byte {
	var b strings.Builder
	zone := ""
	for i := range e.app.Workloads {
		name, w := e.app.Workloads[i].Key, &e.app.Workloads[i].Value
		if w.Kind != ir.Cron || w.Schedule == nil {
			continue
		}
		if b.Len() == 0 {
			e.crontabHead(&b)
		}
		if z := timezone(w.Schedule); z != zone {
			zone = z
			b.WriteString("\nCRON_TZ=" + zone + "\n")
		}
		if w.Schedule.Suspend {
			b.WriteString("# suspended: ")
		}
		// A percent sign ends the command in a crontab.
		b.WriteString(w.Schedule.Cron + " " + strings.ReplaceAll(e.cronCommand(name, w), "%", `\%`) + "\n")
	}
	if b.Len() == 0 {
		return nil
	}
	return []byte(b.String())
}

func (e *emitter) crontabHead(b *strings.Builder) {
	b.WriteString("# " + e.options.Header() + "\n#\n")
	b.WriteString("# Lines for the crontab of a user who may use Docker, on one manager: crontab -e.\n")
	e.report(diag.Note, CodeCronInstall, "", "the crontab has to be installed on a manager",
		"Swarm has no clock. On one manager, after the stack has been deployed: (crontab -l; cat crontab) | crontab -")
}

// timezone is UTC when nothing is said, here as on the other platforms.
func timezone(s *ir.Schedule) string {
	if s.Timezone == "" {
		return "UTC"
	}
	return s.Timezone
}

// cronCommand starts the service once: its init containers first, each to its end, and
// its sidecars beside it.
func (e *emitter) cronCommand(name string, w *ir.Workload) string {
	service := e.scoped(name)
	command := runOnce(service)
	if len(w.Init)+len(w.Sidecars) > 0 {
		command = e.cronSteps(name, w)
	}
	if w.Schedule.Overlap == "replace" {
		return command // what is started anew ends the run that goes on
	}
	return running(service) + " || " + command
}

func (e *emitter) cronSteps(name string, w *ir.Workload) string {
	var steps, after []string
	for _, c := range w.Init {
		service := e.scoped(composefile.ServiceName(name, c.Key))
		steps = append(steps, runOnce(service), untilEnd(service), `docker service ps --format "{{.CurrentState}}" `+service+` | head -1 | grep -q ^Complete`)
	}
	for _, c := range w.Sidecars {
		service := e.scoped(composefile.ServiceName(name, c.Key))
		steps = append(steps, "docker service scale --detach "+service+"=1")
		after = append(after, "docker service scale --detach "+service+"=0")
	}
	steps = append(steps, runOnce(e.scoped(name)))
	if len(after) > 0 {
		steps = append(steps, untilEnd(e.scoped(name)))
	}
	return "sh -c '" + strings.Join(append([]string{strings.Join(steps, " && ")}, after...), "; ") + "'"
}

// runOnce starts one task of a service, whatever it did before.
func runOnce(service string) string {
	return "docker service update --detach --quiet --force --replicas 1 " + service
}

// running asks whether a task of a service has not ended yet.
func running(service string) string {
	return "docker service ps --quiet --filter desired-state=ready --filter desired-state=running " + service + " | grep -q ."
}

func untilEnd(service string) string {
	return "sleep 2 && while " + running(service) + "; do sleep 1; done"
}
