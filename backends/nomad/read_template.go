package nomad

import (
	"path"
	"strings"
	"text/template/parse"

	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/decamp-dev/decamp/backends/internal/naming"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// templates reads the templates of a task whose content the spec can say: literal
// text, secrets that are Nomad variables, addresses of services of the app.
func (r *reader) templates(t *sourceTask) {
	first := true
	for _, doc := range blocksOf(t.doc, "template") {
		destination := strings.TrimPrefix(path.Clean(r.folderNames(textOf(doc.Get("destination"), ""))), "/")
		text, ok := r.templateText(t, doc)
		environment := textOf(doc.Get("env"), "") == "true"
		if !ok {
			what := "the file " + destination + " is"
			if environment {
				what = "variables are"
			}
			r.report(diag.Warning, CodeTemplate, r.whereOf(doc), t.path(), what+" rendered by Nomad, from what only it can ask",
				"The template stays in the ledger, for Nomad only. Say on other platforms what it gives: secrets, configs, or references to workloads.")
			continue
		}
		if environment {
			if r.environmentFile(t, doc, text) && first {
				r.ids[doc] = environmentFile
				first = false
			}
			continue
		}
		r.configFile(t, doc, destination, text)
	}
}

// folderNames replaces the variables for a task's own folders.
func (r *reader) folderNames(destination string) string {
	return strings.NewReplacer("${NOMAD_TASK_DIR}", "local", "${NOMAD_SECRETS_DIR}", "secrets", "${NOMAD_ALLOC_DIR}", "../alloc").Replace(destination)
}

// templateText reads a template; false when it does more than the spec can say.
func (r *reader) templateText(t *sourceTask, doc *document.Value) (ir.Text, bool) {
	data := doc.Get("data")
	if data == nil || textOf(doc.Get("source"), "") != "" {
		return nil, false
	}
	left, right := textOf(doc.Get("left_delimiter"), "{{"), textOf(doc.Get("right_delimiter"), "}}")
	if !strings.Contains(data.Text, left) {
		return ir.Literal(data.Text), true
	}
	tree := parse.New("template")
	tree.Mode = parse.SkipFuncCheck
	parsed, err := tree.Parse(data.Text, left, right, map[string]*parse.Tree{})
	if err != nil || parsed.Root == nil {
		return nil, false
	}
	w := &templateReader{reader: r, task: t, where: doc}
	if !w.list(parsed.Root, templateScope{}) {
		return nil, false
	}
	return joined(w.text), true
}

// templateReader turns the nodes of a template into a text.
type templateReader struct {
	reader *reader
	task   *sourceTask
	where  *document.Value
	text   ir.Text
}

// templateScope is what the dot stands for.
type templateScope struct {
	variable string // path of a Nomad variable
	service  string
}

func (w *templateReader) list(nodes *parse.ListNode, scope templateScope) bool {
	if nodes == nil {
		return true
	}
	for _, n := range nodes.Nodes {
		if !w.node(n, scope) {
			return false
		}
	}
	return true
}

func (w *templateReader) node(n parse.Node, scope templateScope) bool {
	switch n := n.(type) {
	case *parse.TextNode:
		w.text = append(w.text, ir.Part{Literal: string(n.Text)})
		return true
	case *parse.CommentNode:
		return true
	case *parse.WithNode:
		words := pipeWords(n.Pipe)
		if len(words) != 2 || words[0] != "nomadVar" || n.ElseList != nil && len(n.ElseList.Nodes) > 0 {
			return false
		}
		return w.list(n.List, templateScope{variable: words[1]})
	case *parse.RangeNode:
		words := pipeWords(n.Pipe)
		if len(words) < 2 || words[0] != "nomadService" || n.ElseList != nil && len(n.ElseList.Nodes) > 0 {
			return false
		}
		return w.oneOf(n, words)
	case *parse.ActionNode:
		return w.action(n, scope)
	}
	return false
}

// oneOf reads a loop over the instances of a service. What has an end of its own for
// each instance, such as the lines of an upstream, is no address.
func (w *templateReader) oneOf(n *parse.RangeNode, words []string) bool {
	before := len(w.text)
	service := words[len(words)-1]
	if _, known := w.reader.services[service]; !known {
		return false
	}
	if !w.list(n.List, templateScope{service: service}) {
		return false
	}
	if words[1] == "1" && len(words) > 2 {
		return true
	}
	inside := w.text[before:]
	for _, part := range inside {
		if strings.ContainsAny(part.Literal, "\n,; ") {
			return false
		}
	}
	return len(inside) > 0
}

func (w *templateReader) action(n *parse.ActionNode, scope templateScope) bool {
	if len(n.Pipe.Decl) > 0 || len(n.Pipe.Cmds) == 0 || len(n.Pipe.Cmds) > 2 {
		return false
	}
	if len(n.Pipe.Cmds) == 2 {
		last := n.Pipe.Cmds[1]
		if len(last.Args) != 1 || last.Args[0].String() != "toJSON" {
			return false
		}
	}
	args := n.Pipe.Cmds[0].Args
	if len(args) != 1 {
		return false
	}
	switch arg := args[0].(type) {
	case *parse.StringNode:
		w.text = append(w.text, ir.Part{Literal: arg.Text})
		return true
	case *parse.FieldNode:
		return w.field(arg.Ident, scope)
	}
	return false
}

func (w *templateReader) field(names []string, scope templateScope) bool {
	switch {
	case scope.variable != "" && (len(names) == 1 || len(names) == 2 && names[1] == "Value"):
		ref, ok := w.reader.secretRef(w.task, scope.variable, names[0], w.where)
		w.text = append(w.text, ir.Part{Ref: ref})
		return ok
	case scope.service != "" && len(names) == 1:
		to := w.reader.services[scope.service]
		switch names[0] {
		case "Address":
			w.text = append(w.text, ir.Part{Ref: ir.Ref{Kind: ir.RefWorkloadHost, Name: to.group.name}})
			return true
		case "Port":
			w.text = append(w.text, ir.Part{Ref: ir.Ref{Kind: ir.RefWorkloadPort, Name: to.group.name, Field: to.port}})
			return true
		}
	}
	return false
}

// pipeWords are the words of a call of one function; nil for anything else. A call in
// parentheses counts as a word.
func pipeWords(pipe *parse.PipeNode) []string {
	if pipe == nil || len(pipe.Cmds) != 1 || len(pipe.Decl) > 0 {
		return nil
	}
	var words []string
	for _, arg := range pipe.Cmds[0].Args {
		switch arg := arg.(type) {
		case *parse.StringNode:
			words = append(words, arg.Text)
		case *parse.IdentifierNode:
			words = append(words, arg.Ident)
		case *parse.NumberNode, *parse.PipeNode:
			words = append(words, arg.String())
		default:
			return nil
		}
	}
	return words
}

// configFile makes a config of a template that is a file, and finds where the
// container sees it.
func (r *reader) configFile(t *sourceTask, doc *document.Value, destination string, text ir.Text) {
	name := r.configName(t, destination, text)
	t.files[destination] = name
	targets := r.mountedAt(t, destination)
	if len(targets) == 0 {
		if !strings.HasPrefix(destination, "local/") && !strings.HasPrefix(destination, "secrets/") {
			r.report(diag.Warning, CodeTemplate, r.whereOf(doc), t.path(), "the file "+destination+" is outside of what the container sees of its task", "The template stays in the ledger, for Nomad only.")
			return
		}
		targets = []string{"/" + destination}
	}
	for _, target := range targets {
		f := ir.FileMount{Config: name}
		at := ir.JoinPath(t.path()+".files", target)
		if secret, key, whole := wholeSecret(text); whole {
			f = ir.FileMount{Secret: secret, Key: key}
		}
		r.fileDetails(&f, at, doc)
		if t.out.Mounts.Has(target) || t.out.Files.Has(target) {
			continue
		}
		t.out.Files.Set(target, f)
		r.said(at, doc)
		if f.Config != "" {
			r.addConfig(f.Config, doc, text)
		}
		r.ids[doc] = emittedFile(target, text)
	}
}

// wholeSecret reports a text that is one secret and nothing else.
func wholeSecret(text ir.Text) (name, key string, whole bool) {
	if len(text) == 1 && text[0].Ref.Kind == ir.RefSecret {
		return text[0].Ref.Name, text[0].Ref.Field, true
	}
	return "", "", false
}

func (r *reader) fileDetails(f *ir.FileMount, at string, doc *document.Value) {
	if v := doc.Get("perms"); v != nil && v.Text != defaults["Template.perms"] {
		if mode, err := ir.ParseFileMode(v.Text); err == nil {
			f.Mode = &mode
			r.said(at+".mode", v)
		}
	}
	if n, ok := intOf(doc.Get("uid")); ok && n >= 0 {
		f.UID = new(int64(n))
		r.said(at+".uid", doc.Get("uid"))
	}
	if n, ok := intOf(doc.Get("gid")); ok && n >= 0 {
		f.GID = new(int64(n))
		r.said(at+".gid", doc.Get("gid"))
	}
}

func (r *reader) addConfig(name string, doc *document.Value, text ir.Text) {
	if r.app.Configs.Has(name) {
		return
	}
	at := ir.JoinPath("configs", name)
	r.app.Configs.Set(name, ir.Config{Content: text})
	r.said(at, doc)
	data := doc.Get("data")
	if plain, ok := text.Plain(); ok && data != nil && plain == data.Text {
		r.saidText(at+".content", data)
		return
	}
	r.said(at+".content", data)
}

// configName names a config after its file; the same content is the same config.
func (r *reader) configName(t *sourceTask, destination string, text ir.Text) string {
	base := naming.Label(path.Base(destination))
	content := base + "\x00" + text.String()
	if known := r.configOf[content]; known != "" {
		return known
	}
	name := base
	for _, wish := range []string{base, t.group.name + "-" + base, t.group.name + "-" + naming.Label(destination), t.group.name + "-" + naming.Label(t.label) + "-" + naming.Label(destination)} {
		name = naming.Label(wish)
		if !r.takenConfigs()[name] {
			break
		}
	}
	r.configOf[content] = name
	return name
}

func (r *reader) takenConfigs() map[string]bool {
	taken := map[string]bool{}
	for _, name := range r.configOf {
		taken[name] = true
	}
	return taken
}
