package composeread

import (
	"bytes"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/compose-spec/compose-go/v2/dotenv"

	"github.com/decamp-dev/decamp/backends/internal/composefile"
	"github.com/decamp-dev/decamp/backends/internal/naming"
	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// variables is what is known of the variables that the files leave open.
type variables struct {
	values  map[string]string  // of .env, or of the files that the user named
	set     map[string]setting // by which file; what only the files of an include set is in it too
	labels  naming.Names       // names of vars
	vars    map[string]string  // variable and value → name of the var
	secrets map[string]string  // variable → name of the secret
	marks   []string           // variables that stand in texts as secrets, by their mark
	open    []string           // variables without a value
	places  map[string]*tree.Node

	written map[*tree.Node]*written
	order   []*tree.Node // with a text in written
}

// setting is the value that a file gives a variable.
type setting struct{ value, file string }

// written is a text of the files that holds variables.
type written struct {
	expression string // as a spec writes it
	names      []string
	used       bool // something of the app is written with it
}

// A secret stands in the texts of the model as its number between two marks, until
// the text becomes one of the app.
const (
	secretMark = "\uE000"
	secretEnd  = "\uE001"
)

func (v *variables) load(r *reader, folder string) {
	v.values, v.vars, v.secrets = map[string]string{}, map[string]string{}, map[string]string{}
	v.places, v.written, v.set = map[string]*tree.Node{}, map[*tree.Node]*written{}, map[string]setting{}
	files := r.source.VariableFiles
	if len(files) == 0 && r.dialect.Stack == nil {
		if name := path.Join(folder, ".env"); r.exists(name) {
			files = []string{name}
		}
	}
	for _, name := range files {
		v.read(r, name, false)
	}
}

// read adds the values of a file of variables, which may be that of an include.
func (v *variables) read(r *reader, name string, included bool) {
	data, err := r.data(name)
	if err != nil {
		r.report(diag.Error, codeFileMissing, nil, "", "a file of variables cannot be read: "+name, "")
		return
	}
	values, err := dotenv.ParseWithLookup(bytes.NewReader(data), v.lookup(r))
	if err != nil {
		r.report(diag.Error, r.dialect.Codes.Invalid, nil, "", "a file of variables cannot be read: "+name, "A line is NAME=value. "+withoutValue(err.Error()))
		return
	}
	for variable, value := range values {
		v.values[variable] = value
		if _, known := v.set[variable]; !known || !included {
			v.set[variable] = setting{value, name}
		}
	}
}

// withoutValue keeps what a parser quotes of a file of variables out of a message.
func withoutValue(s string) string {
	if at := strings.IndexAny(s, "\"`'"); at >= 0 {
		s = s[:at]
	}
	return strings.TrimSpace(s)
}

func (v *variables) lookup(r *reader) func(string) (string, bool) {
	return func(name string) (string, bool) {
		if value, ok := r.source.Variables[name]; ok {
			return value, true
		}
		value, ok := v.values[name]
		return value, ok
	}
}

// include gives included files the variables of their own folder, under those that
// are known, until the returned function is called.
func (v *variables) include(r *reader, folder, inner string, files []string) (restore func()) {
	known := v.values
	if len(files) == 0 {
		if name := path.Join(inner, ".env"); inner != folder && r.exists(name) {
			files = []string{name}
		}
	} else {
		for i := range files {
			files[i] = path.Join(folder, files[i])
		}
	}
	v.values = map[string]string{}
	for _, name := range files {
		if path.Base(name) != "null" {
			v.read(r, name, true)
		}
	}
	for name, value := range known {
		v.values[name] = value
	}
	return func() { v.values = known }
}

// fill returns a text with its variables filled in, and notes how a spec writes it.
func (v *variables) fill(r *reader, n *tree.Node, at []string) string {
	pieces, ok := template(n.Value)
	if r.dialect.Stack != nil {
		ok = ok && !slices.ContainsFunc(pieces, func(p piece) bool { return strings.HasSuffix(p.operator, "+") })
	}
	if !ok {
		r.report(diag.Error, r.dialect.Codes.Invalid, n, "", "a variable is not written as "+r.dialect.Title+" reads it", "Variables are $NAME, ${NAME} and ${NAME:-default}. A dollar that is meant as one is written $$.")
		return n.Value
	}
	var value, expression strings.Builder
	w := &written{}
	for _, p := range pieces {
		if p.name == "" {
			value.WriteString(p.literal)
			expression.WriteString(ir.EscapeLiteral(p.literal))
			continue
		}
		filled, how := v.fillPiece(r, n, p, holdsReferences(at))
		w.names = append(w.names, p.name)
		value.WriteString(filled)
		expression.WriteString(how)
	}
	if len(w.names) > 0 {
		w.expression = expression.String()
		if v.written[n] == nil {
			v.order = append(v.order, n)
		}
		v.written[n] = w
	}
	return value.String()
}

// fillPiece returns what stands for a variable: in the app, and in a spec.
func (v *variables) fillPiece(r *reader, n *tree.Node, p piece, references bool) (value, expression string) {
	if p.name == projectVariable && r.dialect.Stack == nil {
		if _, given := v.lookup(r)(p.name); !given {
			return r.projectName(), r.projectName()
		}
	}
	set, has := v.lookup(r)(p.name)
	use := has && (set != "" || !strings.HasPrefix(p.operator, ":"))
	switch {
	case strings.HasSuffix(p.operator, "+"):
		if !use {
			return "", ""
		}
		word := v.word(r, p.word)
		return word, ir.EscapeLiteral(word)
	case strings.HasSuffix(p.operator, "-") && !use:
		word := v.word(r, p.word)
		return word, v.variable(r, p.name, word, true)
	case (namesSecret(p.name) || saysSecret(p) || r.own != nil && p.operator == ":?") && references && !r.source.Bake:
		name := v.secret(r, p.name)
		if r.own != nil && p.operator == ":?" && !strings.HasPrefix(p.word, composefile.SecretMessage) {
			r.own.messages.Set(name, p.word)
		}
		if v.places[p.name] == nil {
			v.places[p.name] = n
		}
		return secretMark + strconv.Itoa(slices.Index(v.marks, p.name)) + secretEnd, "${secrets." + name + "}"
	case !has || strings.HasSuffix(p.operator, "?") && !use:
		if !slices.Contains(v.open, p.name) {
			v.open = append(v.open, p.name)
			v.places[p.name] = n
		}
		return "", v.variable(r, p.name, "", false)
	}
	return set, v.variable(r, p.name, set, true)
}

// word fills in the variables of what stands behind an operator.
func (v *variables) word(r *reader, word string) string {
	pieces, ok := template(word)
	if !ok {
		return word
	}
	var b strings.Builder
	for _, p := range pieces {
		set, has := v.lookup(r)(p.name)
		use := has && (set != "" || !strings.HasPrefix(p.operator, ":"))
		switch {
		case p.name == "":
			b.WriteString(p.literal)
		case strings.HasSuffix(p.operator, "-") && !use, strings.HasSuffix(p.operator, "+") && use:
			b.WriteString(v.word(r, p.word))
		case strings.HasSuffix(p.operator, "+"):
		default:
			b.WriteString(set)
		}
	}
	return b.String()
}

// variable returns the reference to the var that stands for a variable with a value.
func (v *variables) variable(r *reader, name, value string, has bool) string {
	if r.source.Bake {
		return ir.EscapeLiteral(value)
	}
	key := name + "\x00" + value + "\x00" + strconv.FormatBool(has)
	label, known := v.vars[key]
	if !known {
		original := strings.ToLower(strings.Trim(name, "_"))
		for n := 2; r.reading.Vars.Has(v.labels.Name(original)); n++ {
			original = strings.ToLower(name) + "-" + strconv.Itoa(n)
		}
		label = v.labels.Name(original)
		v.vars[key] = label
		r.reading.Vars.Set(label, backend.Var{Name: name, Default: value, HasDefault: has, Description: "variable " + name + " of the " + r.dialect.File + "s"})
	}
	return "${vars." + label + "}"
}

// text turns a text of the model into one of the app.
func (v *variables) text(s string) ir.Text {
	if !strings.Contains(s, secretMark) {
		return ir.Literal(s)
	}
	var t ir.Text
	for s != "" {
		before, rest, found := strings.Cut(s, secretMark)
		if before != "" {
			t = append(t, ir.Part{Literal: before})
		}
		if !found {
			break
		}
		number, after, _ := strings.Cut(rest, secretEnd)
		if n, err := strconv.Atoi(number); err == nil && n < len(v.marks) {
			t = append(t, ir.Part{Ref: ir.Ref{Kind: ir.RefSecret, Name: v.secrets[v.marks[n]]}})
		}
		s = after
	}
	return t
}

// plain returns a text of the model as Compose would read it again: secrets as their
// variables, dollars doubled.
func (v *variables) plain(s string) string {
	t := v.text(s)
	return t.Write(
		func(literal string) string { return strings.ReplaceAll(literal, "$", "$$") },
		func(ref ir.Ref) string {
			for name, label := range v.secrets {
				if label == ref.Name {
					return "${" + name + "}"
				}
			}
			return ""
		})
}

// holdsReferences reports whether what stands at a path of a Compose file becomes a
// text that can refer to secrets.
func holdsReferences(at []string) bool {
	if len(at) < 3 {
		return false
	}
	switch at[0] {
	case "services":
		switch at[2] {
		case "environment", "command", "entrypoint":
			return true
		case "healthcheck":
			return len(at) > 3 && at[3] == "test"
		}
	case "configs":
		return at[2] == "content"
	}
	return false
}

// reportOpen says once which variables have no value.
func (v *variables) reportOpen(r *reader) {
	if len(v.open) > 0 {
		var given []string
		for _, name := range v.open {
			given = append(given, "--var "+name+"=…")
		}
		r.report(diag.Warning, r.dialect.Codes.OpenVariable, v.places[v.open[0]], "", "variables without a value: "+strings.Join(v.open, ", "),
			"They are read as empty, as "+r.dialect.Title+" does, and are vars without a default in the spec. Give them with "+strings.Join(given, " ")+", or in "+r.dialect.VariableFile+".")
	}
	for _, n := range v.order {
		if w := v.written[n]; !w.used && !r.source.Bake {
			r.report(diag.Note, r.dialect.Codes.Baked, n, "", "a variable is replaced by its value: "+strings.Join(w.names, ", "),
				"A spec holds vars in texts, and not in numbers, or in what it carries for "+r.dialect.Title+" alone.")
		}
	}
}
