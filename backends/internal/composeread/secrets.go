package composeread

import (
	"fmt"
	"path"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/tree"
)

func (r *reader) secrets() {
	r.eachObject("secrets", func(name, label, at string, f *fields) {
		s := ir.Secret{External: r.external(f, name, at)}
		switch {
		case r.dialect.Stack != nil && s.External != "":
			if r.own != nil && s.External == r.stackName(name) && label == name {
				s.External = ""
			}
		case s.External != "":
			f.keep("external")
			f.keep("name")
			f.m = mergeModels(f.m, model{"name": s.External, "environment": removed{}}).(model)
		default:
			s.Env = f.text("environment")
			r.set(at+".env", f.at("environment"), s.Env)
		}
		if file := f.text("file"); file != "" {
			s.File = r.local(path.Clean(file))
			r.setLocal(at+".file", f.at("file"), file, s.File)
		}
		r.app.Secrets = append(r.app.Secrets, ir.Item[ir.Secret]{Key: label, Value: s})
		r.secretNeeded(label, at, &s, f.place)
	})
	for _, name := range r.variables.marks {
		label := r.variables.secrets[name]
		if r.app.Secrets.Has(label) {
			continue
		}
		at := ir.JoinPath("secrets", label)
		made := ir.Secret{Env: name}
		if r.own != nil {
			made.Description, _ = r.own.messages.Get(label)
		}
		r.app.Secrets = append(r.app.Secrets, ir.Item[ir.Secret]{Key: label, Value: made})
		r.secretNeeded(label, at, &ir.Secret{Env: name}, place{[]*tree.Node{r.variables.places[name]}})
	}
}

func (r *reader) secretNeeded(label, at string, s *ir.Secret, p place) {
	from := "from the variable " + s.Env
	if set, there := r.variables.set[s.Env]; there {
		from += ", which " + set.file + " sets"
	}
	switch {
	case s.External != "":
		from = "which exists already as " + s.External
	case s.File != "":
		from = "from the file " + s.File
	case s.Env == "":
		from = "which exists already as " + r.stackName(label)
	}
	r.report(diag.Note, r.dialect.Codes.SecretNeeded, p, at, fmt.Sprintf("the secret %q is needed, %s", label, from), "Its value is not read. Create the secret on the platform that you move to before the first start.")
}
