package compose

import (
	"strconv"
	"strings"

	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// A variable stands in a text between two marks until the last step, so that the
// text around it can be escaped as a whole. No value of a container can hold NUL.
const (
	mark     = "\x00"
	markText = "\x01"
)

func variable(name, message string) string { return mark + name + markText + message + mark }

// hasVariable reports whether a text waits for a variable of the deployer.
func hasVariable(s string) bool { return strings.Contains(s, mark) }

// text writes a text; only secrets stay open, as marked variables.
func (e *emitter) text(t ir.Text) string {
	return t.Write(withoutMarks, e.reference)
}

func withoutMarks(s string) string {
	if strings.IndexByte(s, 0) < 0 {
		return s
	}
	return strings.ReplaceAll(s, mark, "")
}

func (e *emitter) words(c *ir.Command) []string {
	words := make([]string, len(c.Words))
	for i, w := range c.Words {
		words[i] = e.text(w)
	}
	return words
}

func (e *emitter) reference(r ir.Ref) string {
	switch r.Kind {
	case ir.RefSecret:
		return e.secretVariable(r.Name, r.Field)
	case ir.RefConfig:
		return e.configText(r.Name)
	case ir.RefWorkloadHost:
		return r.Name
	case ir.RefWorkloadPort:
		if port, ok := portOf(e.app.Workloads.Ref(r.Name), r.Field); ok {
			return strconv.Itoa(port.Port)
		}
	case ir.RefEndpoint:
		if endpoint := e.app.Endpoints.Ref(r.Name); endpoint != nil {
			return endpoint.Value(r.Field)
		}
	}
	return ""
}

// configText is the content of a config that stands in another text. Configs that
// name each other in a circle end with nothing.
func (e *emitter) configText(name string) string {
	config := e.app.Configs.Ref(name)
	if config == nil || e.depth > len(e.app.Configs) {
		return ""
	}
	e.depth++
	defer func() { e.depth-- }()
	return e.text(config.Content)
}

// portOf finds a port of a workload by name, in any of its containers.
func portOf(w *ir.Workload, name string) (port ir.Port, ok bool) {
	if w == nil {
		return port, false
	}
	ir.EachContainer(w, "", func(_, _ string, _ ir.Role, c *ir.Container) {
		if p, has := c.Ports.Get(name); has && !ok {
			port, ok = p, true
		}
	})
	return port, ok
}

// interpolated is the one escaper of the file: it doubles the dollars of every
// value, which Compose would read as variables, and writes the marked variables.
func interpolated(v *document.Value) {
	if v == nil {
		return
	}
	if v.Kind == document.KindString {
		v.Text = interpolatedText(v.Text)
		return
	}
	for _, item := range v.Items {
		interpolated(item)
	}
	for i := range v.Members {
		interpolated(v.Members[i].Value)
	}
}

func interpolatedText(s string) string {
	if !strings.ContainsAny(s, "$"+mark) {
		return s
	}
	parts := strings.Split(s, mark)
	for i, part := range parts {
		if i%2 == 0 {
			parts[i] = strings.ReplaceAll(part, "$", "$$")
			continue
		}
		name, message, _ := strings.Cut(part, markText)
		parts[i] = "${" + name + ":?" + messageText(message) + "}"
	}
	return strings.Join(parts, "")
}

// messageText keeps what could end the variable or begin another out of its message.
func messageText(s string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		switch r {
		case '$', '{', '}':
			return ' '
		}
		return r
	}, s)), " ")
}
