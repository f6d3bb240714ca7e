package backendtest

import (
	"reflect"
	"strconv"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// place is where an app can be changed: a fact, or a struct that holds facts. It
// is found again in every clone of the app, since it is a list of steps and not an
// address.
type place struct {
	path  string
	kind  string
	role  ir.Role
	life  ir.Kind // of the workload; empty outside of workloads
	field *ir.Field
	steps []step
	leaf  bool
	named bool // a member of a map: its key is something that is said, too
	item  bool // an element of a map or list: it is removed from its slice
	first bool // the first of its kind in its role and life
}

// step goes into a field, or to an element of a slice. Pointers are followed.
type step struct {
	field []int // nil: an element
	index int
}

// placesOf lists the places of an app in the order of its facts.
func placesOf(app *ir.App) []place {
	w := &placer{seen: map[string]bool{}}
	w.fields(ir.ShapeOf(reflect.TypeFor[ir.App]()), reflect.ValueOf(app).Elem(), place{kind: "app"})
	return w.places
}

type placer struct {
	places []place
	seen   map[string]bool
}

func (w *placer) add(p place) {
	key := p.kind + "\x00" + p.role.String() + "\x00" + string(p.life) + strconv.FormatBool(p.leaf)
	p.first = !w.seen[key]
	w.seen[key] = true
	w.places = append(w.places, p)
}

func (w *placer) fields(s *ir.Shape, v reflect.Value, holder place) {
	for i := range s.Fields {
		f := &s.Fields[i]
		fv := v.FieldByIndex(f.Index)
		if f.Key == "platform" || fv.IsZero() && !f.Required {
			continue
		}
		p := holder
		p.field, p.path = f, ir.JoinPath(holder.path, f.Key)
		p.kind, p.role = kindBelow(holder, f)
		p.steps = with(holder.steps, step{field: f.Index})
		p.named, p.item, p.leaf = false, false, false
		w.field(f, fv, p)
	}
}

// kindBelow returns the kind of a field, and the role where the field is one of
// the main container, which is inlined in its workload.
func kindBelow(holder place, f *ir.Field) (string, ir.Role) {
	if root, key, ok := cut(f.Kind); ok {
		role := holder.role
		if root == "container" && role == ir.NoRole {
			role = ir.Main
		}
		return root + "." + key, role
	}
	return holder.kind + "." + f.Kind, holder.role
}

func cut(kind string) (root, key string, ok bool) {
	for i := range kind {
		if kind[i] == ':' {
			return kind[:i], kind[i+1:], true
		}
	}
	return "", "", false
}

func (w *placer) field(f *ir.Field, v reflect.Value, p place) {
	switch f.Form {
	case ir.LeafForm:
		p.leaf = true
		w.add(p)
	case ir.LeafMapForm, ir.RuleListForm:
		for i := range v.Len() {
			e := element(p, v, i)
			e.leaf = true
			if e.named {
				e.steps = with(e.steps, step{field: []int{1}})
			}
			w.add(e)
		}
	case ir.StructForm:
		w.add(p)
		w.fields(f.Elem, v.Elem(), p)
	case ir.MapForm, ir.ListForm:
		for i := range v.Len() {
			w.member(f, v, p, i)
		}
	case ir.PeersForm:
		w.add(p)
		p.steps = with(p.steps, step{field: []int{0}})
		list := v.Elem().Field(0)
		for i := range list.Len() {
			e := element(p, list, i)
			e.leaf = true
			w.add(e)
		}
	}
}

// member adds an element that is a struct, and what is below it.
func (w *placer) member(f *ir.Field, v reflect.Value, p place, i int) {
	e := element(p, v, i)
	value := v.Index(i)
	if e.named {
		value = value.Field(1)
		e.steps = with(e.steps, step{field: []int{1}})
	}
	if f.Root != "" {
		e.kind = f.Root
	}
	switch held := value.Addr().Interface().(type) {
	case *ir.Workload:
		e.life = held.KindOrDefault()
	case *ir.Container:
		e.role = ir.Sidecar
		if f.Key == "init" {
			e.role = ir.Init
		}
	}
	w.add(e)
	w.fields(f.Elem, value, e)
}

// element returns the place of an element of a map or list.
func element(p place, list reflect.Value, i int) place {
	e := p
	e.item = true
	e.steps = with(p.steps, step{index: i})
	if _, isMap := ir.MapValueType(list.Type()); isMap {
		e.named = true
		e.path = ir.JoinPath(p.path, list.Index(i).Field(0).String())
	} else {
		e.path = p.path + "[" + strconv.Itoa(i) + "]"
	}
	return e
}

func with(steps []step, s step) []step {
	return append(append(make([]step, 0, len(steps)+1), steps...), s)
}

// walk returns the value at the end of the steps.
func walk(app *ir.App, steps []step) reflect.Value {
	v := reflect.ValueOf(app).Elem()
	for _, s := range steps {
		if v.Kind() == reflect.Pointer {
			v = v.Elem()
		}
		if s.field != nil {
			v = v.FieldByIndex(s.field)
		} else {
			v = v.Index(s.index)
		}
	}
	return v
}

// in returns the settable value of the place in an app.
func (p *place) in(app *ir.App) reflect.Value { return walk(app, p.steps) }

// key returns the settable name of a member of a map.
func (p *place) key(app *ir.App) reflect.Value {
	return walk(app, p.steps[:len(p.steps)-1]).Field(0)
}

// remove takes what is at the place out of the app.
func (p *place) remove(app *ir.App) {
	if !p.item {
		p.in(app).SetZero()
		return
	}
	at := len(p.steps) - 1
	if p.named {
		at--
	}
	list := walk(app, p.steps[:at])
	if list.Kind() == reflect.Pointer {
		list = list.Elem()
	}
	i := p.steps[at].index
	reflect.Copy(list.Slice(i, list.Len()), list.Slice(i+1, list.Len()))
	list.SetLen(list.Len() - 1)
}

// parent returns the struct that holds the field of a leaf.
func (p *place) parent(app *ir.App) reflect.Value {
	v := walk(app, p.steps[:len(p.steps)-1])
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	return v
}

// empty leaves a struct where it is, with nothing in it. A struct with fields that
// have to be said is not emptied.
func (p *place) empty(app *ir.App) {
	v := p.in(app)
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	if p.field.Elem != nil {
		for _, f := range p.field.Elem.Fields {
			if f.Required {
				return
			}
		}
	}
	v.SetZero()
}
