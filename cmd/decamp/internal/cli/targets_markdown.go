package cli

import (
	"fmt"
	"strings"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/support"
)

// targetsMarkdown prints what each platform makes of each concept, and their
// optimisations.
func targetsMarkdown(page *page, set backend.Set) {
	page.line("| concept | " + strings.Join(set.Names(), " | ") + " |")
	page.line("|---" + strings.Repeat("|---", len(set)) + "|")
	for _, concept := range concepts() {
		cells := []string{"`" + concept + "`"}
		for _, b := range set {
			cells = append(cells, strings.Join(levelsOf(b, concept), ", "))
		}
		page.line("| " + strings.Join(cells, " | ") + " |")
	}
	page.line("")
	page.line("| target | optimisation | by default | what it does | debt |")
	page.line("|---|---|---|---|---|")
	for _, b := range set {
		for _, pass := range b.Passes {
			byDefault := "no"
			if pass.Default {
				byDefault = "yes"
			}
			page.line(fmt.Sprintf("| %s | `%s` | %s | %s | %s |", b.Name, pass.Name, byDefault, cell(pass.Doc), cell(pass.Debt)))
		}
	}
}

// concepts returns the first two words of the kinds of facts, in their order.
func concepts() []string {
	var all []string
	seen := map[string]bool{}
	for _, kind := range ir.Kinds() {
		words := strings.Split(kind.Name, ".")
		name := strings.Join(words[:min(2, len(words))], ".")
		if !seen[name] {
			seen[name] = true
			all = append(all, name)
		}
	}
	return all
}

// levelsOf returns the levels that the kinds of a concept have, the best first.
func levelsOf(b *backend.Backend, concept string) []string {
	found := map[support.Level]bool{}
	for _, kind := range ir.Kinds() {
		if kind.Name != concept && !strings.HasPrefix(kind.Name, concept+".") {
			continue
		}
		row := b.Support.Row(kind.Name)
		if row == nil {
			continue
		}
		found[row.Level] = true
		for _, c := range row.Cases {
			found[c.Level] = true
		}
	}
	var names []string
	for level := support.Native; level <= support.Dropped; level++ {
		if found[level] {
			names = append(names, level.String())
		}
	}
	return names
}

// supportMarkdown prints a platform's whole table.
func supportMarkdown(page *page, b *backend.Backend) {
	page.line("| concept | level | how, or what to do |")
	page.line("|---|---|---|")
	for _, row := range rowsOf(b) {
		page.line(fmt.Sprintf("| `%s` | %s | %s |", row.Fact, row.Level, cell(row.Means)))
		for _, c := range row.Cases {
			page.line(fmt.Sprintf("| | %s | %s |", c.Level, cell(condition(c)+": "+c.Means)))
		}
	}
}

// cell makes a text fit into a cell of a table.
func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ", "<", "&lt;").Replace(text)
}
