package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// docs is for those who package decamp.
func (p *Program) docs() *cobra.Command {
	docs := &cobra.Command{
		Use:    "docs",
		Short:  "Write documentation for packages",
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE:   verb(func(cmd *cobra.Command, _ []string) error { return cmd.Help() }),
	}
	docs.AddCommand(&cobra.Command{
		Use:     "man FOLDER",
		Short:   "Write a manual page for each command",
		Example: "  decamp docs man /usr/local/share/man/man1",
		Args:    cobra.ExactArgs(1),
		RunE: verb(func(cmd *cobra.Command, args []string) error {
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return err
			}
			return writeManuals(cmd.Root(), args[0])
		}),
	})
	return docs
}

// writeManuals writes the page of a command and of those below it.
func writeManuals(cmd *cobra.Command, folder string) error {
	name := strings.ReplaceAll(cmd.CommandPath(), " ", "-")
	if err := os.WriteFile(filepath.Join(folder, name+".1"), manual(cmd, name), 0o644); err != nil {
		return err
	}
	for _, sub := range cmd.Commands() {
		if !sub.IsAvailableCommand() {
			continue
		}
		if err := writeManuals(sub, folder); err != nil {
			return err
		}
	}
	return nil
}

// manual returns the page of a command in the man macros of roff.
func manual(cmd *cobra.Command, name string) []byte {
	var out bytes.Buffer
	line := func(parts ...string) { out.WriteString(strings.Join(parts, "") + "\n") }
	line(`.TH "`, strings.ToUpper(name), `" 1 "" decamp`)
	line(".SH NAME")
	line(roff(name), ` \- `, roff(cmd.Short))
	line(".SH SYNOPSIS")
	line(".B ", roff(cmd.UseLine()))
	if cmd.Long != "" {
		line(".SH DESCRIPTION")
		verbatim(&out, cmd.Long)
	}
	flags := cmd.NonInheritedFlags()
	flags.AddFlagSet(cmd.InheritedFlags())
	if flags.HasAvailableFlags() {
		line(".SH OPTIONS")
		flags.VisitAll(func(flag *pflag.Flag) { manualFlag(&out, flag) })
	}
	if cmd.Example != "" {
		line(".SH EXAMPLES")
		verbatim(&out, cmd.Example)
	}
	if related := relatives(cmd); len(related) > 0 {
		line(".SH SEE ALSO")
		line(strings.Join(related, ", "))
	}
	return out.Bytes()
}

func manualFlag(out *bytes.Buffer, flag *pflag.Flag) {
	if flag.Hidden {
		return
	}
	value, text := pflag.UnquoteUsage(flag)
	head := `\fB\-\-` + roff(flag.Name) + `\fP`
	if flag.Shorthand != "" {
		head = `\fB\-` + flag.Shorthand + `\fP, ` + head
	}
	if value != "" {
		head += ` \fI` + roff(value) + `\fP`
	}
	out.WriteString(".TP\n" + head + "\n" + roff(text) + "\n")
}

func relatives(cmd *cobra.Command) []string {
	var names []string
	add := func(c *cobra.Command) {
		names = append(names, `\fB`+roff(strings.ReplaceAll(c.CommandPath(), " ", "-"))+`\fP(1)`)
	}
	if cmd.HasParent() {
		add(cmd.Parent())
	}
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() {
			add(sub)
		}
	}
	return names
}

// verbatim writes a text whose lines stay as they are.
func verbatim(out *bytes.Buffer, text string) {
	out.WriteString(".nf\n")
	for _, line := range strings.Split(strings.Trim(text, "\n"), "\n") {
		out.WriteString(roff(line) + "\n")
	}
	out.WriteString(".fi\n")
}

// roff escapes a line of text.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, `-`, `\-`).Replace(text)
	if strings.HasPrefix(text, ".") || strings.HasPrefix(text, "'") {
		text = `\&` + text
	}
	return text
}
