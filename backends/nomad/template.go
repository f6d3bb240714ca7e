package nomad

import (
	"cmp"
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/pattern"
)

// clientReference is what the client replaces in env blocks when it knows the name,
// without an escape: helper/args of Nomad.
var clientReference = pattern.New(`\$\{[a-zA-Z0-9_\-.]+\}`)

// plainEnvironment is what go-envparse reads as it stands, outside of quotes.
var plainEnvironment = pattern.New("^[A-Za-z0-9_./:@%+,;=?&~^*!|()<>$`{}\\[\\]-]*$")

// delimiters are tried in turn for templates; the first whose left half is not in
// the text leaves the text as it is.
var delimiters = [][2]string{{"{{", "}}"}, {"[[", "]]"}, {"<<", ">>"}, {"<%", "%>"}, {"((", "))"}, {"{%", "%}"}}

// resolve replaces what is constant: facts of endpoints, and configs by their
// content. References to secrets and workloads stay.
func (e *emitter) resolve(t ir.Text) ir.Text { return e.resolveWithin(t, 0) }

func (e *emitter) resolveWithin(t ir.Text, depth int) ir.Text {
	resolved := make(ir.Text, 0, len(t))
	for _, part := range t {
		switch part.Ref.Kind {
		case ir.RefEndpoint:
			endpoint, _ := e.app.Endpoints.Get(part.Ref.Name)
			resolved = append(resolved, ir.Part{Literal: endpoint.Value(part.Ref.Field)})
		case ir.RefConfig:
			if config := e.app.Configs.Ref(part.Ref.Name); config != nil && depth < 8 {
				resolved = append(resolved, e.resolveWithin(config.Content, depth+1)...)
			}
		default:
			resolved = append(resolved, part)
		}
	}
	return joined(resolved)
}

// joined makes one literal of neighbours.
func joined(t ir.Text) ir.Text {
	var out ir.Text
	for _, part := range t {
		if n := len(out); n > 0 && !part.IsRef() && !out[n-1].IsRef() {
			out[n-1].Literal += part.Literal
			continue
		}
		out = append(out, part)
	}
	return out
}

// writer writes texts into one template.
type writer struct {
	unit        *unit
	left, right string
	path        string
	env         bool // values are read by go-envparse
	secret      bool // a secret was written
}

// delimited returns a writer whose delimiters do not occur in the texts.
func (u *unit) delimited(path string, texts ...ir.Text) *writer {
	for _, pair := range delimiters {
		clash := false
		for _, t := range texts {
			for _, part := range t {
				clash = clash || strings.Contains(part.Literal, pair[0])
			}
		}
		if !clash {
			return &writer{unit: u, left: pair[0], right: pair[1], path: path}
		}
	}
	return &writer{unit: u, left: "\u00ab\u00ab", right: "\u00bb\u00bb", path: path}
}

// write builds the text of a template.
func (w *writer) write(t ir.Text) string {
	var b strings.Builder
	for i := 0; i < len(t); i++ {
		part := t[i]
		switch part.Ref.Kind {
		case "":
			b.WriteString(w.literal(part.Literal))
		case ir.RefSecret:
			b.WriteString(w.secretValue(part.Ref))
		case ir.RefWorkloadHost:
			// Host, literal and port of one service are one lookup, so that both come
			// from the same replica.
			service := w.unit.emitter.serviceFor(part.Ref.Name, cmp.Or(portAfter(t, i), w.unit.asked[part.Ref.Name]), w.path)
			if p := portAfter(t, i); p != "" {
				b.WriteString(w.lookup(service, w.action(".Address")+w.literal(t[i+1].Literal)+w.action(".Port")))
				i += 2
				continue
			}
			b.WriteString(w.lookup(service, w.action(".Address")))
		case ir.RefWorkloadPort:
			service := w.unit.emitter.serviceFor(part.Ref.Name, part.Ref.Field, w.path)
			b.WriteString(w.lookup(service, w.action(".Port")))
		}
	}
	return b.String()
}

// portAfter returns the port's name when host, literal and port of one workload
// follow each other.
func portAfter(t ir.Text, i int) string {
	if i+2 < len(t) && !t[i+1].IsRef() && t[i+2].Ref.Kind == ir.RefWorkloadPort && t[i+2].Ref.Name == t[i].Ref.Name {
		return t[i+2].Ref.Field
	}
	return ""
}

func (w *writer) action(s string) string { return w.left + " " + s + " " + w.right }

// lookup takes one instance of a service, the same at each rendering.
func (w *writer) lookup(service, body string) string {
	return w.action(`range nomadService 1 (env "NOMAD_ALLOC_ID") `+strconv.Quote(service)) + body + w.action("end")
}

func (w *writer) secretValue(ref ir.Ref) string {
	path, item := w.unit.secret(ref, w.path)
	w.secret = true
	value := "." + item + ".Value"
	if w.env {
		value += " | toJSON"
	}
	return w.action("with nomadVar "+strconv.Quote(path)) + w.action(value) + w.action("end")
}

func (w *writer) literal(s string) string {
	if !w.env || plainEnvironment().MatchString(s) {
		return s
	}
	return quoteEnvironment(s)
}

// quoteEnvironment writes a string in the double quotes of go-envparse, which knows
// the escapes of JSON.
func quoteEnvironment(s string) string {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if encoder.Encode(s) != nil {
		return `""`
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// serviceFor returns the service of a workload's port, the first one when no port is
// named.
func (e *emitter) serviceFor(workload, name, path string) string {
	ports := e.ports[workload]
	for i := range ports {
		if ports[i].name == name || name == "" {
			return ports[i].service
		}
	}
	if name != "" && len(ports) > 0 {
		return e.serviceFor(workload, "", path)
	}
	e.report(diag.Error, CodeNoAddress, path, "a workload without ports has no address",
		"Nomad finds a workload by the services of its ports: give "+workload+" the port on which it is reached.")
	return jobID(e.app, workload)
}

// driverString escapes a literal for the docker driver's configuration, which the
// client evaluates as an HCL template.
func driverString(s string) string {
	return strings.NewReplacer("${", "$${", "%{", "%%{").Replace(s)
}

// printable reports whether a text can stand in a job at all.
func printable(t ir.Text) bool {
	for _, part := range t {
		if !utf8.ValidString(part.Literal) || strings.ContainsRune(part.Literal, 0) {
			return false
		}
	}
	return true
}
