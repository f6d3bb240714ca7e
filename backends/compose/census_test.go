package compose

import (
	"reflect"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/decamp-dev/decamp/compiler/backend"
)

// TestCensus: every field of compose-go's types has a row, or is below one that is
// carried whole, and every row has a field.
func TestCensus(t *testing.T) {
	rows := map[string]backend.FieldRow{}
	for _, row := range fieldRows() {
		if _, twice := rows[row.Field]; twice || row.Because == "" || row.Verdict < backend.Mapped || row.Verdict > backend.Ignored {
			t.Errorf("%s: twice, or without a verdict and a reason", row.Field)
		}
		rows[row.Field] = row
	}
	known := map[string]bool{}
	var visit func(of reflect.Type, path string, depth int)
	visit = func(of reflect.Type, path string, depth int) {
		for of.Kind() == reflect.Pointer || of.Kind() == reflect.Slice || of.Kind() == reflect.Map {
			of = of.Elem()
		}
		if of.Kind() != reflect.Struct || depth > 8 {
			return
		}
		for i := range of.NumField() {
			tag, options, _ := strings.Cut(of.Field(i).Tag.Get("yaml"), ",")
			switch {
			case tag == "-" || strings.HasPrefix(tag, "#") || !of.Field(i).IsExported():
				continue
			case strings.Contains(options, "inline"):
				visit(of.Field(i).Type, path, depth)
				continue
			case tag == "":
				t.Errorf("%s.%s has no name in files", path, of.Field(i).Name)
				continue
			}
			at := strings.TrimPrefix(path+"."+tag, ".")
			known[at] = true
			row, ok := rows[at]
			if !ok {
				t.Errorf("%s has no row: decide what becomes of it", at)
			}
			if row.Verdict != backend.Carried {
				visit(of.Field(i).Type, at, depth+1)
			}
		}
	}
	visit(reflect.TypeFor[types.Project](), "", 0)
	for field := range rows {
		if !known[field] {
			t.Errorf("%s is no field of compose-go's types", field)
		}
	}
}
