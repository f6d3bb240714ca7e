package score

import (
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

const supportedVersion = "score.dev/v1b1"

// reader makes one app of the workloads of a Score project.
type reader struct {
	source    backend.Source
	list      diag.List
	app       *ir.App
	positions backend.Positions
	reading   backend.Reading

	workloads []*workload
	byName    map[string]*workload
	resources []*sharedResource // in the order of the files
	names     names
	used      map[string]bool // of the variables that the user gave
	secrets   []*sharedResource
	configs   []*fileConfig
	configAt  map[string]*fileConfig     // by place
	mounters  map[string]map[string]bool // workloads by the volume from outside that they mount
	servers   map[string]bool            // labels of resources that are endpoints
}

// names are the spaces in which things of the app have their names.
type names struct{ volumes, routes, endpoints, secrets, configs, vars naming.Names }

// workload is one Score file.
type workload struct {
	*document
	root      *tree.Node
	folder    string // of the file, within the source's file system
	name      string
	main      string // name of the main container
	resources map[string]*sharedResource
	unknown   []unknownKey
}

// path of the workload in the app.
func (w *workload) path() string { return ir.JoinPath("workloads", w.name) }

func read(s backend.Source) (backend.Reading, diag.List) {
	r := &reader{source: s, app: &ir.App{}, positions: backend.Positions{}, used: map[string]bool{},
		byName: map[string]*workload{}, configAt: map[string]*fileConfig{}, mounters: map[string]map[string]bool{}, servers: map[string]bool{}}
	r.reading = backend.Reading{App: r.app, Expressions: map[string]string{}, Comments: map[string]string{}}
	r.app.Locator = r.positions
	for i, f := range s.Files {
		r.file(f, r.folderOf(i, f))
	}
	if len(r.workloads) == 0 {
		if !r.list.HasErrors() {
			r.report(diag.Error, CodeShape, nil, "", "there is no Score workload in the files", "A workload has apiVersion: score.dev/v1b1, metadata and containers.")
		}
		return backend.Reading{}, r.list
	}
	r.nameApp()
	r.shareResources()
	r.findConfigs()
	for _, w := range r.workloads {
		r.app.Workloads = append(r.app.Workloads, ir.Item[ir.Workload]{Key: w.name, Value: r.workload(w)})
	}
	r.provision()
	r.writeConfigs()
	for _, w := range r.workloads {
		r.carryUnknown(w)
	}
	r.unusedVariables()
	return r.reading, r.list
}

func (r *reader) folderOf(i int, f *source.File) string {
	if len(r.source.Paths) == len(r.source.Files) {
		return path.Dir(r.source.Paths[i])
	}
	return path.Dir(f.Name)
}

// file decodes each document of a file.
func (r *reader) file(f *source.File, folder string) {
	documents, list := tree.ParseAll(f, tree.Limits{})
	r.list = append(r.list, list...)
	for _, root := range documents {
		if !r.isWorkload(root) {
			continue
		}
		decoded, d := decodeDocument(root)
		r.list = append(r.list, d.list...)
		w := &workload{document: decoded, root: root, folder: folder, name: naming.Label(decoded.Metadata.Name.Text), resources: map[string]*sharedResource{}, unknown: d.unknown}
		if !decoded.Metadata.Name.said() || len(decoded.Containers) == 0 {
			if len(d.list) == 0 {
				r.report(diag.Error, CodeShape, root.Get("containers"), "containers", "a workload has at least one container", "")
			}
			continue
		}
		if w.name != decoded.Metadata.Name.Text {
			r.report(diag.Warning, codeRenamed, decoded.Metadata.Name.Node, w.path(), fmt.Sprintf("workload %q is called %s", decoded.Metadata.Name.Text, w.name), "Names are DNS labels, in Score too.")
		}
		if other := r.find(w.name); other != nil {
			r.report(diag.Error, CodeTwice, decoded.Metadata.Name.Node, w.path(), fmt.Sprintf("two files describe the workload %s", w.name), "Leave one of them out, or import it apart.")
			r.list[len(r.list)-1].Related = []diag.Related{{Range: other.Metadata.Name.Node.Range(), Message: "the first is here"}}
			continue
		}
		r.workloads = append(r.workloads, w)
		r.byName[w.name] = w
	}
}

func (r *reader) isWorkload(root *tree.Node) bool {
	version := root.Get("apiVersion")
	if version != nil && version.Value == supportedVersion {
		return true
	}
	said := "the file says no apiVersion"
	if version != nil {
		said = fmt.Sprintf("the file is of version %q", version.Value)
	}
	at := root
	if version != nil {
		at = version
	}
	r.report(diag.Error, CodeVersion, at, "", said, "What can be read is apiVersion: "+supportedVersion+".")
	return false
}

func (r *reader) find(name string) *workload { return r.byName[name] }

// nameApp takes the name that the user or the folder gives; Score has none for
// several workloads together.
func (r *reader) nameApp() {
	r.app.Name = r.workloads[0].name
	if r.source.Name != "" {
		r.app.Name = naming.Label(r.source.Name)
	}
	r.positions.Set("name", r.workloads[0].Metadata.Name.Node)
}

// workload makes one workload of a file.
func (r *reader) workload(w *workload) ir.Workload {
	at := w.path()
	var result ir.Workload
	r.positions.Set(at, w.Metadata.Name.Node)
	r.comment(at, w.root.Pairs[0].Key)
	for _, a := range w.Metadata.Annotations {
		r.place(ir.JoinPath(at+".annotations", a.Name), a.Key, a.Value.Node)
		result.Annotations.Set(a.Name, a.Value.Text)
	}
	if len(w.Metadata.Others) > 0 {
		r.carry(w, "Score lets tools put what they like into metadata, and no platform but theirs reads it", "drop it, or say as an annotation what is still needed",
			w.Metadata.Others[0].Key, extras([]string{"metadata"}, w.Metadata.Others)...)
	}
	order := r.order(w)
	for _, c := range order.containers {
		built := ir.Container{}
		path := at
		switch {
		case order.init[c.Name]:
			path = ir.JoinPath(at+".init", c.Name)
		case c.Name != w.main:
			path = ir.JoinPath(at+".sidecars", c.Name)
		}
		r.container(w, c, path, &built)
		switch {
		case order.init[c.Name]:
			result.Init.Set(c.Name, built)
		case c.Name == w.main:
			result.Container = built
		default:
			result.Sidecars.Set(c.Name, built)
		}
	}
	r.ports(w, &result)
	r.probes(w, order, &result)
	return result
}

// carryUnknown keeps the keys that the schema does not have.
func (r *reader) carryUnknown(w *workload) {
	for _, u := range w.unknown {
		summary := fmt.Sprintf("Score does not know the key %q", u.key.Value)
		detail := "It is kept in the ledger. The keys here are " + strings.Join(u.known, ", ") + "."
		if near := diag.Closest(u.key.Value, u.known); near != "" {
			detail += fmt.Sprintf(" Did you mean %q?", near)
		}
		r.report(diag.Warning, CodeUnknown, u.key, w.path(), summary, detail)
		r.carry(w, "the version of Score that was read does not know this key", "find out what it was meant to do", u.key, piece{u.path, u.value})
	}
}

// unusedVariables finds values for variables that the files do not have.
func (r *reader) unusedVariables() {
	var unused []string
	for name := range r.source.Variables {
		if !r.used[name] {
			unused = append(unused, name)
		}
	}
	slices.Sort(unused)
	for _, name := range unused {
		known := r.reading.Vars.Keys()
		detail := "The files have no variables."
		if len(known) > 0 {
			detail = "The variables are " + strings.Join(known, ", ") + "."
		}
		r.report(diag.Error, CodeVariable, nil, "vars."+name, fmt.Sprintf("there is no variable %q", name), detail)
	}
	for _, name := range r.source.VariableFiles {
		r.report(diag.Error, CodeVariable, nil, "", "Score has no files of variables: "+name, "Give the values with --var.")
	}
}

// report adds a finding at a node.
func (r *reader) report(severity diag.Severity, code diag.Code, n *tree.Node, path, summary, detail string) {
	r.list = append(r.list, diag.Diagnostic{Severity: severity, Code: code, Subject: n.Range(), Path: path, Summary: summary, Detail: detail})
}

// place notes where a path came from and the comment above it.
func (r *reader) place(path string, key, value *tree.Node) {
	if value == nil {
		value = key
	}
	r.positions.Set(path, value)
	r.comment(path, key)
}

// comment keeps the comment above a key.
func (r *reader) comment(path string, key *tree.Node) {
	if key == nil || key.Comments == nil || key.Comments.Head == "" {
		return
	}
	var lines []string
	for _, line := range strings.Split(key.Comments.Head, "\n") {
		lines = append(lines, strings.TrimPrefix(strings.TrimPrefix(line, "#"), " "))
	}
	r.reading.Comments[path] = strings.Join(lines, "\n")
}
