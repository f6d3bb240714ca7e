package backendtest

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// sort says what a mutation does to its place; its zero value is invalid.
type sort uint8

const (
	changed sort = iota + 1 // another value
	removed                 // nothing is said any more
	renamed                 // a member of a map under another name
	emptied                 // a struct that still is there, and says nothing
)

// mutation is one change of an app.
type mutation struct {
	place *place
	sort  sort
	from  string
	to    string
	apply func(*ir.App)
	app   *ir.App // the changed app
}

// most is how many other values of one fact are tried where its words are not
// listed: one that grows and one that shrinks.
const most = 2

// mutationsOf lists the changes of one place that leave the app meaningful.
func mutationsOf(app *ir.App, p *place) []mutation {
	var list []mutation
	add := func(s sort, limit int, from string, m []mutation) {
		for _, m := range m {
			if limit == 0 {
				return
			}
			m.place, m.sort, m.from = p, s, from
			m.app = ir.Clone(app)
			m.apply(m.app)
			if len(ir.Verify(m.app)) == 0 && !ir.Equal(app, m.app) {
				list = append(list, m)
				limit--
			}
		}
	}
	value := p.in(app)
	if p.leaf {
		limit := most
		if listed(p, value) {
			limit = -1
		}
		add(changed, limit, show(value), changesOf(app, p))
	}
	if !p.field.Required || p.item {
		add(removed, 1, show(value), []mutation{{to: "nothing", apply: p.remove}})
	}
	if !p.leaf {
		add(emptied, 1, "what it says", []mutation{{to: "an empty one", apply: p.empty}})
	}
	if p.named {
		name := p.key(app).String()
		add(renamed, 1, "the name "+name, renamesOf(app, p, name))
	}
	return list
}

// listed reports whether every other value is tried: the words of an enumeration,
// each part of what is put together from parts.
func listed(p *place, value reflect.Value) bool {
	form := p.field.Form
	return len(p.field.Enum) > 0 || p.kind == "workload.needs" || value.Type() == textType ||
		form == ir.PeersForm || form == ir.RuleListForm
}

// String says what is changed: "workloads.web.image: "a" → "b"".
func (m *mutation) String() string { return fmt.Sprintf("%s: %s → %s", m.place.path, m.from, m.to) }

// changesOf lists other values of a leaf.
func changesOf(app *ir.App, p *place) []mutation {
	old := p.in(app)
	var list []mutation
	set := func(values ...any) {
		for _, v := range values {
			next := reflect.ValueOf(v)
			if old.Kind() == reflect.Pointer && next.Kind() != reflect.Pointer {
				pointer := reflect.New(old.Type().Elem())
				pointer.Elem().Set(next.Convert(old.Type().Elem()))
				next = pointer
			} else {
				next = next.Convert(old.Type())
			}
			if (next.Kind() != reflect.Pointer && next.IsZero()) || beyond(p.field, next) {
				continue // what says nothing is the business of removing
			}
			list = append(list, mutation{to: show(next), apply: func(a *ir.App) { p.in(a).Set(next) }})
		}
	}
	switch {
	case len(p.field.Enum) > 0:
		for _, word := range p.field.Enum {
			set(word)
		}
	case old.Type() == textType:
		set(otherTexts(app, old.Interface().(ir.Text))...)
	case p.field.Key == "port" && old.Kind() == reflect.String:
		set(anyPort(app, p, old.Interface())...)
	case others[p.kind] != nil:
		set(others[p.kind](app, p, old.Interface())...)
	default:
		set(othersByType(p, old)...)
	}
	return list
}

// beyond reports whether a number is none that the field can have.
func beyond(f *ir.Field, v reflect.Value) bool {
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	if !v.CanInt() {
		return false
	}
	limit := func(text string, outside func(int64) bool) bool {
		n, err := strconv.ParseInt(text, 10, 64)
		return err == nil && outside(n)
	}
	return limit(f.Min, func(n int64) bool { return v.Int() < n }) || limit(f.Max, func(n int64) bool { return v.Int() > n })
}

// renamesOf lists other names of a member whose name is a value of the app: a
// variable, a path, a limit, or the name of something that exists. What is only a
// handle (a volume, a port) is not renamed.
func renamesOf(app *ir.App, p *place, name string) []mutation {
	var names []string
	switch p.kind {
	case "container.files", "container.mounts":
		names = []string{name + "-renamed"}
	case "container.ulimits":
		names = []string{"rss", "stack"}
	case "container.sysctls":
		names = []string{"net.ipv4.tcp_syncookies"}
	case "workload.publish":
		w, _ := workloadAt(app, p)
		ir.EachContainer(w, "", func(_, _ string, role ir.Role, c *ir.Container) { names = append(names, c.Ports.Keys()...) })
		names = without(names, w.Publish.Keys())
	case "workload.networks":
		w, _ := workloadAt(app, p)
		names = without(append(app.Networks.Keys(), "default"), w.Networks.Keys())
	case "workload.needs":
		w, own := workloadAt(app, p)
		names = without(without(app.Workloads.Keys(), w.Needs.Keys()), []string{own})
	default:
		if p.leaf {
			names = []string{name + "_renamed", name + "-renamed"}
		}
	}
	var list []mutation
	for _, n := range names {
		list = append(list, mutation{to: "the name " + n, apply: func(a *ir.App) { p.key(a).SetString(n) }})
	}
	return list
}

func without(names, taken []string) []string {
	var left []string
	for _, n := range names {
		if !has(taken, n) {
			left = append(left, n)
		}
	}
	return left
}

func has(list []string, s string) bool {
	for _, e := range list {
		if e == s {
			return true
		}
	}
	return false
}

// workloadAt returns the workload that a place is in, and its name.
func workloadAt(app *ir.App, p *place) (*ir.Workload, string) {
	i := p.steps[1].index
	return &app.Workloads[i].Value, app.Workloads[i].Key
}

// containerAt returns the container that a place is in.
func containerAt(app *ir.App, p *place) *ir.Container {
	w, _ := workloadAt(app, p)
	segments := ir.SplitPath(p.path)
	switch p.role {
	case ir.Sidecar:
		return w.Sidecars.Ref(segments[3])
	case ir.Init:
		return w.Init.Ref(segments[3])
	}
	return &w.Container
}

// show writes a value for a person, in one line.
func show(v reflect.Value) string {
	if v.Kind() == reflect.Pointer && v.IsNil() {
		return "nothing"
	}
	switch x := v.Interface().(type) {
	case ir.Text:
		return fmt.Sprintf("%q", x.String())
	case *ir.Command:
		words := make([]string, len(x.Words))
		for i, w := range x.Words {
			words[i] = fmt.Sprintf("%q", w.String())
		}
		return "[" + strings.Join(words, ", ") + "]"
	case ir.NodeRule:
		return strings.TrimSpace(x.Label + " " + x.Operator + " " + strings.Join(x.Values, ", "))
	case ir.Peer:
		return strings.Trim(fmt.Sprint(x.Workload, x.Endpoint, x.Route, x.Host, x.CIDR, ":", x.Port), " ")
	case ir.Kind, ir.Condition, string:
		return fmt.Sprintf("%q", x)
	case fmt.Stringer:
		return x.String()
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.Elem().Kind() != reflect.Struct {
			return show(v.Elem())
		}
		return "what it says"
	case reflect.Struct:
		return "what it says"
	}
	return fmt.Sprint(v.Interface())
}
