package cli

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/decamp-dev/decamp/cmd/decamp/internal/webpage"
	"github.com/decamp-dev/decamp/compiler"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/parity"
	"github.com/decamp-dev/decamp/compiler/spec"
)

// parityOptions are the flags of parity.
type parityOptions struct {
	subjectOptions
	spec    string
	ignore  []string
	format  string
	maxSize int
}

const parityForms = "text, json, markdown, html"

func (p *Program) parity() *cobra.Command {
	var o parityOptions
	cmd := &cobra.Command{
		Use:   "parity [SPEC | STAGE=PATH...]",
		Short: "Say in what the stages of an app differ, and which of it is declared",
		Long: `Say in what the stages of an app differ, and which of it is declared.

Of a spec every difference is declared, since nothing else can differ: each is listed
with what declares it, and parity entries with their reasons. Of files that are
deployed, given as STAGE=PATH, it finds what has drifted: another image, a variable,
a probe or a limit that only one stage has. What --spec declares may differ; without
it, what the language lets stages vary, such as replicas and resources.

Exit codes: 0 nothing differs undeclared, 1 something does, 2 wrong use or errors in
the input.`,
		Example: `  decamp parity examples/shop
  decamp parity dev=docker-compose.yml prod=k8s/
  decamp parity dev=docker-compose.yml prod=k8s/ --spec shop/decamp.yaml`,
		RunE: verb(func(cmd *cobra.Command, args []string) error { return p.runParity(cmd.Context(), args, &o) }),
	}
	flags := cmd.Flags()
	flags.StringSliceVarP(&o.stages, "stage", "s", nil, "`STAGES` of a spec to compare, as in -s dev,prod; every stage when left out")
	flags.StringVar(&o.spec, "spec", "", "`SPEC` whose stages declare what may differ, as in --spec shop/decamp.yaml")
	flags.StringSliceVar(&o.ignore, "ignore", nil, "`PATHS` or concepts that are not compared, as in --ignore workload.labels")
	o.subjectOptions.register(cmd, p.Backends())
	o.format = "text"
	flags.Var(newChoice(&o.format, strings.Split(parityForms, ", ")), "format", "`FORM` of the answer, as in --format markdown: "+parityForms)
	flags.IntVar(&o.maxSize, "max-size", defaultCommentSize, "`BYTES` that the markdown may have, as in --max-size 65536; 0 for any number")
	complete(cmd, "format", strings.Split(parityForms, ", "))
	return cmd
}

func (p *Program) runParity(ctx context.Context, args []string, o *parityOptions) error {
	var found *stagesCompared
	var list diag.List
	var err error
	if named, ok := stageArguments(args); ok {
		found, list, err = p.parityOfFiles(ctx, named, o)
	} else {
		found, list, err = p.parityOfSpec(ctx, args, o)
	}
	if err != nil {
		return err
	}
	if list.HasErrors() {
		return p.trouble(list)
	}
	if err := p.printParity(found, o); err != nil {
		return err
	}
	if len(found.report.Undeclared()) > 0 {
		return exitCode(exitInput)
	}
	return nil
}

// stagesCompared is the stages of an app, and in what they differ.
type stagesCompared struct {
	title  string
	stages []subject
	report parity.Report
}

// stageArguments divides arguments such as dev=compose.yaml; false when they name no
// stages.
func stageArguments(args []string) (named [][2]string, ok bool) {
	for _, arg := range args {
		name, path, ok := strings.Cut(arg, "=")
		if !ok || name == "" || path == "" || strings.ContainsAny(name, `/\.`) {
			return nil, false
		}
		named = append(named, [2]string{name, path})
	}
	return named, len(named) > 0
}

func (p *Program) parityOfFiles(ctx context.Context, named [][2]string, o *parityOptions) (*stagesCompared, diag.List, error) {
	if len(named) < 2 {
		return nil, nil, wrong("%s=%s is one stage: name another to compare it with", named[0][0], named[0][1])
	}
	if len(o.stages) > 0 {
		return nil, nil, wrong("--stage chooses stages of a spec: name the stages of files as in dev=compose.yaml")
	}
	document, list, err := o.declaring()
	if err != nil {
		return nil, nil, err
	}
	found := &stagesCompared{}
	var titles []string
	var stages []parity.Stage
	for _, stage := range named {
		side, problems, err := p.side(ctx, stage[1], "", &o.subjectOptions)
		if err != nil {
			return nil, nil, err
		}
		if list = append(list, problems...); list.HasErrors() || side == nil {
			return nil, list, nil
		}
		stages = append(stages, parity.Stage{Name: stage[0], Side: side.diffSide()})
		found.stages, titles = append(found.stages, *side), append(titles, stage[0]+"="+stage[1])
	}
	found.title, found.report = strings.Join(titles, ", "), compiler.Parity(stages, o.ignore, document)
	return found, list, nil
}

// declaring reads the spec of --spec, nil without one.
func (o *parityOptions) declaring() (*spec.Document, diag.List, error) {
	if o.spec == "" {
		return nil, nil, nil
	}
	found, list := inputs([]string{o.spec}, o.file)
	if list.HasErrors() || len(found) != 1 {
		return nil, list, nil
	}
	files, name, closeFiles, err := found[0].open(false)
	if err != nil {
		return nil, nil, err
	}
	defer closeFiles()
	document, list := compiler.ParseSpec(compiler.Request{FS: files, Path: name, Display: found[0].String()})
	return document, list, nil
}

func (p *Program) parityOfSpec(ctx context.Context, args []string, o *parityOptions) (*stagesCompared, diag.List, error) {
	if len(args) > 1 {
		return nil, nil, wrong("parity compares the stages of one spec, or files as in dev=compose.yaml prod=k8s/")
	}
	b, list, err := p.batch(ctx, args, &requestOptions{stages: o.stages, vars: o.vars, varsFiles: o.varsFiles, outside: o.outside, file: o.file})
	if err != nil || list.HasErrors() {
		return nil, list, err
	}
	if len(b.inputs) != 1 {
		return nil, nil, wrong("parity compares the stages of one spec: name one of the %d", len(b.inputs))
	}
	compared := &stagesCompared{title: filepath.ToSlash(b.inputs[0].String())}
	found, err := p.each(ctx, b, func(_ int, r compiler.Request) diag.List {
		report, apps, list := compiler.SpecParity(b.set, r, o.ignore)
		compared.report = report
		for _, app := range apps {
			compared.stages = append(compared.stages, subject{app: app, name: compared.title})
		}
		return list
	})
	return compared, append(list, found...), err
}

func (p *Program) printParity(found *stagesCompared, o *parityOptions) error {
	title, r := found.title, &found.report
	switch o.format {
	case "json":
		return p.printJSON(parityInfo(title, r))
	case "markdown":
		_, err := p.Out.Write(parityMarkdown(title, r, o.maxSize))
		return err
	case "html":
		return webpage.Write(p.Out, parityPage(found))
	}
	page := p.newPage()
	page.line(page.bold(visible(title)))
	pointsText(page, r, "undeclared", r.Undeclared())
	pointsText(page, r, "declared", r.Declared())
	pointsText(page, r, "only said in some stages, because the platform of others cannot say it, or need not", r.Unsayable())
	page.line("")
	page.line(paritySummary(r))
	return page.flush(p.Out)
}

func pointsText(page *page, r *parity.Report, title string, points []*parity.Point) {
	if len(points) == 0 {
		return
	}
	page.line("")
	page.line(page.bold(title) + fmt.Sprintf(" (%d)", len(points)))
	width := 0
	for _, name := range r.Stages {
		width = max(width, len(name)+4)
	}
	for _, point := range points {
		page.line("  " + visible(point.Path) + "  [" + point.Rule.ID + "]")
		for i, v := range point.Values {
			sideText(page, fmt.Sprintf("    %-*s", width-4, r.Stages[i]), nothing(v.Text), v.At.String())
		}
		for _, reason := range point.Reasons {
			text := reason.Text
			if where := reason.At.String(); where != "" {
				text += "  " + where
			}
			page.columns([]int{width}, "    →", visible(text))
		}
		if point.Cannot != "" {
			page.columns([]int{width}, "    →", visible(point.Cannot+": "+point.Because))
		}
	}
}

func nothing(text string) string {
	if text == "" {
		return "nothing"
	}
	return text
}

func paritySummary(r *parity.Report) string {
	if len(r.Stages) < 2 {
		return "there is one stage, and nothing to compare it with"
	}
	if len(r.Points) == 0 {
		return strings.Join(r.Stages, ", ") + ": no difference"
	}
	return fmt.Sprintf("%s: %s, of which %d undeclared", strings.Join(r.Stages, ", "), count(len(r.Points), "difference"), len(r.Undeclared()))
}

// parityReport is the JSON form.
type parityReport struct {
	Version int         `json:"version"`
	Source  string      `json:"source"`
	Stages  []string    `json:"stages"`
	Points  []pointInfo `json:"points"`
}

const parityVersion = 1

type pointInfo struct {
	Path     string          `json:"path"`
	Kind     string          `json:"kind"`
	Rule     string          `json:"rule"`
	Severity string          `json:"severity"`
	Declared bool            `json:"declared"`
	Values   []changedOnSide `json:"values"`
	Reasons  []reasonInfo    `json:"reasons"`
	Cannot   string          `json:"cannotSay,omitempty"`
	Because  string          `json:"because,omitempty"`
}

type reasonInfo struct {
	Text string `json:"text"`
	*place
}

func parityInfo(title string, r *parity.Report) parityReport {
	info := parityReport{Version: parityVersion, Source: title, Stages: r.Stages, Points: []pointInfo{}}
	for _, point := range r.Points {
		p := pointInfo{Path: point.Path, Kind: point.Kind, Rule: point.Rule.ID, Severity: severityWord(point.Rule.Severity),
			Declared: len(point.Reasons) > 0, Reasons: []reasonInfo{}, Cannot: point.Cannot, Because: point.Because}
		for _, v := range point.Values {
			p.Values = append(p.Values, changedOnSide{v.Text, placeOf(v.At)})
		}
		for _, reason := range point.Reasons {
			p.Reasons = append(p.Reasons, reasonInfo{reason.Text, placeOf(reason.At)})
		}
		info.Points = append(info.Points, p)
	}
	return info
}

func parityMarkdown(title string, r *parity.Report, limit int) []byte {
	m := &comment{limit: limit}
	m.must("### Parity of %s\n", code(title))
	m.must("%s\n", cell(paritySummary(r)))
	m.must("| what | %s | declared |", strings.Join(r.Stages, " | "))
	m.must("|---%s|---|", strings.Repeat("|---", len(r.Stages)))
	for _, points := range [][]*parity.Point{r.Undeclared(), r.Declared(), r.Unsayable()} {
		for _, point := range points {
			line := "| " + code(point.Path)
			for _, v := range point.Values {
				line += " | " + code(nothing(v.Text))
			}
			m.may(line+" | "+declaredCell(point)+" |", 0)
		}
	}
	return m.bytesOf()
}

func declaredCell(point *parity.Point) string {
	switch {
	case len(point.Reasons) > 0:
		var texts []string
		for _, reason := range point.Reasons {
			texts = append(texts, cell(visible(reason.Text)))
		}
		return strings.Join(texts, "<br>")
	case point.Cannot != "":
		return cell(point.Cannot + " cannot say it, or need not")
	}
	return "**no**"
}
