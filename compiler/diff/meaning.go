package diff

import (
	"reflect"
	"strconv"
	"strings"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// sameMeaning reports whether two texts become the same on a platform: one side's
// reader knows that db:5432 is a workload and its port, the other's sees words. Of two
// specs nothing is known but what they say.
func (c *comparer) sameMeaning(a, b reflect.Value) bool {
	if c.a.Platform == nil && c.b.Platform == nil {
		return false
	}
	switch x := a.Interface().(type) {
	case ir.Text:
		y, ok := b.Interface().(ir.Text)
		return ok && (len(x.Refs()) > 0 || len(y.Refs()) > 0) && resolved(c.a.App, x) == resolved(c.b.App, y)
	case *ir.Command:
		y, ok := b.Interface().(*ir.Command)
		if !ok || len(x.Words) != len(y.Words) {
			return false
		}
		for i := range x.Words {
			if resolved(c.a.App, x.Words[i]) != resolved(c.b.App, y.Words[i]) {
				return false
			}
		}
		return true
	}
	return false
}

// resolved writes a text with the names and ports of workloads in place of references
// to them.
func resolved(app *ir.App, t ir.Text) string {
	var out strings.Builder
	for i := range t {
		switch r := &t[i].Ref; r.Kind {
		case ir.RefWorkloadHost:
			out.WriteString(r.Name)
		case ir.RefWorkloadPort:
			if port, ok := portOf(app, r.Name, r.Field); ok {
				out.WriteString(strconv.Itoa(port))
				continue
			}
			out.WriteString(t[i : i+1].String())
		default:
			out.WriteString(t[i : i+1].String())
		}
	}
	return out.String()
}

func portOf(app *ir.App, workload, name string) (int, bool) {
	w := app.Workloads.Ref(workload)
	if w == nil {
		return 0, false
	}
	found := 0
	ir.EachContainer(w, "", func(_, _ string, _ ir.Role, c *ir.Container) {
		if p, ok := c.Ports.Get(name); ok && found == 0 {
			found = p.Port
		}
	})
	return found, found != 0
}
