//go:build conformance

package conformance

import (
	"cmp"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/decamp-dev/decamp/backends"
	"github.com/decamp-dev/decamp/compiler"
	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/testdata/corpus"
)

// roundTrips have a platform compare its own files with those that came back from a spec, by its name.
var roundTrips = map[string]roundTrip{
	"compose": {compare: compareCompose, optimize: "probe-start-interval", exceptions: composeExceptions},
	"swarm":   {compare: compareSwarm, optimize: "probe-start-interval", exceptions: swarmExceptions},
}

// roundTrip is how a platform judges the way to a spec and back.
type roundTrip struct {
	// compare says whether the platform accepts the files of the unit as they were, and in what it takes those that
	// came back for something else: a line "PATH: …" for each difference.
	compare    func(t testing.TB, way trip) (accepted bool, differences []string)
	optimize   string // passes without which something of the files cannot be said; none when empty
	exceptions []tripException
}

// tripException is a difference that is known.
type tripException struct {
	unit    string         // the end of its path, as path.Match reads it; "*" for all
	where   *regexp.Regexp // what the difference is
	because string
}

// trip is one unit on its way.
type trip struct {
	unit        corpus.Unit
	files       []string // as they were
	folder      string   // of what came back
	environment []string // values for the variables and secrets of both
}

// TestRoundTrip imports every unit of the corpus, compiles the spec for the platform that it came from, and has that
// platform compare. Part of it: -run TestRoundTrip/compose
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	root := corpus.Root(t)
	set := backends.All()
	for name, way := range roundTrips {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &roundTripRun{roundTrip: way, set: set, from: set.Lookup(name), root: root, used: make([]bool, len(way.exceptions))}
			for _, u := range corpus.Units(t, root, name) {
				r.run(t, u)
			}
			for i, e := range way.exceptions {
				if !r.used[i] {
					t.Errorf("nothing differs at %s in %s any more: take it out of the exceptions", e.where, e.unit)
				}
			}
			t.Logf("of %d units that %s accepts: %d the same, %d with known differences, %d with others, %d refused by decamp", r.accepted, name, r.same, r.known, r.other, r.refused)
		})
	}
}

type roundTripRun struct {
	roundTrip
	set  backend.Set
	from *backend.Backend
	root string
	used []bool

	accepted, same, known, other, refused int
}

func (r *roundTripRun) run(t *testing.T, u corpus.Unit) {
	way := trip{unit: u, folder: t.TempDir()}
	request, err := u.Request(r.root, r.from.Name)
	if err != nil {
		t.Fatal(err)
	}
	corpus.GiveVariables(r.set, &request)
	reading, _, _ := compiler.Read(r.set, request)
	var given []string
	for name, value := range request.Variables {
		way.environment = append(way.environment, name+"="+value)
		given = append(given, "--var", name+"="+value)
	}
	if reading.App != nil {
		for _, s := range reading.App.Secrets {
			if s.Value.Env != "" {
				way.environment = append(way.environment, s.Value.Env+"=conformance")
			}
		}
	}
	for _, p := range request.Paths {
		way.files = append(way.files, filepath.Join(r.root, filepath.FromSlash(p)))
	}
	said, back := r.back(t, way, given)
	accepted, differences := r.compare(t, way)
	if !accepted {
		return
	}
	r.accepted++
	if !back {
		r.refused++
		differences = []string{"decamp: " + said}
	}
	unknown := slices.DeleteFunc(differences, func(d string) bool { return r.excepted(u, d) })
	switch {
	case len(unknown) > 0:
		r.other++
		t.Errorf("%s:\n  %s", u.Path, strings.Join(unknown, "\n  "))
	case len(differences) > 0:
		r.known++
	default:
		r.same++
	}
}

// back imports a unit and compiles its spec, by the program, as a person does.
func (r *roundTripRun) back(t *testing.T, way trip, given []string) (said string, ok bool) {
	t.Helper()
	program, err := decamp()
	if err != nil {
		t.Fatalf("building decamp: %v", err)
	}
	spec := t.TempDir()
	for _, words := range [][]string{
		slices.Concat([]string{"import", "--allow-outside", "--from", r.from.Name, "--out", filepath.Join(spec, "decamp.yaml")}, given, way.files),
		{"compile", spec, "--allow-outside", "--target", r.from.Name, "--optimize", cmp.Or(r.optimize, "none"), "--allow-loss", "all", "--out", way.folder},
	} {
		if output, err := exec.Command(program, words...).CombinedOutput(); err != nil {
			return strings.TrimSpace(firstError(string(output))), false
		}
	}
	// the folder of the one target is what is asked for
	inner := filepath.Join(way.folder, r.from.Name)
	entries, err := os.ReadDir(inner)
	if err != nil {
		return fmt.Sprintf("nothing was written: %v", err), false
	}
	for _, e := range entries {
		if err := os.Rename(filepath.Join(inner, e.Name()), filepath.Join(way.folder, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	return "", os.Remove(inner) == nil
}

func firstError(output string) string {
	for line := range strings.Lines(output) {
		if strings.HasPrefix(line, "error") {
			return line
		}
	}
	return output
}

func (r *roundTripRun) excepted(u corpus.Unit, difference string) bool {
	found := false
	for i, e := range r.exceptions {
		if endsLike(u.Path, e.unit) && e.where.MatchString(difference) {
			r.used[i], found = true, true
		}
	}
	return found
}

// endsLike reports whether the last names of a path fit a pattern, which has as many.
func endsLike(name, pattern string) bool {
	names := strings.Split(name, "/")
	last := names[max(0, len(names)-1-strings.Count(pattern, "/")):]
	fits, _ := path.Match(pattern, path.Join(last...))
	return fits
}
