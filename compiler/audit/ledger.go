package audit

import (
	"fmt"

	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/source"
)

// Sort tells the entries of a ledger apart.
type Sort string

// The sorts of entries.
const (
	Patch      Sort = "patch"   // merged into what is emitted
	Objects    Sort = "objects" // added whole
	Acceptance Sort = "accept"  // a loss that is taken: decided, and no debt
)

// Entry is one line of the debt ledger: what is said for one platform only.
type Entry struct {
	Platform string
	On       string
	Sort     Sort
	Values   []string // paths of the single values that it holds; never what they are
	Why      string   // for an acceptance the reason it gives
	Exit     string
	Path     string
	Subject  source.Range
	Since    string // day on which its line was written, where that is known
	New      bool   // not in the baseline, or not with all of its values
}

func ledger(app *ir.App) []Entry {
	var all []Entry
	for i := range app.Platform {
		e := &app.Platform[i]
		entry := Entry{Platform: e.Platform, On: e.On, Sort: Patch, Why: e.Why, Exit: e.Exit, Path: e.Path, Subject: app.Locate(e.Path)}
		switch {
		case e.Accept != "":
			entry.Sort, entry.Why = Acceptance, e.Accept
		case len(e.Objects) > 0 && e.Patch == nil:
			entry.Sort = Objects
		}
		if e.Patch != nil {
			entry.Values = values(entry.Values, "", e.Patch)
		}
		for i, o := range e.Objects {
			entry.Values = values(entry.Values, fmt.Sprintf("objects[%d]", i), o)
		}
		all = append(all, entry)
	}
	return all
}

// values adds the paths of the single values in v.
func values(paths []string, path string, v *ir.Value) []string {
	switch {
	case v.Kind == ir.MapValue && len(v.Members) > 0:
		for _, m := range v.Members {
			paths = values(paths, ir.JoinPath(path, m.Key), m.Value)
		}
	case v.Kind == ir.ListValue && len(v.Items) > 0:
		for i, item := range v.Items {
			paths = values(paths, fmt.Sprintf("%s[%d]", path, i), item)
		}
	default:
		paths = append(paths, path)
	}
	return paths
}

// Debts returns how many entries of the ledger are debts: patches and objects.
func (r *Report) Debts() int {
	count := 0
	for _, e := range r.Ledger {
		if e.Sort != Acceptance {
			count++
		}
	}
	return count
}
