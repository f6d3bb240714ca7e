package composeread

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/decamp-dev/decamp/backends/internal/naming"
	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/source"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// reader makes an app of Compose files.
type reader struct {
	dialect   *Dialect
	own       *ownStack // nil where the files are not the backend's own
	source    backend.Source
	diags     diag.List
	app       *ir.App
	positions backend.Positions
	reading   backend.Reading

	folder     string // of the project, within the source's file system
	root       string // that paths of the app are relative to
	variables  variables
	documents  []*tree.Node                // the later ones count first
	bases      map[*tree.Node][]*tree.Node // service → the services that it extends
	index      map[*tree.Node]map[string]*tree.Pair
	extensions []*tree.Node        // keys that begin with x-
	order      map[string][]string // section → names, as the files have them

	model    *fields
	names    names
	services []*composeService
	byName   map[string]*composeService
	provided map[string]bool // services that a program provides, which Compose starts
	taken    map[string]bool // published numbers
	raw      map[string]bool // texts of the ledger that Compose fills in
	topRest  []carriedPart
}

// names are the spaces in which things of the app have their names.
type names struct{ workloads, volumes, networks, configs, secrets naming.Names }

// TopKey reports whether a line of a text begins with a key.
func TopKey(data []byte, key string) bool {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	prefix := []byte(key + ":")
	return bytes.HasPrefix(data, prefix) || bytes.Contains(data, append([]byte("\n"), prefix...)) || bytes.Contains(data, append([]byte("\r"), prefix...)) ||
		len(data) > 0 && data[0] == '{' && bytes.Contains(data, []byte(`"`+key+`"`))
}

func newReader(d *Dialect, s backend.Source) *reader {
	r := &reader{dialect: d, source: s, app: &ir.App{}, positions: backend.Positions{}, bases: map[*tree.Node][]*tree.Node{}, index: map[*tree.Node]map[string]*tree.Pair{}, order: map[string][]string{}, byName: map[string]*composeService{}, provided: map[string]bool{}, taken: map[string]bool{}, raw: map[string]bool{}}
	r.app.Locator = r.positions
	r.reading = backend.Reading{App: r.app, Expressions: map[string]string{}, Comments: map[string]string{}}
	return r
}

// Read turns files of a dialect, merged in their order, into an app.
func Read(d *Dialect, s backend.Source) (backend.Reading, diag.List) {
	r := newReader(d, s)
	names := slices.DeleteFunc(slices.Clone(s.Paths), func(name string) bool { return path.Base(name) == CrontabFile })
	if len(names) == 0 {
		return backend.Reading{}, nil
	}
	r.folder, r.root = path.Dir(names[0]), path.Clean(s.Root)
	r.findOwn()
	r.variables.load(r, r.folder)
	loaded, err := (&merger{r: r, bases: map[string]*extendBase{}}).files(names, r.folder, "")
	if err != nil {
		r.refuse(err)
		return backend.Reading{}, r.diags
	}
	if r.diags.HasErrors() {
		return backend.Reading{}, r.diags
	}
	r.model = newFields(Basic(loaded), r.at())
	r.noteWaves()
	r.nameApp()
	r.declare()
	r.readServices()
	r.objects()
	r.top()
	r.variables.reportOpen(r)
	r.reportNames()
	r.reportExtensions()
	return r.reading, r.diags
}

// Model returns what a single file says, with its variables filled in and in the long
// forms, or what is wrong with it.
func Model(d *Dialect, f *source.File) (merged map[string]any, problems []string) {
	r := newReader(d, backend.Source{Paths: []string{f.Name}, Files: []*source.File{f}})
	r.variables.load(r, ".")
	merged, err := (&merger{r: r, bases: map[string]*extendBase{}}).files(r.source.Paths, ".", "")
	for _, found := range r.diags {
		if found.Severity == diag.Error {
			problems = append(problems, found.Summary)
		}
	}
	if err != nil && len(problems) == 0 {
		problems = append(problems, firstLine(err.Error()))
	}
	m, _ := Basic(merged).(model)
	return m, problems
}

// local writes a path that is relative to the project as the app has it.
func (r *reader) local(p string) string {
	if !relativePath(p) {
		return p
	}
	return relativeTo(r.root, path.Join(r.folder, p))
}

// setLocal is set for a path of the project that the app has from its own root.
func (r *reader) setLocal(at string, p place, original, value string) {
	n := p.node()
	if n == nil {
		return
	}
	r.positions.Set(at, n)
	if w := r.variables.written[n]; w != nil {
		r.writeLocal(at, n, w.expression, original, value)
	}
}

// writeLocal keeps an expression for a path. One that begins with a var can only be
// kept where the path is the same from here.
func (r *reader) writeLocal(at string, n *tree.Node, expression, original, value string) {
	if value != original {
		if strings.HasPrefix(expression, "$") && r.root != r.folder {
			return
		}
		expression = path.Join(relativeTo(r.root, r.folder), expression)
	}
	r.write(at, n, expression, value)
}

func (r *reader) refuse(err error) {
	var f *failure
	switch {
	case errors.Is(err, errReported):
	case errors.As(err, &f):
		r.report(diag.Error, f.code, f.node, "", f.summary, f.detail)
	default:
		r.report(diag.Error, r.dialect.Codes.Invalid, nil, "", r.dialect.Title+" does not take this: "+firstLine(err.Error()), r.dialect.Library)
	}
}

// headComment keeps what stands above everything.
func (r *reader) headComment() {
	if n := len(r.documents); n > 0 {
		if c := r.documents[0].Comments; c != nil && c.Head != "" {
			r.reading.Comments[""] = uncommented(c.Head)
		}
	}
}

// noteOrder remembers the order in which a document names things.
func (r *reader) noteOrder(root *tree.Node) {
	for _, section := range root.Pairs {
		r.order[section.Key.Value] = append(r.order[section.Key.Value], section.Value.Keys()...)
	}
}

// names of a section in the order of the files.
func (r *reader) section(name string) (list []string, all model) {
	all, _ = r.model.m[name].(model)
	seen := map[string]bool{}
	for _, n := range append(r.order[name], sorted(all)...) {
		if _, ok := all[n]; ok && !seen[n] {
			seen[n] = true
			list = append(list, n)
		}
	}
	return list, all
}

// declare gives everything its name, those first that can keep theirs.
func (r *reader) declare() {
	for _, space := range []struct {
		section string
		names   *naming.Names
	}{{"services", &r.names.workloads}, {"volumes", &r.names.volumes}, {"networks", &r.names.networks}, {"configs", &r.names.configs}, {"secrets", &r.names.secrets}} {
		list, _ := r.section(space.section)
		space.names.Reserve(list...)
		if space.section != "services" {
			for _, name := range list {
				space.names.Name(name)
			}
		}
	}
}

// reportNames says which things got other names.
func (r *reader) reportNames() {
	for _, space := range []struct {
		section string
		names   *naming.Names
	}{{"services", &r.names.workloads}, {"volumes", &r.names.volumes}, {"networks", &r.names.networks}, {"configs", &r.names.configs}, {"secrets", &r.names.secrets}} {
		for _, original := range space.names.Renamed() {
			label := space.names.Name(original)
			path := ir.JoinPath(strings.Replace(space.section, "services", "workloads", 1), label)
			r.report(diag.Note, codeRenamed, r.at(space.section, original), path, fmt.Sprintf("%s is called %s", original, label),
				"Names are DNS labels: lower-case letters, digits and dashes. What is written elsewhere with the old name (a host name in a text) has to follow.")
		}
	}
}

// reportExtensions says which x- keys nobody reads. What an anchor brings elsewhere is
// read there.
func (r *reader) reportExtensions() {
	for _, key := range r.extensions {
		if !r.anchored(key) {
			r.report(diag.Note, r.dialect.Codes.Ignored, key, "", key.Value+" is for other tools, and is left out", r.dialect.Title+" itself reads no key that begins with x-. Keep what you need of it under x- in the spec.")
		}
	}
}

// anchored reports whether the value of a key stands in other places too.
func (r *reader) anchored(key *tree.Node) bool {
	for _, d := range r.documents {
		for _, p := range d.Pairs {
			if p.Key == key {
				used := map[*tree.Node]bool{}
				for _, other := range d.Pairs {
					if !strings.HasPrefix(other.Key.Value, "x-") {
						collect(other.Value, used)
					}
				}
				return contains(p.Value, used)
			}
		}
	}
	return false
}

func collect(n *tree.Node, into map[*tree.Node]bool) {
	if n == nil || into[n] {
		return
	}
	into[n] = true
	for _, p := range n.Pairs {
		collect(p.Value, into)
	}
	for _, item := range n.Items {
		collect(item, into)
	}
}

// contains reports whether every scalar below a node is among the used ones.
func contains(n *tree.Node, used map[*tree.Node]bool) bool {
	if used[n] {
		return true
	}
	if n.Kind.IsScalar() || len(n.Pairs)+len(n.Items) == 0 {
		return false
	}
	for _, p := range n.Pairs {
		if !contains(p.Value, used) {
			return false
		}
	}
	for _, item := range n.Items {
		if !contains(item, used) {
			return false
		}
	}
	return true
}
