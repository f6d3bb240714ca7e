package composeread

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/override"
	"github.com/compose-spec/compose-go/v2/paths"
	"github.com/compose-spec/compose-go/v2/transform"
	composetree "github.com/compose-spec/compose-go/v2/tree"
	"github.com/compose-spec/compose-go/v2/validation"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/pattern"
	"github.com/decamp-dev/decamp/compiler/source"
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

// include reads the files that a document includes, and adds what they declare.
func (l *merger) include(m model, d *yamlDocument, name, folder string) error {
	entries, _ := m["include"].([]any)
	delete(m, "include")
	for i, entry := range entries {
		at := item(d.root.Get("include"), i)
		names, projectFolder := included(entry)
		for j := range names {
			names[j] = path.Join(folder, names[j])
		}
		if len(names) == 0 {
			continue
		}
		inner := path.Dir(names[0])
		if projectFolder != "" {
			inner = path.Join(folder, projectFolder)
		}
		if err := l.includeFiles(m, d, at, names, name, folder, inner, environmentFiles(entry)); err != nil {
			return err
		}
	}
	return nil
}

func (l *merger) includeFiles(m model, d *yamlDocument, at *tree.Node, names []string, from, folder, inner string, environment []string) error {
	if slices.Contains(l.including, names[0]) || names[0] == from {
		return refuse(at, l.r.dialect.Codes.Invalid, "files include each other in a circle: "+strings.Join(append(append(l.including, from), names[0]), " → "), "Take one of the includes out.")
	}
	for _, n := range names {
		if !l.r.exists(n) {
			l.r.report(diag.Error, codeFileMissing, at, "", "an included file is missing: "+n, "Name it so that it is found from here, or take it out of include.")
			return nil
		}
	}
	l.including = append(l.including, from)
	restore := l.r.variables.include(l.r, folder, inner, environment)
	imported, err := (&merger{r: l.r, bases: map[string]*extendBase{}, including: l.including}).files(names, inner, relativeTo(folder, inner))
	restore()
	l.including = l.including[:len(l.including)-1]
	if err != nil {
		return err
	}
	for _, section := range []string{"services", "volumes", "networks", "secrets", "configs", "models"} {
		if err := l.importSection(m, d, imported, section); err != nil {
			return err
		}
	}
	return nil
}

func (l *merger) importSection(m model, d *yamlDocument, imported model, section string) error {
	from, _ := imported[section].(model)
	if from == nil {
		return nil
	}
	into, _ := m[section].(model)
	if into == nil {
		into = model{}
	}
	for _, name := range slices.Sorted(maps.Keys(from)) {
		own, conflict := into[name]
		if !conflict {
			into[name] = from[name]
			continue
		}
		d.reset(model{section: model{name: from[name]}})
		merged, err := override.MergeYaml(from[name], own, composetree.NewPath(section, name))
		if err != nil {
			return l.r.explain(err, l.r.dialect.Codes.Invalid)
		}
		into[name] = merged
	}
	m[section] = into
	return nil
}

// included returns the files of an entry of include, and the folder of their project.
func included(entry any) (names []string, folder string) {
	switch v := entry.(type) {
	case string:
		return []string{v}, ""
	case model:
		folder, _ = v["project_directory"].(string)
		return texts(v["path"]), folder
	}
	return nil, ""
}

func environmentFiles(entry any) []string {
	m, _ := entry.(model)
	return texts(m["env_file"])
}

// texts returns the strings of a list, or of one string.
func texts(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		var list []string
		for _, e := range v {
			if e != nil {
				list = append(list, fmt.Sprint(e))
			}
		}
		return list
	}
	return nil
}

// relativeTo returns the path from one folder to another, both within one file system.
func relativeTo(from, to string) string {
	from, to = path.Clean(from), path.Clean(to)
	if from == to {
		return "."
	}
	var a, b []string
	if from != "." {
		a = strings.Split(from, "/")
	}
	if to != "." {
		b = strings.Split(to, "/")
	}
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	return path.Join(append(slices.Repeat([]string{".."}, len(a)), b...)...)
}

// open returns a file of the source.
func (r *reader) open(name string) (*source.File, error) {
	for i, p := range r.source.Paths {
		if p == name && i < len(r.source.Files) {
			return r.source.Files[i], nil
		}
	}
	data, err := r.data(name)
	if err != nil {
		return nil, refuse(nil, codeFileMissing, "a file cannot be read: "+name, "It is named by the files that were read.")
	}
	return source.NewFile(name, data), nil
}

// data returns the bytes of a file beside the source's files.
func (r *reader) data(name string) ([]byte, error) {
	name = path.Clean(name)
	if r.source.FS == nil || !fs.ValidPath(name) {
		return nil, fs.ErrNotExist
	}
	return fs.ReadFile(r.source.FS, name)
}

func (r *reader) exists(name string) bool {
	name = path.Clean(name)
	for _, p := range r.source.Paths {
		if p == name {
			return true
		}
	}
	if r.source.FS == nil || !fs.ValidPath(name) {
		return false
	}
	info, err := fs.Stat(r.source.FS, name)
	return err == nil && !info.IsDir()
}

// templateSign is what only Helm, Jinja and their like fill in. Docker has templates of
// its own, in braces too, which are part of a Compose file.
var templateSign = pattern.New(`\{\{-?\s*(\.Values|\.Release|\.Chart|include|template|toYaml|if|range|end)\b|\{%-?\s*(if|for|set|include|endif|endfor|block|extends|macro)\b`)

// looksTemplated reports whether a file that is no YAML has the marks of a template.
func looksTemplated(f *source.File) bool {
	text := string(f.Data)
	return strings.Contains(text, "{{") && strings.Contains(text, "}}") || strings.Contains(text, "{%") || strings.Contains(text, "[[") && strings.Contains(text, "]]")
}
