package swarm

import (
	"strconv"
	"strings"

	"github.com/decamp-dev/decamp/backends/internal/composefile"
	"github.com/decamp-dev/decamp/backends/internal/composeread"
	"github.com/decamp-dev/decamp/backends/internal/reference"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/pattern"
)

// Two programs fill texts of a stack file in. `docker stack deploy` expands $NAME in
// every value, which composefile.Interpolate escapes at the very end. Later each node
// runs variables of the environment, the host name, and sources and targets of mounts
// through Go templates; those are escaped here, where they are written.

// templated is a literal as the node takes it: what opens a template is written by one.
func templated(s string) string { return strings.ReplaceAll(s, "{{", `{{"{{"}}`) }

// nothing is an empty text in a template. `docker stack deploy` replaces an empty
// variable by the deployer's own of that name.
const nothing = `{{""}}`

// variableText is the value of a variable of the environment.
func (e *emitter) variableText(t ir.Text) string {
	if s := e.write(t, templated, e.secretVariable); s != "" {
		return s
	}
	return nothing
}

// text is a text that no template fills in.
func (e *emitter) text(t ir.Text) string {
	return e.write(t, func(s string) string { return s }, e.secretVariable)
}

func (e *emitter) words(c *ir.Command) []string {
	if c == nil {
		return nil
	}
	list := make([]string, len(c.Words))
	for i, w := range c.Words {
		list[i] = e.text(w)
	}
	return list
}

// write writes a text: literal escapes a literal, secret stands for a value.
func (e *emitter) write(t ir.Text, literal func(string) string, secret func(name, key string) string) string {
	var b strings.Builder
	for i, p := range t {
		switch {
		case !p.IsRef():
			b.WriteString(literal(composefile.Literal(p.Literal)))
		case p.Ref.Kind == ir.RefSecret:
			b.WriteString(secret(p.Ref.Name, p.Ref.Field))
		case p.Ref.Kind == ir.RefConfig:
			b.WriteString(e.configText(p.Ref.Name, literal, secret))
		case p.Ref.Kind == ir.RefWorkloadHost:
			b.WriteString(literal(e.host(p.Ref.Name, t[i+1:])))
		default:
			b.WriteString(literal(e.constant(p.Ref)))
		}
	}
	return b.String()
}

func (e *emitter) constant(r ir.Ref) string {
	switch r.Kind {
	case ir.RefWorkloadPort:
		if port, _, ok := reference.Port(e.app.Workloads.Ref(r.Name), r.Field); ok {
			return strconv.Itoa(port.Port)
		}
	case ir.RefEndpoint:
		if endpoint := e.app.Endpoints.Ref(r.Name); endpoint != nil {
			return endpoint.Value(r.Field)
		}
	}
	return ""
}

// host is the name under which a workload is reached. Where the text goes on with a
// port of one of its sidecars, it is the name of the sidecar's service.
func (e *emitter) host(workload string, rest ir.Text) string {
	for _, p := range rest {
		if p.Ref.Kind == ir.RefWorkloadPort && p.Ref.Name == workload {
			return e.hostOf(ir.PortRef{Workload: workload, Port: p.Ref.Field})
		}
		if p.IsRef() {
			break
		}
	}
	return workload
}

// hostOf is the name of the service that a port belongs to.
func (e *emitter) hostOf(to ir.PortRef) string {
	_, container, _ := reference.Port(e.app.Workloads.Ref(to.Workload), to.Port)
	return composefile.ServiceName(to.Workload, container)
}

// configText is the content of a config that stands in another text. Configs that
// name each other in a circle end with nothing.
func (e *emitter) configText(name string, literal func(string) string, secret func(name, key string) string) string {
	config := e.app.Configs.Ref(name)
	if config == nil || e.depth > len(e.app.Configs) {
		return ""
	}
	e.depth++
	defer func() { e.depth-- }()
	return e.write(config.Content, literal, secret)
}

// plainText returns the text that a template of the node stands for, as templated writes
// it; false where only the node knows it.
func plainText(s string) (string, bool) {
	if s == nothing {
		return "", true
	}
	plain := strings.ReplaceAll(s, `{{"{{"}}`, "\x00")
	return strings.ReplaceAll(plain, "\x00", "{{"), !strings.Contains(plain, "{{")
}

var secretInConfig = pattern.New(`^secret "([^"\\]+)"$`)

// plainConfig reads a config that the node fills in, as configData writes it.
func plainConfig(s string) (parts []composeread.ConfigPart, ok bool) {
	var literal strings.Builder
	for {
		before, rest, found := strings.Cut(s, "{{")
		literal.WriteString(before)
		if !found {
			return append(parts, composeread.ConfigPart{Literal: literal.String()}), true
		}
		action, after, closed := strings.Cut(rest, "}}")
		secret := secretInConfig().FindStringSubmatch(action)
		switch {
		case !closed:
			return nil, false
		case action == `""`:
		case action == `"{{"`:
			literal.WriteString("{{")
		case secret != nil:
			parts = append(parts, composeread.ConfigPart{Literal: literal.String()}, composeread.ConfigPart{Secret: secret[1]})
			literal.Reset()
		default:
			return nil, false
		}
		s = after
	}
}
