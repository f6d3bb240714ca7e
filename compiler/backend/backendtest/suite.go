package backendtest

import (
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/support"
)

// Run proves a backend on an app, usually [Maximal]. Exemptions are data: each
// names a change that the files cannot show, and why; one that is not needed any
// more fails too.
func Run(t *testing.T, b *backend.Backend, app *ir.App, exemptions ...Exemption) {
	// thousands of short-lived apps: collecting less often halves the time
	defer debug.SetGCPercent(debug.SetGCPercent(800))
	for _, check := range checks {
		if b.Emit == nil && check.name != "table" {
			continue // it only reads
		}
		t.Run(check.name, func(t *testing.T) {
			plant(t, app)
			fail(t, check.run(b, app, exemptions))
		})
	}
}

// checks are the subtests in the order in which a failure is best looked at.
var checks = []struct {
	name string
	run  func(*backend.Backend, *ir.App, []Exemption) []Violation
}{
	{"table", func(b *backend.Backend, app *ir.App, _ []Exemption) []Violation { return Table(b) }},
	{"emission", func(b *backend.Backend, app *ir.App, _ []Exemption) []Violation { return Emission(b, app) }},
	{"same-bytes", func(b *backend.Backend, app *ir.App, _ []Exemption) []Violation { return SameBytes(b, app) }},
	{"passes", func(b *backend.Backend, app *ir.App, _ []Exemption) []Violation { return Passes(b, app) }},
	{"secrets", func(b *backend.Backend, app *ir.App, _ []Exemption) []Violation { return Secrets(b, app) }},
	{"mutations", func(b *backend.Backend, app *ir.App, exemptions []Exemption) []Violation {
		list, _ := Mutations(b, app, Defaults(b), exemptions...)
		return list
	}},
	{"reading", func(b *backend.Backend, app *ir.App, exemptions []Exemption) []Violation {
		return Reading(b, app, exemptions...)
	}},
}

func fail(t *testing.T, list []Violation) {
	t.Helper()
	for _, v := range list {
		t.Error(v)
	}
}

// Defaults returns the options of a plain compile.
func Defaults(b *backend.Backend) backend.Options {
	passes, _ := b.SelectPasses("default")
	return backend.Options{Source: "decamp.yaml", Passes: passes, Folder: "."}
}

// Table checks what the table says of itself, and that it has a row for every kind.
func Table(b *backend.Backend) []Violation {
	var list []Violation
	if err := (backend.Set{b}).Validate(); err != nil {
		list = append(list, Violation{Check: "table", Problem: err.Error()})
	}
	for _, k := range ir.Kinds() {
		if b.Emit != nil && b.Support.Row(k.Name) == nil {
			list = append(list, Violation{Check: "table", Kind: k.Name, Path: k.Name, Problem: "no row says what becomes of it"})
		}
	}
	return list
}

// Coverage returns the kinds of facts that an app does not say.
func Coverage(app *ir.App) []string {
	said := map[string]bool{}
	for _, p := range placesOf(app) {
		said[p.kind] = true
	}
	var missing []string
	for _, k := range ir.Kinds() {
		if !said[k.Name] {
			missing = append(missing, k.Name)
		}
	}
	return missing
}

// Emission checks what is emitted for the app as it is: that the platform's own
// library accepts it, in every format; the header; the names of files; findings
// that can be shown.
func Emission(b *backend.Backend, app *ir.App) []Violation {
	var list []Violation
	formats := b.Formats
	if len(formats) == 0 {
		formats = []string{""}
	}
	for _, format := range formats {
		o := Defaults(b)
		o.Format = format
		list = append(list, whole(b, app, o, "in format "+format)...)
	}
	return list
}

// whole emits and checks once, and demands that there is nothing to find.
func whole(b *backend.Backend, app *ir.App, o backend.Options, how string) []Violation {
	var list []Violation
	add := func(format string, words ...any) {
		list = append(list, Violation{Check: "emission", Problem: fmt.Sprintf(format, words...) + " (" + how + ")"})
	}
	e := emit(b, app, o)
	if len(e.artifacts) == 0 {
		add("nothing is emitted")
	}
	seen := map[string]bool{}
	for _, a := range e.artifacts {
		if a.Path == "" || seen[a.Path] || strings.HasPrefix(a.Path, "/") || slices.Contains(strings.Split(a.Path, "/"), "..") {
			add("%q is twice there, or no relative path", a.Path)
		}
		seen[a.Path] = true
		if begin := string(a.Data[:min(len(a.Data), 300)]); !a.Unmarked && !strings.Contains(begin, o.Header()) {
			add("%s does not begin with %q", a.Path, o.Header())
		}
	}
	findings := e.findings
	if b.Check != nil {
		findings = append(slices.Clone(findings), b.Check(e.artifacts)...)
	}
	for _, d := range findings {
		if d.Severity == diag.Error {
			add("error [%s] at %s: %s %s", d.Code, d.Path, d.Summary, short(d.Detail))
		}
		if d.Severity < diag.Error || d.Severity > diag.Note || d.Summary == "" {
			add("a finding without severity or summary: %+v", d)
		}
		if !lists(b, d.Code) {
			add("the code %q is not listed in Codes", d.Code)
		}
	}
	return list
}

func lists(b *backend.Backend, code diag.Code) bool {
	return slices.ContainsFunc(b.Codes, func(e diag.Entry) bool { return e.Code == code })
}

// SameBytes emits several times, at once, and demands the same files each time and
// an app that nobody has touched.
func SameBytes(b *backend.Backend, app *ir.App) []Violation {
	before := ir.Clone(app)
	first := emit(b, app, Defaults(b))
	again := make([]emission, 8)
	var group sync.WaitGroup
	for i := range again {
		group.Go(func() { again[i] = emit(b, app, Defaults(b)) })
	}
	group.Wait()
	if !ir.Equal(before, app) {
		return []Violation{{Check: "same-bytes", Problem: "Emit changes the app"}}
	}
	for _, e := range again {
		if !sameArtifacts(first.artifacts, e.artifacts) {
			return []Violation{{Check: "same-bytes", Problem: "the same app gives other files" + where(first.artifacts, e.artifacts)}}
		}
	}
	return nil
}

// Passes switches each pass off and on alone. None may be needed, and each has to
// make a difference that a person could see.
func Passes(b *backend.Backend, app *ir.App) []Violation {
	var list []Violation
	o := Defaults(b)
	o.Passes = backend.Passes{}
	list = append(list, whole(b, app, o, "without passes")...)
	none := emit(b, app, o)
	for _, pass := range b.Passes {
		o.Passes = backend.Passes{pass.Name: true}
		list = append(list, whole(b, app, o, "with pass "+pass.Name+" alone")...)
		alone := emit(b, app, o)
		o.Passes, _ = b.SelectPasses("all")
		all := emit(b, app, o)
		o.Passes[pass.Name] = false
		list = append(list, whole(b, app, o, "without pass "+pass.Name)...)
		if without := emit(b, app, o); sameArtifacts(none.artifacts, alone.artifacts) && sameArtifacts(all.artifacts, without.artifacts) {
			list = append(list, Violation{Check: "passes", Problem: "pass " + pass.Name + " makes no difference to this app"})
		}
	}
	return list
}

const canary = "canary-that-nobody-may-see"

// plant puts values where the app's secrets come from: an emitter that looked them
// up would be found out.
func plant(t *testing.T, app *ir.App) {
	for _, s := range app.Secrets {
		if s.Value.Env != "" {
			t.Setenv(s.Value.Env, canary)
		}
		t.Setenv(strings.ToUpper(strings.ReplaceAll(s.Key, "-", "_")), canary)
	}
}

// Secrets demands that no file and no finding holds a value that was planted where a
// secret comes from.
func Secrets(b *backend.Backend, app *ir.App) []Violation {
	var list []Violation
	e := emit(b, app, Defaults(b))
	for _, a := range e.artifacts {
		if strings.Contains(string(a.Data), canary) {
			list = append(list, Violation{Check: "secrets", Problem: a.Path + " holds the value of a secret"})
		}
	}
	if strings.Contains(fmt.Sprint(e.findings), canary) {
		list = append(list, Violation{Check: "secrets", Problem: "a diagnostic holds the value of a secret"})
	}
	return list
}

// Reading emits, reads back, and demands every fact that the table calls native or
// emulated, unless an exemption says why it cannot be told from the files.
func Reading(b *backend.Backend, app *ir.App, exemptions ...Exemption) []Violation {
	if b.Read == nil {
		return nil
	}
	unread := about(exemptions, true)
	used := make([]bool, len(unread))
	exempt := func(f fact) bool {
		found := false
		for i, e := range unread {
			if e.Kind != f.kind || e.Reason == "" {
				continue
			}
			if e.From == "" || e.From == show(f.value) || `"`+e.From+`"` == show(f.value) {
				used[i], found = true, true
			}
		}
		return found
	}
	read, findings := readBack(b, emit(b, app, Defaults(b)).artifacts)
	if findings.HasErrors() || read == nil {
		return []Violation{{Check: "reading", Problem: fmt.Sprintf("what was emitted cannot be read: %v", findings)}}
	}
	levels := newLevels(b.Support, b.Version)
	want, got := levels.of(app), levels.of(read)
	var list []Violation
	for _, f := range want.list {
		if f.level != support.Native && f.level != support.Emulated {
			continue
		}
		i, ok := got.byPath[f.path]
		switch {
		case ok && sameValue(f.value, got.list[i].value):
		case exempt(f):
		case !ok:
			list = append(list, Violation{Check: "reading", Kind: f.kind, Path: f.path, Level: f.level.String(), Problem: "it is not read back"})
		default:
			list = append(list, Violation{Check: "reading", Kind: f.kind, Path: f.path, From: show(f.value), To: show(got.list[i].value), Level: f.level.String(), Problem: "another value is read back"})
		}
	}
	for i, e := range unread {
		if !used[i] {
			list = append(list, Violation{Check: "exemption", Kind: e.Kind, Path: e.Kind, From: e.From, Problem: "what is read needs this exemption no more; take it out"})
		}
	}
	return list
}
