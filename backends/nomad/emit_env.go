package nomad

import (
	"strings"

	"github.com/hashicorp/nomad/api"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/pattern"
)

// environmentFile is where the variables that Nomad fills in are rendered: secrets/
// is a file system in memory that only the task sees.
const environmentFile = "secrets/env"

// environmentName is what go-envparse takes for the name of a variable.
var environmentName = pattern.New(`^[A-Za-z_][A-Za-z0-9_./]*$`)

// envFile collects the variables that have to be rendered by a template.
type envFile struct {
	names []string
	texts []ir.Text
}

func (f *envFile) add(name string, t ir.Text) {
	f.names, f.texts = append(f.names, name), append(f.texts, t)
}

// environment writes what is constant into the env block. What refers to a secret or
// to another workload goes into a template, and so does a literal in which the
// client would replace a reference: it leaves what templates say alone.
func (t *task) environment() {
	for _, item := range t.container.Env {
		path := t.path("env", item.Key)
		resolved := t.unit.emitter.resolve(item.Value)
		if !printable(resolved) {
			t.unit.emitter.report(diag.Error, CodeBinary, path, "a variable holds bytes that are no text", "Nomad's jobs hold text only; give the value in a secret.")
			continue
		}
		plain, constant := resolved.Plain()
		if constant && !clientReference().MatchString(plain) {
			if t.out.Env == nil {
				t.out.Env = map[string]string{}
			}
			t.out.Env[item.Key] = plain
			t.unit.orders["env "+t.out.Name] = append(t.unit.orders["env "+t.out.Name], item.Key)
			continue
		}
		if !environmentName().MatchString(item.Key) {
			t.unit.emitter.report(diag.Error, CodeVariableName, path, "a variable with this name cannot be rendered by a template",
				"Nomad allows letters, digits, _ . and / there; rename the variable, or give it a value without references.")
			continue
		}
		t.env.add(item.Key, resolved)
	}
}

// finish writes the template that renders the variables.
func (f *envFile) finish(t *task) {
	if len(f.names) == 0 {
		return
	}
	w := t.unit.delimited(t.path("env"), f.texts...)
	w.env = true
	var b strings.Builder
	for i, name := range f.names {
		w.path = t.path("env", name)
		b.WriteString(name + "=" + w.write(f.texts[i]) + "\n")
	}
	t.template(w, &api.Template{DestPath: new(environmentFile), EmbeddedTmpl: new(b.String()), Envvars: new(true)})
}

// template adds a template in the delimiters of its writer.
func (t *task) template(w *writer, out *api.Template) {
	if w.left != delimiters[0][0] {
		out.LeftDelim, out.RightDelim = new(w.left), new(w.right)
	}
	if w.secret {
		// Without it an item that nobody has put yet would be an empty value.
		out.ErrMissingKey = new(true)
	}
	t.out.Templates = append(t.out.Templates, out)
}
