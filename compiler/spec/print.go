package spec

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// Extras are what a spec says besides its app.
type Extras struct {
	// Comments by the path of what they stand above, without the signs of comments; ""
	// is the top of the file. A comment on something that the spec says in fewer words
	// stands above what holds it.
	Comments map[string]string
	// Vars of the spec.
	Vars ir.Map[Var]
	// Written are texts by path, with references to vars, that stand where the app has
	// the constants that they were expanded to.
	Written map[string]string
}

// Var is the declaration of a variable.
type Var struct {
	Default     *string // nil: a value has to be given
	Type        string
	Description string
}

// Printed is a spec, and the files beside it that it refers to.
type Printed struct {
	Text  []byte
	Files []File // configs, by path
}

// File is a file beside a spec.
type File struct {
	Path string // relative to the spec's folder
	Data []byte
}

// Print returns the spec of an app as a person would have written it: the most
// important keys first, short forms wherever there are some, small things on one line.
// Decoding it gives the app again; an error tells of every fact for which that is not
// so. The stage of the app is not part of the spec.
func Print(app *ir.App, extras Extras) (Printed, diag.List) {
	p := newPrinter(app, extras)
	root := p.root()
	attach(root, extras.Comments)
	arrange(root, 0)
	slices.SortFunc(p.files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return Printed{Text: writeLayout(nil, root), Files: p.files}, unsayable(app)
}

// printer makes the layout of the spec of an app.
type printer struct {
	app     *ir.App
	extras  Extras
	files   []File
	entries map[string][]*ir.PlatformEntry // by the workload they stand in

	extensions map[string]string // config → ending of the first path that it is mounted at; found when it is asked for
}

func newPrinter(app *ir.App, extras Extras) *printer {
	return &printer{app: app, extras: extras, entries: byHome(app)}
}

func (p *printer) root() *value {
	root := &value{form: mappingForm, spread: true}
	app := p.structure(ir.ShapeOf(reflect.TypeFor[ir.App]()), reflect.ValueOf(p.app).Elem(), "")
	root.add("decamp", word(Version))
	sections := append(app.items, &item{key: keyOf("vars"), value: p.vars()}, &item{key: keyOf("platform"), value: p.ledger("")})
	slices.SortStableFunc(sections, byRank(appOrder))
	for _, it := range sections {
		if it.value == nil || it.value.form == mappingForm && len(it.value.items) == 0 {
			continue
		}
		root.items = append(root.items, it)
	}
	return root
}

// structure returns the mapping of a struct; what is not said is left out.
func (p *printer) structure(shape *ir.Shape, v reflect.Value, path string) *value {
	m := &value{form: mappingForm}
	for i := range shape.Fields {
		f := &shape.Fields[i]
		fv := v.FieldByIndex(f.Index)
		if !f.Spec || !f.Required && silent(fv) {
			continue
		}
		m.add(f.Key, p.field(f, fv, ir.JoinPath(path, f.Key)))
	}
	switch said := v.Addr().Interface().(type) {
	case *ir.Workload:
		if ledger := p.ledger(path); ledger != nil {
			m.add("platform", ledger)
		}
		slices.SortStableFunc(m.items, byRank(workloadOrder))
		m.spread = true
	case *ir.Container:
		slices.SortStableFunc(m.items, byRank(workloadOrder))
		m.spread = true
	case *ir.FileMount:
		m.items = append([]*item{{key: keyOf("from"), value: p.text(fromOf(said), ir.JoinPath(path, "from"))}}, m.items...)
	case *ir.Health:
		m.spread = len(m.items) > 1
	}
	return shorten(m, shape.Type)
}

// silent reports whether a field says nothing. A map without members is as good as
// none; an empty list is something that is said.
func silent(v reflect.Value) bool {
	if _, isMap := ir.MapValueType(v.Type()); isMap {
		return v.Len() == 0
	}
	return v.IsZero()
}

// shorten returns the short form of a mapping where the type has one that says all of
// it.
func shorten(m *value, t reflect.Type) *value {
	short, ok := shortForms[t]
	if !ok || len(m.items) != len(short.keys) {
		return m
	}
	first := m.items[0].value
	for i, key := range short.keys {
		if m.items[i].key.scalar.text != key || m.items[i].value.scalar.text != first.scalar.text {
			return m
		}
	}
	return first
}

func (p *printer) field(f *ir.Field, v reflect.Value, path string) *value {
	switch f.Form {
	case ir.LeafMapForm:
		m := &value{form: mappingForm, spread: f.Key == "env" && v.Len() > 1}
		for i := range v.Len() {
			name := v.Index(i).Field(0).String()
			m.add(name, p.leaf(f, v.Index(i).Field(1), ir.JoinPath(path, name)))
		}
		return m
	case ir.StructForm:
		return p.structure(f.Elem, v.Elem(), path)
	case ir.MapForm:
		return p.members(f, v, path)
	case ir.ListForm:
		list := &value{form: sequenceForm}
		for i := range v.Len() {
			list.items = append(list.items, &item{value: p.structure(f.Elem, v.Index(i), path+"["+strconv.Itoa(i)+"]")})
		}
		return list
	case ir.PeersForm:
		list := &value{form: sequenceForm}
		for _, peer := range v.Interface().(*ir.PeerList).Peers {
			list.items = append(list.items, &item{value: p.constant(peer.String())})
		}
		return list
	case ir.RuleListForm:
		list := &value{form: sequenceForm}
		for _, rule := range v.Interface().([]ir.NodeRule) {
			list.items = append(list.items, &item{value: p.constant(rule.String())})
		}
		return list
	}
	return p.leaf(f, v, path)
}

// members returns the mapping of named structs; of networks that a workload joins
// without a word more, the list of their names.
func (p *printer) members(f *ir.Field, v reflect.Value, path string) *value {
	m := &value{form: mappingForm, spread: f.Root != "" || (f.Key == "files" || f.Key == "mounts") && v.Len() > 1}
	names := &value{form: sequenceForm}
	for i := range v.Len() {
		name, element := v.Index(i).Field(0).String(), v.Index(i).Field(1)
		at := ir.JoinPath(path, name)
		var member *value
		if config, ok := element.Addr().Interface().(*ir.Config); ok {
			member = p.config(name, config)
		} else {
			member = p.structure(f.Elem, element, at)
		}
		m.add(name, member)
		m.items[i].blank = f.Elem.Type == reflect.TypeFor[ir.Workload]() && i > 0
		if member.form == mappingForm && len(member.items) == 0 {
			names.items = append(names.items, &item{value: p.constant(name)})
		}
	}
	if f.Elem.Type == reflect.TypeFor[ir.Attachment]() && len(names.items) == len(m.items) {
		return names
	}
	return m
}

func (p *printer) vars() *value {
	m := &value{form: mappingForm, spread: true}
	for _, v := range p.extras.Vars {
		declared := &value{form: mappingForm}
		if v.Value.Default != nil {
			text := usual(*v.Value.Default)
			if v.Value.Type != "" && v.Value.Type != "string" {
				text = bare(tree.Float, *v.Value.Default)
			}
			declared.add("default", text)
		}
		if v.Value.Type != "" {
			declared.add("type", word(v.Value.Type))
		}
		if v.Value.Description != "" {
			declared.add("description", usual(v.Value.Description))
		}
		if len(declared.items) == 1 && v.Value.Default != nil {
			declared = declared.items[0].value
		}
		m.add(v.Key, declared)
	}
	return m
}
