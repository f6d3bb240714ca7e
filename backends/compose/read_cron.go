package compose

import (
	"path"
	"regexp"
	"strings"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// cronLine is a line of the crontab beside the Compose file that starts a service: the
// form in which this backend writes cron jobs.
type cronLine struct {
	schedule ir.Schedule
	timeout  ir.Duration
}

var (
	cronPattern    = regexp.MustCompile(`^(# suspended: )?(\S+ \S+ \S+ \S+ \S+) (.*docker compose .*)$`)
	timeoutPattern = regexp.MustCompile(`\btimeout (\d+) docker compose`)
)

// crontab finds the services of the profile cron in the crontab beside the files.
func (r *reader) crontab() {
	jobs := map[string]*composeService{}
	for _, s := range r.services {
		if p := texts(s.f.m["profiles"]); len(p) == 1 && p[0] == cronProfile && s.role == ir.Main {
			jobs[s.name] = s
		}
	}
	if len(jobs) == 0 {
		return
	}
	data, err := r.data(path.Join(r.folder, crontabFile))
	if err != nil {
		return
	}
	zone := ""
	for _, line := range strings.Split(string(data), "\n") {
		if z, ok := strings.CutPrefix(line, "CRON_TZ="); ok {
			zone = z
			continue
		}
		m := cronPattern.FindStringSubmatch(strings.TrimRight(line, "\r"))
		if m == nil {
			continue
		}
		if s := startedBy(m[3], jobs); s != nil && s.cron == nil {
			s.cron = readCronLine(m, zone)
		}
	}
	for _, s := range jobs {
		if s.cron == nil {
			continue
		}
		for _, o := range r.services {
			if p := texts(o.f.m["profiles"]); o.main == s && len(p) == 1 && p[0] == cronProfile {
				o.f.take("profiles")
			}
		}
	}
}

// startedBy returns the service that a command starts: the last word of run, or what is
// waited for.
func startedBy(command string, jobs map[string]*composeService) *composeService {
	if _, waited, ok := strings.Cut(command, "docker compose wait "); ok {
		name, _, _ := strings.Cut(waited, ";")
		return jobs[strings.TrimSpace(name)]
	}
	words := strings.Fields(strings.Trim(command, "'"))
	return jobs[words[len(words)-1]]
}

func readCronLine(m []string, zone string) *cronLine {
	line := &cronLine{schedule: ir.Schedule{Cron: m[2], Suspend: m[1] != ""}}
	if zone != "UTC" {
		line.schedule.Timezone = zone
	}
	switch {
	case strings.HasPrefix(m[3], "flock --nonblock "):
		line.schedule.Overlap = "forbid"
	case strings.HasPrefix(m[3], "docker rm --force "):
		line.schedule.Overlap = "replace"
	}
	if t := timeoutPattern.FindStringSubmatch(m[3]); t != nil {
		line.timeout, _ = ir.ParseDuration(t[1] + "s")
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
