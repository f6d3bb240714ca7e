package cli

import (
	"github.com/spf13/cobra"

	"github.com/decamp-dev/decamp/compiler"
	"github.com/decamp-dev/decamp/compiler/diag"
)

func (p *Program) validate() *cobra.Command {
	var o requestOptions
	var r reportOptions
	cmd := &cobra.Command{
		Use:   "validate [FILE | FOLDER | ./...]...",
		Short: "Check specs without compiling them",
		Long: `Check specs in every stage without compiling them. With --target the losses on
those platforms are checked too.

The findings of the formats for people go to standard error; json and sarif, which
are for other programs, go to standard output.`,
		Example: `  decamp validate
  decamp validate ./... -t all --strict
  decamp validate --format sarif > findings.sarif`,
		RunE: verb(func(cmd *cobra.Command, args []string) error {
			b, list, err := p.batch(cmd.Context(), args, &o)
			if err != nil {
				return err
			}
			if !list.HasErrors() {
				found, err := p.each(cmd.Context(), b, func(_ int, r compiler.Request) diag.List {
					return compiler.Validate(b.set, r)
				})
				if err != nil {
					return err
				}
				list = append(list, found...)
			}
			w := p.Err
			if !r.forPeople() {
				w = p.Out
			}
			if err := p.report(w, list, r); err != nil {
				return err
			}
			if list.HasErrors() {
				return exitCode(exitInput)
			}
			p.say(r, "%s valid", count(len(b.inputs), "spec"))
			return nil
		}),
	}
	o.register(cmd.Flags())
	r.register(cmd.Flags())
	return cmd
}
