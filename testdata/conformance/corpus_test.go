//go:build conformance

package conformance

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/decamp-dev/decamp/backends"
	"github.com/decamp-dev/decamp/compiler"
	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/support"
	"github.com/decamp-dev/decamp/testdata/conformance/judge"
	"github.com/decamp-dev/decamp/testdata/corpus"
)

// judges have a platform look at the files of one app, by the name of the target.
var judges = map[string]struct {
	patterns []string // of the files that it is given
	look     func(t testing.TB, files []string) judge.Verdict
}{
	"compose": {[]string{"compose.yaml"}, func(t testing.TB, files []string) judge.Verdict { return judge.Compose(t, files[0]) }},
	"kubernetes": {[]string{"*.yaml", "*.yml", "*.json"}, func(t testing.TB, files []string) judge.Verdict {
		return judge.KubernetesAccepts(t, contents(t, files)...)
	}},
	"swarm": {[]string{"stack*.yaml"}, func(t testing.TB, files []string) judge.Verdict { return judge.Swarm(t, files...) }},
	"nomad": {[]string{"*.nomad.hcl", "*.nomad.json"}, func(t testing.TB, files []string) judge.Verdict {
		whole := judge.Verdict{Accepted: true}
		for _, text := range contents(t, files) {
			v := judge.NomadAccepts(t, text, corpus.GivenValue)
			whole.Accepted = whole.Accepted && v.Accepted
			whole.Output += v.Output
			whole.Warnings = append(whole.Warnings, v.Warnings...)
		}
		return whole
	}},
}

func contents(t testing.TB, files []string) (texts [][]byte) {
	t.Helper()
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, text)
	}
	return texts
}

// TestCorpus converts every unit of the corpus to every target, and has the target's platform judge what comes out.
// Losses are allowed: what is asked is whether the platform takes what is left. docs/corpus.md counts the same units
// without the platforms; testdata/corpus/refused.txt tells it what they said. Part of it: -run TestCorpus/compose/nomad
func TestCorpus(t *testing.T) {
	t.Parallel()
	root := corpus.Root(t)
	set := backends.All()
	known := corpus.Refusals(t)
	for _, from := range set.Readers() {
		t.Run(from.Name, func(t *testing.T) {
			units := corpus.Units(t, root, from.Name)
			if len(units) == 0 {
				t.Skip("the corpus has no files of it")
			}
			for _, to := range set.Emitters() {
				t.Run(to.Name, func(t *testing.T) {
					t.Parallel()
					c := corpusRun{set: set, root: root, from: from, to: to, known: known}
					for _, u := range units {
						c.unit(t, u)
					}
					c.finish(t)
				})
			}
		})
	}
}

// corpusRun is what becomes of the units of one platform on another.
type corpusRun struct {
	set      backend.Set
	root     string
	from, to *backend.Backend
	known    []corpus.Refusal
	optimize string // the passes; "" is the default

	accepted, refused, empty int
	own                      int              // of those that the platform refuses: it refuses the source too
	said                     []corpus.Refusal // by the platform
}

// unit converts one unit, and has the platform judge it.
func (c *corpusRun) unit(t *testing.T, u corpus.Unit) {
	folder := t.TempDir()
	list := c.convert(t, u, folder)
	if made, err := os.ReadDir(folder); err == nil && len(made) == 0 && !list.HasErrors() {
		c.empty++ // files without a service
		return
	}
	if list.HasErrors() {
		c.refused++
		for _, d := range list {
			if d.Severity == diag.Error && d.Summary == "" {
				t.Errorf("%s is refused, and nothing says why", u.Path)
			}
		}
		return
	}
	j, there := judges[c.to.Name]
	if !there {
		t.Fatalf("nobody judges files of %s: add a judge", c.to.Name)
	}
	files := judged(t, folder, j.patterns...)
	if len(files) == 0 {
		c.empty++ // such as volumes alone
		return
	}
	verdict := j.look(t, files)
	if verdict.Accepted {
		c.accepted++
		return
	}
	refusal := corpus.Refusal{From: c.from.Name, To: c.to.Name, Path: u.Path}
	c.said = append(c.said, refusal)
	if slices.ContainsFunc(c.known, refusal.Same) {
		return
	}
	if c.from == c.to && !j.look(t, c.sources(t, u)).Accepted {
		c.own++ // no way through a spec makes it better
	} else {
		t.Errorf("%s of %s: %s refuses what decamp made of it:\n%s", u.Path, c.from.Name, c.to.Name, verdict.Output)
	}
}

// sources are the files of a unit, as the platform's own program is given them.
func (c *corpusRun) sources(t *testing.T, u corpus.Unit) (files []string) {
	t.Helper()
	request, err := u.Request(c.root, c.from.Name)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range request.Paths {
		files = append(files, filepath.Join(c.root, filepath.FromSlash(p)))
	}
	return files
}

// convert writes the files of the target into a folder.
func (c *corpusRun) convert(t *testing.T, u corpus.Unit, folder string) diag.List {
	t.Helper()
	request, err := u.Request(c.root, c.from.Name)
	if err != nil {
		t.Fatal(err)
	}
	corpus.GiveVariables(c.set, &request)
	return c.convertRequest(t, request, folder)
}

func (c *corpusRun) convertRequest(t *testing.T, request compiler.ReadRequest, folder string) diag.List {
	t.Helper()
	back, err := filepath.Rel(folder, filepath.Join(c.root, filepath.FromSlash(request.Root)))
	if err != nil {
		t.Fatal(err)
	}
	result, list := compiler.Convert(c.set, request, compiler.Request{
		Path: request.Paths[0], Targets: []string{c.to.Name}, Verify: true, Policy: support.Policy{Allow: []string{"all"}}, Optimize: c.optimize,
		Folder: func(string, string) string { return filepath.ToSlash(back) },
	})
	for _, output := range result.Outputs {
		for _, a := range output.Artifacts {
			name := filepath.Join(folder, filepath.FromSlash(a.Path))
			if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, a.Data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	return list
}

// finish reports the counts, and refusals that the list names for nothing.
func (c *corpusRun) finish(t *testing.T) {
	for _, k := range c.known {
		if k.From == c.from.Name && k.To == c.to.Name && !slices.ContainsFunc(c.said, k.Same) {
			t.Errorf("%s is not refused by %s: take it out of the list", k.Path, k.To)
		}
	}
	t.Logf("%d units: %d accepted by %s, %d refused by it (of %d the source too), %d refused with reasons before, %d without a workload", c.accepted+c.refused+c.empty+len(c.said), c.accepted, c.to.Name, len(c.said), c.own, c.refused, c.empty)
	if testing.Verbose() {
		for _, s := range c.said {
			t.Log(strings.Join([]string{s.From, s.To, s.Path}, " "))
		}
	}
}
