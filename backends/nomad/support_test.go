package nomad

import (
	"testing"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/ir"
)

func TestTable(t *testing.T) {
	if err := (backend.Set{New()}).Validate(); err != nil {
		t.Fatal(err)
	}
	for _, kind := range ir.Kinds() {
		if table().Row(kind.Name) == nil {
			t.Errorf("no row for %s", kind.Name)
		}
	}
}
