package backendtest

import (
	"testing"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// FuzzEmit changes several facts at once, as the fuzzer's bytes choose, and demands
// that Emit does not panic, gives the same bytes twice, leaves the app alone, and
// that the platform's own library takes what was emitted without an error. A
// backend calls it from a fuzz test of its own.
func FuzzEmit(f *testing.F, b *backend.Backend, app *ir.App) {
	f.Helper()
	f.Add([]byte{})
	for i := range len(placesOf(app)) / 64 {
		f.Add([]byte{byte(i >> 2), byte(i << 6), 0, byte(i), byte(i * 7), 1})
	}
	f.Fuzz(func(t *testing.T, choices []byte) {
		changed, changes := changeBy(app, choices)
		before := ir.Clone(changed)
		first, second := emit(b, changed, Defaults(b)), emit(b, changed, Defaults(b))
		switch {
		case !sameArtifacts(first.artifacts, second.artifacts):
			t.Fatalf("%v: two emissions differ%s", changes, where(first.artifacts, second.artifacts))
		case !ir.Equal(before, changed):
			t.Fatalf("%v: Emit changes the app", changes)
		case b.Check == nil || first.findings.HasErrors():
			return
		}
		for _, d := range b.Check(first.artifacts) {
			if d.Severity == diag.Error {
				t.Fatalf("%v: the platform's library refuses what was emitted: %s: %s %s", changes, d.Path, d.Summary, d.Detail)
			}
		}
	})
}

// changeBy changes at most five facts: two bytes choose a place, the third what to
// do there. Each change starts from a meaningful app and leads to one.
func changeBy(app *ir.App, choices []byte) (*ir.App, []string) {
	const most = 5
	var changes []string
	for ; len(choices) >= 3 && len(changes) < most; choices = choices[3:] {
		places := placesOf(app)
		if len(places) == 0 {
			break
		}
		mutations := mutationsOf(app, &places[(int(choices[0])<<8|int(choices[1]))%len(places)])
		if len(mutations) == 0 {
			continue
		}
		m := mutations[int(choices[2])%len(mutations)]
		app, changes = m.app, append(changes, m.String())
	}
	return app, changes
}
