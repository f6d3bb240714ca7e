package backends_test

import (
	"testing"

	"github.com/decamp-dev/decamp/backends"
	"github.com/decamp-dev/decamp/compiler/backend/backendtest"
)

// Each target emits whatever the changed maximal app says: the same bytes twice, and nothing that its own library
// refuses.

func FuzzEmitCompose(f *testing.F)    { fuzzEmit(f, "compose") }
func FuzzEmitKubernetes(f *testing.F) { fuzzEmit(f, "kubernetes") }
func FuzzEmitNomad(f *testing.F)      { fuzzEmit(f, "nomad") }

func fuzzEmit(f *testing.F, name string) {
	backendtest.FuzzEmit(f, backends.All().Lookup(name), backendtest.Maximal(f))
}
