package compiler

import (
	"bytes"
	"io/fs"
	"path"
	"slices"
	"time"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/source"
)

// ReadBack has an app emitted for a target and reads the files again: the app that
// comes back knows where in them everything stands. It is nil where the target cannot
// be read. What is lost on the way is told by Audit and not here.
func ReadBack(set backend.Set, app *ir.App, r Request, target string) ([]*source.File, *ir.App) {
	return readBack(set, app, r, target, true)
}

// readBack is ReadBack. Without own the files are read as if somebody else had written them.
func readBack(set backend.Set, app *ir.App, r Request, target string, own bool) ([]*source.File, *ir.App) {
	b := set.Lookup(target)
	if b == nil || b.Emit == nil {
		return nil, nil
	}
	artifacts, _ := emit(b, app, r)
	var files []*source.File
	within := artifactFiles{}
	for i, a := range artifacts {
		if !own {
			a.Data = bytes.Replace(a.Data, []byte(backend.HeaderMark), []byte("Written from "), 1)
			artifacts[i].Data = a.Data
		}
		files = append(files, source.NewFile(a.Path, a.Data))
		within[a.Path] = a.Data
	}
	if b.Read == nil {
		return files, nil
	}
	s := backend.Source{FS: within, Root: ".", Bake: true, Name: app.Name}
	for i, f := range files {
		if artifacts[i].Unmarked || b.Detect != nil && b.Detect(f) == backend.No {
			continue
		}
		s.Paths, s.Files = append(s.Paths, artifacts[i].Path), append(s.Files, f)
	}
	if len(s.Files) == 0 {
		return files, nil
	}
	reading, _ := b.Read(s)
	return files, reading.App
}

// artifactFiles is a file system of what was emitted.
type artifactFiles map[string][]byte

// Open implements fs.FS.
func (f artifactFiles) Open(name string) (fs.File, error) {
	data, ok := f[name]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return &artifactFile{*bytes.NewReader(data), name, int64(len(data))}, nil
}

// ReadFile implements fs.ReadFileFS.
func (f artifactFiles) ReadFile(name string) ([]byte, error) {
	data, ok := f[name]
	if !ok {
		return nil, &fs.PathError{Op: "read", Path: name, Err: fs.ErrNotExist}
	}
	return slices.Clone(data), nil
}

type artifactFile struct {
	bytes.Reader
	name string
	size int64
}

// The rest of fs.File and fs.FileInfo: a plain file without a date.

func (f *artifactFile) Stat() (fs.FileInfo, error) { return artifactInfo{f.name, f.size}, nil }
func (f *artifactFile) Close() error               { return nil }

type artifactInfo struct {
	name string
	size int64
}

func (i artifactInfo) Name() string       { return path.Base(i.name) }
func (i artifactInfo) Size() int64        { return i.size }
func (i artifactInfo) Mode() fs.FileMode  { return 0o444 }
func (i artifactInfo) ModTime() time.Time { return time.Time{} }
func (i artifactInfo) IsDir() bool        { return false }
func (i artifactInfo) Sys() any           { return nil }
