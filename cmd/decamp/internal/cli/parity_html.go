package cli

import (
	"strings"

	"github.com/decamp-dev/decamp/cmd/decamp/internal/webpage"
	"github.com/decamp-dev/decamp/compiler/beside"
	"github.com/decamp-dev/decamp/compiler/diff"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/parity"
)

// parityPage makes the page of a comparison of stages.
func parityPage(found *stagesCompared) *webpage.Document {
	r := &found.report
	var apps []*ir.App
	for i := range found.stages {
		apps = append(apps, found.stages[i].app)
	}
	m := newPageMaker(apps...)
	d := &webpage.Document{Verb: "parity", Noun: "difference", Generator: generator(), Ledgers: true,
		Title: "In what stages differ: " + visible(strings.Join(r.Stages, ", ")), Lede: []string{visible(found.title)}, Summary: upper(paritySummary(r)) + "."}
	var rows rowCounter
	columns := []string{}
	for _, part := range []struct {
		word   string
		tone   webpage.Tone
		points []*parity.Point
	}{{"undeclared", webpage.Bad, r.Undeclared()}, {"declared", webpage.Good, r.Declared()}, {cannotSay, webpage.Quiet, r.Unsayable()}} {
		columns = append(columns, part.word)
		d.Cards = append(d.Cards, changeCard(part.word, len(part.points), part.tone))
		d.Groups = append(d.Groups, m.pointGroups(r, part.points, part.word, part.tone, &rows)...)
	}
	d.Matrices = rows.matrix("Differences by part of the app", columns)
	d.Facets = filled([]webpage.Facet{{Name: "severity", Label: "Difference"}}, d.Groups)
	for i := 1; i < len(apps); i++ {
		a, b := pointLines(r, i)
		d.Besides = append(d.Besides, m.beside(visible(r.Stages[0]+" beside "+r.Stages[i]), visible(r.Stages[0]), visible(r.Stages[i]), beside.Of(apps[0], apps[i], nil, nil), a, b))
	}
	for i, app := range apps {
		d.Pictures = append(d.Pictures, m.picture(visible(r.Stages[i]), app))
	}
	d.Ledger = ledgerOf(apps, r.Stages)
	return d
}

func (m *pageMaker) pointGroups(r *parity.Report, points []*parity.Point, word string, tone webpage.Tone, rows *rowCounter) []webpage.Group {
	var groups []webpage.Group
	for i := range diff.Rules() {
		rule := &diff.Rules()[i]
		g := webpage.Group{Tone: tone, Badge: word, Title: rule.ID, Text: rule.Purpose, Facets: []webpage.Choice{{Name: "severity", Value: word}}}
		for _, p := range points {
			if p.Rule.ID == rule.ID {
				rows.add(p.Path, word, tone)
				g.Items = append(g.Items, m.pointItem(r, p))
			}
		}
		if len(g.Items) > 0 {
			groups = append(groups, g)
		}
	}
	return groups
}

func (m *pageMaker) pointItem(r *parity.Report, p *parity.Point) webpage.Item {
	item := webpage.Item{Path: visible(p.Path)}
	for i, v := range p.Values {
		item.Sides = append(item.Sides, m.said(visible(r.Stages[i]), v.Text, v.At))
	}
	for _, reason := range p.Reasons {
		text := reason.Text
		if at := reason.At.String(); at != "" {
			text += "  " + at
		}
		item.Notes = append(item.Notes, visible(text))
	}
	if p.Cannot != "" {
		item.Notes = append(item.Notes, visible(p.Cannot+": "+p.Because))
	}
	return item
}

// pointLines are the lines of the first stage and of another that differ.
func pointLines(r *parity.Report, stage int) (a, b tones) {
	a, b = tones{}, tones{}
	for i := range r.Points {
		p := &r.Points[i]
		if p.Values[0] == p.Values[stage] {
			continue
		}
		tone, word := webpage.Bad, "undeclared"
		switch {
		case len(p.Reasons) > 0:
			tone, word = webpage.Minor, "declared"
		case p.Cannot != "":
			tone, word = webpage.Quiet, cannotSay
		}
		a.set(p.Values[0].At, tone, word)
		b.set(p.Values[stage].At, tone, word)
	}
	return a, b
}
