package cli

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/decamp-dev/decamp/compiler/audit"
	"github.com/decamp-dev/decamp/compiler/support"
)

// auditText prints an audit for people.
func auditText(page *page, found *audits, verbose bool) {
	for i, g := range byApp(found.reports) {
		if i > 0 {
			page.line("")
		}
		page.line(page.bold(visible(g.title())) + ": " + visible(g.origin()))
		page.line("")
		standingsText(page, g)
		for t := range g[0].Standings {
			targetAuditText(page, g, t, found, verbose)
		}
		ledgerText(page, g, found)
	}
}

// standingsText prints the table: one line for each target and what is the same.
func standingsText(page *page, g appReports) {
	rows := [][]string{{"target", "stages", "facts", "native", "emulated", "approximated", "dropped", "exit cost"}}
	for _, s := range g.standings() {
		stages := s.stages
		if stages == "" {
			stages = "all"
		}
		rows = append(rows, append([]string{s.Target + " " + s.Version, stages, strconv.Itoa(s.facts)}, countsOf(s.Facts, s.Cost.Total)...))
	}
	if len(g) == 1 {
		for i, row := range rows {
			rows[i] = append(row[:1:1], row[2:]...)
		}
	}
	table(page, rows, len(rows[0])-6)
}

func countsOf(c audit.Counts, cost int) []string {
	var cells []string
	for _, n := range []int{c.Native, c.Emulated, c.Approximated, c.Dropped, cost} {
		cells = append(cells, strconv.Itoa(n))
	}
	return cells
}

// table prints rows in columns as wide as their cells; those from a column on are
// numbers, which stand at the right.
func table(page *page, rows [][]string, numbers int) {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], len([]rune(cell)))
		}
	}
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			pad := strings.Repeat(" ", widths[i]-len([]rune(cell)))
			if i > 0 {
				line.WriteString("  ")
			}
			if i >= numbers {
				line.WriteString(pad + cell)
			} else {
				line.WriteString(cell + pad)
			}
		}
		page.line("  " + strings.TrimRight(line.String(), " "))
	}
}

// targetAuditText prints what one target makes of the app.
func targetAuditText(page *page, g appReports, target int, found *audits, verbose bool) {
	groups := g.findings(target, verbose)
	page.line("")
	page.line(page.bold(g[0].Standings[target].Target))
	if len(groups) == 0 {
		page.line("  nothing is lost")
	}
	for _, group := range groups {
		page.line("  " + findingHead(group))
		page.text("    ", visible(advice(group)))
		for _, at := range group.places {
			page.line("    " + placeText(&at, found.baseline))
		}
	}
	for _, s := range g.costs(target) {
		costText(page, s)
	}
	passesText(page, g, target)
}

func findingHead(group *sameFindings) string {
	head := fmt.Sprintf("%s %s", group.Level, group.Kind)
	switch {
	case group.Accepted != "":
		head = "accepted: " + head
	case group.Level == support.Dropped:
		head += ": " + group.Class.String()
	}
	return head
}

// advice says what to do, or by which means it is done.
func advice(group *sameFindings) string {
	if group.Accepted != "" {
		return "The spec takes it: " + group.Accepted
	}
	return group.Means
}

func placeText(at *auditPlace, baseline bool) string {
	text := at.Path
	if where := at.Subject.String(); where != "" {
		text = where + "  " + text
	}
	if at.stages != "" {
		text += "  (" + at.stages + ")"
	}
	if baseline && at.New {
		text += "  NEW"
	}
	return visible(text)
}

// costText prints the derivation of a cost, and what the passes add.
func costText(page *page, s sameStanding) {
	head := "  exit cost " + strconv.Itoa(s.Cost.Total)
	if s.stages != "" {
		head += " (" + s.stages + ")"
	}
	if len(s.Cost.Terms) == 0 {
		page.line(head)
	} else {
		page.line(head + " =")
		rows := [][]string{}
		for i, t := range s.Cost.Terms {
			sign := "+"
			if i == 0 {
				sign = " "
			}
			rows = append(rows, []string{sign, strconv.Itoa(t.Count), "×", strconv.Itoa(t.Weight), "=", strconv.Itoa(t.Sum), t.What})
		}
		costTable(page, rows)
	}
}

// passesText prints what each optimisation in force adds to the files.
func passesText(page *page, g appReports, target int) {
	for _, s := range g.passes(target) {
		if len(s.Passes) == 0 {
			continue
		}
		head := "  optimisations in force"
		if s.stages != "" {
			head += " (" + s.stages + ")"
		}
		page.line(head)
		for _, p := range s.Passes {
			page.columns([]int{26}, "    "+p.Name, p.Doc)
			page.columns([]int{26}, "", "debt: "+p.Debt)
			if p.Lines >= 0 {
				page.columns([]int{26}, "", "adds "+count(p.Lines, "line"))
			}
		}
	}
}

func costTable(page *page, rows [][]string) {
	widths := [7]int{}
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], len([]rune(cell)))
		}
	}
	for _, row := range rows {
		page.line(fmt.Sprintf("    %s %*s %s %*s %s %*s  %s", row[0], widths[1], row[1], row[2], widths[3], row[3], row[4], widths[5], row[5], row[6]))
	}
}

// ledgerText prints the debt ledger.
func ledgerText(page *page, g appReports, found *audits) {
	entries := g.ledger()
	page.line("")
	if len(entries) == 0 {
		page.line(page.bold("ledger") + ": empty; nothing is said for one platform only")
		return
	}
	debts := 0
	for _, e := range entries {
		if e.Sort != audit.Acceptance {
			debts++
		}
	}
	page.line(page.bold("ledger") + ": " + ledgerCount(debts, len(entries)-debts))
	for _, group := range sameReason(entries) {
		entriesText(page, group, found.baseline)
	}
}

func ledgerCount(debts, accepted int) string {
	text := "1 debt"
	if debts != 1 {
		text = fmt.Sprintf("%d debts", debts)
	}
	switch accepted {
	case 0:
		return text
	case 1:
		return text + ", 1 loss that is accepted"
	}
	return fmt.Sprintf("%s, %d losses that are accepted", text, accepted)
}

// entriesText prints entries of one sort and reason: their words once, and each place.
func entriesText(page *page, all []*audit.Entry, baseline bool) {
	first := all[0]
	head := fmt.Sprintf("  %s %s", first.Platform, first.Sort)
	if len(all) == 1 {
		page.line(visible(strings.Join(append([]string{head + onWhat(first)}, entryPlace(first, baseline)...), "  ")))
	} else {
		page.line(visible(fmt.Sprintf("%s, %d times", head, len(all))))
	}
	page.columns([]int{9}, "    why", visible(first.Why))
	if first.Exit != "" {
		page.columns([]int{9}, "    exit", visible(first.Exit))
	}
	if len(all) > 1 {
		label := "    on"
		for _, e := range all {
			page.columns([]int{9}, label, visible(strings.Join(append([]string{cmp.Or(e.On, "the app")}, entryPlace(e, baseline)...), "  ")))
			label = ""
		}
	}
	if values := heldBy(all); len(values) > 0 {
		page.columns([]int{9}, "    holds", visible(strings.Join(shortened(values), ", ")))
	}
}

func onWhat(e *audit.Entry) string {
	if e.On == "" {
		return ""
	}
	return " on " + e.On
}

// entryPlace is what tells an entry from others of its reason: where and since when it is there.
func entryPlace(e *audit.Entry, baseline bool) (parts []string) {
	if where := e.Subject.String(); where != "" {
		parts = append(parts, where)
	}
	if e.Since != "" {
		parts = append(parts, "since "+e.Since)
	}
	if baseline && e.New {
		parts = append(parts, "NEW")
	}
	return parts
}

const valuesShown = 12

// shortened leaves out the end of a long list, and says so.
func shortened(all []string) []string {
	if len(all) <= valuesShown {
		return all
	}
	return append(all[:valuesShown:valuesShown], fmt.Sprintf("and %d more", len(all)-valuesShown))
}
