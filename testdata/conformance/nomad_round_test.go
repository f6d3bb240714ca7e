//go:build conformance

package conformance

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/decamp-dev/decamp/backends"
	"github.com/decamp-dev/decamp/testdata/conformance/judge"
	"github.com/decamp-dev/decamp/testdata/corpus"
)

// jobsThatChange are job files whose way through an app and back is not the same job to Nomad, each with the reason.
var jobsThatChange = map[string]string{
	"nomad/nomad/e2e/disconnectedclients/input/lost_max_disconnect.nomad": oneGroup,
	"nomad/nomad/e2e/disconnectedclients/input/lost_simple.nomad":         oneGroup,
}

const oneGroup = "the constraint of the only group stands in the job, where decamp writes it: it holds for the same tasks"

// TestNomadRoundTrip reads every job file of the corpus that Nomad's servers take, writes the app as a job again, and has
// the agent plan that over the first: it must change nothing. The jobs as the agent reads them are compared as well.
func TestNomadRoundTrip(t *testing.T) {
	root := corpus.Root(t)
	set := backends.All()
	nomad := set.Lookup("nomad")
	counts := map[string]int{}
	for _, u := range corpus.Units(t, root, nomad.Name) {
		t.Run(u.Path, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(u.Path)))
			if err != nil {
				t.Fatal(err)
			}
			request, err := u.Request(root, nomad.Name)
			if err != nil {
				t.Fatal(err)
			}
			corpus.GiveVariables(set, &request)
			if request.Variables == nil {
				request.Variables = map[string]string{}
			}
			first, err := judge.NomadParse(t, text, request.Variables, corpus.GivenValue)
			if err != nil {
				counts["refused by Nomad"]++
				t.Logf("Nomad does not read it: %v", err)
				return
			}
			folder := t.TempDir()
			c := corpusRun{set: set, root: root, from: nomad, to: nomad}
			list := c.convertRequest(t, request, folder)
			refused := judge.NomadRegister(t, first)
			switch {
			case list.HasErrors() && refused != nil:
				counts["refused by both"]++
				return
			case list.HasErrors():
				counts["refused by decamp"]++
				if jobsThatChange[u.Path] == "" {
					t.Errorf("it cannot be read: %v", list)
				}
				return
			}
			again := written(t, folder)
			changes, same := judge.NomadDifferences(first, again), "read as the same"
			if refused == nil {
				changes, same = planned(t, first, again), "planned as the same"
			} else {
				t.Logf("Nomad's servers refuse it: %v", refused)
			}
			switch why := jobsThatChange[u.Path]; {
			case len(changes) == 0 && why != "":
				t.Errorf("nothing changes: take it out of the list")
			case len(changes) == 0:
				counts[same]++
			case why != "":
				counts["another, with a reason"]++
			default:
				counts["another"]++
				t.Errorf("the job is another one:\n%s", strings.Join(changes, "\n"))
			}
		})
	}
	t.Log(counts)
}

// written is the one job of a folder, as the agent reads it.
func written(t *testing.T, folder string) judge.NomadJob {
	t.Helper()
	files := emitted(t, folder, "*.nomad.hcl")
	if len(files) != 1 {
		t.Fatalf("of one job came several: %v", files)
	}
	text, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	job, err := judge.NomadParse(t, text, nil, "")
	if err != nil {
		t.Fatalf("what was written cannot be read: %v\n%s", err, text)
	}
	return job
}

// planned is what a plan of the second job would change, and where the servers have other values then. What the first
// job changes of itself, to Nomad's eyes, does not count.
func planned(t *testing.T, first, again judge.NomadJob) []string {
	t.Helper()
	before := judge.NomadRead(t, first)
	anyway, err := judge.NomadChanges(t, first)
	if err != nil {
		t.Fatal(err)
	}
	changes, err := judge.NomadChanges(t, again)
	if err != nil {
		return []string{"what was written cannot be planned: " + err.Error()}
	}
	if err := judge.NomadRegister(t, again); err != nil {
		return []string{"what was written cannot be registered: " + err.Error()}
	}
	changes = slices.DeleteFunc(changes, func(line string) bool { return slices.Contains(anyway, line) })
	return append(changes, judge.NomadDifferences(before, judge.NomadRead(t, again))...)
}
