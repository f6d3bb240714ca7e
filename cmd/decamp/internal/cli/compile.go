package cli

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/decamp-dev/decamp/compiler"
	"github.com/decamp-dev/decamp/compiler/diag"
)

func (p *Program) compile() *cobra.Command {
	var o compileOptions
	cmd := &cobra.Command{
		Use:   "compile [FILE | FOLDER | ./...]...",
		Short: "Compile specs into the files of platforms",
		Long: `Compile specs into the files of platforms.

Arguments are specs, folders that hold a decamp.yaml, or ./... for every one below
the current folder. One target without --out goes to standard output, and nothing
else does: findings go to standard error. With --out the files are written all or
none to FOLDER/[STAGE/]TARGET, behind the app's name where several are compiled.
Files that decamp did not write are never touched; files that it wrote and no
longer needs are removed.

Exit codes: 0 done, 1 errors in the input or losses that are not allowed, 2 wrong
use, 3 --check found something stale.`,
		Example: `  decamp compile -t compose,kubernetes,nomad -o deploy
  decamp compile -t kubernetes -s prod | kubectl apply -f -
  decamp compile -t all -o deploy --check
  decamp compile ./... -t kubernetes -o deploy --format github`,
		RunE: verb(func(cmd *cobra.Command, args []string) error { return p.runCompile(cmd, args, &o) }),
	}
	o.register(cmd, p.Backends())
	return cmd
}

func (p *Program) runCompile(cmd *cobra.Command, args []string, o *compileOptions) error {
	formats, err := o.formatsOf()
	switch {
	case err != nil:
		return err
	case len(o.targets) == 0 && !o.emitIR:
		return wrong("say what to compile for: -t %s, or -t all", strings.Join(p.Backends().Emitters().Names(), ","))
	case o.check && o.out == "":
		return wrong("--check compares with a folder: say which, as in -o deploy --check")
	case o.emitIR && o.out != "":
		return wrong("--emit-ir prints to standard output: leave --out away")
	}
	b, list, err := p.batch(cmd.Context(), args, &o.requestOptions)
	if err != nil {
		return err
	}
	b.out, b.request.Formats = o.out, formats
	if o.emitIR {
		b.request.Targets = nil
	}
	if list.HasErrors() {
		return p.stop(list, o.report)
	}
	results, found, err := p.compileEach(cmd, b)
	if err != nil {
		return err
	}
	if list = append(list, found...); list.HasErrors() {
		return p.stop(list, o.report)
	}
	if o.out != "" && len(o.stages) == 0 {
		list = append(list, leftOver(o.out, results)...)
	}
	switch {
	case o.emitIR:
		return p.printIR(results, list, o)
	case o.out == "":
		return p.printOutput(results, list, o)
	case o.check:
		return p.compare(results, list, o)
	}
	return p.writeOutput(results, list, o)
}

// compileEach compiles the specs of a batch; results are in their order.
func (p *Program) compileEach(cmd *cobra.Command, b *batch) ([]compiler.Result, diag.List, error) {
	results := make([]compiler.Result, len(b.inputs))
	list, err := p.each(cmd.Context(), b, func(i int, r compiler.Request) diag.List {
		result, list := compiler.Compile(b.set, r)
		results[i] = result
		return list
	})
	if !list.HasErrors() {
		list = append(list, sameNames(b.inputs, results)...)
	}
	return results, list, err
}

// sameNames finds apps of one name: each of several apps has a folder of that name.
func sameNames(inputs []input, results []compiler.Result) diag.List {
	var list diag.List
	first := map[string]int{}
	for i, result := range results {
		if len(result.Apps) == 0 || result.Apps[0] == nil {
			continue
		}
		name := result.Apps[0].Name
		if j, twice := first[name]; twice {
			list = append(list, diag.Diagnostic{
				Severity: diag.Error, Code: codeAppTwice,
				Summary: fmt.Sprintf("two apps are called %s: %s and %s", name, inputs[j], inputs[i]),
				Detail:  "Their files would have the same names. Rename one, or compile them apart.",
			})
			continue
		}
		first[name] = i
	}
	return list
}

// stop reports findings that end a run.
func (p *Program) stop(list diag.List, o reportOptions) error {
	if err := p.report(p.Err, list, o); err != nil {
		return err
	}
	return exitCode(exitInput)
}

// writeOutput writes all outputs below the output folder.
func (p *Program) writeOutput(results []compiler.Result, list diag.List, o *compileOptions) error {
	plan, problems := compiler.PlanWrite(o.out, outputs(results), len(results) > 1)
	if problems.HasErrors() {
		return p.stop(append(list, problems...), o.report)
	}
	defer plan.Close()
	if problems = uninterrupted(plan.Apply); problems.HasErrors() {
		return p.stop(append(list, problems...), o.report)
	}
	if err := p.report(p.Err, list, o.report); err != nil {
		return err
	}
	p.say(o.report, "%s", written(plan, filepath.ToSlash(o.out)))
	return nil
}

// written says in a line what was done.
func written(plan *compiler.Plan, out string) string {
	removed := 0
	for _, change := range plan.Changes {
		if change.Action == compiler.Remove {
			removed++
		}
	}
	line := fmt.Sprintf("wrote %s to %s", count(len(plan.Changes)-removed, "file"), out)
	if len(plan.Changes) == 0 {
		return fmt.Sprintf("%s is up to date (%s)", out, count(plan.Unchanged, "file"))
	}
	if removed > 0 {
		line += fmt.Sprintf(", removed %d", removed)
	}
	if plan.Unchanged > 0 {
		line += fmt.Sprintf(", %d unchanged", plan.Unchanged)
	}
	return line
}

func outputs(results []compiler.Result) []compiler.Output {
	var all []compiler.Output
	for _, result := range results {
		all = append(all, result.Outputs...)
	}
	return all
}

// stagesOf returns the names of the stages in results, each once.
func stagesOf(results []compiler.Result) []string {
	var names []string
	for _, result := range results {
		for _, app := range result.Apps {
			if !slices.Contains(names, app.Stage) {
				names = append(names, app.Stage)
			}
		}
	}
	return names
}
