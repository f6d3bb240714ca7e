package spec

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/source"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// CodeNotSayable is raised for a fact of an app that the language of specs has no
// words for.
const CodeNotSayable diag.Code = "not-sayable"

// unsayable prints an app, reads what was printed, and returns an error for each fact
// that does not come back.
func unsayable(app *ir.App) diag.List {
	p := newPrinter(app, Extras{})
	root := p.root()
	arrange(root, 0)
	file := source.NewFile("decamp.yaml", writeLayout(nil, root))
	document, list := Parse(file, tree.Limits{})
	if document == nil {
		return diag.List{notSayable("", list)}
	}
	back, list := document.Decode(document.Root, Environment{Files: fileSet(p.files)})
	ResolvePeers(back)
	want := sayable(app)
	back = sayable(back)
	if ir.Equal(want, back) {
		return nil
	}
	var found diag.List
	said, read := factsOf(want), factsOf(back)
	for _, path := range slices.Sorted(keysOf(said, read)) {
		if said[path] != read[path] {
			found = append(found, notSayable(path, list))
		}
	}
	if len(found) == 0 {
		found = append(found, notSayable("", list))
	}
	return found
}

func notSayable(path string, reasons diag.List) diag.Diagnostic {
	d := diag.Diagnostic{Severity: diag.Error, Code: CodeNotSayable, Path: path,
		Summary: "a spec has no words for this", Detail: "What is printed says something else here. Correct it by hand."}
	for _, r := range reasons {
		if r.Severity == diag.Error && (r.Path == path || path == "") {
			d.Detail += " Reading it again says: " + r.Summary + "."
			break
		}
	}
	return d
}

// sayable returns an app without what a spec does not hold: the stage, where configs
// were read from, where one literal of a text ends and the next begins, and in which of
// two ways a list is empty.
func sayable(app *ir.App) *ir.App {
	app = ir.Clone(app)
	app.Stage = ""
	for i := range app.Workloads {
		w := &app.Workloads[i].Value
		for _, list := range []*ir.PeerList{w.Egress, w.Ingress} {
			if list != nil && list.Peers == nil {
				list.Peers = []ir.Peer{}
			}
		}
	}
	for i := range app.Configs {
		c := &app.Configs[i].Value
		c.Origin = ""
		if c.Content == nil && len(c.Entries) == 0 {
			c.Content = ir.Literal("")
		}
		slices.SortStableFunc(c.Entries, func(a, b ir.Item[ir.Text]) int { return strings.Compare(a.Key, b.Key) })
	}
	for i := range app.Platform {
		app.Platform[i].Path = ""
	}
	ir.Walk(app, func(f *ir.Fact) {
		switch said := f.Value().(type) {
		case ir.Text:
			f.Reflect().Set(reflect.ValueOf(joinLiterals(said)))
		case *ir.Command:
			if said.Words == nil {
				said.Words = []ir.Text{}
			}
			for i := range said.Words {
				said.Words[i] = joinLiterals(said.Words[i])
			}
		}
	})
	slices.SortStableFunc(app.Platform, func(a, b ir.PlatformEntry) int { return strings.Compare(a.Platform, b.Platform) })
	return app
}

// joinLiterals makes one literal of neighbours.
func joinLiterals(t ir.Text) ir.Text {
	var parts ir.Text
	for _, part := range t {
		if last := len(parts) - 1; last >= 0 && !part.IsRef() && !parts[last].IsRef() {
			parts[last].Literal += part.Literal
		} else if part.IsRef() || part.Literal != "" {
			parts = append(parts, part)
		}
	}
	if parts == nil && t != nil {
		return ir.Literal("")
	}
	return parts
}

// factsOf returns the facts of an app, as texts by path.
func factsOf(app *ir.App) map[string]string {
	facts := map[string]string{}
	ir.Walk(app, func(f *ir.Fact) {
		v := reflect.ValueOf(f.Value())
		if v.IsValid() && v.Kind() == reflect.Pointer && !v.IsNil() {
			v = v.Elem()
		}
		facts[f.Path()] = fmt.Sprintf("said: %v", v)
	})
	for _, e := range app.Platform {
		path := "platform." + e.Platform
		facts[path] += fmt.Sprint(e.On, e.Accept, e.Why, e.Exit, carriedText(e.Patch))
		for _, object := range e.Objects {
			facts[path] += carriedText(object)
		}
	}
	return facts
}

func carriedText(v *ir.Value) string {
	if v == nil {
		return ""
	}
	return carried(v).write(true)
}

func keysOf(maps ...map[string]string) func(func(string) bool) {
	all := map[string]bool{}
	for _, m := range maps {
		for key := range m {
			all[key] = true
		}
	}
	return func(yield func(string) bool) {
		for key := range all {
			if !yield(key) {
				return
			}
		}
	}
}

// fileSet is a file system of printed files.
type fileSet []File

// Open implements fs.FS; nobody opens what can be read.
func (s fileSet) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// ReadFile implements fs.ReadFileFS.
func (s fileSet) ReadFile(name string) ([]byte, error) {
	for _, f := range s {
		if f.Path == name {
			return bytes.Clone(f.Data), nil
		}
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// ReadDir implements fs.ReadDirFS.
func (s fileSet) ReadDir(name string) ([]fs.DirEntry, error) {
	var entries []fs.DirEntry
	for _, f := range s {
		if path.Dir(f.Path) == name {
			entries = append(entries, fs.FileInfoToDirEntry(fileInfo(f)))
		}
	}
	if entries == nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return entries, nil
}

// fileInfo implements fs.FileInfo.
type fileInfo File

func (f fileInfo) Name() string       { return path.Base(f.Path) }
func (f fileInfo) Size() int64        { return int64(len(f.Data)) }
func (f fileInfo) Mode() fs.FileMode  { return 0o644 }
func (f fileInfo) ModTime() time.Time { return time.Time{} }
func (f fileInfo) IsDir() bool        { return false }
func (f fileInfo) Sys() any           { return nil }
