package cli

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/decamp-dev/decamp/cmd/decamp/internal/webpage"
	"github.com/decamp-dev/decamp/compiler"
	"github.com/decamp-dev/decamp/compiler/audit"
	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/beside"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/support"
)

// levelTones are the tones of levels.
var levelTones = map[support.Level]webpage.Tone{
	support.Native: webpage.Good, support.Emulated: webpage.Minor, support.Approximated: webpage.Warning, support.Dropped: webpage.Bad,
}

// auditPage makes the page of an audit. Of several stages the last one is drawn, and
// stands beside what is emitted for it.
func auditPage(found *audits, verbose bool) *webpage.Document {
	groups := byApp(found.reports)
	m := newPageMaker(found.apps...)
	d := &webpage.Document{Verb: "audit", Noun: "place", Generator: generator(), Ledgers: true, Title: auditTitle(groups)}
	targets := found.targets()
	at := 0
	for _, g := range groups {
		app := found.apps[at+len(g)-1]
		at += len(g)
		name := visible(g.title())
		d.Lede = append(d.Lede, visible(g.origin()))
		d.Cards = append(d.Cards, auditCards(g, len(groups) > 1)...)
		d.Matrices = append(d.Matrices, auditMatrix(app, targets, verbose))
		for t := range g[0].Standings {
			d.Groups = append(d.Groups, m.auditGroups(g, t, found, verbose)...)
			for _, s := range g.costs(t) {
				d.Costs = append(d.Costs, costOf(g, s, len(groups) > 1))
			}
			for _, s := range g.passes(t) {
				d.Passes = append(d.Passes, passesOf(s)...)
			}
			if b, ok := m.besideTarget(found, app, g, t); ok {
				d.Besides = append(d.Besides, b)
			}
		}
		d.Pictures = append(d.Pictures, m.picture(stageTitle(app), app))
		for _, e := range g.ledger() {
			side := ""
			if len(groups) > 1 {
				side = name
			}
			d.Ledger = append(d.Ledger, entryOf(e, side, found.baseline))
		}
	}
	d.Passes = slices.Compact(d.Passes)
	d.Summary = auditSummary(groups)
	d.Facets = auditFacets(d.Groups)
	return d
}

func auditTitle(groups []appReports) string {
	if len(groups) == 1 {
		return visible(groups[0].title())
	}
	return count(len(groups), "app")
}

func stageTitle(app *ir.App) string {
	if app.Stage == "" {
		return visible(app.Name)
	}
	return visible(app.Name + " at stage " + app.Stage)
}

// targets are those that the apps are held against, for the matrix.
func (a *audits) targets() []audit.Target {
	var all []audit.Target
	for _, name := range a.request.Targets {
		if b := a.set.Lookup(name); b != nil {
			all = append(all, audit.Target{Backend: b, Options: backend.Options{Version: a.request.Versions[name]}})
		}
	}
	return all
}

// auditSummary is the answer in words.
func auditSummary(groups []appReports) string {
	g := groups[0]
	if len(groups) > 1 {
		return fmt.Sprintf("%d apps, each held against %s.", len(groups), count(len(g[0].Standings), "target"))
	}
	last := g[len(g)-1]
	text := fmt.Sprintf("The app says %s.", count(last.Facts, "thing"))
	for i := range last.Standings {
		s := &last.Standings[i]
		lost := s.Facts.Dropped + s.Facts.Approximated
		switch {
		case lost == 0:
			text += fmt.Sprintf(" %s takes all of them.", s.Target)
		case s.Facts.Dropped == 0:
			text += fmt.Sprintf(" %s changes %d and drops none.", s.Target, s.Facts.Approximated)
		default:
			text += fmt.Sprintf(" %s changes %d and drops %d.", s.Target, s.Facts.Approximated, s.Facts.Dropped)
		}
	}
	switch debts := last.Debts(); debts {
	case 0:
		text += " The ledger is free of debts."
	case 1:
		text += " The ledger holds 1 debt."
	default:
		text += fmt.Sprintf(" The ledger holds %d debts.", debts)
	}
	return text
}

func auditCards(g appReports, named bool) []webpage.Card {
	var cards []webpage.Card
	for _, s := range g.standings() {
		card := webpage.Card{Title: s.Target + " " + s.Version, Note: visible(s.stages), Figure: strconv.Itoa(s.Cost.Total), Unit: "exit cost", Segments: webpage.Spread([]webpage.Segment{
			{Tone: webpage.Good, Word: "native", Count: s.Facts.Native}, {Tone: webpage.Minor, Word: "emulated", Count: s.Facts.Emulated},
			{Tone: webpage.Warning, Word: "approximated", Count: s.Facts.Approximated}, {Tone: webpage.Bad, Word: "dropped", Count: s.Facts.Dropped},
		})}
		if named {
			card.Title = visible(g[0].App) + " on " + card.Title
		}
		if breaks(s.Standing) {
			card.Tone = webpage.Bad
		}
		cards = append(cards, card)
	}
	return cards
}

// breaks reports whether a target drops what an app cannot do without.
func breaks(s *audit.Standing) bool {
	return slices.ContainsFunc(s.Findings, func(f audit.Finding) bool {
		return f.Level == support.Dropped && f.Class != support.Operation && f.Accepted == ""
	})
}

func auditMatrix(app *ir.App, targets []audit.Target, verbose bool) webpage.Matrix {
	m := webpage.Matrix{Caption: fmt.Sprintf("Facts of %s by concept and target; a number alone is native", stageTitle(app)), Head: "concept", Facet: "target"}
	for _, t := range targets {
		m.Columns = append(m.Columns, t.Backend.Name)
	}
	for _, c := range audit.Matrix(app, targets) {
		row := webpage.Row{Name: c.Kind, Note: strconv.Itoa(c.Facts)}
		for i, counts := range c.Counts {
			row.Cells = append(row.Cells, webpage.Cell{Column: m.Columns[i], Chips: levelChips(counts, verbose)})
		}
		m.Rows = append(m.Rows, row)
	}
	return m
}

// levelChips are the counts of a cell. What is emulated is listed only when asked.
func levelChips(c audit.Counts, verbose bool) []webpage.Chip {
	var chips []webpage.Chip
	add := func(n int, tone webpage.Tone, word string, leads bool) {
		if n > 0 {
			chips = append(chips, webpage.Chip{Tone: tone, Text: fmt.Sprint(n) + word, Leads: leads})
		}
	}
	add(c.Native, webpage.Good, "", false)
	add(c.Emulated, webpage.Minor, " emulated", verbose)
	add(c.Approximated, webpage.Warning, " approximated", true)
	add(c.Dropped, webpage.Bad, " dropped", true)
	add(c.Unknown, webpage.Quiet, " unknown", false)
	return chips
}

func (m *pageMaker) auditGroups(g appReports, target int, found *audits, verbose bool) []webpage.Group {
	var groups []webpage.Group
	name := g[0].Standings[target].Target
	for _, same := range g.findings(target, verbose) {
		group := webpage.Group{
			Tone: levelTones[same.Level], Badge: same.Level.String(), Title: same.Kind, Text: visible(advice(same)), Note: "on " + name,
			Facets: []webpage.Choice{{Name: "app", Value: visible(g[0].App)}, {Name: "target", Value: name}, {Name: "level", Value: same.Level.String()}, {Name: "class", Value: same.Class.Name()}},
		}
		if same.Accepted != "" {
			group.Tone, group.Badge = webpage.Quiet, "accepted: "+group.Badge
		} else if same.Level == support.Dropped {
			group.Note += ": " + same.Class.String()
		}
		for i := range same.places {
			group.Items = append(group.Items, m.auditItem(&same.places[i], found.baseline))
		}
		groups = append(groups, group)
	}
	return groups
}

func (m *pageMaker) auditItem(at *auditPlace, baseline bool) webpage.Item {
	item := webpage.Item{Path: visible(at.Path), Sides: []webpage.Said{{Where: where(at.Subject), Cut: m.cut(at.Subject)}}}
	if at.stages != "" {
		item.Tags = append(item.Tags, webpage.Chip{Tone: webpage.Quiet, Text: visible(at.stages)})
	}
	if baseline && at.New {
		item.Tags = append(item.Tags, webpage.Chip{Tone: webpage.Bad, Text: "new"})
	}
	return item
}

// auditFacets are the questions that divide the groups at all.
func auditFacets(groups []webpage.Group) []webpage.Facet {
	facets := []webpage.Facet{{Name: "app", Label: "App"}, {Name: "target", Label: "Target"}, {Name: "level", Label: "Level"}, {Name: "class", Label: "Without it suffers"}}
	return filled(facets, groups)
}

// filled gives facets the values that groups have, and leaves those out that have one.
func filled(facets []webpage.Facet, groups []webpage.Group) []webpage.Facet {
	for i := range facets {
		f := &facets[i]
		for _, g := range groups {
			for _, c := range g.Facets {
				if c.Name == f.Name && !slices.Contains(f.Values, c.Value) {
					f.Values = append(f.Values, c.Value)
				}
			}
		}
	}
	return slices.DeleteFunc(facets, func(f webpage.Facet) bool { return len(f.Values) < 2 })
}

func costOf(g appReports, s sameStanding, named bool) webpage.Cost {
	cost := webpage.Cost{Title: s.Target, Total: s.Cost.Total}
	if named {
		cost.Title = visible(g[0].App) + " on " + s.Target
	}
	if s.stages != "" {
		cost.Title += visible(" (" + s.stages + ")")
	}
	for _, t := range s.Cost.Terms {
		cost.Terms = append(cost.Terms, webpage.Term(t))
	}
	return cost
}

func passesOf(s sameStanding) []webpage.Pass {
	var all []webpage.Pass
	for _, p := range s.Passes {
		pass := webpage.Pass{Target: s.Target, Name: p.Name, Doc: p.Doc, Debt: p.Debt}
		if p.Lines >= 0 {
			pass.Adds = "adds " + count(p.Lines, "line")
		}
		all = append(all, pass)
	}
	return all
}

// besideTarget puts an app beside what is emitted for a target.
func (m *pageMaker) besideTarget(found *audits, app *ir.App, g appReports, target int) (webpage.Beside, bool) {
	s := &g[len(g)-1].Standings[target]
	files, back := compiler.ReadBack(found.set, app, found.request, s.Target)
	if len(files) == 0 {
		return webpage.Beside{}, false
	}
	t := tones{}
	for _, level := range []support.Level{support.Dropped, support.Approximated, support.Emulated} {
		for i := range s.Findings {
			if f := &s.Findings[i]; f.Level == level {
				t.set(f.Subject, levelTones[level], level.String())
			}
		}
	}
	view := beside.Of(app, back, nil, files)
	b := m.beside(stageTitle(app)+" beside its files for "+s.Target, visible(g[0].Source), s.Target, view, t, nil)
	if back == nil {
		b.Note = s.Target + " cannot be read here, so that nothing is known of which lines belong together."
	}
	return b, true
}
