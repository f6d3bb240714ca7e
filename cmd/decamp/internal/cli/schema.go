package cli

import (
	"github.com/spf13/cobra"

	"github.com/decamp-dev/decamp/schema"
)

func (p *Program) schema() *cobra.Command {
	return &cobra.Command{
		Use:   "schema [spec | ir | diagnostics | audit | diff | parity]",
		Short: "Print the JSON Schema of the spec, of --emit-ir, of --format json of audit, diff and parity",
		Example: `  decamp schema > decamp.schema.json
  decamp schema diagnostics`,
		Args:      cobra.MatchAll(cobra.MaximumNArgs(1), cobra.OnlyValidArgs),
		ValidArgs: []string{"spec", "ir", "diagnostics", "audit", "diff", "parity"},
		RunE: verb(func(_ *cobra.Command, args []string) error {
			text := schema.Spec
			if len(args) == 1 {
				switch args[0] {
				case "ir":
					text = schema.IR
				case "diagnostics":
					text = schema.Diagnostics
				case "audit":
					text = schema.Audit
				case "diff":
					text = schema.Diff
				case "parity":
					text = schema.Parity
				}
			}
			_, err := p.Out.Write(text())
			return err
		}),
	}
}
