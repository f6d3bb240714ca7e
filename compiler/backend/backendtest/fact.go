package backendtest

import (
	"reflect"
	"strconv"
	"strings"

	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/support"
)

// fact is one fact of an app with the level that a table gives it.
type fact struct {
	path  string // by which it is compared
	at    string // its place in its own app
	kind  string
	value reflect.Value
	level support.Level
	means string
}

// facts are the facts of one app, in order and by path.
type facts struct {
	list   []fact
	byPath map[string]int
}

// levels finds the level of every fact. It is asked for each of many apps, so rows
// are looked up once.
type levels struct {
	table   support.Table
	version string
	rows    map[string]*support.Row
}

func newLevels(table support.Table, version string) *levels {
	l := &levels{table: table, version: version, rows: map[string]*support.Row{}}
	for _, k := range ir.Kinds() {
		l.rows[k.Name] = table.Row(k.Name)
	}
	return l
}

// row is safe for use from several goroutines: all kinds are known before.
func (l *levels) row(kind string) *support.Row {
	if row, ok := l.rows[kind]; ok {
		return row
	}
	return l.table.Row(kind)
}

func (l *levels) of(app *ir.App) facts {
	all := facts{byPath: map[string]int{}}
	ir.Walk(app, func(f *ir.Fact) {
		path := f.Path()
		known := fact{path: path, at: path, kind: f.Kind, value: f.Reflect()}
		if row := l.row(f.Kind); row != nil {
			known.level, known.means = row.At(f, l.version)
		}
		all.byPath[known.path] = len(all.list)
		all.list = append(all.list, known)
	})
	return all
}

// difference is one fact that two apps do not say alike, or that a table does not
// treat alike; nil where one of them does not say it.
type difference struct {
	before, after *fact
	same          bool // the value: only the level differs
}

// shift numbers the elements behind one that was taken out of a list as they were
// before, so that each is compared with itself.
func (all *facts) shift(out *place) {
	list, index := out.path[:strings.LastIndexByte(out.path, '[')], out.steps[len(out.steps)-1].index
	for i := range all.list {
		f := &all.list[i]
		rest, inside := strings.CutPrefix(f.path, list+"[")
		number, below, closed := strings.Cut(rest, "]")
		if n, err := strconv.Atoi(number); inside && closed && err == nil && n >= index {
			f.path = list + "[" + strconv.Itoa(n+1) + "]" + below
		}
	}
	clear(all.byPath)
	for i := range all.list {
		all.byPath[all.list[i].path] = i
	}
}

// has reports whether an app says the fact. What a struct says by being there and
// nothing else is said, too, where something is in it.
func (all *facts) has(f *fact) bool {
	if _, ok := all.byPath[f.path]; ok {
		return true
	}
	return !f.value.IsValid() && all.holds(f.path)
}

// holds reports whether something is said below a path.
func (all *facts) holds(path string) bool {
	for i := range all.list {
		if ir.HasPathPrefix(all.list[i].path, path) {
			return true
		}
	}
	return false
}

// compare returns how two apps differ, in the order of their facts.
func compare(a, b facts) []difference {
	var list []difference
	for i := range a.list {
		before := &a.list[i]
		j, ok := b.byPath[before.path]
		if !ok {
			if !b.has(before) {
				list = append(list, difference{before: before})
			}
			continue
		}
		after := &b.list[j]
		same := before.kind == after.kind && sameValue(before.value, after.value)
		if !same || before.level != after.level {
			list = append(list, difference{before, after, same})
		}
	}
	for i := range b.list {
		if !a.has(&b.list[i]) {
			list = append(list, difference{after: &b.list[i]})
		}
	}
	return list
}

func sameValue(a, b reflect.Value) bool {
	if !a.IsValid() || !b.IsValid() {
		return a.IsValid() == b.IsValid()
	}
	return reflect.DeepEqual(a.Interface(), b.Interface())
}

// shown reports whether a fact of that level is in the files.
func shown(f *fact) bool {
	return f != nil && f.level >= support.Native && f.level <= support.Approximated
}

func hidden(f *fact) bool { return f != nil && f.level == support.Dropped }

// demand is what a change has to do to the files; its zero value is invalid.
type demand uint8

const (
	mustDiffer demand = iota + 1
	mustAgree
	mayDiffer
)

// demandOf reasons about all differences between two apps. A fact that is in the
// files before or after, and is not dropped on the other side, has to be seen
// there. One that is dropped on one side only is named by a diagnostic on that
// side, so nothing is lost in silence either way; the same holds for a fact that
// only changes its level.
func demandOf(list []difference) demand {
	result := mustAgree
	for _, d := range list {
		switch {
		case d.same || shown(d.before) && hidden(d.after) || hidden(d.before) && shown(d.after):
			result = mayDiffer
		case shown(d.before) || shown(d.after):
			return mustDiffer
		}
	}
	return result
}
