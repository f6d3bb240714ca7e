package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/decamp-dev/decamp/cmd/decamp/internal/webpage"
	"github.com/decamp-dev/decamp/compiler"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/diff"
)

// diffOptions are the flags of diff.
type diffOptions struct {
	subjectOptions
	stageA, stageB string
	optimize       string
	versions       []string
	ignore         []string
	format         string
	maxSize        int
	verbose        bool
}

const diffForms = "text, json, markdown, html, github"

func (p *Program) diff() *cobra.Command {
	var o diffOptions
	cmd := &cobra.Command{
		Use:   "diff A B",
		Short: "Say in what two apps differ, wherever each comes from",
		Long: `Say in what two apps differ. A and B are each a spec (at a stage, as in shop@dev), a
file or folder of any platform that can be read, or - for standard input.

Both are understood first, so that order, formatting, names of generated objects and
the way a quantity is written make no difference, and a default that one side says and
the other leaves out makes none. What differs is listed by its path in the spec, with
its place on both sides, under the rule that judges it: it breaks the app, changes
behaviour, or is cosmetic. What one side does not say because its platform cannot say
it, or need not, is listed apart and makes no difference by itself.

A spec is held against files of a platform as it would be compiled for that platform:
what compiling adds, such as a policy or a container that waits, is no difference.

Exit codes: 0 the same, 1 different, 2 wrong use or errors in the input.`,
		Example: `  decamp diff examples/shop@dev examples/shop@prod
  decamp diff docker-compose.yml k8s/
  decamp diff shop@prod k8s/ --ignore workload.labels --format markdown
  helm template shop | decamp diff last-release/ -`,
		Args: cobra.ExactArgs(2),
		RunE: verb(func(cmd *cobra.Command, args []string) error { return p.runDiff(cmd.Context(), args, &o) }),
	}
	flags := cmd.Flags()
	flags.StringVar(&o.stageA, "stage-a", "", "`STAGE` of A where that is a spec, as in --stage-a dev")
	flags.StringVar(&o.stageB, "stage-b", "", "`STAGE` of B where that is a spec, as in --stage-b prod")
	flags.StringSliceVar(&o.ignore, "ignore", nil, "`PATHS` or concepts that are not compared, as in --ignore workloads.web.replicas,container.image")
	o.subjectOptions.register(cmd, p.Backends())
	flags.StringSliceVar(&o.versions, "platform-version", nil, "`TARGET=VERSION` to compile a spec for that is held against files, as in --platform-version kubernetes=1.29; the newest when left out")
	flags.StringVar(&o.optimize, "optimize", "", "`PASSES` in force when a spec is held against files: default, none, or a list, as in --optimize topology-spread; when left out, default for files that decamp wrote and none for others")
	o.format = "text"
	flags.Var(newChoice(&o.format, strings.Split(diffForms, ", ")), "format", "`FORM` of the answer, as in --format markdown: "+diffForms)
	flags.IntVar(&o.maxSize, "max-size", defaultCommentSize, "`BYTES` that the markdown may have, as in --max-size 65536; 0 for any number")
	flags.BoolVarP(&o.verbose, "verbose", "v", false, "say of each rule what it is for, as in -v")
	complete(cmd, "format", strings.Split(diffForms, ", "))
	return cmd
}

func (p *Program) runDiff(ctx context.Context, args []string, o *diffOptions) error {
	if args[0] == "-" && args[1] == "-" {
		return wrong("standard input is one side: name the other")
	}
	versions, err := (&requestOptions{versions: o.versions}).versionsOf(p.Backends())
	if err != nil {
		return err
	}
	if list := compiler.CheckPasses(p.Backends(), o.optimize); list.HasErrors() {
		return p.trouble(list)
	}
	a, list, err := p.side(ctx, args[0], o.stageA, &o.subjectOptions)
	if err != nil {
		return err
	}
	b, found, err := p.side(ctx, args[1], o.stageB, &o.subjectOptions)
	if err != nil {
		return err
	}
	if list = append(list, found...); list.HasErrors() || a == nil || b == nil {
		return p.trouble(list)
	}
	request := compiler.Request{Optimize: o.optimize, Versions: versions}
	compared := &comparison{a: *a, b: *b, Comparison: compiler.Diff(p.Backends(), a.diffSide(), b.diffSide(), request, o.ignore)}
	if err := p.printDiff(compared, o); err != nil {
		return err
	}
	if diff.Differs(compared.Changes) {
		return exitCode(exitInput)
	}
	return nil
}

// trouble reports findings that keep two apps from being compared. Its exit code is not
// the one that says that they differ.
func (p *Program) trouble(list diag.List) error {
	if err := p.report(p.Err, list, reportOptions{format: string(diag.Text)}); err != nil {
		return err
	}
	return exitCode(exitUse)
}

// comparison is two apps and what they do not say the same of.
type comparison struct {
	a, b subject
	compiler.Comparison
}

// compiledFor names the platform that a side was compiled for; "" for a side that is compared as it is.
func (c *comparison) compiledFor(side *subject) string {
	if c.CompiledFor == nil || side.from != nil {
		return ""
	}
	return c.CompiledFor.Name
}

// labels name both sides in a heading.
func (c *comparison) labels() (a, b string) {
	label := func(side *subject) string {
		if platform := c.compiledFor(side); platform != "" {
			return side.label() + " as compiled for " + platform
		}
		return side.label()
	}
	return label(&c.a), label(&c.b)
}

func (s *subject) diffSide() diff.Side { return diff.Side{App: s.app, Platform: s.from} }

// side returns the one app that an argument names.
func (p *Program) side(ctx context.Context, arg, stage string, o *subjectOptions) (*subject, diag.List, error) {
	path, inPath := atStage(arg)
	if stage != "" {
		if inPath != "" {
			return nil, nil, wrong("%s names a stage already: leave --stage %s away", arg, stage)
		}
		inPath = stage
	}
	one := *o
	one.stages = nil
	isSpec, err := p.isSpec(path, &one)
	if err != nil {
		return nil, nil, err
	}
	if isSpec {
		found, list, err := p.specSubjects(ctx, path, inPath, &one)
		if err != nil || list.HasErrors() || len(found) == 1 {
			return firstSubject(found), list, err
		}
		return nil, list, severalApps(path, found)
	}
	if stage != "" {
		return nil, nil, wrong("%s has no stage %s: it is no spec", arg, stage)
	}
	found, list, err := p.fileSubject([]string{arg}, &one)
	return firstSubject(found), list, err
}

func firstSubject(found []subject) *subject {
	if len(found) == 0 {
		return nil
	}
	return &found[0]
}

func severalApps(path string, found []subject) error {
	if len(found) == 0 {
		return wrong("%s holds no app", path)
	}
	if found[0].name != found[len(found)-1].name {
		return wrong("%s holds several specs: name one", path)
	}
	var stages []string
	for _, s := range found {
		stages = append(stages, s.app.Stage)
	}
	return wrong("%s has the stages %s: say which, as in %s@%s", path, strings.Join(stages, ", "), path, stages[0])
}

func (p *Program) printDiff(c *comparison, o *diffOptions) error {
	switch o.format {
	case "json":
		return p.printJSON(diffInfo(c))
	case "markdown":
		_, err := p.Out.Write(diffMarkdown(c, o.maxSize))
		return err
	case "html":
		return webpage.Write(p.Out, diffPage(c))
	case "github":
		return p.report(p.Out, diffFindings(c), reportOptions{format: o.format, verbose: true})
	}
	page := p.newPage()
	diffText(page, c, o.verbose)
	return page.flush(p.Out)
}

// diffFindings are the changes as diagnostics, at their places in B, or in A where B
// says nothing.
func diffFindings(c *comparison) diag.List {
	var list diag.List
	for i := range c.Changes {
		ch := &c.Changes[i]
		d := diag.Diagnostic{Severity: diag.Note, Code: ch.Rule.Code(), Path: ch.Path, Subject: ch.AtB, Summary: changeSummary(ch), Detail: ch.Rule.Purpose}
		switch {
		case ch.Cannot != "":
			d.Detail = ch.Cannot + " cannot say it, or need not: " + ch.Because
		case ch.Rule.Severity == diff.Breaks:
			d.Severity = diag.Error
		case ch.Rule.Severity == diff.Behaviour:
			d.Severity = diag.Warning
		}
		if ch.Sort == diff.Removed {
			d.Subject = ch.AtA
		} else if ch.Sort == diff.Changed && !ch.AtA.IsZero() {
			d.Related = []diag.Related{{Range: ch.AtA, Message: "the other side is here"}}
		}
		list = append(list, d)
	}
	return list
}

func changeSummary(ch *diff.Change) string {
	switch ch.Sort {
	case diff.Added:
		return "only B says it: " + ch.B
	case diff.Removed:
		return "only A says it: " + ch.A
	}
	return fmt.Sprintf("A says %s, B says %s", ch.A, ch.B)
}
