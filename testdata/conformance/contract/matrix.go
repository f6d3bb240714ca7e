package contract

import (
	"fmt"
	"slices"
	"strings"
)

// Matrix renders the results as text: one line a concept, and in it how many rows had which outcome on each platform.
func Matrix(r *Results) string {
	var text strings.Builder
	names := platformNames(r)
	fmt.Fprintf(&text, "%-42s", "concept")
	for _, name := range names {
		fmt.Fprintf(&text, " %-22s", name)
	}
	text.WriteString("\n")
	for _, line := range byConcept(r) {
		fmt.Fprintf(&text, "%-42s", line.concept)
		for _, name := range names {
			fmt.Fprintf(&text, " %-22s", line.summary(name))
		}
		text.WriteString("\n")
	}
	return text.String()
}

func platformNames(r *Results) (names []string) {
	for _, name := range []string{"compose", "swarm", "kubernetes", "nomad"} {
		if r.Platforms[name] != "" {
			names = append(names, name)
		}
	}
	return names
}

// conceptLine counts the outcomes of one concept's rows, by platform.
type conceptLine struct {
	concept string
	counts  map[string]map[Outcome]int
}

func byConcept(r *Results) (all []conceptLine) {
	for _, c := range Chapters() {
		for _, s := range c.Scenes {
			at := slices.IndexFunc(all, func(l conceptLine) bool { return l.concept == s.Concept })
			if at < 0 {
				all = append(all, conceptLine{s.Concept, map[string]map[Outcome]int{}})
				at = len(all) - 1
			}
			for _, row := range s.Rows {
				for name, outcome := range r.Rows[row.Name] {
					if all[at].counts[name] == nil {
						all[at].counts[name] = map[Outcome]int{}
					}
					all[at].counts[name][outcome]++
				}
			}
		}
	}
	return all
}

// signs are those of the matrix in the README, and one for a contradiction.
var signs = []struct {
	outcome Outcome
	sign    string
}{{Holds, "●"}, {Emulated, "◐"}, {Differs, "○"}, {Absent, "–"}, {Failed, "✗"}}

func (l conceptLine) summary(platform string) string {
	var parts []string
	for _, s := range signs {
		if n := l.counts[platform][s.outcome]; n == 1 {
			parts = append(parts, s.sign)
		} else if n > 1 {
			parts = append(parts, fmt.Sprintf("%s%d", s.sign, n))
		}
	}
	return strings.Join(parts, " ")
}
