package nomad

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// job makes the workloads of a job.
func (r *reader) job(j *sourceJob) {
	for _, g := range j.groups {
		if g.carried {
			continue
		}
		w := &g.workload
		r.said(g.path(), g.doc)
		r.comment(g.path(), g.doc)
		if len(j.groups) == 1 && !j.own && j.notes != "" {
			r.reading.Comments[g.path()] = j.notes
		}
		r.kind(g)
		r.labels(g)
		if v := j.doc.Get("priority"); v != nil {
			if n, ok := intOf(v); ok && n >= 1 && n <= 100 && n != 50 {
				w.Priority = n
				r.said(g.path()+".priority", v)
			}
		}
		r.network(g)
		r.replicas(g)
		r.placement(g)
		for _, role := range []taskRole{mainTask, sidecarTask, initTask} {
			for _, t := range g.tasks {
				if t.as == role {
					r.container(t)
				}
			}
		}
		r.helpers(g)
		r.restart(g)
		r.update(g)
		r.assemble(g)
	}
}

// assemble puts the containers into the workload and the workload into the app.
func (r *reader) assemble(g *sourceGroup) {
	for _, t := range g.tasks {
		switch t.as {
		case mainTask:
			t.out.Hostname = g.workload.Hostname
			g.workload.Container = t.out
		case sidecarTask:
			g.workload.Sidecars.Set(t.name, t.out)
		case initTask:
			g.workload.Init.Set(t.name, t.out)
		}
		if t.as != mainTask {
			r.comment(t.path(), t.doc)
		}
	}
	r.app.Workloads.Set(g.name, g.workload)
}

func (r *reader) kind(g *sourceGroup) {
	job, w := g.job.doc, &g.workload
	at := g.path() + ".kind"
	kind := textOf(job.Get("type"), "service")
	periodic := job.Get("periodic")
	switch kind {
	case "system":
		w.Kind = ir.Daemon
	case "batch", "sysbatch":
		w.Kind = ir.Job
	}
	r.said(at, job.Get("type"))
	if kind == "sysbatch" {
		r.report(diag.Warning, CodeKind, r.whereOf(job.Get("type")), at, "a job that runs once on each node is taken for one that runs once",
			"The spec has no words for it; the ledger keeps the type sysbatch for Nomad.")
	}
	if job.Get("parameterized") != nil {
		r.report(diag.Warning, CodeKind, r.whereOf(job.Get("parameterized")), at, "a parameterized job is started by a dispatch, with its own values each time",
			"The spec has no words for it; the ledger keeps it for Nomad. Elsewhere it is a job that runs once.")
		w.Kind = ir.Job
	}
	if periodic != nil && kind == "batch" {
		r.schedule(g, periodic)
	}
}

// schedule reads when a periodic job is started.
func (r *reader) schedule(g *sourceGroup, periodic *document.Value) {
	var specs []*document.Value
	if v := periodic.Get("cron"); v != nil {
		specs = append(specs, v)
	}
	specs = append(specs, or(periodic.Get("crons")).Items...)
	if len(specs) == 0 {
		return
	}
	at := g.path() + ".schedule"
	cron, exact := fiveFields(specs[0].Text)
	if len(specs) > 1 || !exact {
		r.report(diag.Warning, CodeSchedule, r.whereOf(periodic), at, "the schedule is more than five fields can say",
			"The ledger keeps it for Nomad. Elsewhere the job is started by its first line, without seconds and years: "+cron+".")
	}
	if cron == "" {
		return
	}
	g.workload.Kind = ir.Cron
	s := &ir.Schedule{Cron: cron, Timezone: textOf(periodic.Get("time_zone"), "")}
	switch textOf(periodic.Get("prohibit_overlap"), "") {
	case "true":
		s.Overlap = "forbid"
	case "false":
		s.Overlap = "allow"
	}
	s.Suspend = textOf(periodic.Get("enabled"), "true") == "false"
	g.workload.Schedule = s
	r.said(at, periodic)
	r.saidText(at+".cron", specs[0])
	r.saidText(at+".timezone", periodic.Get("time_zone"))
}

// namedSchedules are those that have a name.
var namedSchedules = map[string]string{
	"@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
}

// cronField is what five fields may be made of.
var cronField = regexp.MustCompile(`^(\*|[0-9A-Za-z]+(-[0-9A-Za-z]+)?)(/[1-9][0-9]*)?(,(\*|[0-9A-Za-z]+(-[0-9A-Za-z]+)?)(/[1-9][0-9]*)?)*$`)

// fiveFields brings a schedule into five fields, "" when that cannot be. With six,
// the last is the year; with seven, the first is the second.
func fiveFields(spec string) (cron string, exact bool) {
	if named := namedSchedules[strings.ToLower(strings.TrimSpace(spec))]; named != "" {
		return named, true
	}
	fields := strings.Fields(spec)
	exact = true
	switch len(fields) {
	case 7:
		exact = fields[0] == "0" && fields[6] == "*"
		fields = fields[1:6]
	case 6:
		exact = fields[5] == "*"
		fields = fields[:5]
	case 5:
	default:
		return "", false
	}
	for i, f := range fields {
		if f == "?" {
			f, fields[i] = "*", "*"
		}
		if !cronField.MatchString(f) || !cronBounds(i, f) {
			return "", false
		}
	}
	return strings.Join(fields, " "), exact
}

// cronBounds checks the numbers of a field.
func cronBounds(field int, text string) bool {
	bounds := [5][2]int{{0, 59}, {0, 23}, {1, 31}, {1, 12}, {0, 7}}[field]
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == '-' }) {
		part, _, _ = strings.Cut(part, "/")
		if part == "*" {
			continue
		}
		n, numeric := intOf(document.String(part))
		if !numeric {
			if field < 3 || !slices.Contains(strings.Fields("jan feb mar apr may jun jul aug sep oct nov dec sun mon tue wed thu fri sat"), strings.ToLower(part)) {
				return false
			}
			continue
		}
		if n < bounds[0] || n > bounds[1] {
			return false
		}
	}
	return true
}

// labelText is what a label's key or value may be on every platform.
var labelText = regexp.MustCompile(`^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$`)

// labels reads the job's meta, as far as it is short words.
func (r *reader) labels(g *sourceGroup) {
	for _, m := range or(g.job.doc.Get("meta")).Members {
		if m.Key != "" && labelText.MatchString(m.Key) && labelText.MatchString(m.Value.Text) {
			g.workload.Labels.Set(m.Key, m.Value.Text)
			r.saidText(ir.JoinPath(g.path()+".labels", m.Key), m.Value)
		}
	}
}

// commonLabels are the app's: those that every job has.
func (r *reader) commonLabels() {
	if len(r.app.Workloads) == 0 || len(r.jobs) < 2 {
		return
	}
	for _, label := range slices.Clone(r.app.Workloads[0].Value.Labels) {
		everywhere := true
		for i := range r.app.Workloads {
			value, there := r.app.Workloads[i].Value.Labels.Get(label.Key)
			everywhere = everywhere && there && value == label.Value
		}
		if !everywhere {
			continue
		}
		r.app.Labels.Set(label.Key, label.Value)
		at := ir.JoinPath("labels", label.Key)
		for i := range r.app.Workloads {
			w := &r.app.Workloads[i]
			path := ir.JoinPath(ir.JoinPath("workloads", w.Key)+".labels", label.Key)
			if where, ok := r.positions[path]; ok {
				r.positions[at] = where
			}
			if written, open := r.reading.Expressions[path]; open {
				r.reading.Expressions[at] = written
				delete(r.reading.Expressions, path)
			}
			w.Value.Labels = slices.DeleteFunc(w.Value.Labels, func(l ir.Item[string]) bool { return l.Key == label.Key })
		}
	}
}

// replicas reads how many of the group run.
func (r *reader) replicas(g *sourceGroup) {
	w, v := &g.workload, g.doc.Get("count")
	n, said := intOf(v)
	switch {
	case w.RunsToCompletion():
		if said && n > 1 {
			w.Job = &ir.JobSettings{Completions: n, Parallel: n}
			r.said(g.path()+".job", v)
		}
		return
	case w.KindOrDefault() == ir.Daemon:
		return
	}
	if r.scale(g) {
		return
	}
	if said && n != 1 {
		w.Replicas = new(n)
		r.said(g.path()+".replicas", v)
	}
}

// scale reads a scaling block whose policy keeps the use of CPU or memory at a share,
// by the means that the Nomad Autoscaler has for it.
func (r *reader) scale(g *sourceGroup) bool {
	scaling := g.doc.Get("scaling")
	if scaling == nil || textOf(scaling.Get("enabled"), "true") == "false" {
		return false
	}
	most, ok := intOf(scaling.Get("max"))
	if !ok || most < 1 {
		return false
	}
	s := &ir.Scale{Max: most}
	s.Min, ok = intOf(scaling.Get("min"))
	count, counted := intOf(g.doc.Get("count"))
	if !ok && counted {
		s.Min = count
	}
	for _, check := range blocksOf(or(scaling.Get("policy")), "check") {
		strategy := check.Get("strategy")
		target, ok := intOf(or(strategy).Get("target"))
		if !ok || textOf(check.Get("source"), "nomad-apm") != "nomad-apm" || labelOf(or(strategy)) != "target-value" {
			continue
		}
		switch textOf(check.Get("query"), "") {
		case "avg_cpu-allocated", "avg_cpu":
			s.CPU = target
		case "avg_memory-allocated", "avg_memory":
			s.Memory = target
		}
	}
	if s.Min > s.Max || counted && count != max(s.Min, 1) && count != s.Min {
		return false
	}
	if s.CPU > 0 && or(g.main().doc.Get("resources")).Get("cpu") == nil && or(g.main().doc.Get("resources")).Get("cores") == nil ||
		s.Memory > 0 && or(g.main().doc.Get("resources")).Get("memory") == nil {
		return false
	}
	if s.CPU == 0 && s.Memory == 0 && scaling.Get("policy") != nil && len(or(scaling.Get("policy")).Members) > 0 {
		r.report(diag.Warning, CodeScale, r.whereOf(scaling), g.path()+".scale", "the policy that chooses the number of replicas is not one of CPU or memory",
			"The range is kept, and the policy in the ledger for Nomad. Say scale.cpu or scale.memory for other platforms.")
	}
	g.workload.Scale = s
	r.said(g.path()+".scale", scaling)
	for key, name := range map[string]string{"min": "min", "max": "max"} {
		r.said(g.path()+".scale."+name, scaling.Get(key))
	}
	return true
}

// placement reads constraints, affinities and spreads that are about labels of nodes.
func (r *reader) placement(g *sourceGroup) {
	p := &ir.Placement{}
	at := g.path() + ".placement"
	constraints, _ := placementOf(g, "constraint")
	for _, c := range constraints {
		r.constraint(p, at, c)
	}
	affinities, _ := placementOf(g, "affinity")
	for _, a := range affinities {
		if g.workload.KindOrDefault() != ir.Daemon {
			p.Prefer = addRule(p.Prefer, ruleOf(a, "regexp"))
			r.said(fmt.Sprintf("%s.prefer[%d]", at, len(p.Prefer)-1), a)
		}
	}
	for _, s := range append(blocksOf(g.job.doc, "spread"), blocksOf(g.doc, "spread")...) {
		if label := nodeLabel(textOf(s.Get("attribute"), "")); label != "" && g.workload.KindOrDefault() != ir.Daemon && !slices.Contains(p.Spread, label) {
			p.Spread = append(p.Spread, label)
			r.said(fmt.Sprintf("%s.spread[%d]", at, len(p.Spread)-1), s)
		}
	}
	if p.Require != nil || p.Prefer != nil || p.Spread != nil || p.Arch != "" || p.OS != "" {
		g.workload.Placement = p
	}
}

var architectures = []string{"amd64", "arm64", "arm", "386", "ppc64le", "s390x", "riscv64"}

func (r *reader) constraint(p *ir.Placement, at string, c *document.Value) {
	rule := ruleOf(c, "is_set")
	switch {
	case rule == nil:
	case rule.Label == "arch" && rule.Operator == "==" && p.Arch == "" && slices.Contains(architectures, rule.Values[0]):
		p.Arch = rule.Values[0]
		r.said(at+".arch", c)
	case rule.Label == "os" && rule.Operator == "==" && p.OS == "" && (rule.Values[0] == "linux" || rule.Values[0] == "windows"):
		p.OS = rule.Values[0]
		r.said(at+".os", c)
	default:
		p.Require = addRule(p.Require, rule)
		r.said(fmt.Sprintf("%s.require[%d]", at, len(p.Require)-1), c)
	}
}

// addRule adds a rule; several values that a label must not have are one rule.
func addRule(rules []ir.NodeRule, rule *ir.NodeRule) []ir.NodeRule {
	if n := len(rules); n > 0 && rule.Operator == "!=" && rules[n-1].Label == rule.Label {
		last := &rules[n-1]
		if last.Operator == "!=" {
			last.Operator = "not in"
		}
		if last.Operator == "not in" {
			last.Values = append(last.Values, rule.Values...)
			return rules
		}
	}
	return append(rules, *rule)
}

// ruleOf reads a comparison of a label of nodes; nil where it is another.
func ruleOf(v *document.Value, exists string) *ir.NodeRule {
	label := nodeLabel(textOf(v.Get("attribute"), ""))
	value := textOf(v.Get("value"), "")
	if label == "" || strings.Contains(value, "${") {
		return nil
	}
	switch operator := textOf(v.Get("operator"), "="); {
	case operator == exists && (exists == "is_set" || value == ".+"):
		return &ir.NodeRule{Label: label, Operator: "exists"}
	case (operator == "=" || operator == "==" || operator == "is") && plainWord(value):
		return &ir.NodeRule{Label: label, Operator: "==", Values: []string{value}}
	case (operator == "!=" || operator == "not") && plainWord(value):
		return &ir.NodeRule{Label: label, Operator: "!=", Values: []string{value}}
	case operator == "set_contains_any" && plainWord(strings.ReplaceAll(value, ",", "")):
		return &ir.NodeRule{Label: label, Operator: "in", Values: strings.Split(value, ",")}
	}
	return nil
}

// plainWord is what a value of a label may be in the spec's rules.
func plainWord(s string) bool { return s != "" && labelText.MatchString(s) }

// nodeReference is an attribute of a node as job files write it.
var nodeReference = regexp.MustCompile(`^\$\{(?:meta\.)([A-Za-z0-9][A-Za-z0-9._/-]*)\}$`)

// nodeLabel is the inverse of nodeAttribute.
func nodeLabel(attribute string) string {
	for label, known := range nodeAttributes {
		if known == attribute && label != "name" {
			return label
		}
	}
	switch attribute {
	case "${node.unique.name}":
		return "name"
	case "${attr.kernel.name}":
		return "os"
	}
	if found := nodeReference.FindStringSubmatch(attribute); found != nil {
		if _, clash := nodeAttributes[found[1]]; !clash {
			return found[1]
		}
	}
	return ""
}

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

// update reads how a release takes place, and how maintenance does.
func (r *reader) update(g *sourceGroup) {
	w := &g.workload
	if v := g.doc.Get("migrate").Get("max_parallel"); v != nil && w.KindOrDefault() == ir.Service {
		if n, ok := intOf(v); ok && n > 0 {
			w.Disruption = &ir.Disruption{Unavailable: ir.Amount{Value: n}}
			r.said(g.path()+".disruption.unavailable", v)
		}
	}
	v := g.doc.Get("update")
	if v == nil || w.RunsToCompletion() {
		return
	}
	at := g.path() + ".update"
	u := &ir.Update{}
	if n, ok := intOf(v.Get("max_parallel")); ok && n > 1 {
		u.Parallel = ir.Amount{Value: n}
		r.said(at+".parallel", v.Get("max_parallel"))
	}
	u.Rollback = textOf(v.Get("auto_revert"), "") == "true"
	canary, _ := intOf(v.Get("canary"))
	if canary > 0 && w.KindOrDefault() == ir.Service {
		if canary == w.ReplicaCount() && textOf(v.Get("auto_promote"), "") == "true" {
			u.Order = "start-first"
		} else {
			u.Canary = canary
		}
		r.said(at+".canary", v.Get("canary"))
	}
	if d, ok := duration(v.Get("min_healthy_time")); ok && d != 10*time.Second && d > 0 {
		u.Healthy = ir.Duration(d)
		r.said(at+".healthy", v.Get("min_healthy_time"))
	}
	if d, ok := duration(v.Get("progress_deadline")); ok && d != defaultProgressDeadline && d > 0 {
		u.Deadline = ir.Duration(d)
		r.said(at+".deadline", v.Get("progress_deadline"))
	}
	if d, ok := duration(v.Get("stagger")); ok && d > 0 && w.KindOrDefault() == ir.Daemon {
		u.Delay = ir.Duration(d)
		r.said(at+".delay", v.Get("stagger"))
	}
	if *u != (ir.Update{}) {
		w.Update = u
		r.said(at, v)
	}
}
