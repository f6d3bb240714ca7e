package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/decamp-dev/decamp/compiler"
	"github.com/decamp-dev/decamp/compiler/diag"
)

// convertOptions are the flags of convert.
type convertOptions struct {
	sourceOptions
	compileOptions
}

func (p *Program) convert() *cobra.Command {
	var o convertOptions
	cmd := &cobra.Command{
		Use:   "convert PATH... --to PLATFORMS",
		Short: "Turn the files of one platform into those of others",
		Long: `Turn the files of one platform into those of others: import and compile in one, with
one report, each finding at its place in the files that were read.

Paths are files, folders with all that is below, or - for standard input. One target
without --out goes to standard output. What neither the neutral spec nor a target can
say is reported for each target.

Exit codes: 0 done, 1 errors in the input or losses that are not allowed, 2 wrong use.`,
		Example: `  decamp convert docker-compose.yml --to kubernetes | kubectl apply -f -
  decamp convert --from score services/ --to compose,nomad -o deploy
  helm template shop | decamp convert --from kubernetes - --to nomad -o deploy`,
		RunE: verb(func(cmd *cobra.Command, args []string) error { return p.runConvert(cmd, args, &o) }),
	}
	flags := cmd.Flags()
	flags.StringSliceVarP(&o.targets, "to", "t", nil, "`PLATFORMS` to convert to, as in --to compose,nomad or --to all")
	flags.StringVarP(&o.out, "out", "o", "", "`FOLDER` to write to, as in -o deploy; standard output when left out")
	flags.StringSliceVar(&o.allowLoss, "allow-loss", nil, "take losses: a `CODE`, a concept, a path or all, as in --allow-loss workload.scale")
	flags.BoolVar(&o.verify, "verify", false, "have each platform's own library read what was emitted, as in --verify")
	flags.BoolVar(&o.strict, "strict", false, "what a platform only approximates is an error too, as in --strict")
	flags.StringSliceVar(&o.versions, "platform-version", nil, "`TARGET=VERSION` to convert to, as in --platform-version kubernetes=1.29; the newest when left out")
	flags.StringVar(&o.optimize, "optimize", "default", "`PASSES` to make: default, none, or a list, as in --optimize topology-spread")
	flags.StringSliceVar(&o.formats, "artifact-format", nil, "`TARGET=FORM` of the files, as in --artifact-format nomad=json")
	o.sourceOptions.register(flags, p.Backends())
	o.report.register(flags)
	complete(cmd, "to", append([]string{"all"}, p.Backends().Emitters().Names()...))
	complete(cmd, "from", p.Backends().Readers().Names())
	return cmd
}

func (p *Program) runConvert(cmd *cobra.Command, args []string, o *convertOptions) error {
	if len(o.targets) == 0 {
		return wrong("say what to convert to: --to %s, or --to all", strings.Join(p.Backends().Emitters().Names(), ","))
	}
	formats, err := o.formatsOf()
	if err != nil {
		return err
	}
	set, targets, list := p.selected(cmd.Context(), o.targets)
	versions, err := o.versionsOf(set)
	if err != nil {
		return err
	}
	if list.HasErrors() {
		return p.stop(list, o.report)
	}
	s, found, err := p.sources(args, &o.sourceOptions)
	if err != nil {
		return err
	}
	if list = append(list, found...); list.HasErrors() {
		return p.stop(list, o.report)
	}
	defer s.close()
	b := &batch{out: o.out}
	o.report.losses = true
	result, found := compiler.Convert(set, s.request, compiler.Request{
		Path: s.request.Paths[0], Targets: targets, Formats: formats, Versions: versions,
		Optimize: o.optimize, Policy: o.policy(), Verify: o.verify, Folder: b.wayBack(input{folder: s.folder}),
	})
	if list = append(list, found...); list.HasErrors() {
		return p.stop(list, o.report)
	}
	results := []compiler.Result{result}
	if o.out == "" {
		return p.printOutput(results, list, &o.compileOptions)
	}
	return p.writeOutput(results, list, &o.compileOptions)
}

// isLoss reports whether a finding is about something that the output lacks.
func isLoss(d diag.Diagnostic) bool {
	return d.Code == "dropped" || d.Code == "approximated" || d.Code == compiler.CodeCarried
}
