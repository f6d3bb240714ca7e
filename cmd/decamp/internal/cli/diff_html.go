package cli

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/decamp-dev/decamp/cmd/decamp/internal/webpage"
	"github.com/decamp-dev/decamp/compiler/beside"
	"github.com/decamp-dev/decamp/compiler/diff"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/source"
)

// severityTones are the tones of severities.
var severityTones = map[diff.Severity]webpage.Tone{diff.Breaks: webpage.Bad, diff.Behaviour: webpage.Warning, diff.Cosmetic: webpage.Minor}

const cannotSay = "cannot be said"

// diffPage makes the page of a comparison.
func diffPage(c *comparison) *webpage.Document {
	m := newPageMaker(c.a.app, c.b.app)
	labelA, labelB := c.labels()
	d := &webpage.Document{Verb: "diff", Noun: "difference", Generator: generator(), Ledgers: true,
		Title: "In what two apps differ", Lede: []string{"A  " + visible(labelA), "B  " + visible(labelB)}, Summary: upper(diffSummary(c)) + "."}
	groups, cannot := c.bySeverity()
	var rows rowCounter
	for _, severity := range severities {
		d.Cards = append(d.Cards, changeCard(severity.String(), len(groups[severity]), severityTones[severity]))
		for _, rule := range byRule(groups[severity]) {
			d.Groups = append(d.Groups, m.changeGroup(rule, severity.String(), severityTones[severity], &rows))
		}
	}
	d.Cards = append(d.Cards, changeCard("one platform cannot say it, or need not", len(cannot), webpage.Quiet))
	for _, rule := range byRule(cannot) {
		d.Groups = append(d.Groups, m.changeGroup(rule, cannotSay, webpage.Quiet, &rows))
	}
	d.Matrices = rows.matrix("Differences by part of the app", []string{diff.Breaks.String(), diff.Behaviour.String(), diff.Cosmetic.String(), cannotSay})
	d.Facets = filled([]webpage.Facet{{Name: "severity", Label: "Severity"}}, d.Groups)
	a, b := changedLines(c.Changes)
	d.Besides = []webpage.Beside{m.beside("A beside B", visible(c.a.label()), visible(c.b.label()), beside.Of(c.a.app, c.b.app, nil, nil), a, b)}
	d.Pictures = []webpage.Picture{m.picture("A: "+stageTitle(c.a.app), c.a.app), m.picture("B: "+stageTitle(c.b.app), c.b.app)}
	d.Ledger = ledgerOf([]*ir.App{c.a.app, c.b.app}, []string{"A", "B"})
	d.Rules = rulesOf()
	return d
}

func upper(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

func changeCard(title string, n int, tone webpage.Tone) webpage.Card {
	card := webpage.Card{Title: title, Figure: strconv.Itoa(n), Unit: "differences"}
	if n == 1 {
		card.Unit = "difference"
	}
	if n > 0 && tone == webpage.Bad {
		card.Tone = tone
	}
	return card
}

// byRule puts changes of one rule together, in the order of the catalogue.
func byRule(changes []*diff.Change) [][]*diff.Change {
	var all [][]*diff.Change
	for i := range diff.Rules() {
		var some []*diff.Change
		for _, ch := range changes {
			if ch.Rule.ID == diff.Rules()[i].ID {
				some = append(some, ch)
			}
		}
		if len(some) > 0 {
			all = append(all, some)
		}
	}
	return all
}

func (m *pageMaker) changeGroup(changes []*diff.Change, severity string, tone webpage.Tone, rows *rowCounter) webpage.Group {
	rule := changes[0].Rule
	g := webpage.Group{Tone: tone, Badge: severity, Title: rule.ID, Text: rule.Purpose, Facets: []webpage.Choice{{Name: "severity", Value: severity}}}
	for _, ch := range changes {
		rows.add(ch.Path, severity, tone)
		item := webpage.Item{Path: visible(ch.Path), Tags: []webpage.Chip{{Tone: webpage.Quiet, Text: ch.Sort.String()}}, Sides: []webpage.Said{
			m.said("A", ch.A, ch.AtA), m.said("B", ch.B, ch.AtB),
		}}
		if ch.Because != "" {
			item.Notes = append(item.Notes, visible(ch.Because))
		}
		g.Items = append(g.Items, item)
	}
	return g
}

// said is what one side says, with its line; of a side that says nothing only the
// place where it would.
func (m *pageMaker) said(label, value string, at source.Range) webpage.Said {
	s := webpage.Said{Label: label, Value: visible(nothing(value)), None: value == "", Where: where(at)}
	if value != "" {
		s.Cut = m.cut(at)
	}
	return s
}

func rulesOf() []webpage.Rule {
	var all []webpage.Rule
	for _, r := range diff.Rules() {
		all = append(all, webpage.Rule{ID: r.ID, Says: r.Severity.String(), Purpose: r.Purpose, Tone: severityTones[r.Severity]})
	}
	return all
}

// changedLines are the lines of both sides that differ.
func changedLines(changes []diff.Change) (a, b tones) {
	a, b = tones{}, tones{}
	for _, severity := range severities {
		for i := range changes {
			ch := &changes[i]
			if ch.Rule.Severity != severity {
				continue
			}
			tone := severityTones[severity]
			if ch.Cannot != "" {
				tone = webpage.Quiet
			}
			if ch.Sort != diff.Added {
				a.set(ch.AtA, tone, ch.Sort.String())
			}
			if ch.Sort != diff.Removed {
				b.set(ch.AtB, tone, ch.Sort.String())
			}
		}
	}
	return a, b
}

// rowCounter counts differences by part of the app and column of a matrix.
type rowCounter struct {
	names  []string
	counts map[[2]string]int
	tones  map[string]webpage.Tone
}

func (r *rowCounter) add(path, column string, tone webpage.Tone) {
	if r.counts == nil {
		r.counts, r.tones = map[[2]string]int{}, map[string]webpage.Tone{}
	}
	name := path
	if segments := ir.SplitPath(path); len(segments) > 1 {
		name = ir.JoinPath(segments[0], segments[1])
	}
	if !slices.Contains(r.names, name) {
		r.names = append(r.names, name)
	}
	r.counts[[2]string{name, column}]++
	r.tones[column] = tone
}

func (r *rowCounter) matrix(caption string, columns []string) []webpage.Matrix {
	if len(r.names) == 0 {
		return nil
	}
	m := webpage.Matrix{Caption: caption, Head: "part", Columns: columns, Facet: "severity"}
	slices.Sort(r.names)
	for _, name := range r.names {
		row := webpage.Row{Name: visible(name)}
		for _, column := range columns {
			cell := webpage.Cell{Column: column}
			if n := r.counts[[2]string{name, column}]; n > 0 {
				cell.Chips = []webpage.Chip{{Tone: r.tones[column], Text: fmt.Sprint(n), Leads: true}}
			}
			row.Cells = append(row.Cells, cell)
		}
		m.Rows = append(m.Rows, row)
	}
	return []webpage.Matrix{m}
}
