package nomad

import (
	"strings"

	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// checks turns the checks of a service into probes: one with check_restart asks
// whether the container is alive, one without whether it is ready.
func (r *reader) checks(g *sourceGroup, s sourceService) {
	for _, check := range blocksOf(s.doc, "check") {
		t := s.task
		if label := textOf(check.Get("task"), textOf(s.doc.Get("task"), "")); label != "" {
			t = g.containerTask(label)
		}
		key := r.ids[s.doc]
		if label := textOf(check.Get("port"), ""); label != "" && label != textOf(s.doc.Get("port"), "") {
			if p := g.portOf(label); p != nil {
				key = p.key
			}
		}
		if t == nil {
			t = g.main()
			for _, p := range g.ports {
				if p.key == key && key != "" {
					t = p.task
				}
			}
		}
		restart := check.Get("check_restart")
		if restart == nil {
			restart = s.doc.Get("check_restart")
		}
		r.probe(t, s.doc, check, key, restart)
	}
}

func (r *reader) probe(t *sourceTask, service, check *document.Value, port string, restart *document.Value) {
	if t.as == initTask {
		return
	}
	limit, _ := intOf(restart.Get("limit"))
	health := t.out.Health
	if health == nil {
		health = &ir.Health{}
	}
	name, slot := "ready", &health.Ready
	if limit > 0 {
		name, slot = "live", &health.Live
	}
	p := r.question(t, check, port)
	if p == nil || *slot != nil {
		r.report(diag.Note, CodeCheck, r.whereOf(check), t.path(), "a check is more than the spec's probes say", "A container has one probe that asks whether it is ready and one that asks whether it is alive. The check stays in the ledger, for Nomad only.")
		return
	}
	at := t.path() + ".health." + name
	if d, ok := duration(check.Get("interval")); ok {
		p.Every = ir.Duration(d)
	}
	if d, ok := duration(check.Get("timeout")); ok {
		p.Timeout = ir.Duration(d)
	}
	if limit > 0 {
		p.Failures = limit
		if d, ok := duration(restart.Get("grace")); ok {
			p.Delay = ir.Duration(d)
		}
	}
	*slot = p
	t.out.Health = health
	r.said(at, check)
	for key, path := range map[string]string{"interval": ".every", "timeout": ".timeout"} {
		r.said(at+path, check.Get(key))
	}
	if asked(p) {
		r.ids[check] = name
	}
}

// question is how a check asks.
func (r *reader) question(t *sourceTask, check *document.Value, port string) *ir.Probe {
	known := port != "" && t.out.Ports.Has(port)
	switch kind := textOf(check.Get("type"), ""); {
	case kind == "tcp" && known:
		return &ir.Probe{TCP: &ir.TCPAction{Port: port}}
	case kind == "grpc" && known:
		return &ir.Probe{GRPC: &ir.GRPCAction{Port: port, Service: textOf(check.Get("grpc_service"), "")}}
	case kind == "script" && check.Get("command") != nil:
		c := &ir.Command{Words: []ir.Text{ir.Literal(check.Get("command").Text)}}
		for _, word := range or(check.Get("args")).Items {
			c.Words = append(c.Words, ir.Literal(word.Text))
		}
		return &ir.Probe{Exec: c}
	case kind == "http" && known && (check.Get("method") == nil || check.Get("method").Text == "GET") && check.Get("body") == nil:
		action := &ir.HTTPAction{Port: port}
		if path := textOf(check.Get("path"), "/"); path != "/" {
			action.Path = path
		}
		if protocol := textOf(check.Get("protocol"), ""); protocol == "https" {
			action.Scheme = protocol
		}
		for _, header := range or(check.Get("header")).Members {
			for _, value := range header.Value.Items {
				if strings.EqualFold(header.Key, "host") {
					action.Host = value.Text
				} else {
					action.Headers.Set(header.Key, value.Text)
				}
			}
		}
		return &ir.Probe{HTTP: action}
	}
	return nil
}
