//go:build conformance

package contract

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/decamp-dev/decamp/testdata/conformance/contract/platform"
)

const (
	root        = "../../.."
	resultsFile = "results.json"

	applyTimeout = 6 * time.Minute
	secondLook   = 10 * time.Second // after the first one, where a row does not hold
	looseTimeout = 40 * time.Second // what is meant not to come up need not be waited for
)

func TestMain(m *testing.M) {
	flag.Parse()
	// rows wait far more than they work, so as many as there are may be under way
	if err := flag.Set("test.parallel", "200"); err != nil {
		panic(err)
	}
	code := m.Run()
	fmt.Print(Matrix(LoadResults(resultsFile)))
	os.Exit(code)
}

// TestContract deploys each chapter on each platform and observes its rows: three apps at a time, and then, each alone, those of
// which a row did not hold and those that disturb others. A small machine that runs several apps answers some questions too
// late; a row that is wrong is wrong alone too. Platforms come one after the other: checks by commands of two of them at
// once are more than two processors start in time.
func TestContract(t *testing.T) {
	document, err := os.ReadFile(filepath.Join(root, "docs", "deploy.md"))
	if err != nil {
		t.Fatal(err)
	}
	steps := ReadSteps(string(document))
	for _, p := range platform.All() {
		t.Run(p.Name(), func(t *testing.T) {
			if missing := p.Missing(); missing != "" {
				if os.Getenv("CI") == "true" {
					t.Fatalf("the platform %s is missing (%s): in CI that is a failure", p.Name(), missing)
				}
				t.Skipf("the platform %s is missing (%s): run `make conformance`", p.Name(), missing)
			}
			first := run{platform: p, version: p.Version(), steps: steps, doubts: &doubts{rows: map[string][]string{}}}
			t.Run("together", func(t *testing.T) { together(t, first) })
			t.Run("alone", func(t *testing.T) { alone(t, first) })
			for chapter, rows := range first.doubts.rows { // where -run left that out
				t.Errorf("of %s in doubt, and not looked at alone: %v", chapter, rows)
			}
		})
	}
}

// together brings one app up at a time, while those that are up are observed: three of them, since a small machine that runs
// more answers too late.
func together(t *testing.T, of run) {
	turn, up := make(chan bool, 1), make(chan bool, 3)
	before := make(chan bool)
	close(before)
	for _, c := range longestFirst(Chapters()) {
		if c.Alone {
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			previous, begun := before, make(chan bool)
			before = begun
			t.Parallel()
			<-previous
			up <- true
			defer func() { <-up }()
			close(begun)
			turn <- true
			r := of
			r.chapter = c
			defer r.finish(t)
			deployed := func() bool {
				defer func() { <-turn }()
				return r.deploy(t)
			}()
			if deployed {
				r.observe(t)
			}
		})
	}
}

// alone looks again at what is in doubt, and then at what disturbs others: one app at a time.
func alone(t *testing.T, of run) {
	for _, c := range Chapters() {
		rows, doubted := of.doubts.rows[c.Name]
		if !doubted && !c.Alone {
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			delete(of.doubts.rows, c.Name)
			r := of
			r.chapter, r.doubts = c, nil
			if !c.Serial {
				r.only = rows
			}
			defer r.finish(t)
			if r.deploy(t) {
				r.observe(t)
			}
		})
	}
}

// doubts are the rows that did not hold beside other apps, by chapter; none are named where the app did not come up at all.
type doubts struct {
	mutex sync.Mutex
	rows  map[string][]string
}

// add notes rows of a chapter, all of them where none are named.
func (d *doubts) add(chapter string, rows ...string) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.rows[chapter] = append(d.rows[chapter], rows...)
}

// longestFirst puts the chapters in front whose rows wait for minutes, so that the others come and go beside them.
func longestFirst(chapters []*Chapter) []*Chapter {
	long := []string{"rpc", "attempts", "jobs", "lifecycle"}
	slices.SortStableFunc(chapters, func(a, b *Chapter) int {
		return cmp.Compare(slices.Index(long, b.Name), slices.Index(long, a.Name))
	})
	return chapters
}
