package kubernetes

import (
	"testing"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/ir"
)

func TestEveryKindHasARow(t *testing.T) {
	b := New()
	if err := (backend.Set{b}).Validate(); err != nil {
		t.Fatal(err)
	}
	for _, k := range ir.Kinds() {
		row := b.Support.Row(k.Name)
		if row == nil {
			t.Errorf("no row for %s", k.Name)
			continue
		}
		t.Logf("%-50s %-13s %s", k.Name, row.Level, row.Fact)
	}
}
