package composefile

import (
	"slices"
	"strings"

	"github.com/decamp-dev/decamp/backends/internal/document"
)

// LongForms gives what a patch changes within the form that the patch has: the short
// forms of Compose are lists and texts. A list of KEY=value in a patch is merged key by
// key, as Compose does with several files.
func LongForms(base, patch *document.Value) {
	if base == nil || patch == nil {
		return
	}
	for _, m := range patch.Members {
		mine := base.Get(m.Key)
		switch {
		case m.Value == nil:
		case mine != nil && m.Value.Kind == document.KindMap && mine.Kind == document.KindList && (m.Key == "depends_on" || m.Key == "networks"):
			base.Set(m.Key, byName(mine, m.Key == "depends_on"))
		case mine != nil && m.Value.Kind == document.KindMap && mine.Kind == document.KindString && m.Key == "build":
			long := document.Map()
			long.Add("context", mine)
			base.Set(m.Key, long)
			LongForms(long, m.Value)
		case m.Key == "build":
			LongForms(mine, m.Value)
		case m.Value.Kind == document.KindList && slices.Contains(keyed, m.Key):
			if mine == nil {
				mine = document.Map()
				base.Add(m.Key, mine)
			}
			addKeyed(mine, m.Value)
			patch.Delete(m.Key)
		}
	}
}

// keyed are the keys whose lists hold KEY=value.
var keyed = []string{"environment", "args", "labels", "annotations", "sysctls"}

func addKeyed(into, list *document.Value) {
	if into.Kind != document.KindMap {
		return
	}
	for _, item := range list.Items {
		key, value, has := strings.Cut(item.Text, "=")
		v := document.Null()
		if has {
			v = document.String(value)
		}
		into.Set(key, v)
	}
}

func byName(list *document.Value, conditions bool) *document.Value {
	m := document.Map()
	for _, item := range list.Items {
		v := document.Null()
		if conditions {
			v = document.Map(document.Member{Key: "condition", Value: document.String("service_started")})
		}
		m.Add(item.Text, v)
	}
	return m
}
