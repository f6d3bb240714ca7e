package cli

import (
	"fmt"

	"github.com/decamp-dev/decamp/compiler/diff"
)

// diffMarkdown prints a comparison for the comment of a pull request.
func diffMarkdown(c *comparison, limit int) []byte {
	m := &comment{limit: limit}
	a, b := c.labels()
	m.must("### %s against %s\n", code(a), code(b))
	m.must("%s\n", diffSummary(c))
	groups, cannot := c.bySeverity()
	for _, severity := range severities {
		changesMarkdown(m, severity.String(), groups[severity])
	}
	changesMarkdown(m, "one platform cannot say it, or need not", cannot)
	return m.bytesOf()
}

func changesMarkdown(m *comment, title string, changes []*diff.Change) {
	if len(changes) == 0 {
		return
	}
	if m.left > 0 {
		m.left += len(changes)
		return
	}
	m.must("<details open><summary>%s (%d)</summary>\n", title, len(changes))
	m.must("| | what | A | B | rule |")
	m.must("|---|---|---|---|---|")
	for _, ch := range changes {
		m.may(fmt.Sprintf("| %s | %s | %s | %s | %s |", ch.Sort, code(ch.Path), sideMarkdown(ch.A, ch.AtA.String()), sideMarkdown(ch.B, ch.AtB.String()), ch.Rule.ID), len(closeDetails))
	}
	m.must("%s", closeDetails)
}

func sideMarkdown(value, where string) string {
	if value == "" {
		return ""
	}
	text := code(value)
	if where != "" {
		text += "<br>" + cell(visible(where))
	}
	return text
}
