package cli

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/decamp-dev/decamp/cmd/decamp/internal/webpage"
	"github.com/decamp-dev/decamp/compiler"
	"github.com/decamp-dev/decamp/compiler/audit"
	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/source"
	"github.com/decamp-dev/decamp/compiler/support"
)

const codeBaseline diag.Code = "baseline-file"

// auditOptions are the flags of audit.
type auditOptions struct {
	subjectOptions
	targets  []string
	versions []string
	optimize string
	weights  string
	failOn   []string
	baseline string
	write    string
	format   string
	maxSize  int
	verbose  bool
	age      bool
	lines    bool
}

const auditForms = "text, json, markdown, html, sarif, github"

func (p *Program) audit() *cobra.Command {
	var o auditOptions
	cmd := &cobra.Command{
		Use:   "audit [PATH]...",
		Short: "Say where apps stand with each platform, and what they owe",
		Long: `Say where apps stand with each platform, and what they owe. A path is a spec, a folder
that holds one, ./... for every one below, or files of any platform that can be read,
which are one app together.

For each target: how many facts it has, emulates, approximates and drops; the findings
with their places and what to do; and the exit cost, a sum whose every term is shown
(--weights replaces weights). For the app itself: the debt ledger, which is what was
said for one platform only, and the debt of each optimisation in force (--lines counts
what it adds to the files).

With --baseline only what is new fails: losses that are not accepted, and values of
the ledger, that the file does not list. --write-baseline writes that file.

Exit codes: 0 done, 1 errors in the input or what --fail-on names was found, 2 wrong
use.`,
		Example: `  decamp audit k8s/ --to nomad
  decamp audit -s prod --fail-on dropped,debt>3
  decamp audit --write-baseline audit-baseline.json
  decamp audit --baseline audit-baseline.json --format markdown
  decamp audit k8s/ --format html > audit.html`,
		RunE: verb(func(cmd *cobra.Command, args []string) error { return p.runAudit(cmd.Context(), args, &o) }),
	}
	flags := cmd.Flags()
	flags.StringSliceVarP(&o.targets, "to", "t", nil, "`PLATFORMS` to hold the app against, as in --to compose,nomad; all when left out")
	flags.StringSliceVarP(&o.stages, "stage", "s", nil, "`STAGES` of a spec, as in -s prod; every stage when left out")
	o.subjectOptions.register(cmd, p.Backends())
	flags.StringSliceVar(&o.versions, "platform-version", nil, "`TARGET=VERSION` to hold it against, as in --platform-version kubernetes=1.29; the newest when left out")
	flags.StringVar(&o.optimize, "optimize", "default", "`PASSES` in force: default, none, or a list, as in --optimize topology-spread")
	flags.StringVar(&o.weights, "weights", "", "`FILE` with other weights for the exit cost, as in --weights weights.yaml")
	flags.StringSliceVar(&o.failOn, "fail-on", nil, "`WHAT` makes it fail: dropped, approximated, debt>N, as in --fail-on dropped,debt>3")
	flags.StringVar(&o.baseline, "baseline", "", "`FILE` of what is known, as in --baseline audit-baseline.json: only what is new fails, any of it unless --fail-on says what")
	flags.StringVar(&o.write, "write-baseline", "", "`FILE` to write with what was found, as in --write-baseline audit-baseline.json")
	o.format = "text"
	flags.Var(newChoice(&o.format, strings.Split(auditForms, ", ")), "format", "`FORM` of the report, as in --format markdown: "+auditForms)
	flags.IntVar(&o.maxSize, "max-size", defaultCommentSize, "`BYTES` that the markdown may have, as in --max-size 65536; 0 for any number")
	flags.BoolVar(&o.age, "age", false, "ask git since when each entry of the ledger is there, as in --age")
	flags.BoolVar(&o.lines, "lines", false, "count the lines that each optimisation adds to the files, as in --lines; takes as long as several compiles")
	flags.BoolVarP(&o.verbose, "verbose", "v", false, "list what is emulated or accepted too, as in -v")
	complete(cmd, "to", append([]string{"all"}, p.Backends().Emitters().Names()...))
	complete(cmd, "format", strings.Split(auditForms, ", "))
	return cmd
}

func (p *Program) runAudit(ctx context.Context, args []string, o *auditOptions) error {
	report := reportOptions{format: diagForm(o.format), verbose: o.verbose}
	gate, err := o.gate()
	if err != nil {
		return err
	}
	found, list, err := p.audited(ctx, args, o)
	if err != nil {
		return err
	}
	if list.HasErrors() {
		return p.stop(list, report)
	}
	if err := p.report(p.Err, list, reportOptions{format: string(diag.Text), verbose: o.verbose}); err != nil {
		return err
	}
	if o.write != "" {
		if err := writeBaseline(o.write, found.reports); err != nil {
			return err
		}
		p.say(report, "wrote %s: %s", filepath.ToSlash(o.write), count(len(audit.Keys(found.reports)), "known finding"))
	}
	if err := p.printAudit(found, o); err != nil {
		return err
	}
	if refused := gate.Failed(found.reports); refused != (audit.Refusal{}) && o.write == "" {
		p.say(report, "%s", refusal(refused, o.baseline != ""))
		return exitCode(exitInput)
	}
	return nil
}

// diagForm returns the form of findings that goes with the form of a report.
func diagForm(form string) string {
	if form == "markdown" || form == "html" {
		return string(diag.Text)
	}
	return form
}

// audits is what an audit found, and by which weights.
type audits struct {
	reports  []audit.Report
	apps     []*ir.App
	weights  audit.Weights
	baseline bool

	set     backend.Set
	request compiler.Request // targets, versions and optimisations
}

// audited reads everything that the arguments and flags name, and audits it.
func (p *Program) audited(ctx context.Context, args []string, o *auditOptions) (*audits, diag.List, error) {
	asked := o.targets
	if len(asked) == 0 {
		asked = []string{"all"}
	}
	set, targets, list := p.selected(ctx, asked)
	versions, err := (&requestOptions{versions: o.versions}).versionsOf(set)
	if err != nil {
		return nil, nil, err
	}
	found := &audits{weights: audit.DefaultWeights(), baseline: o.baseline != ""}
	if o.weights != "" {
		data, err := os.ReadFile(o.weights)
		if err != nil {
			return nil, nil, err
		}
		weights, problems := audit.ReadWeights(source.NewFile(filepath.ToSlash(o.weights), data))
		found.weights, list = weights, append(list, problems...)
	}
	known, problems, err := readBaseline(o.baseline)
	if err != nil {
		return nil, nil, err
	}
	if list = append(list, problems...); list.HasErrors() {
		return nil, list, nil
	}
	subjects, problems, err := p.subjects(ctx, args, &o.subjectOptions)
	if list = append(list, problems...); err != nil || list.HasErrors() {
		return nil, list, err
	}
	for _, s := range subjects {
		found.apps = append(found.apps, s.app)
	}
	found.set, found.request = set, compiler.Request{Targets: targets, Versions: versions, Optimize: o.optimize}
	reports, problems := compiler.Audit(set, found.apps, found.request, found.weights, o.lines)
	for i := range reports {
		reports[i].Source = subjects[i].name
		if subjects[i].from != nil {
			reports[i].From = subjects[i].from.Name
		}
	}
	audit.Mark(reports, known)
	if o.age {
		for i := range reports {
			ages(ctx, reports[i].Ledger)
		}
	}
	found.reports = reports
	return found, append(list, problems...), nil
}

// gate reads --fail-on.
func (o *auditOptions) gate() (audit.Gate, error) {
	gate := audit.Gate{Debt: -1}
	if len(o.failOn) == 0 && o.baseline != "" {
		return audit.Gate{Dropped: true, Approximated: true, Debt: 0}, nil
	}
	for _, what := range o.failOn {
		number, isDebt := strings.CutPrefix(what, "debt>")
		switch {
		case what == "dropped":
			gate.Dropped = true
		case what == "approximated":
			gate.Approximated = true
		case isDebt:
			n, err := strconv.Atoi(number)
			if err != nil || n < 0 {
				return gate, wrong("--fail-on %s: want a number, as in debt>3", what)
			}
			gate.Debt = n
		default:
			return gate, wrong("--fail-on %s: want dropped, approximated or debt>N, as in --fail-on dropped,debt>3.%s", what, didYouMean(what, []string{"dropped", "approximated"}))
		}
	}
	return gate, nil
}

// refusal says in a line why an audit fails.
func refusal(r audit.Refusal, baseline bool) string {
	var parts []string
	if r.Dropped > 0 {
		parts = append(parts, count(r.Dropped, "place")+" dropped")
	}
	if r.Approximated > 0 {
		parts = append(parts, count(r.Approximated, "place")+" approximated")
	}
	switch {
	case r.Debts == 1:
		parts = append(parts, "1 entry of the ledger")
	case r.Debts > 1:
		parts = append(parts, strconv.Itoa(r.Debts)+" entries of the ledger")
	}
	line := "failed: " + strings.Join(parts, ", ")
	if baseline {
		line += ", not in the baseline"
	}
	return line
}

func (p *Program) printAudit(found *audits, o *auditOptions) error {
	switch o.format {
	case "json":
		return p.printJSON(auditInfo(found))
	case "markdown":
		_, err := p.Out.Write(auditMarkdown(found, o.maxSize))
		return err
	case "html":
		return webpage.Write(p.Out, auditPage(found, o.verbose))
	case "text":
		page := p.newPage()
		auditText(page, found, o.verbose)
		return page.flush(p.Out)
	}
	return p.report(p.Out, auditFindings(found), reportOptions{format: o.format, verbose: true})
}

// auditFindings are the findings as diagnostics, for the forms that other programs
// annotate sources from. With a baseline only what is new is among them.
func auditFindings(found *audits) diag.List {
	var list diag.List
	for i := range found.reports {
		r := &found.reports[i]
		for _, s := range r.Standings {
			assessment := support.Assessment{}
			for _, f := range s.Findings {
				if !found.baseline || f.New {
					assessment.Findings = append(assessment.Findings, support.Finding{Kind: f.Kind, Path: f.Path, Level: f.Level, Class: f.Class, Means: f.Means})
				}
			}
			list = append(list, support.Diagnostics(found.apps[i], s.Target, assessment, support.Policy{})...)
		}
		for _, e := range r.Ledger {
			if e.Sort == audit.Acceptance || found.baseline && !e.New {
				continue
			}
			list = append(list, diag.Diagnostic{Severity: diag.Note, Code: compiler.CodeCarried, Target: e.Platform, Path: e.Path, Subject: e.Subject,
				Summary: "the ledger holds what only " + e.Platform + " understands", Detail: owed(&e)})
		}
	}
	return list
}

// owed says why an entry is there and what to do with it.
func owed(e *audit.Entry) string {
	text := "Why: " + strings.TrimSuffix(e.Why, ".") + "."
	if e.Exit != "" {
		text += " When leaving: " + strings.TrimSuffix(e.Exit, ".") + "."
	}
	return text
}
