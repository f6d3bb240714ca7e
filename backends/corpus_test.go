package backends_test

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
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
)

var update = flag.Bool("update", false, "write the page of the corpus anew")

//go:generate go test -count=1 -run ^TestCorpusPage$ . -update

const corpusPage = "../docs/corpus.md"

// TestCorpusPage converts every unit of the corpus to every target and compares the
// counts with those of the page.
func TestCorpusPage(t *testing.T) {
	root := corpusRoot(t)
	index, err := os.ReadFile(filepath.Join(root, "INDEX.md"))
	if err != nil {
		t.Fatal(err)
	}
	set := backends.All()
	var all []tally
	for _, section := range sections {
		b := set.Lookup(section.platform)
		if b == nil || b.Read == nil {
			continue
		}
		units := unitsOf(string(index), section)
		if len(units) < section.least {
			t.Fatalf("the index has only %d units of %s", len(units), section.platform)
		}
		counts := convertAll(set, root, b.Name, units)
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

func corpusRoot(t *testing.T) string {
	t.Helper()
	shared := os.Getenv("SHARED_DIR")
	if shared == "" {
		shared = filepath.Join("..", "..", "shared")
	}
	root := filepath.Join(shared, "corpus")
	if _, err := os.Stat(root); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("the corpus is not there: %v", err)
		}
		t.Skipf("the corpus is not there: %v", err)
	}
	return root
}

// section is a part of the corpus' index: which platform's files it lists.
type section struct {
	platform, title string
	endings         []string
	least           int // fewer units say that the index is not understood any more
}

var sections = []section{
	{"compose", "Compose", []string{".yaml", ".yml"}, 300},
	{"kubernetes", "Kubernetes", []string{".yaml", ".yml", ".json", "/"}, 170},
	{"nomad", "Nomad", []string{".nomad", ".hcl", ".json"}, 260},
	{"score", "Score", []string{".yaml", ".yml"}, 60},
}

// unit is what the index lists in a row: a file, or a folder whose files are one app.
type unit struct {
	path   string // within the corpus, with a slash at its end for a folder
	sample bool   // an app or an example, not an input of somebody's tests
}

var indexRow = regexp.MustCompile(`(?m)^\| (\S+?)(?: \(\d+ files\))? \|[^|]*\|[^|]*\| ([^|]*) \|`)

// unitsOf returns the units of a section of the index.
func unitsOf(index string, s section) []unit {
	_, text, _ := strings.Cut(index, "\n## "+s.title+" (")
	text, _, _ = strings.Cut(text, "\n## ")
	var units []unit
	for _, row := range indexRow.FindAllStringSubmatch(text, -1) {
		if slices.ContainsFunc(s.endings, func(end string) bool { return strings.HasSuffix(row[1], end) }) {
			units = append(units, unit{row[1], slices.Contains([]string{"real", "example", "demo"}, row[2])})
		}
	}
	return units
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
func convertAll(set backend.Set, root, from string, units []unit) tally {
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
		if u.sample {
			total.samples++
		}
		for target, v := range results[i] {
			total.add(u, target, v)
		}
	}
	slices.Sort(total.crashes)
	return total
}

func (t *tally) add(u unit, target string, v verdict) {
	t.all[target][v.outcome]++
	if u.sample {
		t.sampled[target][v.outcome]++
	}
	for reason := range v.reasons {
		if t.reasons[reason] == nil {
			t.reasons[reason] = map[string]int{}
		}
		t.reasons[reason][target]++
	}
	if v.outcome == crashed {
		t.crashes = append(t.crashes, fmt.Sprintf("%s to %s: %s", u.path, target, v.crash))
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
func convertUnit(set backend.Set, root, from string, u unit) map[string]verdict {
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
		request, err := requestFor(root, from, u)
		if err != nil {
			done <- fail(err.Error())
			return
		}
		giveVariables(set, &request)
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

// requestFor names the files of a unit as decamp import --allow-outside would.
func requestFor(root, from string, u unit) (compiler.ReadRequest, error) {
	request := compiler.ReadRequest{FS: os.DirFS(root), From: from, Root: path.Dir(u.path), Name: "app"}
	if !strings.HasSuffix(u.path, "/") {
		request.Paths = []string{u.path}
		return request, nil
	}
	request.Root, request.Found = path.Clean(u.path), map[string]bool{}
	entries, err := os.ReadDir(filepath.Join(root, filepath.FromSlash(u.path)))
	if err != nil {
		return request, err
	}
	for _, e := range entries {
		if name := path.Join(request.Root, e.Name()); slices.Contains([]string{".yaml", ".yml", ".json"}, path.Ext(name)) {
			request.Paths = append(request.Paths, name)
			request.Found[name] = true
		}
	}
	if len(request.Paths) == 0 {
		return request, fmt.Errorf("the folder has no files")
	}
	return request, nil
}

// giveVariables gives each variable without a default a value, as who converts has to:
// one that may stand for a name, a tag, a number and a port. The platform's own name of
// a variable, where it is another, ends the description.
func giveVariables(set backend.Set, request *compiler.ReadRequest) {
	reading, _, _ := compiler.Read(set, *request)
	for _, v := range reading.Vars {
		if !v.Value.HasDefault {
			if request.Variables == nil {
				request.Variables = map[string]string{}
			}
			request.Variables[v.Key] = "8080"
			own := v.Value.Description[strings.LastIndexByte(v.Value.Description, ' ')+1:]
			if own == strings.ToUpper(own) {
				request.Variables[own] = "8080"
			}
		}
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

Accepted means that no error was found and that the platform's own library accepts the files; the
platforms themselves judge in the conformance tests.

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
