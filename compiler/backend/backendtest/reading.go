package backendtest

import (
	"testing/fstest"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	sourcefile "github.com/decamp-dev/decamp/compiler/source"
)

// readBack gives a backend the files that it has emitted.
func readBack(b *backend.Backend, artifacts []backend.Artifact) (*ir.App, diag.List) {
	files := fstest.MapFS{}
	source := backend.Source{FS: files}
	for _, a := range artifacts {
		files[a.Path] = &fstest.MapFile{Data: a.Data}
		if !a.Unmarked {
			source.Paths = append(source.Paths, a.Path)
			source.Files = append(source.Files, sourcefile.NewFile(a.Path, a.Data))
		}
	}
	reading, list := b.Read(source)
	return reading.App, list
}
