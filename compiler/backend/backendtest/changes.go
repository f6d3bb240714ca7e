package backendtest

import "github.com/decamp-dev/decamp/compiler/ir"

// Change is an app in which one thing is said otherwise.
type Change struct {
	Path    string // of the place that was changed, in the app before
	Kind    string
	Leaf    bool // the place is one fact; otherwise a struct that holds facts
	Renamed bool // a member of a map has another name
	Removed bool // nothing is said any more
	From    string
	To      string
	App     *ir.App
}

// Changes returns apps that differ from this one in one place, for every place and
// several values. Tests of what compares apps use them.
func Changes(app *ir.App) []Change {
	var all []Change
	for _, at := range placesOf(app) {
		for _, m := range mutationsOf(app, &at) {
			all = append(all, Change{Path: at.path, Kind: at.kind, Leaf: at.leaf, Renamed: m.sort == renamed, Removed: m.sort == removed, From: m.from, To: m.to, App: m.app})
		}
	}
	return all
}
