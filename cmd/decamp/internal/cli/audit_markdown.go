package cli

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/decamp-dev/decamp/compiler/audit"
)

// defaultCommentSize is a little less than a comment on GitHub may have.
const defaultCommentSize = 65000

// comment is markdown of a limited size. What does not fit is left out, and counted.
type comment struct {
	bytes.Buffer
	limit int // bytes; 0: any number
	left  int // lines that did not fit
}

const lastLineSize = 120 // room for the line that says how much is left out

// must adds a line that is always there.
func (c *comment) must(format string, a ...any) { fmt.Fprintf(c, format+"\n", a...) }

// may adds a line of a list or table where there is room for it; closing is what has
// to stand behind the list.
func (c *comment) may(line string, closing int) {
	if c.left > 0 || c.limit > 0 && c.Len()+len(line)+closing+lastLineSize > c.limit {
		c.left++
		return
	}
	c.WriteString(line + "\n")
}

// bytesOf ends the comment.
func (c *comment) bytesOf() []byte {
	if c.left > 0 {
		c.must("\n%s left out, because the comment would be too long.", count(c.left, "more line"))
	}
	return c.Bytes()
}

// auditMarkdown prints an audit for the comment of a pull request: first the table,
// then the details, folded.
func auditMarkdown(found *audits, limit int) []byte {
	c := &comment{limit: limit}
	groups := byApp(found.reports)
	for _, g := range groups {
		summaryMarkdown(c, g)
	}
	for _, g := range groups {
		for t := range g[0].Standings {
			targetAuditMarkdown(c, g, t, found)
		}
		ledgerMarkdown(c, g, found)
	}
	return c.bytesOf()
}

func summaryMarkdown(c *comment, g appReports) {
	c.must("### %s\n", cell(visible(g.title())))
	c.must("%s\n", code(g.origin()))
	c.must("| target | stages | facts | native | emulated | approximated | dropped | exit cost |")
	c.must("|---|---|--:|--:|--:|--:|--:|--:|")
	for _, s := range g.standings() {
		stages := s.stages
		if stages == "" {
			stages = "all"
		}
		c.must("| %s %s | %s | %d | %s |", s.Target, s.Version, cell(stages), s.facts, strings.Join(countsOf(s.Facts, s.Cost.Total), " | "))
	}
	c.must("")
}

const closeDetails = "\n</details>\n"

func targetAuditMarkdown(c *comment, g appReports, target int, found *audits) {
	name := g[0].Standings[target].Target
	groups := g.findings(target, false)
	places := 0
	for _, group := range groups {
		places += len(group.places)
	}
	if c.left > 0 {
		c.left += places
		return
	}
	c.must("<details><summary>%s on %s: %s, exit cost %s</summary>\n", cell(visible(g[0].App)), name, count(places, "place"), costsOf(g, target))
	c.must("| | what | where | what to do |")
	c.must("|---|---|---|---|")
	for _, group := range groups {
		for _, at := range group.places {
			level := group.Level.String()
			if found.baseline && at.New {
				level = "**new** " + level
			}
			where := code(at.Path)
			if at.Subject.String() != "" {
				where += "<br>" + cell(visible(at.Subject.String()))
			}
			if at.stages != "" {
				where += "<br>" + cell(at.stages)
			}
			c.may(fmt.Sprintf("| %s | %s | %s | %s |", level, code(group.Kind), where, cell(visible(advice(group)))), len(closeDetails))
		}
	}
	for _, s := range g.costs(target) {
		c.may("\n"+derivation(s), len(closeDetails))
	}
	c.must("%s", closeDetails)
}

// costsOf names the costs of the stages, each once.
func costsOf(g appReports, target int) string {
	var all []string
	for _, s := range g.costs(target) {
		text := strconv.Itoa(s.Cost.Total)
		if s.stages != "" {
			text += " (" + s.stages + ")"
		}
		all = append(all, text)
	}
	return cell(strings.Join(all, ", "))
}

// derivation writes a cost as a sum.
func derivation(s sameStanding) string {
	var terms []string
	for _, t := range s.Cost.Terms {
		terms = append(terms, fmt.Sprintf("%d × %d (%s)", t.Count, t.Weight, cell(t.What)))
	}
	text := "Exit cost"
	if s.stages != "" {
		text += " of " + cell(s.stages)
	}
	if len(terms) == 0 {
		return text + ": 0."
	}
	return fmt.Sprintf("%s: %s = %d.", text, strings.Join(terms, " + "), s.Cost.Total)
}

func ledgerMarkdown(c *comment, g appReports, found *audits) {
	entries := g.ledger()
	if len(entries) == 0 || c.left > 0 {
		c.left += len(entries) * min(1, c.left)
		return
	}
	c.must("<details><summary>%s: debt ledger, %d entries</summary>\n", cell(visible(g[0].App)), len(entries))
	c.must("| platform | on | why | exit |")
	c.must("|---|---|---|---|")
	for _, group := range sameReason(entries) {
		c.may(entriesMarkdown(group, found.baseline), len(closeDetails))
	}
	c.must("%s", closeDetails)
}

// entriesMarkdown is the row for entries of one sort and reason.
func entriesMarkdown(all []*audit.Entry, baseline bool) string {
	first := all[0]
	platform := first.Platform
	if first.Sort == audit.Acceptance {
		platform += ", accepted"
	}
	if first.Since != "" && len(all) == 1 {
		platform += ", since " + first.Since
	}
	var on []string
	for _, e := range all {
		text := code(e.On)
		if baseline && e.New {
			text = strings.TrimSpace("**new** " + text)
		}
		if text != "" {
			on = append(on, text)
		}
	}
	return fmt.Sprintf("| %s | %s | %s | %s |", platform, strings.Join(shortened(on), ", "), cell(visible(first.Why)), cell(visible(first.Exit)))
}

// code writes a path as code in a table.
func code(text string) string {
	text = strings.NewReplacer("`", "'", "|", `\|`).Replace(visible(text))
	if text == "" {
		return ""
	}
	return "`" + text + "`"
}
