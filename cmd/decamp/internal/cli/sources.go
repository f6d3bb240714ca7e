package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/decamp-dev/decamp/compiler"
	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
)

// sourceOptions are the flags that import and convert share.
type sourceOptions struct {
	from        string
	name        string
	vars        []string
	varFiles    []string
	bake        bool
	liftSecrets bool
	outside     bool
}

func (o *sourceOptions) register(flags *pflag.FlagSet, set backend.Set) {
	names := set.Readers().Names()
	flags.Var(newChoice(&o.from, names), "from", "`PLATFORM` whose files they are, as in --from "+first(names)+": "+strings.Join(names, ", ")+"; found out when left out")
	flags.StringVar(&o.name, "name", "", "`NAME` of the app, as in --name shop; that of its files, else of their folder, when left out")
	flags.StringArrayVar(&o.vars, "var", nil, "`NAME=VALUE` of a variable of the files, as in --var TAG=1.4.2; wins over --var-file")
	flags.StringArrayVar(&o.varFiles, "var-file", nil, "`FILE` with values of variables, in the platform's own form, as in --var-file prod.env")
	flags.BoolVar(&o.bake, "bake-env", false, "put the values of variables into the spec instead of vars, as in --bake-env")
	flags.BoolVar(&o.liftSecrets, "lift-secrets", false, "make references of plain values that look like secrets, as in --lift-secrets")
	flags.BoolVar(&o.outside, "allow-outside", false, "let the files refer to others outside of their folder, as in --allow-outside")
}

func first(names []string) string {
	if len(names) == 0 {
		return "PLATFORM"
	}
	return names[0]
}

// sources are the files of one run, and where they are.
type sources struct {
	request compiler.ReadRequest
	folder  string // that holds all of them, as the user sees it
	close   func() error
	left    int // how many of the files were left out
}

// standardInput is how findings name it.
const standardInput = "(standard input)"

// endings of files that a folder is searched for.
var endings = []string{".yaml", ".yml", ".json", ".hcl", ".nomad"}

// sources opens the files that the arguments name: files, folders with all that is
// below, and - for standard input.
func (p *Program) sources(args []string, o *sourceOptions) (*sources, diag.List, error) {
	if len(args) == 0 {
		return nil, nil, wrong("say what to read: files, folders, or - for standard input")
	}
	values, err := variablesOf(o.vars)
	if err != nil {
		return nil, nil, err
	}
	s := &sources{}
	names, list := s.find(args)
	if list.HasErrors() {
		return nil, list, nil
	}
	if err := p.openSources(s, names, o.outside); err != nil {
		return nil, nil, err
	}
	s.request.From, s.request.Name = o.from, o.name
	if o.name == "" && s.folder != "" {
		if absolute, err := filepath.Abs(s.folder); err == nil {
			s.request.Name, s.request.Folder = appFolder(absolute, p.Backends().Names()), filepath.Base(absolute) // readers make labels of it
		}
	}
	s.request.Variables, s.request.Bake, s.request.LiftSecrets = values, o.bake, o.liftSecrets
	for _, file := range o.varFiles {
		within, err := s.within(file)
		if err != nil {
			return nil, nil, errors.Join(err, s.close())
		}
		s.request.VariableFiles = append(s.request.VariableFiles, within)
	}
	return s, list, nil
}

// ofKind are names of folders that, like those of platforms, say what is in them and not for which app.
var ofKind = []string{"k8s", "kube", "manifests", "manifest", "kubernetes-manifests", "kustomize", "base", "jobs", "stacks", "docker", "deploy", "deployment",
	"deployments", "yaml"}

// appFolder returns the name of the folder that is called after the app: the nearest one that is not called after what is in it.
func appFolder(absolute string, platforms []string) string {
	for folder := absolute; filepath.Dir(folder) != folder; folder = filepath.Dir(folder) {
		name := strings.ToLower(filepath.Base(folder))
		if !slices.Contains(ofKind, name) && !slices.Contains(platforms, name) {
			return filepath.Base(folder)
		}
	}
	return filepath.Base(absolute)
}

func variablesOf(flags []string) (map[string]string, error) {
	values := map[string]string{}
	for _, flag := range flags {
		name, value, ok := strings.Cut(flag, "=")
		if !ok || name == "" {
			return nil, wrong("--var %s: want NAME=VALUE, as in --var TAG=1.4.2", name)
		}
		values[name] = value
	}
	return values, nil
}

// find returns the names of the files; those that a folder holds are noted.
func (s *sources) find(args []string) (names []string, list diag.List) {
	s.request.Found = map[string]bool{}
	add := func(name string, found bool) {
		if !slices.Contains(names, name) {
			names = append(names, name)
			s.request.Found[name] = found
		}
	}
	for _, arg := range args {
		if arg == "-" {
			add(arg, false)
			continue
		}
		info, err := os.Stat(arg)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			list = append(list, *noSpec(fmt.Sprintf("there is no file or folder %s", filepath.ToSlash(arg)), ""))
		case err != nil:
			list = append(list, *noSpec(err.Error(), ""))
		case !info.IsDir():
			add(filepath.Clean(arg), false)
		default:
			below, err := filesBelow(arg)
			switch {
			case err != nil:
				list = append(list, *noSpec(err.Error(), ""))
			case len(below) == 0:
				list = append(list, *noSpec(fmt.Sprintf("there is nothing to read in %s", shownFolder(arg)), "Files end in "+strings.Join(endings, ", ")+"."))
			}
			for _, name := range below {
				add(name, true)
			}
		}
	}
	return names, list
}

// filesBelow returns the files of a folder that may be a platform's, sorted. Hidden
// folders and those of packages that were downloaded are left out, and so are specs.
func filesBelow(dir string) ([]string, error) {
	var found []string
	err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && name != dir && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "node_modules"):
			return filepath.SkipDir
		case !entry.IsDir() && entry.Name() != defaultFile && slices.Contains(endings, strings.ToLower(filepath.Ext(name))):
			found = append(found, filepath.Clean(name))
		}
		return nil
	})
	slices.Sort(found)
	return found, err
}

// openSources opens the folder that holds all files, or with outside the whole disk.
func (p *Program) openSources(s *sources, names []string, outside bool) error {
	folders := []string{}
	for _, name := range names {
		if name != "-" {
			folders = append(folders, filepath.Dir(name))
		}
	}
	if len(folders) > 0 {
		s.folder = folders[0]
	}
	absolute, err := commonFolder(folders)
	if err != nil {
		return err
	}
	var files fs.FS
	base := absolute
	s.request.Root = "."
	if outside {
		base = filepath.VolumeName(absolute) + string(filepath.Separator)
		files, s.close = os.DirFS(base), func() error { return nil }
		root, err := filepath.Rel(base, absolute)
		if err != nil {
			return err
		}
		s.request.Root = filepath.ToSlash(root)
	} else {
		root, err := os.OpenRoot(absolute)
		if err != nil {
			return err
		}
		files, s.close = root.FS(), root.Close
	}
	if len(folders) > 0 {
		s.folder = absolute
	}
	shown := map[string]string{}
	found := s.request.Found
	s.request.Found = map[string]bool{}
	for _, name := range names {
		if name == "-" {
			if err := p.keepInput(); err != nil {
				return err
			}
			files = withInput{files, p.input}
			shown["-"] = standardInput
			s.request.Paths = append(s.request.Paths, "-")
			continue
		}
		full, err := filepath.Abs(name)
		if err != nil {
			return err
		}
		within, err := filepath.Rel(base, full)
		if err != nil {
			return err
		}
		within = filepath.ToSlash(within)
		shown[within], s.request.Found[within] = filepath.ToSlash(name), found[name]
		s.request.Paths = append(s.request.Paths, within)
	}
	s.request.FS = files
	s.request.Display = func(path string) string { return shown[path] }
	return nil
}

// within returns the path of a file below the folder that is read.
func (s *sources) within(file string) (string, error) {
	full, err := filepath.Abs(file)
	if err != nil {
		return "", err
	}
	base, err := filepath.Abs(s.base())
	if err != nil {
		return "", err
	}
	within, err := filepath.Rel(base, full)
	if err != nil || !filepath.IsLocal(within) {
		return "", wrong("--var-file %s is outside of the folder that is read: use --allow-outside", filepath.ToSlash(file))
	}
	return filepath.ToSlash(within), nil
}

// base is the folder that paths within the file system start from.
func (s *sources) base() string {
	folder := s.folder
	if folder == "" {
		folder = "."
	}
	if s.request.Root == "." {
		return folder
	}
	return filepath.VolumeName(folder) + string(filepath.Separator)
}

// commonFolder returns the folder that all folders are in, the current one for none.
func commonFolder(folders []string) (string, error) {
	if len(folders) == 0 {
		return filepath.Abs(".")
	}
	common, err := filepath.Abs(folders[0])
	if err != nil {
		return "", err
	}
	for _, folder := range folders[1:] {
		full, err := filepath.Abs(folder)
		if err != nil {
			return "", err
		}
		for {
			if within, err := filepath.Rel(common, full); err == nil && filepath.IsLocal(within) || common == filepath.Dir(common) {
				break
			}
			common = filepath.Dir(common)
		}
	}
	return common, nil
}

// withInput is a file system in which "-" is what came on standard input.
type withInput struct {
	fs.FS
	data []byte
}

// Open implements fs.FS.
func (w withInput) Open(name string) (fs.File, error) {
	return w.FS.Open(name)
}

// ReadFile implements fs.ReadFileFS.
func (w withInput) ReadFile(name string) ([]byte, error) {
	if name == "-" {
		return w.data, nil
	}
	return fs.ReadFile(w.FS, name)
}
