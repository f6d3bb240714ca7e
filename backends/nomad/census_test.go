package nomad

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/nomad/api"
)

// TestCensus holds the rows to the types of Nomad's API: a field that is new fails
// until someone has decided what becomes of it.
func TestCensus(t *testing.T) {
	var have, want []string
	for _, row := range fields() {
		have = append(have, row.Field)
		if row.Because == "" || row.Verdict == 0 {
			t.Errorf("%s: no verdict or no reason", row.Field)
		}
	}
	seen := map[reflect.Type]bool{}
	var visit func(t reflect.Type)
	visit = func(t reflect.Type) {
		for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
			t = t.Elem()
		}
		if t.Kind() != reflect.Struct || seen[t] || !strings.HasSuffix(t.PkgPath(), "nomad/api") {
			return
		}
		seen[t] = true
		for i := range t.NumField() {
			f := t.Field(i)
			name, _, _ := strings.Cut(f.Tag.Get("hcl"), ",")
			if name == "" {
				name = f.Name
			}
			want = append(want, t.Name()+"."+name)
			visit(f.Type)
		}
	}
	visit(reflect.TypeFor[api.Job]())
	slices.Sort(have)
	slices.Sort(want)
	if diff := cmp.Diff(want, have); diff != "" {
		t.Errorf("types and rows differ (-types +rows):\n%s", diff)
	}
}
