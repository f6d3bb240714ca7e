package cli

import (
	"github.com/spf13/cobra"
)

func (p *Program) root() *cobra.Command {
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
	root.AddCommand(
		p.compile(), p.importFiles(), p.convert(), p.audit(), p.diff(), p.parity(), p.graph(), p.validate(), p.format(), p.init(),
		p.targets(), p.explain(), p.schema(), p.version(), p.docs(),
	)
	return root
}
