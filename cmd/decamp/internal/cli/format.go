package cli

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/decamp-dev/decamp/compiler"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/source"
)

func (p *Program) format() *cobra.Command {
	var check bool
	var file string
	var r reportOptions
	cmd := &cobra.Command{
		Use:   "fmt [FILE | FOLDER | ./... | -]...",
		Short: "Lay specs out in the one common way",
		Long: `Lay specs out in the one common way. Comments stay, and so does what a spec means.
Files are rewritten in place and named on standard output; - reads standard input
and writes to standard output.`,
		Example: `  decamp fmt ./...
  decamp fmt --check ./...
  decamp fmt - < decamp.yaml`,
		RunE: verb(func(_ *cobra.Command, args []string) error {
			if len(args) == 1 && args[0] == "-" {
				return p.formatStream(r)
			}
			found, list := inputs(args, file)
			if list.HasErrors() {
				return p.stop(list, r)
			}
			return p.formatFiles(found, check, r)
		}),
	}
	cmd.Flags().BoolVar(&check, "check", false, "write nothing; exit 3 with a diff where a spec is laid out otherwise, as in decamp fmt --check ./...")
	cmd.Flags().StringVar(&file, "file", defaultFile, "`NAME` of the specs in folders, as in --file app.yaml")
	r.register(cmd.Flags())
	return cmd
}

func (p *Program) formatStream(r reportOptions) error {
	data, err := io.ReadAll(p.In)
	if err != nil {
		return err
	}
	text, list := compiler.Format(source.NewFile("(standard input)", data))
	if list.HasErrors() {
		return p.stop(list, r)
	}
	_, err = p.Out.Write(text)
	return err
}

// formatFiles formats all files or, where one has errors, none.
func (p *Program) formatFiles(found []input, check bool, r reportOptions) error {
	var list diag.List
	var changes []compiler.Change
	for _, in := range found {
		data, err := os.ReadFile(filepath.FromSlash(in.String()))
		if err != nil {
			return err
		}
		text, problems := compiler.Format(source.NewFile(in.String(), data))
		list = append(list, problems...)
		if !problems.HasErrors() && !bytes.Equal(data, text) {
			changes = append(changes, compiler.Change{Path: in.String(), Action: compiler.Update, Old: data, New: text})
		}
	}
	if list.HasErrors() {
		return p.stop(list, r)
	}
	if err := p.report(p.Err, list, r); err != nil {
		return err
	}
	if check && len(changes) > 0 {
		if err := p.printChanges("", changes); err != nil {
			return err
		}
		return exitCode(exitStale)
	}
	for _, change := range changes {
		if err := compiler.WriteFile(filepath.FromSlash(change.Path), change.New); err != nil {
			return err
		}
		if _, err := fmt.Fprintln(p.Out, change.Path); err != nil {
			return err
		}
	}
	return nil
}
