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
