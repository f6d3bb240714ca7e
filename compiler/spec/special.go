package spec

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// peers decodes the list of an egress or ingress rule.
func (d *decoder) peers(n *tree.Node) []ir.Peer {
	if n.Kind != tree.Sequence {
		d.fail(CodeWrongType, n, fmt.Sprintf("a %s stands where a list of peers belongs", n.Kind), "Write for instance [db, payments]; [] refuses everything.")
		return nil
	}
	peers := make([]ir.Peer, 0, len(n.Items))
	for i, item := range n.Items {
		d.push(fmt.Sprintf("[%d]", i))
		if text, ok := d.constant(item); ok {
			p, err := d.peer(text)
			if err != nil {
				d.fail(CodeBadValue, item, err.Error(), "A peer is a workload, an endpoint, a route (in ingress), host:port, a CIDR or CIDR:port.")
			}
			peers = append(peers, p)
		}
		d.pop()
	}
	return peers
}

// peer reads one peer. A single word names a workload, else an endpoint, else a
// route; the names of the app decide in resolvePeers, once all are known.
func (d *decoder) peer(text string) (ir.Peer, error) {
	if prefix, port, ok := cutPrefix(text); ok {
		return ir.Peer{CIDR: prefix.String(), Port: port}, nil
	}
	if host, port, ok := strings.Cut(text, ":"); ok {
		number, err := strconv.Atoi(port)
		if err != nil || number < 1 || number > 65535 {
			return ir.Peer{}, fmt.Errorf("%q is not a port", port)
		}
		return ir.Peer{Host: host, Port: number}, nil
	}
	if strings.Contains(text, ".") {
		return ir.Peer{Host: text}, nil
	}
	return ir.Peer{Workload: text}, nil
}

// cutPrefix reads 10.0.0.0/8, 10.0.0.0/8:443, fd00::/8 and a single address.
func cutPrefix(text string) (netip.Prefix, int, bool) {
	if p, err := netip.ParsePrefix(text); err == nil {
		return p, 0, true
	}
	if a, err := netip.ParseAddr(text); err == nil {
		return netip.PrefixFrom(a, a.BitLen()), 0, true
	}
	if i := strings.LastIndexByte(text, ':'); i > 0 {
		port, err := strconv.Atoi(text[i+1:])
		p, _, ok := cutPrefix(text[:i])
		if err == nil && ok && port > 0 && port < 65536 {
			return p, port, true
		}
	}
	return netip.Prefix{}, 0, false
}

// ResolvePeers decides what the single words among the peers of an app name: a
// workload first, then an endpoint, then in ingress a route. Words that name nothing
// stay workloads, which ir.Verify reports.
func ResolvePeers(a *ir.App) {
	workloads := map[string]bool{}
	for i := range a.Workloads {
		workloads[a.Workloads[i].Key] = true
	}
	resolve := func(list *ir.PeerList, ingress bool) {
		if list == nil {
			return
		}
		for i := range list.Peers {
			p := &list.Peers[i]
			switch name := p.Workload; {
			case name == "" || workloads[name]:
			case a.Endpoints.Has(name):
				p.Workload, p.Endpoint = "", name
			case ingress && a.Routes.Has(name):
				p.Workload, p.Route = "", name
			}
		}
	}
	for i := range a.Workloads {
		resolve(a.Workloads[i].Value.Egress, false)
		resolve(a.Workloads[i].Value.Ingress, true)
	}
}

// rules decodes conditions on labels of nodes.
func (d *decoder) rules(n *tree.Node) []ir.NodeRule {
	if n.Kind != tree.Sequence {
		d.fail(CodeWrongType, n, fmt.Sprintf("a %s stands where a list of conditions belongs", n.Kind), "Write for instance [node.zone in [a, b]].")
		return nil
	}
	rules := make([]ir.NodeRule, 0, len(n.Items))
	for i, item := range n.Items {
		d.push(fmt.Sprintf("[%d]", i))
		if text, ok := d.constant(item); ok {
			rule, err := ParseNodeRule(text)
			if err != nil {
				d.fail(CodeBadValue, item, err.Error(), "Conditions are node.LABEL == VALUE, node.LABEL != VALUE, node.LABEL in [A, B], node.LABEL not in [A, B], node.LABEL exists.")
			}
			rules = append(rules, rule)
		}
		d.pop()
	}
	return rules
}

// ParseNodeRule reads "node.zone in [a, b]" and the like.
func ParseNodeRule(text string) (ir.NodeRule, error) {
	rest, ok := strings.CutPrefix(strings.TrimSpace(text), "node.")
	label, rest, found := strings.Cut(rest, " ")
	rest = strings.TrimSpace(rest)
	if !ok || !found || label == "" {
		return ir.NodeRule{}, fmt.Errorf("%q is no condition on a label of nodes", text)
	}
	rule := ir.NodeRule{Label: label}
	for _, operator := range []string{"==", "!=", "not in", "in", "exists"} {
		operand, ok := strings.CutPrefix(rest, operator)
		if !ok {
			continue
		}
		rule.Operator = operator
		operand = strings.TrimSpace(operand)
		switch operator {
		case "exists":
			if operand != "" {
				return rule, fmt.Errorf("%q has something after exists", text)
			}
		case "==", "!=":
			if operand == "" || strings.ContainsAny(operand, "[],") {
				return rule, fmt.Errorf("%q compares with no single value", text)
			}
			rule.Values = []string{operand}
		default:
			inner, opened := strings.CutPrefix(operand, "[")
			inner, closed := strings.CutSuffix(inner, "]")
			for _, v := range strings.Split(inner, ",") {
				if v = strings.TrimSpace(v); v != "" {
					rule.Values = append(rule.Values, v)
				}
			}
			if !opened || !closed || len(rule.Values) == 0 {
				return rule, fmt.Errorf("%q compares with no list such as [a, b]", text)
			}
		}
		return rule, nil
	}
	return rule, fmt.Errorf("%q has no comparison that is known here", text)
}

// fileFrom decodes where the content of a file comes from.
func (d *decoder) fileFrom(n *tree.Node, f *ir.FileMount) {
	from := n.Get("from")
	if from.IsNull() {
		if n != nil && n.Kind == tree.Mapping {
			d.fail(CodeMissing, n, "from is missing", "Say which config or secret the file is: from: ${configs.web}.")
		}
		return
	}
	text := d.text(from)
	if text == nil {
		return // said already
	}
	if refs := text.Refs(); len(text) == 1 && len(refs) == 1 {
		switch refs[0].Kind {
		case ir.RefConfig:
			f.Config, f.Key = refs[0].Name, refs[0].Field
			return
		case ir.RefSecret:
			f.Secret, f.Key = refs[0].Name, refs[0].Field
			return
		}
	}
	d.fail(CodeBadValue, from, "a file comes from one config or one secret", "Write for instance ${configs.web}, ${configs.site.index} or ${secrets.db-password}.")
}

// secretIsValue reports a secret that is given as a value, without repeating it.
func (d *decoder) secretIsValue(n *tree.Node) bool {
	value := n
	if n.Kind == tree.Mapping {
		value = nil
		for _, key := range []string{"value", "data", "text", "content", "default"} {
			if v := n.Get(key); v != nil {
				value = v
			}
		}
	}
	if value.IsNull() {
		return false
	}
	d.diags = append(d.diags, diag.Diagnostic{Severity: diag.Error, Code: CodeSecretValue, Subject: value.Range(), Path: d.at(), Redact: true,
		Summary: "a secret's value is written into the spec",
		Detail:  "Take it out, and out of the history too: whoever can read the file knows it. Say where the value comes from instead: env: NAME, file: path or external: name."})
	return true
}

// secretWords are parts of names of variables that usually hold secrets.
var secretWords = []string{"PASSWORD", "PASSWD", "SECRET", "TOKEN", "PRIVATE_KEY", "API_KEY", "APIKEY", "ACCESS_KEY", "CREDENTIAL"}

// LooksSecret reports whether a variable of that name with that text probably holds a
// secret that should be a reference.
func LooksSecret(name, value string) bool {
	upper := strings.ToUpper(name)
	for _, suffix := range []string{"_FILE", "_PATH", "_DIR", "_URL", "_NAME", "_TTL", "_ENABLED", "_LENGTH", "_EXPIRY"} {
		if strings.HasSuffix(upper, suffix) {
			return false
		}
	}
	if len(value) < 3 || value == "true" || value == "false" || strings.HasPrefix(value, "/") {
		return false
	}
	for _, w := range secretWords {
		if strings.Contains(upper, w) {
			return true
		}
	}
	return false
}

// plainSecrets warns of variables that look like secrets, without repeating them.
func (d *decoder) plainSecrets(n *tree.Node, c *ir.Container) {
	for i := range c.Env {
		value, plain := c.Env[i].Value.Plain()
		if !plain || !LooksSecret(c.Env[i].Key, value) {
			continue
		}
		d.push("env")
		d.push(c.Env[i].Key)
		d.diags = append(d.diags, diag.Diagnostic{Severity: diag.Warning, Code: CodePlainSecret, Subject: n.Get("env").Get(c.Env[i].Key).Range(), Path: d.at(), Redact: true,
			Summary: "a variable looks like a secret and has a plain value",
			Detail:  "It will stand in every file that is generated. Declare it under secrets and refer to it: ${secrets.NAME}."})
		d.pop()
		d.pop()
	}
}
