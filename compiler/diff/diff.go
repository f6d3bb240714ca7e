// Package diff compares what two apps say, wherever each was read from: a spec at a
// stage, or the files of a platform. Order, formatting, names of generated objects and
// the way in which a quantity is written make no difference. It computes; who prints
// is elsewhere.
package diff

import (
	"cmp"
	"reflect"
	"slices"
	"strings"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/source"
)

// Side is one of the two apps.
type Side struct {
	App      *ir.App
	Platform *backend.Backend // whose files it was read from; nil for a spec
}

// Options are the settings of a comparison; the zero value is fit for use.
type Options struct {
	// Ignore lists paths and kinds of facts that are not compared, with all below.
	Ignore []string
	// Secret reports whether a value of that name is not to be shown. nil: none.
	Secret func(name, value string) bool
}

// Sort says what differs; its zero value is invalid.
type Sort uint8

// The sorts of changes.
const (
	Added   Sort = iota + 1 // only B says it
	Removed                 // only A says it
	Changed                 // both say it, otherwise
)

// String returns "added", "removed" or "changed".
func (s Sort) String() string {
	return [...]string{"invalid", "added", "removed", "changed"}[min(s, Changed)]
}

// Change is one thing of which the two apps do not say the same.
type Change struct {
	Sort  Sort
	Path  string // in A, or in B where only B says it
	PathB string // in B, where that is another one: elements of lists
	Kind  string
	A, B  string // what each says, "" for nothing; never a secret's value
	AtA   source.Range
	AtB   source.Range
	Facts int // how many facts it stands for: all of a workload that only one side has
	Rule  *Rule

	// Cannot names the platform of the side that says nothing, where that platform
	// cannot say it, or need not: nobody left it out.
	Cannot string
	// Because says what that platform makes of it, does instead, or does anyway.
	Because string
}

// Apps returns what differs, sorted by path. Comparing B with A gives the same
// changes the other way round.
func Apps(a, b Side, o Options) []Change {
	b.App = alignPorts(a.App, b.App)
	c := &comparer{a: a, b: b, options: o}
	c.structure(ir.ShapeOf(reflect.TypeFor[ir.App]()), reflect.ValueOf(a.App).Elem(), reflect.ValueOf(b.App).Elem(), "", "", "app")
	c.ledgers()
	changes := slices.DeleteFunc(c.changes, func(ch Change) bool { return o.ignores(&ch) })
	slices.SortStableFunc(changes, func(a, b Change) int { return cmp.Compare(a.Path, b.Path) })
	for i := range changes {
		changes[i].Rule = ruleOf(&changes[i])
	}
	return changes
}

func (o *Options) ignores(c *Change) bool {
	for _, i := range o.Ignore {
		if ir.HasPathPrefix(c.Path, i) || ir.HasPathPrefix(c.Kind, i) || c.PathB != "" && ir.HasPathPrefix(c.PathB, i) {
			return true
		}
	}
	return false
}

// Differs reports whether the changes are more than what one of the platforms cannot
// say.
func Differs(changes []Change) bool {
	return slices.ContainsFunc(changes, func(c Change) bool { return c.Cannot == "" })
}

// add notes a change; the places are found here.
func (c *comparer) add(ch Change, pathB string) {
	if ch.Facts == 0 {
		ch.Facts = 1
	}
	switch ch.Sort {
	case Added:
		ch.Path = pathB
		ch.AtB = c.b.App.Locate(pathB)
		ch.AtA = above(c.a.App, pathB)
		if ch.Cannot, ch.Because = needless(c.a, ch.Kind); ch.Cannot == "" {
			ch.Cannot, ch.Because = c.silence(&c.factsB, c.b, c.a, pathB)
		}
	case Removed:
		ch.AtA = c.a.App.Locate(ch.Path)
		ch.AtB = above(c.b.App, ch.Path)
		if ch.Cannot, ch.Because = needless(c.b, ch.Kind); ch.Cannot == "" {
			ch.Cannot, ch.Because = c.silence(&c.factsA, c.a, c.b, ch.Path)
		}
	case Changed:
		ch.AtA, ch.AtB = c.a.App.Locate(ch.Path), c.b.App.Locate(pathB)
		if pathB != ch.Path {
			ch.PathB = pathB
		}
	}
	c.changes = append(c.changes, ch)
}

// above returns the place where an app would say something: that of the nearest
// thing that holds it and is there.
func above(app *ir.App, path string) source.Range {
	segments := ir.SplitPath(path)
	if len(segments) < 2 {
		return source.Range{}
	}
	// A workload, a volume and the like, by its name.
	holder := ir.JoinPath(segments[0], segments[1])
	if len(segments) == 2 || !has(app, segments[0], segments[1]) {
		return source.Range{}
	}
	return app.Locate(holder)
}

// has reports whether an app has a thing of that name in one of its maps.
func has(app *ir.App, section, name string) bool {
	s := ir.ShapeOf(reflect.TypeFor[ir.App]())
	for i := range s.Fields {
		f := &s.Fields[i]
		if f.Key != section || f.Form != ir.MapForm {
			continue
		}
		v := reflect.ValueOf(app).Elem().FieldByIndex(f.Index)
		return index(v, name) >= 0
	}
	return false
}

func index(m reflect.Value, key string) int {
	for i := range m.Len() {
		if m.Index(i).Field(0).String() == key {
			return i
		}
	}
	return -1
}

// kindOf returns the kind of a field, as ir.Walk does.
func kindOf(kind string, f *ir.Field) string {
	if root, key, ok := strings.Cut(f.Kind, ":"); ok {
		return root + "." + key
	}
	return kind + "." + f.Kind
}
