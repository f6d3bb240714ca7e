package composeread

import (
	"fmt"

	"github.com/compose-spec/compose-go/v2/override"
	"github.com/compose-spec/compose-go/v2/paths"
	"github.com/compose-spec/compose-go/v2/transform"
	"github.com/compose-spec/compose-go/v2/validation"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// The merger takes the steps of compose-go's own loader, with that library's parts for
// each of them: merge, canonical form, schema, paths. It reads from the source's file
// system instead of the disk, keeps the place of every value, and leaves out the
// library's search for cycles, which takes the square of the number of services.

// model is Compose's dictionary of a project.
type model = map[string]any

// merger turns files into one model.
type merger struct {
	r         *reader
	bases     map[string]*extendBase
	including []string // files whose includes are being read
}

// yamlDocument is one YAML document of a file.
type yamlDocument struct {
	root   *tree.Node
	model  model
	resets [][]string // paths that are taken out of what the document is merged over
}

// failure is an error that has been reported already, or one with a place.
type failure struct {
	node            *tree.Node
	code            diag.Code
	summary, detail string
}

func (f *failure) Error() string { return f.summary }

func refuse(n *tree.Node, code diag.Code, summary, detail string) error {
	return &failure{n, code, summary, detail}
}

// files merges files into one model. folder is that of the project, within the
// source's file system; relative says where it lies from the project's folder.
func (l *merger) files(names []string, folder, relative string) (model, error) {
	merged := model{}
	for _, name := range names {
		documents, err := l.open(name)
		if err != nil {
			return nil, err
		}
		for _, d := range documents {
			if merged, err = l.merge(merged, d, name, folder); err != nil {
				return nil, err
			}
		}
	}
	if l.r.dialect.Stack != nil {
		var err error
		if merged, err = override.EnforceUnicity(merged); err != nil {
			return nil, l.r.explain(err, l.r.dialect.Codes.Invalid)
		}
	}
	if err := validation.Validate(merged); err != nil {
		return nil, l.r.explain(err, l.r.dialect.Codes.Invalid)
	}
	if relative != "" && relative != "." {
		if err := paths.ResolveRelativePaths(merged, relative, nil); err != nil {
			return nil, err
		}
	}
	return merged, nil
}

// open parses a file and fills its variables in.
func (l *merger) open(name string) ([]*yamlDocument, error) {
	file, err := l.r.open(name)
	if err != nil {
		return nil, err
	}
	roots, list := tree.ParseAll(file, tree.Limits{})
	if list.HasErrors() && looksTemplated(file) || templateSign().Match(file.Data) {
		return nil, refuse(nil, codeTemplateSource, "the file is a template: "+file.Name, "Its marks ({{ }}, {% %} or [[ ]]) are filled in by another program. Run that program first, and read what it writes.")
	}
	l.r.diags = append(l.r.diags, list...)
	if list.HasErrors() {
		return nil, errReported
	}
	var documents []*yamlDocument
	for _, root := range roots {
		if root.Kind != tree.Mapping {
			return nil, refuse(root, l.r.dialect.Codes.Invalid, fmt.Sprintf("a %s stands where the mapping of a "+l.r.dialect.File+" belongs", root.Kind), "A "+l.r.dialect.File+" has services: at its top.")
		}
		if err := l.legacy(root); err != nil {
			return nil, err
		}
		l.r.documents = append(l.r.documents, root)
		c := &converter{r: l.r}
		d := &yamlDocument{root: root}
		d.model, _ = c.value(root, nil).(model)
		d.resets = c.resets
		documents = append(documents, d)
	}
	return documents, nil
}

// legacy recognises the first layout of Compose files, with services at the top.
func (l *merger) legacy(root *tree.Node) error {
	for _, p := range root.Pairs {
		if p.Key.Value == "services" || p.Key.Value == "include" || p.Key.Value == "name" {
			return nil
		}
	}
	for _, p := range root.Pairs {
		if p.Value.Get("image") != nil || p.Value.Get("build") != nil {
			return refuse(p.Key, l.r.dialect.Codes.Legacy, "the file has the layout of Compose 1: services stand at the top",
				"No "+l.r.dialect.Title+" reads it any more. Put everything that is there now, indented, under services:. Names that are linked stay reachable; volumes with a name are declared under volumes: at the top.")
		}
	}
	return nil
}

// merge lays a document over what is there, in the order of compose-go: includes,
// resets, extends, merge, schema, canonical form.
func (l *merger) merge(base model, d *yamlDocument, name, folder string) (model, error) {
	m := d.model
	l.r.noteOrder(d.root)
	if l.r.dialect.Stack != nil {
		return l.mergeStack(base, d)
	}
	if err := l.include(m, d, name, folder); err != nil {
		return nil, err
	}
	d.reset(base)
	if err := l.extend(m, d, name, folder); err != nil {
		return nil, err
	}
	merged, err := override.Merge(base, m)
	if err != nil {
		return nil, l.r.explain(err, l.r.dialect.Codes.Invalid)
	}
	if merged, err = override.EnforceUnicity(merged); err != nil {
		return nil, l.r.explain(err, l.r.dialect.Codes.Invalid)
	}
	return l.canonical(merged, d)
}

// mergeStack lays a document over what is there, in the order of docker/cli: each is held
// against the schema and brought to the long forms by itself, so that a thousand files
// take no more than their own time. Stack files know no includes, resets and extends.
func (l *merger) mergeStack(base model, d *yamlDocument) (model, error) {
	if l.refusedKeys(d) {
		return nil, errReported
	}
	if err := l.r.conform(d.model); err != nil {
		return nil, err
	}
	m, err := l.canonical(d.model, d)
	if err != nil {
		return nil, err
	}
	merged, err := override.Merge(base, m)
	if err != nil {
		return nil, l.r.explain(err, l.r.dialect.Codes.Invalid)
	}
	return merged, nil
}

// refusedKeys reports the keys of services that are refused.
func (l *merger) refusedKeys(d *yamlDocument) (any bool) {
	for _, services := range d.root.Get("services").Elements() {
		for _, service := range services.Pairs {
			for _, p := range service.Value.Pairs {
				if instead, refused := l.r.dialect.Stack.Refused[p.Key.Value]; refused {
					any = true
					l.r.report(diag.Error, l.r.dialect.Codes.Invalid, &p, "", fmt.Sprintf("docker stack deploy refuses %s of a service", p.Key.Value), instead)
				}
			}
		}
	}
	return any
}

// canonical holds what is merged against the schema, and gives it the long forms.
func (l *merger) canonical(merged model, d *yamlDocument) (model, error) {
	var err error
	if version, ok := merged["version"]; ok && l.r.dialect.Stack != nil {
		if text := scalar(version); !l.r.dialect.Stack.Version(text) {
			return nil, refuse(d.root.Get("version"), l.r.dialect.Codes.Invalid, "version "+text+" of the form cannot be deployed", l.r.dialect.Authority)
		}
		delete(merged, "version")
	} else if ok {
		l.r.report(diag.Note, l.r.dialect.Codes.Ignored, d.root.Pair("version"), "", fmt.Sprintf("version: %v means nothing to "+l.r.dialect.Title+" any more", version), "Every file is read by the newest rules. Take the line out.")
		delete(merged, "version")
	}
	if l.r.dialect.Stack == nil { // each stack file has been held by itself
		if err := l.r.conform(merged); err != nil {
			return nil, err
		}
	}
	if merged, err = transform.Canonical(merged, false); err != nil {
		return nil, l.r.explain(err, l.r.dialect.Codes.Invalid)
	}
	if merged, err = override.EnforceUnicity(merged); err != nil {
		return nil, l.r.explain(err, l.r.dialect.Codes.Invalid)
	}
	return merged, nil
}

// reset takes out of a model what the document resets or replaces.
func (d *yamlDocument) reset(base model) {
	for _, p := range d.resets {
		remove(base, p)
	}
}

func remove(m model, p []string) {
	for ; len(p) > 1; p = p[1:] {
		next, ok := m[p[0]].(model)
		if !ok {
			return
		}
		m = next
	}
	if len(p) == 1 {
		delete(m, p[0])
	}
}
