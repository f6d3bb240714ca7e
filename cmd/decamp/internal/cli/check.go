package cli

import (
	"bufio"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/pmezard/go-difflib/difflib"

	"github.com/decamp-dev/decamp/compiler"
	"github.com/decamp-dev/decamp/compiler/diag"
)

// compare prints how the output folder differs from what would be written.
func (p *Program) compare(results []compiler.Result, list diag.List, o *compileOptions) error {
	plan, problems := compiler.PlanWrite(o.out, outputs(results), len(results) > 1)
	if problems.HasErrors() {
		return p.stop(append(list, problems...), o.report)
	}
	defer plan.Close()
	if err := p.report(p.Err, list, o.report); err != nil {
		return err
	}
	out := filepath.ToSlash(o.out)
	if len(plan.Changes) == 0 {
		p.say(o.report, "%s is up to date (%s)", out, count(plan.Unchanged, "file"))
		return nil
	}
	if err := p.printChanges(out, plan.Changes); err != nil {
		return err
	}
	p.say(o.report, "%s is stale: %s. Compile without --check to write it.", out, stale(plan.Changes))
	return exitCode(exitStale)
}

func (p *Program) printChanges(out string, changes []compiler.Change) error {
	w := bufio.NewWriter(p.Out)
	for _, change := range changes {
		if err := printChange(w, path.Join(out, change.Path), change); err != nil {
			return err
		}
	}
	return w.Flush()
}

const contextLines = 3

// printChange prints one change as a unified diff, which `patch -p0` takes.
func printChange(w io.Writer, name string, change compiler.Change) error {
	from, to := name, name
	switch change.Action {
	case compiler.Create:
		from = "/dev/null"
	case compiler.Remove:
		to = "/dev/null"
	}
	if !utf8.Valid(change.Old) || !utf8.Valid(change.New) {
		_, err := fmt.Fprintf(w, "Binary files %s and %s differ\n", from, to)
		return err
	}
	return difflib.WriteUnifiedDiff(w, difflib.UnifiedDiff{
		A: lines(change.Old), FromFile: from,
		B: lines(change.New), ToFile: to,
		Context: contextLines,
	})
}

// lines splits a text behind its line ends, and says where the last one is missing.
func lines(text []byte) []string {
	if len(text) == 0 {
		return nil
	}
	all := strings.SplitAfter(string(text), "\n")
	if last := len(all) - 1; all[last] == "" {
		all = all[:last]
	} else {
		all[last] += "\n\\ No newline at end of file\n"
	}
	return all
}

func stale(changes []compiler.Change) string {
	var missing, differ, extra int
	for _, change := range changes {
		switch change.Action {
		case compiler.Create:
			missing++
		case compiler.Update:
			differ++
		case compiler.Remove:
			extra++
		}
	}
	var parts []string
	for _, part := range []struct {
		n    int
		what string
	}{{differ, "changed"}, {missing, "missing"}, {extra, "no longer needed"}} {
		if part.n > 0 {
			parts = append(parts, count(part.n, "file")+" "+part.what)
		}
	}
	return strings.Join(parts, ", ")
}
