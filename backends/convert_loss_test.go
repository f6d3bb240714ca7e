package backends_test

import (
	"cmp"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/decamp-dev/decamp/backends"
	"github.com/decamp-dev/decamp/compiler"
	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/backend/backendtest"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/support"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// losses changes the values of files, and looks whether what each platform gets of them shows it.
type losses struct {
	from       string
	files      fs.FS
	paths      []string
	most       int // values of each file; 0: all
	exemptions []backendtest.SourceExemption
	try        func(backendtest.Sources, backendtest.LossOptions) ([]backendtest.Violation, []backendtest.LossCount)
}

// treeLoss is for files in YAML and JSON.
func treeLoss(s backendtest.Sources, o backendtest.LossOptions) ([]backendtest.Violation, []backendtest.LossCount) {
	return backendtest.SourceLoss(nil, s, o)
}

// mostLeaves is how many values of each file are changed: a few, or as many as
// $LOSS_LEAVES says; 0 for all of them, which takes minutes (make proofs).
func mostLeaves(t *testing.T) int {
	most, err := strconv.Atoi(cmp.Or(os.Getenv("LOSS_LEAVES"), "3"))
	if err != nil {
		t.Fatal(err)
	}
	return most
}

// prove changes the values, reports what is lost in silence, and returns the platforms that refuse a file. Where most files are
// refused nothing is proved.
func (l *losses) prove(t *testing.T) (refused map[string][]string) {
	targets := backends.All().Emitters().Names()
	var mutex sync.Mutex
	totals := make([]backendtest.LossCount, len(targets))
	refused = map[string][]string{}
	var work sync.WaitGroup
	next := make(chan string)
	for range runtime.GOMAXPROCS(0) {
		work.Go(func() {
			for p := range next {
				c := &conversion{set: backends.All(), from: l.from, targets: targets, given: map[string]string{}}
				options := backendtest.LossOptions{Most: l.most, Exemptions: l.exemptions, Others: otherWords, Observe: c.observe, Views: targets}
				list, counts := l.try(backendtest.Sources{FS: l.files, Paths: []string{p}, Name: "app"}, options)
				mutex.Lock()
				for _, v := range list {
					t.Error(v)
				}
				for i, count := range counts {
					totals[i].Add(count)
					if count.Leaves == 0 {
						refused[p] = append(refused[p], targets[i])
					}
				}
				mutex.Unlock()
			}
		})
	}
	for _, p := range l.paths {
		next <- p
	}
	close(next)
	work.Wait()
	for i, target := range targets {
		none := 0
		for _, list := range refused {
			if slices.Contains(list, target) {
				none++
			}
		}
		if none > len(l.paths)/2 {
			t.Errorf("%s to %s: %d of %d files are refused, too many to prove anything", l.from, target, none, len(l.paths))
		}
		t.Logf("%s to %s: %d files, %d of them refused, %d leaves, %d silent, %d exempt", l.from, target, len(l.paths), none, totals[i].Leaves, totals[i].Silent, totals[i].Exempt)
	}
	return refused
}

// conversion makes the files of all targets of one source again and again.
type conversion struct {
	set     backend.Set
	from    string
	targets []string
	given   map[string]string // values of variables that have none
}

// observe converts the files, and says for each target what it gets, and all that is said about that. Findings of the reading
// have the name of its platform, as those of an emitter have: so that they are told apart, that platform as a target comes alone.
func (c *conversion) observe(s backendtest.Sources) []backendtest.Observation {
	others := slices.DeleteFunc(slices.Clone(c.targets), func(target string) bool { return target == c.from })
	made := c.convert(s, others)
	if len(others) < len(c.targets) {
		maps.Copy(made, c.convert(s, []string{c.from}))
	}
	var list []backendtest.Observation
	for _, target := range c.targets {
		list = append(list, made[target])
	}
	return list
}

// convert converts to several targets. A conversion fails for want of a value of a variable, and is made again with one.
func (c *conversion) convert(s backendtest.Sources, targets []string) map[string]backendtest.Observation {
	request := compiler.ReadRequest{FS: s.FS, Paths: s.Paths, From: c.from, Name: s.Name, Variables: c.given}
	to := compiler.Request{Path: s.Paths[0], Targets: targets, Policy: support.Policy{Allow: []string{"all"}}}
	result, list := compiler.Convert(c.set, request, to)
	if list.HasErrors() && c.give(request) {
		result, list = compiler.Convert(c.set, request, to)
	}
	made := map[string]backendtest.Observation{}
	for _, target := range targets {
		made[target] = backendtest.Observation{Refused: true}
	}
	for _, o := range result.Outputs {
		found := slices.DeleteFunc(slices.Clone(list), func(d diag.Diagnostic) bool { return d.Target != o.Target && slices.Contains(targets, d.Target) })
		if !found.HasErrors() {
			made[o.Target] = observed(o, found)
		}
	}
	return made
}

// give finds values for variables that have none; false where all have one.
func (c *conversion) give(request compiler.ReadRequest) bool {
	reading, _, _ := compiler.Read(c.set, request)
	more := false
	for _, v := range reading.Vars {
		if name := v.Value.NameOr(v.Key); !v.Value.HasDefault && c.given[name] == "" {
			c.given[name], more = "given-"+v.Key, true
		}
	}
	return more
}

// observed is what a target gets, and what is said about it.
func observed(output compiler.Output, list diag.List) backendtest.Observation {
	shown := slices.DeleteFunc(list, func(d diag.Diagnostic) bool { // a note about what was emulated is not shown
		return d.Severity == diag.Note && d.Code != support.CodeDropped && d.Code != support.CodeApproximated && d.Code != "secret-needed"
	})
	var text strings.Builder
	for _, a := range output.Artifacts {
		fmt.Fprintf(&text, "%s\n%s", a.Path, a.Data)
	}
	o := backendtest.Observation{Messages: backendtest.Messages(shown)}
	o.Output = text.String() + o.Messages
	for _, d := range shown {
		if d.Code == support.CodeDropped || d.Code == support.CodeApproximated {
			o.Losses = append(o.Losses, d.Subject)
		}
	}
	return o
}

// otherWords are values that may stand where only few may.
func otherWords(document *tree.Node, path []string, value string) []string {
	if len(path) > 3 && path[len(path)-2] == "depends_on" { // a link says the same, unless it is another service
		var names []string
		for _, p := range document.Get("services").Elements() {
			for _, service := range p.Pairs {
				if name := service.Key.Value; name != value && name != path[1] {
					names = append(names, name)
				}
			}
		}
		return names
	}
	switch key := path[len(path)-1]; {
	case key == "protocol":
		return []string{"UDP"}
	case key == "scheme":
		return []string{"HTTPS"}
	case key == "targetPort":
		return []string{"4711"} // the number beside it may be taken
	}
	return nil
}
