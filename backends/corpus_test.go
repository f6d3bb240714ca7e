package backends_test

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/decamp-dev/decamp/backends"
	"github.com/decamp-dev/decamp/compiler"
	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/support"
	"github.com/decamp-dev/decamp/testdata/corpus"
)

var update = flag.Bool("update", false, "write the page of the corpus anew")

//go:generate go test -count=1 -run ^TestCorpusPage$ . -update

const corpusPage = "../docs/corpus.md"

// TestCorpusPage converts every unit of the corpus to every target and compares the
// counts with those of the page.
func TestCorpusPage(t *testing.T) {
	root := corpus.Root(t)
	set := backends.All()
	var all []tally
	for _, b := range set.Readers() {
		units := corpus.Units(t, root, b.Name)
		if len(units) == 0 {
			continue
		}
		counts := convertAll(set, root, b.Name, units, corpus.Refusals(t))
		for _, crash := range counts.crashes {
			t.Error(crash)
		}
		all = append(all, counts)
	}
	text := pageOf(set, all)
	if *update {
		if err := os.WriteFile(corpusPage, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if have, err := os.ReadFile(corpusPage); err != nil || string(have) != text {
		t.Errorf("%s is stale: run go generate ./backends (%v)", corpusPage, err)
	}
}

// outcome is what becomes of a unit on one target.
type outcome uint8

const (
	clean    outcome = iota // nothing above a note is said
	findings                // with warnings
	refused                 // errors say why
	crashed
	outcomes // how many there are
)

// tally counts the outcomes of a platform's units.
type tally struct {
	platform       string
	units, samples int
	all, sampled   map[string]*[outcomes]int // by target
	reasons        map[string]map[string]int // by reason, by target
	crashes        []string
}

// convertAll converts units, two at a time: more would only fight for the processors
// with the tests of other packages.
func convertAll(set backend.Set, root, from string, units []corpus.Unit, known []corpus.Refusal) tally {
	results := make([]map[string]verdict, len(units))
	next := make(chan int)
	var group sync.WaitGroup
	for range min(2, runtime.GOMAXPROCS(0)) {
		group.Go(func() {
			for i := range next {
				results[i] = convertUnit(set, root, from, units[i])
			}
		})
	}
	for i := range units {
		next <- i
	}
	close(next)
	group.Wait()
	total := tally{platform: from, units: len(units), all: map[string]*[outcomes]int{}, sampled: map[string]*[outcomes]int{}, reasons: map[string]map[string]int{}}
	for _, target := range set.Emitters().Names() {
		total.all[target], total.sampled[target] = &[outcomes]int{}, &[outcomes]int{}
	}
	for i, u := range units {
		if u.Sample {
			total.samples++
		}
		for target, v := range results[i] {
			if v.outcome < refused && slices.ContainsFunc(known, corpus.Refusal{From: from, To: target, Path: u.Path}.Same) {
				v = verdict{outcome: refused, reasons: map[string]bool{"the platform itself": true}}
			}
			total.add(u, target, v)
		}
	}
	slices.Sort(total.crashes)
	return total
}

func (t *tally) add(u corpus.Unit, target string, v verdict) {
	t.all[target][v.outcome]++
	if u.Sample {
		t.sampled[target][v.outcome]++
	}
	for reason := range v.reasons {
		if t.reasons[reason] == nil {
			t.reasons[reason] = map[string]int{}
		}
		t.reasons[reason][target]++
	}
	if v.outcome == crashed {
		t.crashes = append(t.crashes, fmt.Sprintf("%s to %s: %s", u.Path, target, v.crash))
	}
}

// verdict is the outcome of one unit on one target, and for a refusal the codes of
// its errors.
type verdict struct {
	outcome outcome
	reasons map[string]bool
	crash   string
}

// longest is how long a unit may take. The slowest takes a second.
const longest = time.Minute

// convertUnit converts one unit to every target.
func convertUnit(set backend.Set, root, from string, u corpus.Unit) map[string]verdict {
	done := make(chan map[string]verdict, 1)
	verdicts := map[string]verdict{}
	fail := func(text string) map[string]verdict {
		all := map[string]verdict{}
		for _, target := range set.Emitters().Names() {
			all[target] = verdict{outcome: crashed, crash: text}
		}
		return all
	}
	go func() {
		defer func() {
			if v := recover(); v != nil {
				done <- fail(fmt.Sprint(v))
			}
		}()
		request, err := u.Request(root, from)
		if err != nil {
			done <- fail(err.Error())
			return
		}
		corpus.GiveVariables(set, &request)
		result, list := compiler.Convert(set, request, compiler.Request{Path: request.Paths[0], Targets: set.Emitters().Names()})
		for _, target := range set.Emitters() {
			verdicts[target.Name] = judge(target, result, list)
		}
		done <- verdicts
	}()
	select {
	case v := <-done:
		return v
	case <-time.After(longest):
		return fail("no end after " + longest.String())
	}
}

// judge finds the outcome on one target: errors of that target or of none refuse, and
// so does the platform's own library.
func judge(target *backend.Backend, result compiler.Result, list diag.List) verdict {
	v := verdict{reasons: map[string]bool{}}
	names := map[string]bool{}
	for _, o := range result.Outputs {
		names[o.Target] = true
	}
	for _, d := range list {
		own := d.Target == target.Name || !names[d.Target]
		switch {
		case own && d.Severity == diag.Error:
			v.reasons[reasonOf(d)] = true
		case own && d.Severity == diag.Warning:
			v.outcome = findings
		}
	}
	if len(v.reasons) == 0 {
		for _, o := range result.Outputs {
			if o.Target == target.Name && target.Check != nil {
				v.check(target.Check(o.Artifacts))
			}
		}
	}
	if len(v.reasons) > 0 {
		v.outcome = refused
	}
	return v
}

// check takes what the platform's own library says; what it cannot look at (kinds that
// a cluster was taught) it notes.
func (v *verdict) check(list diag.List) {
	for _, d := range list {
		switch d.Severity {
		case diag.Error:
			v.reasons["check: "+string(d.Code)] = true
		case diag.Warning:
			v.outcome = findings
		}
	}
}

// reasonOf is the code of an error, and for a loss the concept.
func reasonOf(d diag.Diagnostic) string {
	if d.Code != support.CodeDropped {
		return string(d.Code)
	}
	concept, _, _ := strings.Cut(d.Summary, " ")
	return string(d.Code) + ": " + concept
}

// pageOf is the page of the corpus.
func pageOf(set backend.Set, all []tally) string {
	var out strings.Builder
	out.WriteString(`<!-- Code generated by backends/corpus_test.go. DO NOT EDIT. -->

# What becomes of real files

Every file of a corpus of public repositories, converted to every target by
` + "`decamp convert --allow-outside`" + ` without ` + "`--allow-loss`" + `. A unit is what one would name: a
Compose file, a folder of Kubernetes manifests, a Nomad job file, a Score file. Variables
without a default have got a value. The corpus is not in this repository; where it is,
in ` + "`../shared/corpus`" + ` or below ` + "`$SHARED_DIR`" + `, this makes the page anew:

` + "```console\n$ go generate ./backends\n```" + `

- **clean**: accepted, and nothing worth more than a note was said.
- **with findings**: accepted, with warnings about what differs or stays behind.
- **refused**: errors say why, and nothing is written. Most are losses that would break the app or
  its isolation, which a team may take by ` + "`accept`" + ` or ` + "`--allow-loss`" + `; the rest are files that are
  no app.
- **crashed**: the program failed, or did not end.

Accepted means that no error was found and that the platform's own library accepts the files. The platforms themselves
judge the same files in the conformance test ` + "`TestCorpus`" + `; what they refuse counts as refused here.

## Apps and examples

`)
	countsTable(&out, set, all, func(t tally) (int, map[string]*[outcomes]int) { return t.samples, t.sampled })
	out.WriteString("\n## All units\n\nWith the inputs of the tests of Docker, compose-go, podman, kompose and Nomad, of which many are wrong on purpose.\n\n")
	countsTable(&out, set, all, func(t tally) (int, map[string]*[outcomes]int) { return t.units, t.all })
	for _, t := range all {
		reasonsTable(&out, set, t)
	}
	return out.String()
}

func countsTable(out *strings.Builder, set backend.Set, all []tally, of func(tally) (int, map[string]*[outcomes]int)) {
	out.WriteString("| from | to | units | clean | with findings | refused | crashed |\n|---|---|---|---|---|---|---|\n")
	for _, t := range all {
		units, counts := of(t)
		for _, target := range set.Emitters().Names() {
			c := counts[target]
			fmt.Fprintf(out, "| %s | %s | %d | %d | %d | %d | %d |\n", t.platform, target, units, c[clean], c[findings], c[refused], c[crashed])
		}
	}
}

// reasonsTable lists why units were refused, the most frequent reasons first.
func reasonsTable(out *strings.Builder, set backend.Set, t tally) {
	if len(t.reasons) == 0 {
		return
	}
	targets := set.Emitters().Names()
	fmt.Fprintf(out, "\n## Why units of %s are refused\n\nA unit with several reasons counts for each. [diagnostics.md](diagnostics.md) describes the codes.\n\n", t.platform)
	fmt.Fprintf(out, "| reason | to %s |\n|---%s|\n", strings.Join(targets, " | to "), strings.Repeat("|---", len(targets)))
	most := func(reason string) int { return slices.Max(slices.Collect(maps.Values(t.reasons[reason]))) }
	order := slices.SortedFunc(maps.Keys(t.reasons), func(a, b string) int {
		return cmp.Or(cmp.Compare(most(b), most(a)), strings.Compare(a, b))
	})
	for _, reason := range order {
		code, more, found := strings.Cut(reason, ": ")
		if found {
			more = ": `" + more + "`"
		}
		fmt.Fprintf(out, "| `%s`%s", code, more)
		for _, target := range targets {
			fmt.Fprintf(out, " | %d", t.reasons[reason][target])
		}
		out.WriteString(" |\n")
	}
}
