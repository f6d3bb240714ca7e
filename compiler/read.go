package compiler

import (
	"fmt"
	"io/fs"
	"strings"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/source"
)

// The codes of files that cannot be read as a platform's.
const (
	CodeUnknownSource   diag.Code = "unknown-source"
	CodeAmbiguousSource diag.Code = "ambiguous-source"
	CodeTemplateSource  diag.Code = "template-source"
)

// ReadRequest is a set of files of one platform that describe one app.
type ReadRequest struct {
	FS    fs.FS
	Paths []string // of files within FS, in the order of their user
	// Display gives the name of a path as its user called it; nil: the path itself.
	Display func(path string) string
	From    string // name of a backend; empty: found out from the files

	Variables     map[string]string
	VariableFiles []string
	Bake          bool
	LiftSecrets   bool
	Name          string // for an app whose files do not name it
}

// Read turns files of a platform into an app. The backend is nil when the files'
// platform is not known. The reading is the best that can be made of the files.
func Read(set backend.Set, r ReadRequest) (backend.Reading, *backend.Backend, diag.List) {
	files, list := readFiles(r)
	if len(files) == 0 {
		return backend.Reading{}, nil, list
	}
	from, found := origin(set, r, files)
	list = append(list, found...)
	if from == nil {
		return backend.Reading{}, nil, list.Normalize()
	}
	reading, found := from.Read(backend.Source{
		FS: r.FS, Paths: r.Paths, Files: files, Variables: r.Variables, VariableFiles: r.VariableFiles,
		Bake: r.Bake, LiftSecrets: r.LiftSecrets, Name: r.Name,
	})
	for i := range found {
		if found[i].Target == "" {
			found[i].Target = from.Name
		}
	}
	list = append(list, found...)
	if reading.App != nil && !found.HasErrors() {
		list = append(list, Problems(reading.App)...)
	}
	return reading, from, list.Normalize()
}

// Convert reads files of a platform and makes the files of other platforms of them:
// one report for both halves, with places in the files that were read.
func Convert(set backend.Set, source ReadRequest, r Request) (Result, diag.List) {
	targets, list := selectTargets(set, r)
	reading, _, found := Read(set, source)
	list = append(list, found...)
	if reading.App == nil || list.HasErrors() {
		return Result{}, list.Normalize()
	}
	result := Result{}
	result.Apps = append(result.Apps, reading.App)
	for _, target := range targets {
		artifacts, found := emit(target, reading.App, r)
		list = append(list, found...)
		result.Outputs = append(result.Outputs, Output{App: reading.App.Name, Target: target.Name, Artifacts: artifacts})
	}
	return result, list.Normalize()
}

func readFiles(r ReadRequest) ([]*source.File, diag.List) {
	var files []*source.File
	var list diag.List
	for _, path := range r.Paths {
		data, err := fs.ReadFile(r.FS, path)
		name := path
		if r.Display != nil {
			name = r.Display(path)
		}
		if err != nil {
			list = append(list, diag.Diagnostic{Severity: diag.Error, Code: "file-missing", Summary: "a file cannot be read: " + name, Detail: "The system says: " + reason(err) + "."})
			continue
		}
		files = append(files, source.NewFile(name, data))
	}
	return files, list
}

// origin finds the backend that the files belong to.
func origin(set backend.Set, r ReadRequest, files []*source.File) (*backend.Backend, diag.List) {
	var readers []string
	for _, b := range set {
		if b.Read != nil {
			readers = append(readers, b.Name)
		}
	}
	if r.From != "" {
		if b := set.Lookup(r.From); b != nil && b.Read != nil {
			return b, nil
		}
		return nil, diag.List{wrong(CodeUnknownSource, fmt.Sprintf("files of %q cannot be read", r.From), r.From, readers, "platforms whose files can be read")}
	}
	best := map[string]*backend.Backend{}
	var names []string
	for _, f := range files {
		if b := detect(set, f); b != nil && best[b.Name] == nil {
			best[b.Name] = b
			names = append(names, b.Name)
		}
	}
	switch len(names) {
	case 1:
		return best[names[0]], nil
	case 0:
		return nil, diag.List{{Severity: diag.Error, Code: CodeUnknownSource, Subject: source.Range{File: files[0]}, Summary: "no platform knows these files as its own",
			Detail: "Say what they are with --from. The platforms whose files can be read are " + strings.Join(readers, ", ") + "."}}
	}
	return nil, diag.List{{Severity: diag.Error, Code: CodeAmbiguousSource, Summary: "the files belong to several platforms: " + strings.Join(names, ", "),
		Detail: "One app is read from the files of one platform. Name the files of one, or say which with --from."}}
}

func detect(set backend.Set, f *source.File) *backend.Backend {
	var best *backend.Backend
	confidence := backend.No
	for _, b := range set {
		if b.Read == nil || b.Detect == nil {
			continue
		}
		if c := b.Detect(f); c > confidence {
			best, confidence = b, c
		}
	}
	return best
}
