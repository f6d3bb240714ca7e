package cli

import (
	"slices"

	"github.com/spf13/cobra"
)

// root returns the command line. Only the verb that the arguments begin with is built, where they begin with one that needs
// no other: flags and their completions for all verbs take longer than what some answer.
func (p *Program) root(args []string) *cobra.Command {
	root := &cobra.Command{
		Use:   "decamp",
		Short: "Compile one neutral description of an app for every platform it may live on",
		Long: `decamp compiles decamp.yaml, which says what an application needs in the words of
no platform, into the files that each platform wants: plain, idiomatic, and with
every loss said. You can delete decamp and keep its files.`,
		Example: `  decamp init                              write a decamp.yaml to start from
  decamp compile -t all -o deploy          compile it for every platform
  decamp compile -t kubernetes | kubectl apply -f -
  decamp targets kubernetes                what becomes of each concept there
  decamp explain workload.egress           one concept, on every platform`,
		Args:          cobra.NoArgs,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE:          verb(func(cmd *cobra.Command, _ []string) error { return cmd.Help() }),
		PersistentPreRun: func(*cobra.Command, []string) {
			if p.Prepare != nil {
				p.Prepare()
			}
		},
	}
	root.PersistentFlags().BoolP("help", "h", false, "say how a command is used, as in decamp compile --help")
	root.SetUsageFunc(usage)
	root.SetHelpCommand(&cobra.Command{Hidden: true, Use: "no-help"}) // --help says the same
	verbs := p.verbs()
	if len(args) > 0 && args[0] != "docs" {
		if one := slices.IndexFunc(verbs, func(v namedVerb) bool { return v.name == args[0] }); one >= 0 {
			verbs = verbs[one : one+1]
		}
	}
	for _, v := range verbs {
		root.AddCommand(v.command())
	}
	return root
}

// namedVerb is a verb and what builds its command.
type namedVerb struct {
	name    string
	command func() *cobra.Command
}

func (p *Program) verbs() []namedVerb {
	return []namedVerb{
		{"compile", p.compile}, {"import", p.importFiles}, {"convert", p.convert}, {"audit", p.audit}, {"diff", p.diff}, {"parity", p.parity},
		{"graph", p.graph}, {"validate", p.validate}, {"fmt", p.format}, {"init", p.init}, {"targets", p.targets}, {"explain", p.explain},
		{"schema", p.schema}, {"version", p.version}, {"docs", p.docs},
	}
}
