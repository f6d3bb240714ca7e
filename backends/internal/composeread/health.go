package composeread

import (
	"strconv"
	"time"

	"github.com/xhit/go-str2duration/v2"

	"github.com/decamp-dev/decamp/backends/internal/composefile"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// What Docker does where a check says nothing.
const (
	dockerEvery   = ir.Duration(30 * time.Second)
	dockerTimeout = ir.Duration(30 * time.Second)
)

// StartInterval is how often Docker asks while the start period lasts, where nothing else
// is said.
const StartInterval = ir.Duration(5 * time.Second)

// health reads the check, which tells when the container is ready; the time in which
// its failures do not count is that of a startup probe.
func (r *reader) health(s *composeService) {
	if s.f.m["healthcheck"] == nil {
		return
	}
	f := s.f.in("healthcheck")
	at := s.path + ".health"
	words := texts(f.m["test"])
	if text, ok := f.m["test"].(string); ok {
		words = []string{"CMD-SHELL", text}
	}
	switch {
	case f.m["disable"] == true || len(words) == 0 || words[0] == "NONE" || s.role == ir.Init:
		return // it changes what the image says; another platform does not ask the image
	case words[0] != "CMD" && words[0] != "CMD-SHELL" || len(words) < 2:
		r.report(diag.Error, r.dialect.Codes.Invalid, f.at("test"), at, "a check begins with CMD, CMD-SHELL or NONE", "Write test: [CMD, program, argument], or a text, which a shell runs.")
		return
	}
	f.take("test")
	f.take("disable")
	p := &ir.Probe{Every: r.interval(f, "interval", at, dockerEvery), Timeout: r.interval(f, "timeout", at, dockerTimeout)}
	if n, ok := integer(f.take("retries")); ok && n > 0 && n != ir.DefaultProbeFailures {
		p.Failures = int(n)
	}
	r.question(s, p, words, at+".ready", f)
	s.c.Health = &ir.Health{Ready: p}
	r.positions.Set(at+".ready", s.f.at("healthcheck").node())
	if r.dialect.Stack != nil {
		r.live(s, p, at)
	}
	r.startup(s, f, p, at)
}

// question sets what is asked, in the words that the spec has for it.
func (r *reader) question(s *composeService, p *ir.Probe, words []string, at string, f *fields) {
	command := words[1:]
	if words[0] == "CMD-SHELL" {
		command = []string{"/bin/sh", "-c", words[1]}
	} else if known := composefile.Question(s.c, command); known != nil {
		p.HTTP, p.TCP, p.GRPC = known.HTTP, known.TCP, known.GRPC
		return
	}
	exec := &ir.Command{}
	for i, word := range command {
		exec.Words = append(exec.Words, r.variables.text(word))
		path := at + ".exec[" + strconv.Itoa(i) + "]"
		switch {
		case words[0] == "CMD":
			r.set(path, f.at("test").item(i+1, len(words)), word)
		case i == 2:
			p := f.at("test")
			if n := p.node(); n != nil && len(n.Items) == 2 {
				p = p.item(1, 2)
			}
			r.set(path, p, word)
		}
	}
	p.Exec = exec
}

func (r *reader) interval(f *fields, key, at string, otherwise ir.Duration) ir.Duration {
	text := f.text(key)
	if text == "" {
		return otherwise
	}
	d, ok := r.duration(text, f.at(key), at)
	if !ok || d == 0 {
		return otherwise
	}
	return d
}

// startup makes a probe of the start period: as many failures as fit into it.
func (r *reader) startup(s *composeService, f *fields, ready *ir.Probe, at string) {
	period := r.interval(f, "start_period", at, 0)
	every := r.interval(f, "start_interval", at, StartInterval)
	if period == 0 {
		f.keep("start_interval")
		return
	}
	probe := *ready
	probe.Failures, probe.Every = int(period/every), every
	probe.Delay = period - every*ir.Duration(probe.Failures)
	if probe.Failures == 0 {
		probe.Failures, probe.Every, probe.Delay = 1, period, 0
	}
	if probe.Failures == ir.DefaultProbeFailures {
		probe.Failures = 0
	}
	s.c.Health.Startup = &probe
	r.positions.Set(at+".startup", f.at("start_period").node())
	for fact, key := range map[string]string{"exec": "test", "timeout": "timeout", "every": "start_interval"} {
		if n := f.at(key).node(); n != nil {
			r.positions.Set(at+".startup."+fact, n)
		}
	}
	for i := range s.words() {
		from, to := at+".ready.exec["+strconv.Itoa(i)+"]", at+".startup.exec["+strconv.Itoa(i)+"]"
		if e, ok := r.reading.Expressions[from]; ok {
			r.reading.Expressions[to] = e
		}
	}
}

// live says that what stops answering is replaced, which a stack does besides keeping
// traffic from it.
func (r *reader) live(s *composeService, ready *ir.Probe, at string) {
	live := *ready
	s.c.Health.Live = &live
	r.positions.Set(at+".live", s.f.at("healthcheck").node())
	for i := range s.words() {
		from, to := at+".ready.exec["+strconv.Itoa(i)+"]", at+".live.exec["+strconv.Itoa(i)+"]"
		if e, ok := r.reading.Expressions[from]; ok {
			r.reading.Expressions[to] = e
		}
	}
}

func (s *composeService) words() []ir.Text {
	if s.c.Health.Ready.Exec == nil {
		return nil
	}
	return s.c.Health.Ready.Exec.Words
}

// duration reads a time as Compose does, with days and weeks.
func (r *reader) duration(text string, p place, at string) (ir.Duration, bool) {
	d, err := str2duration.ParseDuration(text)
	if err != nil || d < 0 {
		r.report(diag.Error, r.dialect.Codes.Invalid, p, at, "a time is not written as "+r.dialect.Title+" reads it: "+text, "Write for instance 500ms, 10s or 1h30m.")
		return 0, false
	}
	return ir.Duration(d), true
}
