package cli

import (
	"fmt"
	"strings"

	"github.com/decamp-dev/decamp/compiler/diff"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// bySeverity returns the changes that make a difference by severity, and apart those
// that one of the platforms cannot say.
func (c *comparison) bySeverity() (groups map[diff.Severity][]*diff.Change, cannot []*diff.Change) {
	groups = map[diff.Severity][]*diff.Change{}
	for i := range c.Changes {
		ch := &c.Changes[i]
		if ch.Cannot != "" {
			cannot = append(cannot, ch)
			continue
		}
		groups[ch.Rule.Severity] = append(groups[ch.Rule.Severity], ch)
	}
	return groups, cannot
}

var severities = []diff.Severity{diff.Breaks, diff.Behaviour, diff.Cosmetic}

func diffText(page *page, c *comparison, verbose bool) {
	a, b := c.labels()
	page.line(page.bold("A") + "  " + visible(a))
	page.line(page.bold("B") + "  " + visible(b))
	groups, cannot := c.bySeverity()
	for _, severity := range severities {
		if len(groups[severity]) > 0 {
			page.line("")
			page.line(page.bold(severity.String()) + " (" + fmt.Sprint(len(groups[severity])) + ")")
			changesText(page, groups[severity], verbose)
		}
	}
	if len(cannot) > 0 {
		page.line("")
		page.line(page.bold("only said on one side, because the other's platform cannot say it, or need not") + fmt.Sprintf(" (%d)", len(cannot)))
		changesText(page, cannot, verbose)
	}
	page.line("")
	page.line(diffSummary(c))
}

func changesText(page *page, changes []*diff.Change, verbose bool) {
	for _, same := range alike(changes) {
		if len(same) < leastAlike {
			for _, ch := range same {
				changeText(page, ch, verbose)
			}
			continue
		}
		first := same[0]
		page.line(visible(fmt.Sprintf("  %s %s", sign(first.Sort), elsewhere(first.Path))) + fmt.Sprintf("  [%s]  in %d workloads", first.Rule.ID, len(same)))
		sideText(page, "    A", first.A, "")
		sideText(page, "    B", first.B, "")
		whyText(page, first, verbose)
		width := 0
		for _, ch := range same {
			width = max(width, len(ir.SplitPath(ch.Path)[1]))
		}
		for _, ch := range same {
			page.columns([]int{width}, "       "+ir.SplitPath(ch.Path)[1]+strings.Repeat(" ", width-len(ir.SplitPath(ch.Path)[1])), visible(places(ch)))
		}
	}
}

func changeText(page *page, ch *diff.Change, verbose bool) {
	head := fmt.Sprintf("  %s %s", sign(ch.Sort), ch.Path)
	page.line(visible(head) + "  [" + ch.Rule.ID + "]")
	sideText(page, "    A", ch.A, ch.AtA.String())
	sideText(page, "    B", ch.B, ch.AtB.String())
	whyText(page, ch, verbose)
}

func whyText(page *page, ch *diff.Change, verbose bool) {
	if ch.Because != "" {
		page.columns([]int{5}, "    ", visible(ch.Because))
	}
	if verbose {
		page.columns([]int{5}, "    ", ch.Rule.Purpose)
	}
}

// leastAlike is how many workloads have to differ in the same before they share a
// heading.
const leastAlike = 3

// alike puts changes together that are the same in several workloads, in the order of
// the first of each.
func alike(changes []*diff.Change) [][]*diff.Change {
	type sameness struct {
		path, a, b, because string
		sort                diff.Sort
	}
	var all [][]*diff.Change
	index := map[sameness]int{}
	for _, ch := range changes {
		key := sameness{elsewhere(ch.Path), ch.A, ch.B, ch.Because, ch.Sort}
		i, ok := index[key]
		if !ok || ch.PathB != "" || key.path == ch.Path {
			i = len(all)
			all = append(all, nil)
			index[key] = i
		}
		all[i] = append(all[i], ch)
	}
	return all
}

// elsewhere is a path with a star in place of the workload; what is no part of a
// workload keeps its path.
func elsewhere(path string) string {
	segments := ir.SplitPath(path)
	if segments[0] != "workloads" || len(segments) < 3 {
		return path
	}
	return "workloads.*" + strings.TrimPrefix(path, ir.JoinPath(segments[0], segments[1]))
}

// places names both places of a change.
func places(ch *diff.Change) string {
	var all []string
	for _, at := range []string{ch.AtA.String(), ch.AtB.String()} {
		if at != "" {
			all = append(all, at)
		}
	}
	return strings.Join(all, "  ")
}

func sign(s diff.Sort) string { return [...]string{"?", "+", "-", "~"}[s] }

// sideText prints what one side says, and where; of a side that says nothing, where
// it would say it.
func sideText(page *page, head, value, where string) {
	if value == "" && where == "" {
		return
	}
	if value == "" {
		value = "nothing"
	}
	if where != "" {
		value += "  " + where
	}
	page.columns([]int{5}, head, visible(value))
}

// diffSummary counts in a line.
func diffSummary(c *comparison) string {
	groups, cannot := c.bySeverity()
	var parts []string
	for _, severity := range severities {
		if n := len(groups[severity]); n > 0 {
			parts = append(parts, fmt.Sprintf("%d that %s", n, thatDo(severity, n)))
		}
	}
	text := "no difference"
	if n := len(c.Changes) - len(cannot); n > 0 {
		text = count(n, "difference") + ": " + strings.Join(parts, ", ")
	}
	if len(cannot) > 0 {
		text += fmt.Sprintf("; %d that a platform cannot say", len(cannot))
	}
	return text
}

func thatDo(s diff.Severity, n int) string {
	switch {
	case s == diff.Breaks && n == 1:
		return "breaks the app"
	case s == diff.Breaks:
		return "break the app"
	case s == diff.Behaviour && n == 1:
		return "changes behaviour"
	case s == diff.Behaviour:
		return "change behaviour"
	case n == 1:
		return "is cosmetic"
	}
	return "are cosmetic"
}
