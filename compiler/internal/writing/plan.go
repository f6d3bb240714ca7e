package writing

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/decamp-dev/decamp/compiler/diag"
)

// Folder is everything that decamp wants in one folder: files of decamp that are
// there and not wanted go away, files of others stay.
type Folder struct {
	Path  string // slash path below the plan's folder: "prod/kubernetes"
	Files []File
}

// File is one wanted file.
type File struct {
	Path string // slash path within the folder
	Data []byte
	// Unmarked files do not begin with the line that says who wrote them.
	Unmarked bool
}

// Action is what happens to a file.
type Action uint8

// The actions.
const (
	Create Action = iota + 1
	Update
	Remove
)

// Change is one difference between what is wanted and what is there.
type Change struct {
	Path     string // slash path below the plan's folder
	Action   Action
	Old, New []byte
	mode     fs.FileMode // of a file that is there
}

// Plan is what has to change for the wanted files, and nothing else of decamp's,
// to be there.
type Plan struct {
	Changes   []Change // sorted by path
	Unchanged int      // wanted files that are there already

	disk  Disk
	base  string // of the plan's folder, on the disk
	close func() error
}

// PlanFolder compares the wanted folders with what is below dir, which need not
// exist. With errors there is no plan; a plan has to be closed.
func PlanFolder(dir string, folders []Folder) (*Plan, diag.List) {
	disk, base, closeDisk, err := Open(dir)
	if err != nil {
		return nil, diag.List{unreadable(err)}
	}
	plan, list := NewPlan(disk, base, folders)
	if plan == nil {
		closeDisk()
		return nil, list
	}
	plan.close = closeDisk
	return plan, list
}

// Close ends the use of the plan.
func (p *Plan) Close() error {
	if p.close == nil {
		return nil
	}
	return p.close()
}

// NewPlan compares the wanted folders with what is below base on the disk. With
// errors there is no plan.
func NewPlan(disk Disk, base string, folders []Folder) (*Plan, diag.List) {
	p := &planner{Plan: Plan{disk: disk, base: base}}
	p.checkPaths(folders)
	if p.list.HasErrors() {
		return nil, p.list
	}
	for _, folder := range folders {
		p.folder(folder)
	}
	if p.list.HasErrors() {
		return nil, p.list
	}
	slices.SortFunc(p.Changes, func(a, b Change) int { return cmp.Compare(a.Path, b.Path) })
	return &p.Plan, p.list
}

type planner struct {
	Plan
	list diag.List
}

// folder adds the changes of one folder.
func (p *planner) folder(folder Folder) {
	location := path.Join(p.base, folder.Path)
	there, err := p.files(location)
	if err != nil {
		p.list = append(p.list, unreadable(err))
		return
	}
	owner, ok := p.owner(location, there)
	if !ok {
		return
	}
	wanted := map[string]bool{}
	for _, file := range withManifest(folder.Files) {
		name := path.Join(location, file.Path)
		wanted[name] = true
		p.file(owner, name, file.Data, there[name])
	}
	for name, info := range there {
		if !wanted[name] && info.Mode().IsRegular() {
			p.extra(owner, name)
		}
	}
}

// files returns what is below a folder, by its path on the disk.
func (p *planner) files(folder string) (map[string]fs.FileInfo, error) {
	there := map[string]fs.FileInfo{}
	err := fs.WalkDir(p.disk, folder, func(name string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		if name == folder && !entry.IsDir() {
			return &fs.PathError{Op: "mkdir", Path: name, Err: errNoFolder}
		}
		if name == folder {
			return nil
		}
		there[name], err = entry.Info()
		return err
	})
	return there, err
}

// owner reads the manifest of a folder.
func (p *planner) owner(folder string, there map[string]fs.FileInfo) (owner, bool) {
	o := owner{disk: p.disk, folder: folder}
	name := path.Join(folder, ManifestName)
	if there[name] == nil {
		return o, true
	}
	data, err := fs.ReadFile(p.disk, name)
	if err != nil {
		p.list = append(p.list, unreadable(err))
		return o, false
	}
	if o.manifest, _ = parseManifest(data); o.manifest == nil {
		p.list = append(p.list, p.foreign(name, "It is not a list that decamp wrote."))
		return o, false
	}
	return o, true
}

// file adds the change of one wanted file; info is nil when it is not there.
func (p *planner) file(o owner, name string, data []byte, info fs.FileInfo) {
	change := Change{Path: p.shown(name), Action: Create, New: data}
	switch {
	case info == nil:
		p.Changes = append(p.Changes, change)
		return
	case !info.Mode().IsRegular():
		p.list = append(p.list, p.foreign(name, "It is not a regular file."))
		return
	}
	old, err := fs.ReadFile(p.disk, name)
	if err != nil {
		p.list = append(p.list, unreadable(err))
		return
	}
	if bytes.Equal(old, data) {
		p.Unchanged++
		return
	}
	own := path.Base(name) == ManifestName
	if !own {
		own, err = o.owns(name)
	}
	switch {
	case err != nil:
		p.list = append(p.list, unreadable(err))
	case !own:
		p.list = append(p.list, p.foreign(name, p.why(o, name)))
	default:
		change.Action, change.Old, change.mode = Update, old, info.Mode().Perm()
		p.Changes = append(p.Changes, change)
	}
}

// extra adds the removal of a file that is not wanted, if it is decamp's.
func (p *planner) extra(o owner, name string) {
	own, err := path.Base(name) == ManifestName && path.Dir(name) == o.folder, error(nil)
	if !own {
		own, err = o.owns(name)
	}
	if err != nil || !own {
		return // what cannot be read is not known to be decamp's
	}
	old, err := fs.ReadFile(p.disk, name)
	if err != nil {
		p.list = append(p.list, unreadable(err))
		return
	}
	p.Changes = append(p.Changes, Change{Path: p.shown(name), Action: Remove, Old: old})
}

// shown returns a path of the disk as one below the plan's folder.
func (p *Plan) shown(name string) string {
	if p.base == "." {
		return name
	}
	return strings.TrimPrefix(name, p.base+"/")
}

// withManifest adds the manifest to the files, when one of them is unmarked.
func withManifest(files []File) []File {
	m := manifest{}
	for _, file := range files {
		if file.Unmarked {
			m[file.Path] = sha256.Sum256(file.Data)
		}
	}
	if len(m) == 0 {
		return files
	}
	return append(slices.Clone(files), File{Path: ManifestName, Data: m.print()})
}

// checkPaths finds wanted files that cannot be together, or are outside.
func (p *planner) checkPaths(folders []Folder) {
	seen := map[string]bool{} // in lower case: not every disk tells cases apart
	for _, folder := range folders {
		for _, file := range folder.Files {
			name := path.Join(folder.Path, file.Path)
			switch {
			case !fs.ValidPath(file.Path) || file.Path == "." || !fs.ValidPath(folder.Path) || strings.ContainsAny(file.Path, "\\\n"):
				p.list = append(p.list, pathFinding(name, "is not a path below the output folder"))
			case file.Path == ManifestName || isTemporary(file.Path):
				p.list = append(p.list, pathFinding(name, "is a name that decamp keeps for itself"))
			case seen[strings.ToLower(name)]:
				p.list = append(p.list, pathFinding(name, "would be written twice (upper and lower case count as one)"))
			}
			seen[strings.ToLower(name)] = true
		}
	}
	for name := range seen {
		for parent := path.Dir(name); parent != "."; parent = path.Dir(parent) {
			if seen[parent] {
				p.list = append(p.list, pathFinding(parent, "would be both a file and a folder"))
			}
		}
	}
}

func pathFinding(name, problem string) diag.Diagnostic {
	return diag.Diagnostic{
		Severity: diag.Error,
		Code:     CodeOutputPath,
		Summary:  fmt.Sprintf("%s %s", name, problem),
		Detail:   "Rename what the file is made from.",
	}
}
