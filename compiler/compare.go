package compiler

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diff"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/source"
	"github.com/decamp-dev/decamp/compiler/spec"
)

// Comparison is what two apps do not say the same of.
type Comparison struct {
	Changes []diff.Change
	// CompiledFor is the platform that the one side, a spec, was compiled for before the comparison, since the other one
	// was read from its files; nil otherwise.
	CompiledFor *backend.Backend
}

// Diff compares what two apps say. What looks like a secret is not shown.
//
// Where one is a spec and the other was read from a platform's files, the files that the spec would be compiled to are what
// is compared, unless the two say the same anyway: what a backend adds, and what it says otherwise, is in both and makes no
// difference. From the request only versions, optimisations and the way back count. What the platform cannot say
// stands apart, as always.
func Diff(set backend.Set, a, b diff.Side, r Request, ignore []string) Comparison {
	options := diff.Options{Ignore: ignore, Secret: spec.LooksSecret}
	direct := diff.Apps(a, b, options)
	platform := cmp.Or(a.Platform, b.Platform)
	if platform == nil || a.Platform != nil && b.Platform != nil || !diff.Differs(direct) {
		return Comparison{Changes: direct}
	}
	sides := []*diff.Side{&a, &b}
	if a.Platform != nil {
		sides[0], sides[1] = &b, &a
	}
	spec, files := sides[0], sides[1]
	own := isOwn(files.App)
	if r.Optimize == "" && !own {
		r.Optimize = "none"
	}
	_, compiled := readBack(set, spec.App, r, platform.Name, own)
	if compiled == nil {
		return Comparison{Changes: direct}
	}
	compiled.Locator = newSpecPlaces(spec.App, compiled)
	*spec = diff.Side{App: compiled, Platform: platform}
	return Comparison{Changes: inWordsOf(direct, diff.Apps(a, b, options)), CompiledFor: platform}
}

// isOwn reports whether decamp wrote the files that an app was read from: it reads them as what they were compiled from, and
// what others wrote as it stands there.
func isOwn(app *ir.App) bool {
	for _, w := range app.Workloads {
		if f := app.Locate(ir.JoinPath("workloads", w.Key)).File; f != nil {
			return bytes.Contains(f.Data[:min(len(f.Data), 1024)], []byte(backend.HeaderMark))
		}
	}
	return false
}

// inWordsOf returns the changes of compiled files, in the words of the spec where that has the same change, and what
// a platform cannot say.
func inWordsOf(direct, compiled []diff.Change) []diff.Change {
	type place struct {
		sort        diff.Sort
		path, pathB string
	}
	own, known := map[place]*diff.Change{}, map[string]bool{}
	for i := range direct {
		own[place{direct[i].Sort, direct[i].Path, direct[i].PathB}] = &direct[i]
	}
	var changes []diff.Change
	for _, c := range compiled {
		if said := own[place{c.Sort, c.Path, c.PathB}]; said != nil {
			c.A, c.B, c.AtA, c.AtB = said.A, said.B, said.AtA, said.AtB
		} else if c.Cannot != "" {
			continue // compiling has made it one-sided, and not who wrote
		}
		known[c.Path] = true
		changes = append(changes, c)
	}
	for _, c := range direct {
		if c.Cannot != "" && !known[c.Path] {
			changes = append(changes, c)
		}
	}
	slices.SortStableFunc(changes, func(a, b diff.Change) int { return cmp.Compare(a.Path, b.Path) })
	return changes
}

// specPlaces finds in a spec what its compiled files say: at the nearest place that the spec has.
type specPlaces struct {
	spec *ir.App
	on   map[string]string // path of an entry of the compiled app's ledger → what it concerns
}

func newSpecPlaces(spec, compiled *ir.App) specPlaces {
	p := specPlaces{spec, map[string]string{}}
	for i := range compiled.Platform {
		p.on[compiled.Platform[i].Path] = compiled.Platform[i].On
	}
	return p
}

// Locate implements ir.Locator.
func (p specPlaces) Locate(path string) (source.Range, bool) {
	for path != "" {
		if on, entry := p.on[path]; entry {
			path = on
			continue
		}
		// the entries of the spec's own ledger have other numbers
		if !strings.HasPrefix(path, "platform.") {
			if r := p.spec.Locate(path); !r.IsZero() {
				return r, true
			}
		}
		path = holder(path)
	}
	return source.Range{}, false
}

// holder is the path of what holds the thing at a path; "" for a whole section.
func holder(path string) string {
	at := strings.LastIndexAny(path, ".[")
	if name := strings.LastIndex(path, `["`); name >= 0 && strings.HasSuffix(path, `"]`) {
		at = name // a name in which there are dots
	}
	if at < 0 || !strings.ContainsAny(path[:at], ".[") {
		return ""
	}
	return path[:at]
}
