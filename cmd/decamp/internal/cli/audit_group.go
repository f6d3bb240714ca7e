package cli

import (
	"cmp"
	"slices"
	"strings"

	"github.com/decamp-dev/decamp/compiler/audit"
	"github.com/decamp-dev/decamp/compiler/support"
)

// appReports are the reports of one app: one for each stage.
type appReports []*audit.Report

// byApp puts the stages of each app together, in their order.
func byApp(reports []audit.Report) []appReports {
	var groups []appReports
	for i := range reports {
		r := &reports[i]
		last := len(groups) - 1
		if last >= 0 && groups[last][0].Source == r.Source && groups[last][0].App == r.App {
			groups[last] = append(groups[last], r)
			continue
		}
		groups = append(groups, appReports{r})
	}
	return groups
}

// stages names the stages of some of the reports, "" where that is all of them.
func (g appReports) stages(some []int) string {
	if len(some) == len(g) {
		return ""
	}
	var names []string
	for _, i := range some {
		names = append(names, g[i].Stage)
	}
	return strings.Join(names, ", ")
}

// sameStanding is a line of the summary: what one target makes of the stages for
// which that is the same.
type sameStanding struct {
	*audit.Standing
	facts  int
	stages string
}

// standings returns the lines of the summary, in the order of targets and stages.
func (g appReports) standings() []sameStanding {
	var lines []sameStanding
	for t := range g[0].Standings {
		lines = append(lines, g.same(t, func(a, b *audit.Standing) bool { return a.Facts == b.Facts && a.Cost.Total == b.Cost.Total })...)
	}
	return lines
}

// costs returns what one target costs, once for the stages that cost the same.
func (g appReports) costs(target int) []sameStanding {
	return g.same(target, func(a, b *audit.Standing) bool { return slices.Equal(a.Cost.Terms, b.Cost.Terms) })
}

// passes returns the optimisations of one target, once for the stages in which they
// do the same.
func (g appReports) passes(target int) []sameStanding {
	return g.same(target, func(a, b *audit.Standing) bool { return slices.Equal(a.Passes, b.Passes) })
}

func (g appReports) same(target int, equal func(a, b *audit.Standing) bool) []sameStanding {
	var lines []sameStanding
	done := make([]bool, len(g))
	for i := range g {
		if done[i] {
			continue
		}
		same := []int{i}
		for j := i + 1; j < len(g); j++ {
			if !done[j] && equal(&g[i].Standings[target], &g[j].Standings[target]) {
				same, done[j] = append(same, j), true
			}
		}
		lines = append(lines, sameStanding{&g[i].Standings[target], g[i].Facts, g.stages(same)})
	}
	return lines
}

// sameFindings are the places of which a target says the same.
type sameFindings struct {
	audit.Finding
	places []auditPlace
}

// auditPlace is a place, with the stages in which it is found.
type auditPlace struct {
	*audit.Finding
	found  []int
	stages string
}

// findings returns what one target says of the app, the worst first.
func (g appReports) findings(target int, verbose bool) []*sameFindings {
	type sameness struct {
		level           support.Level
		kind, means, ok string
	}
	var all []*sameFindings
	groups := map[sameness]*sameFindings{}
	for i, r := range g {
		s := &r.Standings[target]
		for j := range s.Findings {
			f := &s.Findings[j]
			if !verbose && (f.Level == support.Emulated || f.Accepted != "") {
				continue
			}
			key := sameness{f.Level, f.Kind, f.Means, f.Accepted}
			group := groups[key]
			if group == nil {
				group = &sameFindings{Finding: *f}
				groups[key] = group
				all = append(all, group)
			}
			at := slices.IndexFunc(group.places, func(p auditPlace) bool { return p.Path == f.Path && p.Subject == f.Subject })
			if at < 0 {
				at = len(group.places)
				group.places = append(group.places, auditPlace{Finding: f})
			}
			group.places[at].found = append(group.places[at].found, i)
		}
	}
	for _, group := range all {
		for i := range group.places {
			group.places[i].stages = g.stages(group.places[i].found)
		}
	}
	slices.SortStableFunc(all, func(a, b *sameFindings) int {
		return cmp.Or(compareBool(a.Accepted != "", b.Accepted != ""), cmp.Compare(b.Level, a.Level), cmp.Compare(b.Class, a.Class))
	})
	return all
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// ledger returns the entries of all stages, each once.
func (g appReports) ledger() []*audit.Entry {
	var all []*audit.Entry
	seen := map[string]bool{}
	for _, r := range g {
		for i := range r.Ledger {
			if e := &r.Ledger[i]; !seen[e.Path+"\x00"+e.Subject.String()] {
				seen[e.Path+"\x00"+e.Subject.String()] = true
				all = append(all, e)
			}
		}
	}
	return all
}

// title names the app, its stages and where it was read from.
func (g appReports) title() string {
	r := g[0]
	title := r.App
	if r.Stage != "" {
		var names []string
		for _, other := range g {
			names = append(names, other.Stage)
		}
		title += " (" + strings.Join(names, ", ") + ")"
	}
	return title
}

// origin says what the app was read from.
func (g appReports) origin() string {
	if g[0].From != "" {
		return g[0].Source + ", read as " + g[0].From
	}
	return g[0].Source
}

// sameReason puts entries of the ledger together that have the same sort and the same reason, in the order of their first.
func sameReason(entries []*audit.Entry) (groups [][]*audit.Entry) {
	type reason struct {
		platform  string
		sort      audit.Sort
		why, exit string
		isNew     bool
	}
	at := map[reason]int{}
	for _, e := range entries {
		key := reason{e.Platform, e.Sort, e.Why, e.Exit, e.New}
		i, known := at[key]
		if !known {
			i = len(groups)
			at[key] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], e)
	}
	return groups
}

// heldBy lists the values that entries hold, each path once.
func heldBy(entries []*audit.Entry) (values []string) {
	seen := map[string]bool{}
	for _, e := range entries {
		for _, v := range e.Values {
			if !seen[v] {
				seen[v] = true
				values = append(values, v)
			}
		}
	}
	return values
}
