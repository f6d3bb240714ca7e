package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/decamp-dev/decamp/compiler"
	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// subject is one app at one stage that is judged, wherever it came from.
type subject struct {
	app  *ir.App
	from *backend.Backend // whose files it was read from; nil for a spec
	name string           // the spec or the files, as their user called them
}

// subjectOptions are the flags of the verbs that judge apps: audit, diff, parity and
// graph. A path of theirs is a spec, or files of a platform that can be read.
type subjectOptions struct {
	stages    []string
	vars      []string
	varsFiles []string
	outside   bool
	file      string
	from      string
}

func (o *subjectOptions) register(cmd *cobra.Command, set backend.Set) {
	flags := cmd.Flags()
	names := set.Readers().Names()
	flags.Var(newChoice(&o.from, names), "from", "`PLATFORM` whose files they are, as in --from "+first(names)+": "+strings.Join(names, ", ")+"; found out when left out")
	flags.StringArrayVar(&o.vars, "var", nil, "`NAME=VALUE` of a var of a spec or a variable of files, as in --var tag=1.4.2")
	flags.StringArrayVar(&o.varsFiles, "vars-file", nil, "`FILE` with values of vars, as in --vars-file release.yaml; for a platform's files in that platform's form")
	flags.BoolVar(&o.outside, "allow-outside", false, "let files refer to others outside of their folder, as in --allow-outside")
	flags.StringVar(&o.file, "file", defaultFile, "`NAME` of the specs in folders, as in --file app.yaml")
	complete(cmd, "from", names)
}

// specKey begins the line that makes a file a spec.
var specKey = []byte("decamp:")

// isSpec reports whether an argument names a spec, or specs, rather than the files of
// a platform.
func (p *Program) isSpec(arg string, o *subjectOptions) (bool, error) {
	if o.from != "" {
		return false, nil
	}
	if arg == "-" {
		if err := p.keepInput(); err != nil {
			return false, err
		}
		return saysSpec(p.input), nil
	}
	if strings.HasSuffix(filepath.ToSlash(arg), "...") {
		return true, nil
	}
	info, err := os.Stat(arg)
	switch {
	case err != nil:
		return false, nil // who opens it will say so
	case info.IsDir():
		_, err := os.Stat(filepath.Join(arg, o.file))
		return err == nil, nil
	case filepath.Base(arg) == o.file:
		return true, nil
	}
	data, err := os.ReadFile(arg)
	return err == nil && saysSpec(data), nil
}

// saysSpec reports whether a line of a text, or its first member in JSON, says that
// it is a spec.
func saysSpec(data []byte) bool {
	for line := range bytes.Lines(data) {
		if bytes.HasPrefix(line, specKey) {
			return true
		}
	}
	return bytes.HasPrefix(bytes.TrimLeft(data, "{ \t\r\n"), []byte(`"decamp"`))
}

// keepInput reads standard input once, so that it can be looked at before it is read.
func (p *Program) keepInput() error {
	if p.input != nil {
		return nil
	}
	data, err := io.ReadAll(p.In)
	if err != nil {
		return err
	}
	p.input = append([]byte{}, data...)
	return nil
}

// atStage divides "examples/shop@dev" into the path and its stage. A path that is
// there as it is has none.
func atStage(arg string) (path, stage string) {
	at := strings.LastIndexByte(arg, '@')
	if at <= 0 || at == len(arg)-1 || strings.ContainsAny(arg[at:], `/\`) {
		return arg, ""
	}
	if _, err := os.Stat(arg); err == nil {
		return arg, ""
	}
	return arg[:at], arg[at+1:]
}

// subjects returns the apps that the arguments name: every spec at every stage that
// is asked for, and one app for all files of a platform together.
func (p *Program) subjects(ctx context.Context, args []string, o *subjectOptions) ([]subject, diag.List, error) {
	if len(args) == 0 {
		args = []string{"."}
	}
	var all []subject
	var list diag.List
	var files []string
	for _, arg := range args {
		path, stage := atStage(arg)
		spec, err := p.isSpec(path, o)
		if err != nil {
			return nil, nil, err
		}
		if !spec {
			files = append(files, arg)
			continue
		}
		found, problems, err := p.specSubjects(ctx, path, stage, o)
		if err != nil {
			return nil, nil, err
		}
		all, list = append(all, found...), append(list, problems...)
	}
	if len(files) > 0 {
		found, problems, err := p.fileSubject(files, o)
		if err != nil {
			return nil, nil, err
		}
		all, list = append(all, found...), append(list, problems...)
	}
	return all, list.Normalize(), nil
}

// specSubjects loads specs at one stage, or at those that the flags name.
func (p *Program) specSubjects(ctx context.Context, path, stage string, o *subjectOptions) ([]subject, diag.List, error) {
	request := requestOptions{stages: o.stages, vars: o.vars, varsFiles: o.varsFiles, outside: o.outside, file: o.file}
	if stage != "" {
		request.stages = []string{stage}
	}
	if path == "-" {
		return p.streamSubjects(&request)
	}
	b, list, err := p.batch(ctx, []string{path}, &request)
	if err != nil || list.HasErrors() {
		return nil, list, err
	}
	loaded := make([][]*ir.App, len(b.inputs))
	found, err := p.each(ctx, b, func(i int, r compiler.Request) diag.List {
		apps, list := compiler.Load(b.set, r)
		loaded[i] = apps
		return list
	})
	var all []subject
	for i, apps := range loaded {
		for _, app := range apps {
			all = append(all, subject{app: app, name: b.inputs[i].String()})
		}
	}
	return all, append(list, found...), err
}

// streamSubjects loads the spec on standard input; it can read no files.
func (p *Program) streamSubjects(o *requestOptions) ([]subject, diag.List, error) {
	vars, list, err := p.vars(o.vars, o.varsFiles)
	if err != nil {
		return nil, nil, err
	}
	apps, found := compiler.Load(p.Backends(), compiler.Request{
		FS: withInput{nowhere{}, p.input}, Path: "-", Display: standardInput, Stages: o.stages, Vars: vars,
	})
	var all []subject
	for _, app := range apps {
		all = append(all, subject{app: app, name: standardInput})
	}
	return all, append(list, found...), nil
}

// nowhere is a file system without files.
type nowhere struct{}

// Open implements fs.FS.
func (nowhere) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: errors.New("a spec on standard input has no folder to read files from")}
}

// fileSubject reads files of a platform as one app.
func (p *Program) fileSubject(args []string, o *subjectOptions) ([]subject, diag.List, error) {
	for _, stage := range o.stages {
		return nil, nil, wrong("--stage %s: the files of a platform have no stages", stage)
	}
	s, list, err := p.sources(args, &sourceOptions{from: o.from, vars: o.vars, varFiles: o.varsFiles, bake: true, outside: o.outside})
	if err != nil || list.HasErrors() {
		return nil, list, err
	}
	defer s.close()
	reading, from, found := compiler.Read(p.Backends(), s.request)
	list = append(list, found...)
	if reading.App == nil || from == nil {
		return nil, list, nil
	}
	return []subject{{app: reading.App, from: from, name: filepath.ToSlash(strings.Join(args, ", "))}}, list, nil
}

// label names a subject in a heading: its app, stage and source.
func (s *subject) label() string {
	name := s.name
	if name == "-" {
		name = standardInput
	}
	if s.app.Stage != "" {
		return fmt.Sprintf("%s@%s", name, s.app.Stage)
	}
	return name
}
