package score

import (
	"bytes"
	"strings"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/source"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// Name of the platform, in flags and in the ledger.
const Name = "score"

const version = "v1b1"

// New returns the backend. It reads only: the workloads of a Score file are placed
// by other tools, for which there are backends.
func New() *backend.Backend {
	return &backend.Backend{
		Name: Name,
		Doc: "Score workload files (score.dev/v1b1), read only\n\n" +
			"Each file is a workload; its resources become volumes, routes, endpoints, secrets and vars.",
		Version: version,
		Detect:  detect,
		Read:    read,
		Fields:  fields,
		Codes:   Codes(),
	}
}

// detect looks for Score's apiVersion. The text is searched before it is parsed:
// most files that are looked at are not Score's.
func detect(f *source.File) backend.Confidence {
	if !bytes.Contains(f.Data, []byte("score.dev/")) {
		return backend.No
	}
	documents, _ := tree.ParseAll(f, tree.Limits{})
	for _, d := range documents {
		if version := d.Get("apiVersion"); version != nil && strings.HasPrefix(version.Value, "score.dev/") {
			return backend.Sure
		}
	}
	return backend.No
}
