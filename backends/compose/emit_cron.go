package compose

import (
	"strconv"
	"strings"

	"github.com/decamp-dev/decamp/backends/internal/composefile"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// cronProfile keeps what the clock starts out of `docker compose up`.
const cronProfile = "cron"

// crontab writes the lines that start the cron jobs; nil when there are none.
func (e *emitter) crontab(header string) []byte {
	var b strings.Builder
	zone := ""
	for i := range e.app.Workloads {
		name, w := e.app.Workloads[i].Key, &e.app.Workloads[i].Value
		if w.Kind != ir.Cron || w.Schedule == nil {
			continue
		}
		if b.Len() == 0 {
			e.crontabHead(&b, header)
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

func (e *emitter) crontabHead(b *strings.Builder, header string) {
	file := "/srv/" + project(e.app) + "/" + composeFile
	b.WriteString("# " + header + "\n#\n")
	b.WriteString("# Lines for the crontab of a user who may use Docker: crontab -e. The file .env beside\n")
	b.WriteString("# compose.yaml gives the variables that it asks for; cron passes none.\n\n")
	b.WriteString("COMPOSE_FILE=" + file + "\n")
	e.report(diag.Note, CodeCronInstall, "", "the crontab has to be installed on the host",
		"Set COMPOSE_FILE in it to the place of compose.yaml (it says "+file+"), then: (crontab -l; cat crontab) | crontab -")
}

// timezone is UTC when nothing is said, here as on the other platforms.
func timezone(s *ir.Schedule) string {
	if s.Timezone == "" {
		return "UTC"
	}
	return s.Timezone
}

// cronCommand runs the job once, with what it needs. `docker compose run` takes no
// sidecars along, so that with some the services are started, waited for and stopped.
func (e *emitter) cronCommand(name string, w *ir.Workload) string {
	limit := ""
	if w.Job != nil && w.Job.Timeout > 0 {
		limit = "timeout " + strconv.FormatInt(w.Job.Timeout.Seconds(), 10) + " "
	}
	container := project(e.app) + "-" + name
	replace := w.Schedule.Overlap == "replace"
	var command string
	if len(w.Sidecars) == 0 {
		command = limit + "docker compose run --rm --no-TTY "
		if replace {
			command = "docker rm --force " + container + "; " + command + "--name " + container + " "
		}
		command += name
	} else {
		services := name
		for _, s := range w.Sidecars {
			services += " " + composefile.ServiceName(name, s.Key)
		}
		command = "docker compose --profile " + cronProfile + " up --detach --force-recreate " + services +
			" && " + limit + "docker compose wait " + name + "; docker compose --profile " + cronProfile + " stop " + services
	}
	if w.Schedule.Overlap == "forbid" {
		if strings.ContainsAny(command, ";&") {
			command = "sh -c '" + command + "'"
		}
		command = "flock --nonblock /tmp/" + container + ".lock " + command
	}
	return command
}
