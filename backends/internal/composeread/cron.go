package composeread

import (
	"path"
	"strings"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/pattern"
)

// cronLine is a line of the crontab beside the files that starts a service: the form in
// which the backend of the dialect writes cron jobs.
type cronLine struct {
	schedule ir.Schedule
	timeout  ir.Duration
}

var cronPattern = pattern.New(`^(# suspended: )?(\S+ \S+ \S+ \S+ \S+) (.*\bdocker .*)$`)

// crontab finds the services that only run when they are started in the crontab beside
// the files.
func (r *reader) crontab() {
	jobs := map[string]*composeService{}
	for _, s := range r.services {
		if s.role == ir.Main && r.dialect.Crontab.Waits(s.f.m) {
			jobs[s.name] = s
		}
	}
	if len(jobs) == 0 {
		return
	}
	data, err := r.data(path.Join(r.folder, CrontabFile))
	if err != nil {
		return
	}
	zone := ""
	for _, text := range strings.Split(string(data), "\n") {
		if z, ok := strings.CutPrefix(text, "CRON_TZ="); ok {
			zone = z
			continue
		}
		m := cronPattern().FindStringSubmatch(strings.TrimRight(text, "\r"))
		if m == nil {
			continue
		}
		line, ok := r.dialect.Crontab.Line(m[3])
		if s := r.started(line.Service, jobs); ok && s != nil && s.cron == nil {
			s.cron = readCronLine(m, line, zone)
			if len(line.Others) > 0 {
				r.report(diag.Warning, r.dialect.Codes.Order, s.f.place, "", "the crontab starts "+strings.Join(line.Others, ", ")+" with "+s.name,
					"They are services of their own, which nothing starts where the app is moved to. Make them init containers or sidecars of "+s.name+" in the spec.")
			}
		}
	}
	for _, s := range jobs {
		if s.cron == nil {
			continue
		}
		for _, o := range r.services {
			if o.main == s && r.dialect.Crontab.Waits(o.f.m) {
				for _, key := range r.dialect.Crontab.Marks {
					o.f.take(key)
				}
			}
		}
	}
}

// started returns the job that a command names: as a stack's, with the name of the stack
// before it.
func (r *reader) started(name string, jobs map[string]*composeService) *composeService {
	if r.dialect.Stack == nil {
		return jobs[name]
	}
	if r.own != nil {
		return jobs[strings.TrimPrefix(name, r.own.name+"_")]
	}
	var longest *composeService
	for own, s := range jobs {
		if strings.HasSuffix(name, "_"+own) && (longest == nil || len(own) > len(longest.name)) {
			longest = s
		}
	}
	return longest
}

func readCronLine(m []string, said CronLine, zone string) *cronLine {
	line := &cronLine{schedule: ir.Schedule{Cron: m[2], Suspend: m[1] != "", Overlap: said.Overlap}, timeout: said.Timeout}
	if zone != "UTC" {
		line.schedule.Timezone = zone
	}
	return line
}

func (r *reader) cronKind(s *composeService) {
	s.w.Kind = ir.Cron
	schedule := s.cron.schedule
	s.w.Schedule = &schedule
	if s.cron.timeout > 0 {
		s.w.Job = &ir.JobSettings{Timeout: s.cron.timeout}
	}
}
