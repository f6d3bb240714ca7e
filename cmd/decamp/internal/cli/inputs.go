package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/decamp-dev/decamp/compiler/diag"
)

// defaultFile is the name of a spec in its folder.
const defaultFile = "decamp.yaml"

// input is one spec.
type input struct {
	folder string // as the user named it
	name   string // of the file within the folder
}

// String returns the file as the user named it.
func (i input) String() string { return filepath.ToSlash(filepath.Join(i.folder, i.name)) }

// inputs finds the specs that the arguments name: files, folders, and with "/..."
// at the end every folder below one. Without arguments it is the current folder.
func inputs(args []string, file string) ([]input, diag.List) {
	if len(args) == 0 {
		args = []string{"."}
	}
	var all []input
	var list diag.List
	seen := map[string]bool{}
	for _, arg := range args {
		found, problem := expand(arg, file)
		if problem != nil {
			list = append(list, *problem)
		}
		for _, in := range found {
			key, err := filepath.Abs(filepath.Join(in.folder, in.name))
			if err != nil || !seen[key] {
				seen[key] = true
				all = append(all, in)
			}
		}
	}
	return all, list
}

// expand returns the specs of one argument.
func expand(arg, file string) ([]input, *diag.Diagnostic) {
	if rest, ok := strings.CutSuffix(filepath.ToSlash(arg), "..."); ok && (rest == "" || strings.HasSuffix(rest, "/")) {
		return below(filepath.Clean(filepath.FromSlash(rest)+"."), file)
	}
	info, err := os.Stat(arg)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, noSpec(fmt.Sprintf("there is no file or folder %s", arg), "")
	case err != nil:
		return nil, noSpec(err.Error(), "")
	case !info.IsDir():
		return []input{{filepath.Dir(arg), filepath.Base(arg)}}, nil
	}
	in := input{filepath.Clean(arg), file}
	if _, err := os.Stat(filepath.Join(arg, file)); err != nil {
		return nil, noSpec(fmt.Sprintf("there is no %s in %s", file, shownFolder(arg)),
			"`decamp init` writes one to start from; --file names specs that are called otherwise.")
	}
	return []input{in}, nil
}

// below returns every spec in a folder and below it. Hidden folders and those of
// packages that were downloaded are left out.
func below(dir, file string) ([]input, *diag.Diagnostic) {
	var found []input
	err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && name != dir && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "node_modules"):
			return filepath.SkipDir
		case !entry.IsDir() && entry.Name() == file:
			found = append(found, input{filepath.Dir(name), file})
		}
		return nil
	})
	if err != nil {
		return nil, noSpec(err.Error(), "")
	}
	if len(found) == 0 {
		return nil, noSpec(fmt.Sprintf("there is no %s in %s or below it", file, shownFolder(dir)), "")
	}
	slices.SortFunc(found, func(a, b input) int { return strings.Compare(a.String(), b.String()) })
	return found, nil
}

func shownFolder(dir string) string {
	if filepath.Clean(dir) == "." {
		return "the current folder"
	}
	return filepath.ToSlash(dir)
}

func noSpec(summary, detail string) *diag.Diagnostic {
	return &diag.Diagnostic{Severity: diag.Error, Code: codeNoSpec, Summary: summary, Detail: detail}
}

// open returns the file system that a spec is read from, and the path of the spec
// in it: nothing but its own folder, or with outside the whole disk.
func (i input) open(outside bool) (files fs.FS, name string, closeFiles func() error, err error) {
	if !outside {
		root, err := os.OpenRoot(i.folder)
		if err != nil {
			return nil, "", nil, err
		}
		return root.FS(), i.name, root.Close, nil
	}
	absolute, err := filepath.Abs(filepath.Join(i.folder, i.name))
	if err != nil {
		return nil, "", nil, err
	}
	volume := filepath.VolumeName(absolute) + string(filepath.Separator)
	within, err := filepath.Rel(volume, absolute)
	return os.DirFS(volume), filepath.ToSlash(within), func() error { return nil }, err
}
