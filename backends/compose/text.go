package compose

import (
	"strconv"

	"github.com/decamp-dev/decamp/backends/internal/composefile"
	"github.com/decamp-dev/decamp/backends/internal/reference"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// text writes a text; only secrets stay open, as marked variables.
func (e *emitter) text(t ir.Text) string {
	return t.Write(composefile.Literal, e.reference)
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
