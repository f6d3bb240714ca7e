package compiler

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
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
	CodeNotRead         diag.Code = "not-read"
)

// ReadRequest is a set of files of one platform that describe one app.
type ReadRequest struct {
	FS    fs.FS
	Paths []string // of files within FS, in the order of their user
	// Display gives the name of a path as its user called it; nil: the path itself.
	Display func(path string) string
	From    string // name of a backend; empty: found out from the files
	Root    string // folder within FS that paths in the app are relative to; empty: "."
	// Found are the paths that a folder holds and nobody named: those that are not of
	// the files' platform are left out, with a note.
	Found map[string]bool

	Variables     map[string]string
	VariableFiles []string
	Bake          bool
	LiftSecrets   bool
	Name          string // for an app whose files do not name it
	Folder        string // the name of their folder, where nobody has said how the app is called
}

// Read turns files of a platform into an app. The backend is nil when the files'
// platform is not known. The reading is the best that can be made of the files.
func Read(set backend.Set, r ReadRequest) (backend.Reading, *backend.Backend, diag.List) {
	s, from, list := open(set, r)
	if from == nil {
		return backend.Reading{}, nil, list.Normalize()
	}
	s, left := choose(s, from, r.Found)
	list = append(list, left...)
	reading, found := read(s, from)
	return reading, from, append(list, found...).Normalize()
}

// ReadEach is Read for files that describe several apps: the backend divides them,
// and where it cannot, each file is an app.
func ReadEach(set backend.Set, r ReadRequest) ([]backend.Reading, *backend.Backend, diag.List) {
	s, from, list := open(set, r)
	if from == nil {
		return nil, nil, list.Normalize()
	}
	var readings []backend.Reading
	for _, part := range divide(s, from) {
		reading, found := read(part, from)
		list = append(list, found...)
		if reading.App != nil {
			readings = append(readings, reading)
		}
	}
	return readings, from, list.Normalize()
}

func divide(s backend.Source, from *backend.Backend) []backend.Source {
	if from.Split != nil {
		return from.Split(s)
	}
	parts := make([]backend.Source, len(s.Files))
	for i := range s.Files {
		parts[i] = s
		parts[i].Name = ""
		parts[i].Paths, parts[i].Files = s.Paths[i:i+1], s.Files[i:i+1]
	}
	return parts
}

// open reads the files and finds whose they are. The backend is nil when that is not
// known.
func open(set backend.Set, r ReadRequest) (backend.Source, *backend.Backend, diag.List) {
	paths, files, list := readFiles(r)
	if len(files) == 0 {
		return backend.Source{}, nil, list
	}
	from, found := origin(set, r, files)
	list = append(list, found...)
	if from == nil {
		return backend.Source{}, nil, list
	}
	s := backend.Source{
		FS: r.FS, Root: path.Clean(r.Root), Variables: r.Variables, VariableFiles: r.VariableFiles,
		Bake: r.Bake, LiftSecrets: r.LiftSecrets, Name: r.Name, Folder: r.Folder,
	}
	bytes := 0
	for i, f := range files {
		if r.Found[paths[i]] && from.Detect != nil && from.Detect(f) == backend.No {
			list = append(list, diag.Diagnostic{Severity: diag.Note, Code: CodeNotRead, Subject: source.Range{File: f}, Summary: "the file is not one of " + from.Name + " and was left out",
				Detail: "It was found in a folder. Name it to have it read."})
			continue
		}
		if bytes += len(f.Data); bytes > maxSource {
			return backend.Source{}, nil, append(list, tooLarge(f))
		}
		s.Paths, s.Files = append(s.Paths, paths[i]), append(s.Files, f)
	}
	return s, from, list
}

// choose leaves out what was found in a folder and its platform's own program would not
// take there.
func choose(s backend.Source, from *backend.Backend, found map[string]bool) (backend.Source, diag.List) {
	var paths []string
	for _, p := range s.Paths {
		if found[p] {
			paths = append(paths, p)
		}
	}
	if from.Choose == nil || len(paths) < 2 {
		return s, nil
	}
	chosen := from.Choose(paths)
	rest := s
	rest.Paths, rest.Files = nil, nil
	var taken []string // as their user knows them
	for i, p := range s.Paths {
		if slices.Contains(chosen, p) {
			taken = append(taken, s.Files[i].Name)
		}
	}
	var list diag.List
	for i, p := range s.Paths {
		if found[p] && !slices.Contains(chosen, p) {
			list = append(list, diag.Diagnostic{Severity: diag.Warning, Code: CodeNotRead, Target: from.Name, Subject: source.Range{File: s.Files[i]}, Summary: "the file was left out: " + from.Name + " does not take it when it is run in that folder",
				Detail: "It takes " + strings.Join(taken, ", ") + ". Name all files that belong together, in their order, to have others read."})
			continue
		}
		rest.Paths, rest.Files = append(rest.Paths, p), append(rest.Files, s.Files[i])
	}
	return rest, list
}

// read has a backend read its files, and finds what no backend needs to look for.
func read(s backend.Source, from *backend.Backend) (backend.Reading, diag.List) {
	reading, found := from.Read(s)
	for i := range found {
		if found[i].Target == "" {
			found[i].Target = from.Name
		}
	}
	if reading.App == nil {
		return reading, found
	}
	list := append(found, plainSecrets(&reading, s.LiftSecrets)...)
	if !found.HasErrors() {
		list = append(list, Problems(reading.App)...)
	}
	return reading, append(list, debts(reading.App, from.Name)...)
}

// Convert reads files of a platform and makes the files of other platforms of them:
// one report for both halves, with places in the files that were read.
func Convert(set backend.Set, source ReadRequest, r Request) (Result, diag.List) {
	targets, list := selectTargets(set, r)
	reading, from, found := Read(set, source)
	found = slices.DeleteFunc(found, func(d diag.Diagnostic) bool { return d.Code == CodeCarried }) // left says it for each target
	list = append(list, found...)
	list = append(list, openVars(reading)...)
	if reading.App == nil || list.HasErrors() {
		return Result{}, list.Normalize()
	}
	result := Result{}
	result.Apps = append(result.Apps, reading.App)
	for _, target := range targets {
		artifacts, found := emit(target, reading.App, r)
		list = append(list, spelled(reading.App, found)...)
		if target != from {
			list = append(list, left(reading.App, from.Name, target.Name)...)
		}
		result.Outputs = append(result.Outputs, Output{App: reading.App.Name, Target: target.Name, Artifacts: artifacts})
	}
	return result, list.Normalize()
}

// maxSource is the number of bytes that the files of one source may have together. Manifests of so many describe twenty
// thousand workloads, and take 40 s and 2 GB. More is a dump of something else, or several apps.
const maxSource = 16 << 20

// readFiles returns the files that can be read, with their paths.
func readFiles(r ReadRequest) (paths []string, files []*source.File, list diag.List) {
	for _, p := range r.Paths {
		name := p
		if r.Display != nil {
			name = r.Display(p)
		}
		if info, err := fs.Stat(r.FS, p); err == nil && info.Size() > maxSource { // it may be more than there is memory
			list = append(list, tooLarge(source.NewFile(name, nil)))
			continue
		}
		data, err := fs.ReadFile(r.FS, p)
		if err != nil {
			list = append(list, diag.Diagnostic{Severity: diag.Error, Code: "file-missing", Summary: "a file cannot be read: " + name, Detail: "The system says: " + reason(err) + "."})
			continue
		}
		paths, files = append(paths, p), append(files, source.NewFile(name, data))
	}
	return paths, files, list
}

// tooLarge is the finding for sources of which the file is the first that is too much.
func tooLarge(f *source.File) diag.Diagnostic {
	return diag.Diagnostic{
		Severity: diag.Error, Code: diag.CodeTooLarge, Subject: source.Range{File: f},
		Summary: fmt.Sprintf("with this file the source has more than %d MiB", maxSource>>20),
		Detail:  "Files of so many bytes are mostly not those of one app. Read the files of one app at a time: of one folder, one namespace or one job.",
	}
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
		if list := templates(files); list != nil {
			return nil, list
		}
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
