package nomad

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/decamp-dev/decamp/backends/internal/naming"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// sourcePort is a port of a group's network, or of a task's in the old form.
type sourcePort struct {
	label  string
	key    string // in the app; "" when it is carried only
	number int
	static int
	doc    *document.Value
	task   *sourceTask
	fact   ir.Port
	taken  bool // by a service
}

// servicePort is what a service leads to.
type servicePort struct {
	group *sourceGroup
	port  string
}

// onNode reports whether the containers share the network of the node.
func (g *sourceGroup) onNode() bool {
	return textOf(g.main().doc.Get("config").Get("network_mode"), "") == "host"
}

// ports finds on which numbers the containers of a group listen.
func (r *reader) ports(g *sourceGroup) {
	for _, network := range blocksOf(g.doc, "network") {
		for _, port := range blocksOf(network, "port") {
			r.port(g, nil, port)
		}
	}
	for _, t := range g.tasks {
		for _, network := range blocksOf(or(t.doc.Get("resources")), "network") {
			for _, port := range blocksOf(network, "port") {
				if t.as != carriedTask {
					r.port(g, t, port)
				}
			}
		}
	}
	for _, s := range r.servicesOf(g) {
		r.servicePort(g, s)
	}
	for _, p := range g.ports {
		if p.key != "" {
			r.listens(g, p)
		}
	}
}

// or keeps lookups going where there is nothing.
func or(v *document.Value) *document.Value {
	if v == nil {
		return document.Block(nil)
	}
	return v
}

func (r *reader) port(g *sourceGroup, t *sourceTask, doc *document.Value) {
	p := &sourcePort{label: labelOf(doc), doc: doc, task: t}
	p.static, _ = intOf(doc.Get("static"))
	if p.task == nil {
		p.task = r.ownerOf(g, p.label)
	}
	to, _ := intOf(doc.Get("to"))
	config := or(p.task.doc.Get("config"))
	mapped, _ := intOf(or(config.Get("port_map")).Get(p.label))
	switch {
	case g.onNode():
		p.number = p.static
	case to > 0:
		p.number = to
	case mapped > 0:
		p.number = mapped
	default:
		p.number = p.static
	}
	g.ports = append(g.ports, p)
	if p.number <= 0 || p.number > 65535 {
		r.report(diag.Warning, CodePort, r.whereOf(doc), g.path(), "the number of port "+p.label+" is chosen by Nomad when the group is placed",
			"It stays in the ledger, for Nomad only. Elsewhere a container listens on a number that is known: say it in ports.")
		p.number = 0
		return
	}
	p.key = r.portKey(g, p.label)
	r.ids[doc] = p.key
}

// portKey gives a port a name that no other port of the group has.
func (r *reader) portKey(g *sourceGroup, label string) string {
	key := naming.Label(label)
	for n := 2; slices.ContainsFunc(g.ports, func(p *sourcePort) bool { return p.key == key }); n++ {
		key = naming.Label(label) + "-" + strconv.Itoa(n)
	}
	return key
}

// ownerOf finds the task that listens on a port: that which says so, else the main.
func (r *reader) ownerOf(g *sourceGroup, label string) *sourceTask {
	for _, t := range g.tasks {
		if t.as != mainTask && t.as != sidecarTask {
			continue
		}
		config := or(t.doc.Get("config"))
		for _, item := range or(config.Get("ports")).Items {
			if item.Text == label {
				return t
			}
		}
		for _, s := range blocksOf(t.doc, "service") {
			if textOf(s.Get("port"), "") == label {
				return t
			}
		}
	}
	return g.main()
}

// sourceService is a service of a group or of a task.
type sourceService struct {
	task *sourceTask // nil for a group's
	doc  *document.Value
}

func (r *reader) servicesOf(g *sourceGroup) []sourceService {
	var out []sourceService
	for _, doc := range blocksOf(g.doc, "service") {
		out = append(out, sourceService{nil, doc})
	}
	for _, t := range g.tasks {
		if t.as == mainTask || t.as == sidecarTask {
			for _, doc := range blocksOf(t.doc, "service") {
				out = append(out, sourceService{t, doc})
			}
		}
	}
	return out
}

// servicePort joins a service to the port that it leads to. A service under a number
// leads to what listens there.
func (r *reader) servicePort(g *sourceGroup, s sourceService) {
	word := textOf(s.doc.Get("port"), "")
	if word == "" {
		return
	}
	at := slices.IndexFunc(g.ports, func(p *sourcePort) bool { return p.label == word && p.key != "" })
	number, err := strconv.Atoi(word)
	if at < 0 && err == nil && number > 0 && number <= 65535 {
		at = slices.IndexFunc(g.ports, func(p *sourcePort) bool { return p.number == number && p.key != "" })
		if at < 0 {
			p := &sourcePort{label: word, number: number, doc: s.doc, task: s.task, key: r.portKey(g, textOf(s.doc.Get("name"), "port"))}
			if p.task == nil {
				p.task = g.main()
			}
			g.ports = append(g.ports, p)
			at = len(g.ports) - 1
		}
	}
	if at < 0 {
		return
	}
	p := g.ports[at]
	if name := textOf(s.doc.Get("name"), ""); name != "" {
		r.services[r.expandNames(g, s.task, name)] = servicePort{g, p.key}
	}
	if p.taken {
		return
	}
	p.taken = true
	r.ids[s.doc] = p.key
}

// expandNames replaces the names of job, group and task, which a service's name may
// hold.
func (r *reader) expandNames(g *sourceGroup, t *sourceTask, text string) string {
	task := ""
	if t != nil {
		task = t.label
	}
	return strings.NewReplacer("${NOMAD_JOB_NAME}", g.job.id, "${JOB}", g.job.id, "${NOMAD_GROUP_NAME}", g.label, "${TASKGROUP}", g.label, "${GROUP}", g.label,
		"${NOMAD_TASK_NAME}", task, "${TASK}", task).Replace(text)
}

// listens adds a port to its container, unless another has its number.
func (r *reader) listens(g *sourceGroup, p *sourcePort) {
	p.fact.Port = p.number
	for _, s := range r.servicesOf(g) {
		if r.ids[s.doc] == p.key {
			p.fact.Protocol, p.fact.App = protocols(s.doc)
		}
	}
	for _, other := range g.ports {
		if other != p && other.key != "" && other.number == p.number && other.fact.Port != 0 && other.fact.ProtocolOrDefault() == p.fact.ProtocolOrDefault() {
			r.report(diag.Note, CodePort, r.whereOf(p.doc), g.path(), "two ports lead to the same number", "Port "+p.label+" stays in the ledger, for Nomad only; "+other.label+" is the one that the app knows.")
			p.key, p.fact.Port = "", 0
			return
		}
	}
	at := p.task.path()
	p.task.out.Ports.Set(p.key, p.fact)
	r.said(ir.JoinPath(at+".ports", p.key), p.doc)
	if p.static <= 0 || g.onNode() {
		return
	}
	publish := ir.Publish{Port: p.static}
	if network := textOf(p.doc.Get("host_network"), ""); network != "" {
		publish.On = addressOf(network)
	}
	g.workload.Publish.Set(p.key, publish)
	r.said(ir.JoinPath(g.path()+".publish", p.key), p.doc)
}

// addressOf reads the address of which our host networks have their names.
func addressOf(network string) string {
	for _, separator := range []string{".", ":"} {
		if a, err := netip.ParseAddr(strings.ReplaceAll(network, "-", separator)); err == nil {
			return a.String()
		}
	}
	return ""
}

// appProtocols are the words for protocols above TCP that a tag may be.
var appProtocols = []string{"http", "https", "h2c", "http2", "grpc", "grpcs", "ws", "wss"}

func protocols(service *document.Value) (protocol, app string) {
	for _, tag := range or(service.Get("tags")).Items {
		switch {
		case tag.Text == "udp":
			protocol = "udp"
		case app == "" && slices.Contains(appProtocols, tag.Text):
			app = tag.Text
		}
	}
	return protocol, app
}

// portOf finds the port of a label or a key.
func (g *sourceGroup) portOf(label string) *sourcePort {
	for _, p := range g.ports {
		if p.label == label {
			return p
		}
	}
	return nil
}

// network reads the rest of a group's network, its services with their checks and
// routes.
func (r *reader) network(g *sourceGroup) {
	if g.onNode() {
		security(&g.main().out).Network = "host"
		r.said(g.path()+".security.network", g.main().doc.Get("config").Get("network_mode"))
	}
	if network := g.doc.Get("network"); network != nil && !g.onNode() {
		if hostname := network.Get("hostname"); hostname != nil {
			r.hostname(g, hostname)
		}
	}
	for _, s := range r.servicesOf(g) {
		r.checks(g, s)
		r.routes(g, s)
	}
}

func (r *reader) hostname(g *sourceGroup, v *document.Value) {
	name, numbered := strings.CutSuffix(v.Text, "-${NOMAD_ALLOC_INDEX}")
	if numbered && textOf(g.job.doc.Get("type"), "service") == "service" {
		g.workload.Stateful = true
		r.said(g.path()+".stateful", v)
	}
	switch {
	case numbered && name == g.name:
	case clientReference().MatchString(name):
	default:
		g.workload.Hostname = name
		r.saidText(g.path()+".hostname", v)
	}
}

func security(c *ir.Container) *ir.Security {
	if c.Security == nil {
		c.Security = &ir.Security{}
	}
	return c.Security
}

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
