package ir

import (
	"reflect"
	"strconv"
	"strings"
)

// Role is the part that a container plays in its workload.
type Role uint8

// The roles of a container; NoRole for facts that are not of a container.
const (
	NoRole Role = iota
	Main
	Sidecar
	Init
)

// String returns "main", "sidecar" or "init".
func (r Role) String() string { return [...]string{"", "main", "sidecar", "init"}[r] }

// Fact is one thing that an app says. The walker reuses it: a visitor that keeps a
// fact copies it and takes its path at once.
type Fact struct {
	Kind string // path of its type: container.health.ready.http.path
	Root string // first part of the kind: container

	App           *App
	WorkloadName  string
	Workload      *Workload // nil outside of workloads
	ContainerName string    // of a sidecar or init container
	Container     *Container
	Role          Role
	Name          string // of the innermost named thing: the port, the variable, the volume
	Parent        any    // address of the struct that holds the field: *Mount, *Probe, …

	value reflect.Value
	field *Field
	stack *[]string
}

// Value returns what is said: the field's value, or the member's for a map of
// leaves; nil for a struct that is present and empty.
func (f *Fact) Value() any {
	if !f.value.IsValid() {
		return nil
	}
	return f.value.Interface()
}

// Reflect returns the settable place of the value; invalid for a struct that is
// present and empty. Tests change facts through it.
func (f *Fact) Reflect() reflect.Value { return f.value }

// Field returns the description of the field that holds the fact.
func (f *Fact) Field() *Field { return f.field }

// Word returns the value as a word, for comparison with the words of an
// enumeration: the string itself, "true" or "false", digits; "" for what is none.
func (f *Fact) Word() string {
	if !f.value.IsValid() {
		return ""
	}
	switch f.value.Kind() {
	case reflect.String:
		return f.value.String()
	case reflect.Bool:
		return strconv.FormatBool(f.value.Bool())
	case reflect.Int, reflect.Int64:
		return strconv.FormatInt(f.value.Int(), 10)
	}
	return ""
}

// Path returns the fact's place: workloads.web.health.ready.http.path.
func (f *Fact) Path() string {
	path := ""
	for _, segment := range *f.stack {
		if strings.HasPrefix(segment, "[") {
			path += segment
		} else {
			path = JoinPath(path, segment)
		}
	}
	return path
}

// Walk visits every fact of the app in a fixed order: fields as their types list
// them, members as their author wrote them. What is not said is not visited; the
// ledger of platform entries is not part of the facts.
func Walk(a *App, visit func(*Fact)) {
	stack := make([]string, 0, 16)
	w := &walker{visit: visit, fact: Fact{App: a, stack: &stack, Root: "app"}, stack: &stack}
	w.fields(ShapeOf(reflect.TypeFor[App]()), reflect.ValueOf(a).Elem(), "app")
}

// WalkWorkload visits every fact of one workload of the app.
func WalkWorkload(a *App, name string, visit func(*Fact)) {
	w := a.Workloads.Ref(name)
	if w == nil {
		return
	}
	stack := []string{"workloads", name}
	walk := &walker{visit: visit, fact: Fact{App: a, stack: &stack, Root: "workload"}, stack: &stack}
	walk.enter(reflect.ValueOf(w), name)
	walk.fields(ShapeOf(reflect.TypeFor[Workload]()), reflect.ValueOf(w).Elem(), "workload")
}

type walker struct {
	visit func(*Fact)
	fact  Fact
	stack *[]string
}

func (w *walker) push(segment string) { *w.stack = append(*w.stack, segment) }
func (w *walker) pop()                { *w.stack = (*w.stack)[:len(*w.stack)-1] }

func (w *walker) fields(s *Shape, v reflect.Value, kind string) (found bool) {
	parent := w.fact.Parent
	if v.CanAddr() {
		w.fact.Parent = v.Addr().Interface()
	}
	for i := range s.Fields {
		f := &s.Fields[i]
		fv := v.FieldByIndex(f.Index)
		if f.Key == "platform" || fv.IsZero() && !f.Required {
			continue
		}
		found = true
		saved := w.fact
		w.push(f.Key)
		w.field(f, fv, kindOf(kind, f))
		w.pop()
		w.fact = saved
	}
	w.fact.Parent = parent
	return found
}

// kindOf appends the field to the kind. A field that is inlined from another root
// ("container:image") starts there.
func kindOf(kind string, f *Field) string {
	if root, key, ok := strings.Cut(f.Kind, ":"); ok {
		return root + "." + key
	}
	return kind + "." + f.Kind
}

func (w *walker) field(f *Field, v reflect.Value, kind string) {
	if strings.HasPrefix(kind, "container.") && w.fact.Role == NoRole {
		w.fact.Role = Main
		w.fact.Root = "container"
	}
	switch f.Form {
	case LeafForm:
		w.leaf(f, v, kind)
	case LeafMapForm:
		for i := range v.Len() {
			item := v.Index(i)
			w.push(item.Field(0).String())
			w.fact.Name = item.Field(0).String()
			w.leaf(f, item.Field(1), kind)
			w.pop()
		}
	case StructForm:
		w.structure(f, v.Elem(), kind)
	case MapForm:
		w.members(f, v, kind)
	case ListForm, RuleListForm:
		for i := range v.Len() {
			w.push("[" + strconv.Itoa(i) + "]")
			if f.Form == RuleListForm {
				w.leaf(f, v.Index(i), kind)
			} else {
				w.structure(f, v.Index(i), kind)
			}
			w.pop()
		}
	case PeersForm:
		w.peers(f, v, kind)
	}
}

func (w *walker) members(f *Field, v reflect.Value, kind string) {
	if f.Root != "" {
		kind = f.Root
	}
	saved := w.fact
	for i := range v.Len() {
		item := v.Index(i)
		name := item.Field(0).String()
		w.push(name)
		w.fact.Name = name
		w.fact.Root, _, _ = strings.Cut(kind, ".")
		if f.Root != "" {
			w.enter(item.Field(1).Addr(), name)
		}
		w.structure(f, item.Field(1), kind)
		w.fact = saved
		w.pop()
	}
}

// enter notes which workload or container the walk is in.
func (w *walker) enter(addr reflect.Value, name string) {
	switch p := addr.Interface().(type) {
	case *Workload:
		w.fact.WorkloadName, w.fact.Workload, w.fact.Container = name, p, &p.Container
	case *Container:
		w.fact.ContainerName, w.fact.Container = name, p
		w.fact.Role = Sidecar
		if parent := *w.stack; parent[len(parent)-2] == "init" {
			w.fact.Role = Init
		}
	}
}

// structure visits the fields; a struct that says nothing is a fact by being there.
func (w *walker) structure(f *Field, v reflect.Value, kind string) {
	if !w.fields(f.Elem, v, kind) {
		w.leaf(f, reflect.Value{}, kind)
	}
}

func (w *walker) peers(f *Field, v reflect.Value, kind string) {
	list := v.Elem().Field(0)
	if list.Len() == 0 {
		w.leaf(f, reflect.Value{}, kind)
	}
	for i := range list.Len() {
		w.push("[" + strconv.Itoa(i) + "]")
		w.leaf(f, list.Index(i), kind)
		w.pop()
	}
}

func (w *walker) leaf(f *Field, v reflect.Value, kind string) {
	w.fact.Kind, w.fact.value, w.fact.field = kind, v, f
	w.visit(&w.fact)
}
