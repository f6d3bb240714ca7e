package composeread

import (
	"bytes"
	"path"
	"strings"

	"github.com/compose-spec/compose-go/v2/dotenv"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// environment reads variables: those of files first, then the service's own.
func (r *reader) environment(s *composeService) {
	own := pairs(s.f.take("environment"), s.f.at("environment"))
	at := s.path + ".env"
	r.positions.Set(at, s.f.at("environment").node())
	r.environmentFiles(s, own)
	for _, v := range own {
		path := ir.JoinPath(at, v.key)
		if !v.has || r.deployers(v) {
			r.passThrough(s, path, v)
			continue
		}
		if v.value, v.has = r.plain(v.value); !v.has {
			r.keepVariable(s, v.key+"="+v.value)
			r.templated(v.place, path, "the variable "+v.key)
			continue
		}
		s.c.Env.Set(v.key, r.variables.text(v.value))
		r.setKeyed(path, v.place, v.key, v.value)
		r.comments(path, s.f.at("environment"), v.key)
	}
}

// passThrough reads a variable that is taken from the deployer's environment.
func (r *reader) passThrough(s *composeService, path string, v pair) {
	value, has := r.variables.lookup(r)(v.key)
	r.positions.Set(path, v.place.node())
	switch {
	case namesSecret(v.key) && !r.source.Bake:
		name := r.variables.secret(r, v.key)
		if r.variables.places[v.key] == nil {
			r.variables.places[v.key] = v.place.node()
		}
		s.c.Env.Set(v.key, ir.Text{{Ref: ir.Ref{Kind: ir.RefSecret, Name: name}}})
	case has:
		s.c.Env.Set(v.key, ir.Literal(value))
		if !r.source.Bake {
			r.reading.Expressions[path] = r.variables.variable(r, v.key, value, true)
		}
	default:
		// Unset, it is unset in the container too, which no value can say.
		r.keepVariable(s, v.key)
	}
}

func (r *reader) keepVariable(s *composeService, entry string) {
	list, _ := s.rest["environment"].([]any)
	s.rest["environment"] = append(list, entry)
}

// deployers reports a variable that is empty, and that a stack replaces by the
// deployer's own of that name.
func (r *reader) deployers(v pair) bool {
	if r.dialect.Stack == nil || v.value != "" {
		return false
	}
	_, has := r.variables.lookup(r)(v.key)
	return has
}

// plain returns the text that a template of the node stands for.
func (r *reader) plain(text string) (string, bool) {
	if r.dialect.Stack == nil {
		return text, true
	}
	if plain, ok := r.dialect.Stack.Plain(text); ok {
		return plain, true
	}
	return text, false
}

// environmentFiles reads the variables of env_file.
func (r *reader) environmentFiles(s *composeService, own []pair) {
	entries, _ := s.f.take("env_file").([]any)
	overridden := map[string]bool{}
	for _, v := range own {
		overridden[v.key] = v.has
	}
	missing := false
	for i, entry := range entries {
		m, _ := entry.(model)
		name, required := scalar(m["path"]), m["required"] != false
		p := s.f.at("env_file").item(i, len(entries))
		if w := r.variables.written[p.node()]; w != nil {
			w.used = false
		}
		data, err := r.data(path.Join(r.folder, name))
		if err != nil {
			missing = true
			severity := diag.Warning
			if !required {
				severity = diag.Note
			}
			r.report(severity, codeFileMissing, p, s.path+".env", "a file of variables is missing: "+name, "The entry stays as it is for "+r.dialect.Title+"; other platforms get none of its variables.")
			continue
		}
		r.environmentFile(s, p, name, scalar(m["format"]), data, overridden)
	}
	if missing {
		s.keepWhole("env_file")
	}
}

func (r *reader) environmentFile(s *composeService, p place, name, format string, data []byte, overridden map[string]bool) {
	values := map[string]string{}
	var err error
	switch {
	case r.dialect.Stack != nil:
		values = r.rawVariables(data)
	case format == "raw":
		err = dotenv.ParseWithFormat(bytes.NewReader(data), name, values, r.variables.lookup(r), format)
	default:
		values, err = dotenv.ParseWithLookup(bytes.NewReader(data), r.variables.lookup(r))
	}
	if err != nil {
		r.report(diag.Error, r.dialect.Codes.Invalid, p, s.path+".env", "a file of variables cannot be read: "+name, "A line is NAME=value. "+withoutValue(err.Error()))
		return
	}
	for _, key := range fileOrder(data, values) {
		if overridden[key] {
			continue
		}
		at := ir.JoinPath(s.path+".env", key)
		if namesSecret(key) && !r.source.Bake {
			s.c.Env.Set(key, ir.Text{{Ref: ir.Ref{Kind: ir.RefSecret, Name: r.variables.secret(r, key)}}})
		} else {
			s.c.Env.Set(key, ir.Literal(values[key]))
		}
		r.positions.Set(at, p.node())
	}
}

// rawVariables reads a file of variables as it stands: no quotes, and a name alone is the
// deployer's variable.
func (r *reader) rawVariables(data []byte) map[string]string {
	values := map[string]string{}
	for line := range strings.Lines(strings.TrimPrefix(string(data), "\ufeff")) {
		line = strings.TrimLeft(strings.TrimRight(line, "\r\n"), " \t")
		key, value, has := strings.Cut(line, "=")
		if line == "" || line[0] == '#' {
			continue
		}
		if given, known := r.variables.lookup(r)(key); known && value == "" {
			value, has = given, true
		}
		if has {
			values[key] = value
		}
	}
	return values
}

// fileOrder returns the names of a file of variables in its order.
func fileOrder(data []byte, values map[string]string) []string {
	var keys []string
	seen := map[string]bool{}
	for _, line := range strings.Split(string(data), "\n") {
		key, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "export "), "=")
		key = strings.TrimSpace(key)
		if _, ok := values[key]; ok && !seen[key] {
			seen[key] = true
			keys = append(keys, key)
		}
	}
	for _, key := range sorted(values) {
		if !seen[key] {
			keys = append(keys, key)
		}
	}
	return keys
}
