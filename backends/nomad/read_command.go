package nomad

import (
	"strconv"
	"strings"

	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/pattern"
)

// texts reads a map of texts of the driver's configuration.
func (r *reader) texts(t *sourceTask, at string, v *document.Value) ir.Map[string] {
	var out ir.Map[string]
	for _, m := range or(v).Members {
		if m.Value.Kind.Scalar() {
			out.Set(m.Key, r.driverText(t, ir.JoinPath(at, m.Key), m.Value))
		}
	}
	return out
}

func (r *reader) command(t *sourceTask, at string, v *document.Value) *ir.Command {
	if v == nil {
		return nil
	}
	items := v.Items
	if v.Kind.Scalar() {
		items = []*document.Value{v}
	}
	c := &ir.Command{Words: []ir.Text{}}
	for i, item := range items {
		c.Words = append(c.Words, ir.Literal(r.driverText(t, at+"["+strconv.Itoa(i)+"]", item)))
	}
	r.said(at, v)
	return c
}

// driverText reads a text of the driver's configuration, which the client evaluates
// once more.
func (r *reader) driverText(t *sourceTask, at string, v *document.Value) string {
	if v == nil {
		return ""
	}
	p := r.places[v]
	text, open := r.filledIn(t, v.Text)
	if open != "" {
		r.report(diag.Warning, CodeRuntime, r.whereOf(v), at, "only a client of Nomad knows "+open,
			"It stands as it is for other platforms, which will not replace it; the ledger keeps it for Nomad. Say what it is there.")
	}
	plain := strings.NewReplacer("$${", "${", "%%{", "%{").Replace(text)
	if p != nil {
		if !p.where.IsZero() {
			r.positions[at] = p.where
		}
		written := p.written
		if plain != v.Text {
			written = "" // what is written is not what the container gets
		}
		r.open(at, p, written)
	}
	return plain
}

// runtimeReference is what a client replaces, except where it is escaped.
var runtimeReference = pattern.New(`\$?\$\{[^{}]+\}`)

// filledIn replaces what the client would, as far as that is the same wherever the
// task runs. open is the first reference that stays.
func (r *reader) filledIn(t *sourceTask, text string) (filled, open string) {
	if !strings.Contains(text, "${") {
		return text, ""
	}
	filled = runtimeReference().ReplaceAllStringFunc(text, func(reference string) string {
		if strings.HasPrefix(reference, "$$") {
			return reference
		}
		if value, known := t.constant(strings.TrimSpace(reference[2 : len(reference)-1])); known {
			return value
		}
		if open == "" {
			open = reference
		}
		return reference
	})
	return filled, open
}

// constant is the value of what Nomad tells each task, where it is always the same.
func (t *sourceTask) constant(name string) (string, bool) {
	g := t.group
	switch name {
	case "NOMAD_TASK_DIR":
		return "/local", true
	case "NOMAD_SECRETS_DIR":
		return "/secrets", true
	case "NOMAD_ALLOC_DIR":
		return "/alloc", true
	case "NOMAD_JOB_NAME", "NOMAD_JOB_ID":
		return g.job.id, true
	case "NOMAD_GROUP_NAME":
		return g.label, true
	case "NOMAD_TASK_NAME":
		return t.label, true
	}
	if label, ok := strings.CutPrefix(name, "NOMAD_PORT_"); ok {
		for _, p := range g.ports {
			if identifier(p.label) == label && p.key != "" {
				return strconv.Itoa(p.number), true
			}
		}
	}
	key, isMeta := strings.CutPrefix(name, "NOMAD_META_")
	if isMeta {
		for _, meta := range []*document.Value{t.doc.Get("meta"), g.doc.Get("meta"), g.job.doc.Get("meta")} {
			for _, m := range or(meta).Members {
				if identifier(m.Key) == key && !strings.Contains(m.Value.Text, "${") {
					return m.Value.Text, true
				}
			}
		}
	}
	return "", false
}
