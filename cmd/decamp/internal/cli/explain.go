package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/support"
)

func (p *Program) explain() *cobra.Command {
	return &cobra.Command{
		Use:   "explain [CODE | CONCEPT]",
		Short: "Explain the code of a finding, or what becomes of a concept on each platform",
		Long: `Explain the code of a finding, with the shortest spec that raises it, or a concept:
what it says, what it means to lose it, and what each platform makes of it. A
concept is a field, such as workload.scale.max, or the beginning of one. Without an
argument every code is listed.`,
		Example: `  decamp explain duplicate-key
  decamp explain container.health.live
  decamp explain workload.scale`,
		Args: cobra.MaximumNArgs(1),
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return p.explainable(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: verb(func(_ *cobra.Command, args []string) error {
			page := p.newPage()
			if len(args) == 0 {
				p.listCodes(page)
				return page.flush(p.Out)
			}
			word := args[0]
			entry, isCode := p.entry(word)
			kinds := kindsOf(word)
			if !isCode && len(kinds) == 0 {
				return wrong("there is no code and no concept %q.%s", word, didYouMean(word, p.explainable()))
			}
			if isCode {
				explainCode(page, entry)
			}
			if isCode && len(kinds) > 0 {
				page.line("")
			}
			p.explainKinds(page, kinds)
			return page.flush(p.Out)
		}),
	}
}

// explainable returns every word that explain takes.
func (p *Program) explainable() []string {
	var words []string
	for _, entry := range p.catalogue() {
		words = append(words, string(entry.Code))
	}
	seen := map[string]bool{}
	for _, kind := range ir.Kinds() {
		for name := kind.Name; name != ""; name = name[:max(0, strings.LastIndexByte(name, '.'))] {
			if !seen[name] {
				seen[name] = true
				words = append(words, name)
			}
		}
	}
	return words
}

func (p *Program) entry(word string) (diag.Entry, bool) {
	entries := p.catalogue()
	i := slices.IndexFunc(entries, func(e diag.Entry) bool { return string(e.Code) == word })
	if i < 0 {
		return diag.Entry{}, false
	}
	return entries[i], true
}

func (p *Program) listCodes(page *page) {
	entries := p.catalogue()
	width := 0
	for _, entry := range entries {
		width = max(width, len(entry.Code))
	}
	for _, entry := range entries {
		page.columns([]int{width}, string(entry.Code), entry.Title)
	}
}

func explainCode(page *page, entry diag.Entry) {
	page.line(page.bold(string(entry.Code)) + ": " + entry.Title)
	if entry.Doc != "" {
		page.line("")
		page.text("", entry.Doc)
	}
	if entry.Example != "" {
		page.line("")
		page.line("An example that raises it:")
		page.line("")
		for line := range strings.Lines(entry.Example) {
			page.line(strings.TrimRight("  "+line, " \n"))
		}
	}
}

// kindsOf returns the kinds of facts that a word means: a kind, the beginning of
// some, or else a part of them, such as health.live.
func kindsOf(word string) []ir.KindInfo {
	var below, within []ir.KindInfo
	for _, kind := range ir.Kinds() {
		switch {
		case kind.Name == word || strings.HasPrefix(kind.Name, word+"."):
			below = append(below, kind)
		case strings.Contains("."+kind.Name+".", "."+word+"."):
			within = append(within, kind)
		}
	}
	if len(below) > 0 {
		return below
	}
	return within
}

func (p *Program) explainKinds(page *page, kinds []ir.KindInfo) {
	docs := newDocs()
	for i, kind := range kinds {
		if i > 0 {
			page.line("")
		}
		page.line(page.bold(kind.Name))
		page.text("  ", docs.of(kind))
		if values := valuesOf(kind); values != "" {
			page.text("  ", values)
		}
		page.text("  ", fmt.Sprintf("Without it %s.", support.ClassOf(kind.Name)))
		for _, b := range p.Backends().Emitters() {
			row := b.Support.Row(kind.Name)
			if row == nil {
				page.columns([]int{12, 13}, "  "+b.Name, "unknown", "The platform's table has no row for it.")
				continue
			}
			page.columns([]int{12, 13}, "  "+b.Name, row.Level.String(), row.Means)
			for _, c := range row.Cases {
				page.columns([]int{12, 13}, "", c.Level.String(), condition(c)+": "+c.Means)
			}
		}
	}
}

// valuesOf says what a field can be, where few words do.
func valuesOf(kind ir.KindInfo) string {
	switch f := kind.Field; {
	case f == nil:
		return ""
	case len(f.Enum) > 0:
		return "One of " + strings.Join(f.Enum, ", ") + "."
	case f.Example != "":
		return "For example " + f.Example
	}
	return ""
}

// condition words when a case of a row holds.
func condition(c support.Case) string {
	switch {
	case c.Below == "":
		return c.When.Doc
	case c.When.Doc == "":
		return "before version " + c.Below
	}
	return c.When.Doc + ", before version " + c.Below
}
