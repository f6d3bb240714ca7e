package cli

import (
	"encoding/json"
	"strings"

	"github.com/spf13/cobra"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/support"
)

func (p *Program) targets() *cobra.Command {
	form := "text"
	read := false
	cmd := &cobra.Command{
		Use:   "targets [NAME]",
		Short: "List the platforms and their optimisations, or what one makes of each concept",
		Long: `List the platforms with their optimisations, each with the debt that it makes. With
a name, list what becomes of each concept there:

  native        the platform has it
  emulated      same behaviour by other means
  approximated  behaves differently, in a way that is stated
  dropped       cannot be had there

With --read, list what becomes of each field of a platform's own files when they are
read:

  mapped        becomes facts of the spec
  carried       stands as it was in the spec's platform section
  ignored       has no effect on the app`,
		Example: `  decamp targets
  decamp targets kubernetes
  decamp targets score --read
  decamp targets --format markdown`,
		Args:      cobra.MaximumNArgs(1),
		ValidArgs: p.Backends().Names(),
		RunE: verb(func(_ *cobra.Command, args []string) error {
			page := p.newPage()
			switch {
			case read && len(args) == 0:
				return p.printReaders(page, form)
			case read:
				return p.printReader(page, args[0], form)
			case len(args) == 0:
				return p.printTargets(page, form)
			}
			b := p.Backends().Emitters().Lookup(args[0])
			if b == nil && p.Backends().Lookup(args[0]) != nil {
				return wrong("%s is no target, its files are only read: decamp targets %s --read", args[0], args[0])
			}
			if b == nil {
				names := p.Backends().Emitters().Names()
				return wrong("there is no target %q: they are %s.%s", args[0], strings.Join(names, ", "), didYouMean(args[0], names))
			}
			return p.printTarget(page, b, form)
		}),
	}
	cmd.Flags().BoolVar(&read, "read", false, "what becomes of each field of the platform's own files, as in --read")
	cmd.Flags().Var(newChoice(&form, []string{"text", "json", "markdown"}), "format", "`FORM` of the answer, as in --format markdown: text, json, markdown")
	return cmd
}

func (p *Program) printTargets(page *page, form string) error {
	switch form {
	case "json":
		all := []targetInfo{}
		for _, b := range p.Backends().Emitters() {
			all = append(all, infoOf(b, false))
		}
		return p.printJSON(all)
	case "markdown":
		targetsMarkdown(page, p.Backends().Emitters())
	default:
		for i, b := range p.Backends().Emitters() {
			if i > 0 {
				page.line("")
			}
			targetText(page, b)
		}
	}
	return page.flush(p.Out)
}

func (p *Program) printTarget(page *page, b *backend.Backend, form string) error {
	switch form {
	case "json":
		return p.printJSON(infoOf(b, true))
	case "markdown":
		supportMarkdown(page, b)
	default:
		targetText(page, b)
		page.line("")
		supportText(page, b)
	}
	return page.flush(p.Out)
}

func (p *Program) printJSON(value any) error {
	encoder := json.NewEncoder(p.Out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}

// targetText lists a platform with its formats and optimisations.
func targetText(page *page, b *backend.Backend) {
	title, _, _ := strings.Cut(b.Doc, "\n")
	page.columns([]int{12, 8}, page.bold(b.Name), b.Version, title)
	if len(b.Formats) > 1 {
		page.text("  ", "formats: "+strings.Join(b.Formats, ", ")+"; --"+b.Name+"-format chooses")
	}
	for _, pass := range b.Passes {
		name := pass.Name
		if !pass.Default {
			name += " (off)"
		}
		page.columns([]int{24}, "  "+name, pass.Doc)
		page.columns([]int{24}, "", "debt: "+pass.Debt)
	}
}

// rowsOf returns the rows of a table in the order of the kinds of facts.
func rowsOf(b *backend.Backend) []*support.Row {
	var rows []*support.Row
	seen := map[*support.Row]bool{}
	for _, kind := range ir.Kinds() {
		if row := b.Support.Row(kind.Name); row != nil && !seen[row] {
			seen[row] = true
			rows = append(rows, row)
		}
	}
	return rows
}

func supportText(page *page, b *backend.Backend) {
	rows := rowsOf(b)
	width := 0
	for _, row := range rows {
		width = max(width, len(row.Fact))
	}
	widths := []int{width, len("approximated")}
	for _, row := range rows {
		page.columns(widths, row.Fact, row.Level.String(), row.Means)
		for _, c := range row.Cases {
			page.columns(widths, "", c.Level.String(), condition(c)+": "+c.Means)
		}
	}
}
