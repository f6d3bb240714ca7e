package nomad

import (
	"time"

	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// restart reads what happens when a task ends, where it is one of the spec's
// policies.
func (r *reader) restart(g *sourceGroup) {
	v := g.doc.Get("restart")
	if v == nil {
		return
	}
	at := g.path() + ".restart"
	attempts, counted := intOf(v.Get("attempts"))
	delay, delayed := duration(v.Get("delay"))
	window, windowed := duration(v.Get("interval"))
	mode := textOf(v.Get("mode"), "fail")
	resigned := gaveUp(g.doc.Get("reschedule"))
	p := &ir.Restart{}
	if delayed && delay != defaultRestartDelay && delay > 0 {
		p.Delay = ir.Duration(delay)
	}
	if g.workload.RunsToCompletion() {
		r.jobRetries(g, p, v, attempts, counted, mode, resigned)
		return
	}
	switch {
	case mode == "fail" && counted && attempts == 0 && (resigned || g.workload.KindOrDefault() == ir.Daemon):
		g.workload.Restart = &ir.Restart{Policy: "never"}
		r.said(at, v)
		return
	case mode == "fail" && counted && attempts > 0:
		if resigned {
			p.Policy = "on-failure"
		}
		if attempts != defaultRestartAttempts || resigned {
			p.Attempts = attempts
		}
		if windowed && window != defaultRestartInterval && window > 0 {
			p.Window = ir.Duration(window)
		}
	case mode == "delay" && attempts == 4 && window == time.Minute:
		p = &ir.Restart{Policy: "always", Delay: p.Delay}
	}
	if *p == (ir.Restart{}) {
		return
	}
	g.workload.Restart = p
	r.said(at, v)
	r.said(at+".attempts", v.Get("attempts"))
	r.said(at+".delay", v.Get("delay"))
	r.said(at+".window", v.Get("interval"))
}

// gaveUp reports a reschedule block that starts nothing elsewhere.
func gaveUp(v *document.Value) bool {
	attempts, _ := intOf(v.Get("attempts"))
	return v != nil && textOf(v.Get("unlimited"), "true") == "false" && attempts == 0
}

func (r *reader) jobRetries(g *sourceGroup, p *ir.Restart, v *document.Value, attempts int, counted bool, mode string, resigned bool) {
	at := g.path()
	if mode != "fail" || !counted {
		if p.Delay != 0 {
			g.workload.Restart = p
			r.said(at+".restart", v)
		}
		return
	}
	if g.workload.Job == nil {
		g.workload.Job = &ir.JobSettings{}
	}
	elsewhere, moved := intOf(g.doc.Get("reschedule").Get("attempts"))
	switch {
	case attempts == 0 && moved && elsewhere > 0:
		g.workload.Job.Retries = new(elsewhere)
		p = &ir.Restart{Policy: "never"}
		if d, ok := duration(g.doc.Get("reschedule").Get("delay")); ok && d > minimumRestartInterval {
			p.Delay = ir.Duration(d)
		}
		if d, ok := duration(g.doc.Get("reschedule").Get("interval")); ok && d != jobRestartInterval {
			p.Window = ir.Duration(d)
		}
	default:
		g.workload.Job.Retries = new(attempts)
		if window, ok := duration(v.Get("interval")); ok && window != jobRestartInterval && window > 0 {
			p.Window = ir.Duration(window)
		}
		if attempts == 0 && resigned {
			p = &ir.Restart{Policy: "never"}
		}
	}
	r.said(at+".job.retries", v.Get("attempts"))
	if *p != (ir.Restart{}) {
		g.workload.Restart = p
		r.said(at+".restart", v)
	}
}
