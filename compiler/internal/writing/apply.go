package writing

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io/fs"
	"path"
	"slices"

	"github.com/decamp-dev/decamp/compiler/diag"
)

const (
	fileMode   = 0o644 // the user's umask takes its part
	folderMode = 0o755
)

// Apply makes the changes, all or none: after an error the disk is as it was.
func (p *Plan) Apply() diag.List {
	r := &run{disk: p.disk}
	if err := r.prepare(p); err != nil {
		return r.fail(err)
	}
	if err := r.exchange(); err != nil {
		return r.fail(err)
	}
	r.tidy(p)
	return nil
}

// run is one application of a plan.
type run struct {
	disk    Disk
	steps   []step
	folders []string // made by this run, parents first
}

// step is one change under way.
type step struct {
	Change
	name   string // on the disk
	fresh  string // temporary name of the new bytes; empty for a removal
	backup string // second name of the old bytes; empty for a creation
	done   bool   // the names are exchanged
}

// prepare does all that can run out of space or permission, under names that
// nobody uses.
func (r *run) prepare(p *Plan) error {
	for _, change := range p.Changes {
		s := step{Change: change, name: path.Join(p.base, change.Path)}
		if change.Action == Create {
			if err := r.mkdir(path.Dir(s.name)); err != nil {
				return err
			}
		}
		r.steps = append(r.steps, s)
		if err := r.stage(&r.steps[len(r.steps)-1]); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) stage(s *step) error {
	mode := s.mode
	if s.Action == Create {
		mode = fileMode
	}
	if s.Action != Remove {
		s.fresh = temporaryBeside(s.name)
		if err := r.disk.Create(s.fresh, s.New, mode); err != nil {
			return err
		}
	}
	if s.Action == Create {
		return nil
	}
	s.backup = temporaryBeside(s.name)
	if r.disk.Link(s.name, s.backup) == nil {
		return nil
	}
	return r.disk.Create(s.backup, s.Old, max(mode, 0o600)) // a disk without links
}

// mkdir makes a folder and its parents, and remembers those that were not there.
func (r *run) mkdir(name string) error {
	if name == "." {
		return nil
	}
	info, err := r.disk.Lstat(name)
	switch {
	case err == nil && (info.IsDir() || info.Mode()&fs.ModeSymlink != 0):
		return nil
	case err == nil:
		return &fs.PathError{Op: "mkdir", Path: name, Err: errNoFolder}
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	if err := r.mkdir(path.Dir(name)); err != nil {
		return err
	}
	if err := r.disk.Mkdir(name, folderMode); err != nil {
		return err
	}
	r.folders = append(r.folders, name)
	return nil
}

// exchange puts the new bytes in their places. No file is missing at any moment,
// and removals come last: a run that is killed leaves too much, not too little.
func (r *run) exchange() error {
	for i := range r.steps {
		s := &r.steps[i]
		if s.fresh == "" {
			continue
		}
		if err := r.disk.Rename(s.fresh, s.name); err != nil {
			return err
		}
		s.done = true
	}
	for i := range r.steps {
		s := &r.steps[i]
		if s.Action != Remove {
			continue
		}
		if err := r.disk.Remove(s.name); err != nil {
			return err
		}
		s.done = true
	}
	return nil
}

// fail puts everything back and returns the finding for an error.
func (r *run) fail(err error) diag.List {
	detail := "Nothing was changed: the files of the last run are as they were."
	if undo := r.undo(); undo != nil {
		detail = "Putting the old files back failed too, so that some files are new and some are old: " + undo.Error()
	}
	return diag.List{{
		Severity: diag.Error,
		Code:     CodeNotWritten,
		Summary:  "the output could not be written: " + err.Error(),
		Detail:   detail,
	}}
}

func (r *run) undo() error {
	var failed []error
	for _, s := range slices.Backward(r.steps) {
		var err error
		switch {
		case s.done && s.Action == Create:
			err = r.disk.Remove(s.name)
		case s.done:
			err = r.disk.Rename(s.backup, s.name)
		case s.backup != "":
			r.disk.Remove(s.backup)
		}
		if err != nil {
			failed = append(failed, err)
		}
		if s.fresh != "" && !s.done {
			r.disk.Remove(s.fresh) // a rest is known by its name and goes with the next run
		}
	}
	for _, folder := range slices.Backward(r.folders) {
		r.disk.Remove(folder)
	}
	return errors.Join(failed...)
}

// tidy takes the second names and the folders away that are empty now. The output
// is whole already: what cannot be tidied goes with the next run.
func (r *run) tidy(p *Plan) {
	for _, s := range r.steps {
		if s.backup != "" {
			r.disk.Remove(s.backup)
		}
	}
	for _, s := range slices.Backward(r.steps) {
		if s.Action != Remove {
			continue
		}
		for folder := path.Dir(s.name); folder != p.base && folder != "."; folder = path.Dir(folder) {
			if r.disk.Remove(folder) != nil {
				break
			}
		}
	}
}

// temporaryBeside returns a new name in the folder of a file.
func temporaryBeside(name string) string {
	var random [8]byte
	rand.Read(random[:]) // never fails
	return path.Join(path.Dir(name), temporaryPrefix+hex.EncodeToString(random[:])+temporarySuffix)
}
