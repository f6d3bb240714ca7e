package score

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/pattern"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// placeholder finds what score-go does: ${…}, $${…} and $$.
var placeholder = pattern.New(`\$(?:\$?\{([^}]*)\}|\$)`)

// part of a text: a literal, a reference or a var.
type part struct {
	literal  string
	ref      ir.Ref
	variable string // name of a var that stays open
	outside  string // name of a service that is not among the files; literal holds it too
}

// text reads a string with placeholders for the place at path.
func (r *reader) text(w *workload, n *tree.Node, path string) ir.Text {
	if n == nil {
		return ir.Literal("") // it is missing, which is said already
	}
	return r.textOf(w, n, n.Value, path)
}

func (r *reader) textOf(w *workload, n *tree.Node, s, path string) ir.Text {
	parts := r.joinPorts(r.parts(w, n, s, path), n, path)
	text, open := ir.Text{}, false
	var expression strings.Builder
	for _, p := range parts {
		switch {
		case p.ref.Kind != "":
			text = append(text, ir.Part{Ref: p.ref})
			expression.WriteString("${" + p.ref.String() + "}")
			continue
		case p.variable != "":
			open = true
			expression.WriteString("${vars." + p.variable + "}")
		default:
			expression.WriteString(ir.EscapeLiteral(p.literal))
		}
		if last := len(text) - 1; last >= 0 && !text[last].IsRef() {
			text[last].Literal += p.literal
		} else if p.literal != "" {
			text = append(text, ir.Part{Literal: p.literal})
		}
	}
	if open {
		r.reading.Expressions[path] = expression.String()
	}
	if len(text) == 0 {
		return ir.Literal("")
	}
	return text
}

// parts splits a string at its placeholders and finds what they mean.
func (r *reader) parts(w *workload, n *tree.Node, s, path string) []part {
	var parts []part
	end := 0
	for _, at := range placeholder().FindAllStringSubmatchIndex(s, -1) {
		if at[0] > end {
			parts = append(parts, part{literal: s[end:at[0]]})
		}
		end = at[1]
		match := s[at[0]:at[1]]
		if strings.HasPrefix(match, "$$") {
			parts = append(parts, part{literal: match[1:]})
			continue
		}
		parts = append(parts, r.resolve(w, n, s[at[2]:at[3]], path))
	}
	if end < len(s) {
		parts = append(parts, part{literal: s[end:]})
	}
	return parts
}

// resolve finds what the inside of a placeholder means.
func (r *reader) resolve(w *workload, n *tree.Node, inner, path string) part {
	segments := strings.Split(strings.ReplaceAll(inner, `\.`, "\x00"), ".")
	for i := range segments {
		segments[i] = strings.ReplaceAll(segments[i], "\x00", ".")
	}
	verbatim := part{literal: "${" + inner + "}"}
	switch {
	case segments[0] == "metadata" && len(segments) > 1:
		value := w.root.Get("metadata")
		for _, key := range segments[1:] {
			value = value.Get(key)
		}
		if value.IsNull() || !value.Kind.IsScalar() {
			r.report(diag.Error, CodePlaceholder, n, path, "${"+inner+"} is no single value of the metadata", "")
			return verbatim
		}
		return part{literal: value.Value}
	case segments[0] == "resources" && len(segments) > 1:
		res := w.resources[segments[1]]
		if res == nil {
			var known []string
			for _, m := range w.Resources {
				known = append(known, m.Name)
			}
			detail := "The workload declares no resources."
			if len(known) > 0 {
				detail = "The resources of the workload are " + strings.Join(known, ", ") + "."
			}
			if near := diag.Closest(segments[1], known); near != "" {
				detail += fmt.Sprintf(" Did you mean %q?", near)
			}
			r.report(diag.Error, CodePlaceholder, n, path, fmt.Sprintf("there is no resource %q", segments[1]), detail)
			return verbatim
		}
		return r.output(w, res, segments[1], strings.Join(segments[2:], "."), n, path)
	}
	r.report(diag.Error, CodePlaceholder, n, path, "${"+inner+"} refers to nothing that Score knows", "Placeholders are ${metadata.…} and ${resources.NAME.OUTPUT}. For the text itself write $${"+inner+"}, or in a file noExpand: true.")
	return verbatim
}

// portAfter is a port number that follows a host name.
var portAfter = pattern.New(`^:([0-9]{1,5})(?:[^0-9]|$)`)

// joinPorts turns numbers that follow the host of a workload into references to its
// ports: a service's own number is not the one that is listened on. A service that
// is not among the files becomes an endpoint where its port is known.
func (r *reader) joinPorts(parts []part, n *tree.Node, path string) []part {
	var result []part
	for i := 0; i < len(parts); i++ {
		p := parts[i]
		if i+1 == len(parts) || (p.ref.Kind != ir.RefWorkloadHost && p.outside == "") {
			result = append(result, p)
			continue
		}
		match := portAfter().FindStringSubmatch(parts[i+1].literal)
		if match == nil || parts[i+1].ref.Kind != "" || parts[i+1].variable != "" {
			result = append(result, p)
			continue
		}
		number, _ := strconv.Atoi(match[1])
		var port ir.Ref
		if p.outside != "" {
			p, port = r.outsideEndpoint(p, number, n)
		} else if name := r.find(p.ref.Name).portAt(match[1]); name != "" {
			port = ir.Ref{Kind: ir.RefWorkloadPort, Name: p.ref.Name, Field: name}
		} else {
			r.report(diag.Warning, CodePort, n, path, fmt.Sprintf("%s has no port %s", p.ref.Name, match[1]), "The number stays as it is. The service of a workload lists the ports at which it is reached.")
		}
		result = append(result, p)
		if port.Kind != "" {
			result = append(result, part{literal: ":"}, part{ref: port})
			parts[i+1].literal = strings.TrimPrefix(parts[i+1].literal, ":"+match[1])
		}
	}
	return result
}

// portAt returns the name of the service port with that number, "" when there is none.
func (w *workload) portAt(number string) string {
	if w.Service == nil {
		return ""
	}
	for _, p := range w.Service.Ports {
		if p.Value.Port.Text == number {
			return p.Name
		}
	}
	return ""
}

// variable declares a var and returns the value that it has, and whether it stays
// open. fallback is its default; without one it has to be given.
func (r *reader) variable(name, fallback, description string, n *tree.Node) (value string, open bool) {
	label := r.names.vars.Name(name)
	value, given := fallback, false
	for _, alias := range []string{name, label} {
		if v, ok := r.source.Variables[alias]; ok {
			value, given = v, true
			r.used[alias] = true
		}
	}
	if r.source.Bake && (given || fallback != "") {
		return value, false
	}
	r.reading.Vars.Set(label, backend.Var{Name: name, Default: value, HasDefault: given || fallback != "", Description: description})
	r.positions.Set(ir.JoinPath("vars", label), n)
	return value, true
}
