package contract

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Document writes docs/contract.md: what an application observes, without a platform's name but where one differs.
func Document() (string, error) {
	var text strings.Builder
	text.WriteString(`# The contract

<!-- Made by make generate from testdata/conformance/contract: change the rows there. -->

What an application observes of each concept of the spec, written once for all platforms. Each row is
run on each of them: the app is deployed for real, and asked from inside.
[conformance.md](conformance.md) has what came of it.

Where a platform's table calls the facts of a row native or emulated, the row holds there as it
stands. Where the table states a difference, the row says how that is seen, or that it is not seen
by what the row looks at; where the table says that something cannot be had, the row does not hold, and the
compile has said so. A row that contradicts the table fails the run.

Containers of which nothing is said run ` + "`" + image + "`" + `, whose ENTRYPOINT is ` + "`/probe`" + ` and whose CMD is
` + "`serve from-image`" + `: a program that tells what its platform gave it (` + "`testdata/platforms/probe`" + `).
"Mistranslations" are those of a list of forty that platforms take without a word; the number says which of them a row would
notice.
`)
	for _, c := range Chapters() {
		fmt.Fprintf(&text, "\n## %s\n", c.Title)
		for _, s := range c.Scenes {
			fmt.Fprintf(&text, "\n### %s\n\n", sentenceCase(s.Concept))
			fmt.Fprintf(&text, "```yaml\n%s\n```\n", strings.Trim(s.Spec, "\n"))
			for _, row := range s.Rows {
				fmt.Fprintf(&text, "\n- **%s**: %s", row.Name, row.Says)
				if len(row.Atlas) > 0 {
					fmt.Fprintf(&text, " (Mistranslations %s.)", numbers(row.Atlas))
				}
				for _, name := range slices.Sorted(maps.Keys(row.Otherwise)) {
					other := row.Otherwise[name]
					if other.Check == nil {
						fmt.Fprintf(&text, "\n  On %s the same is observed; what its table states is not seen here: %s.", name, other.Because)
					} else {
						fmt.Fprintf(&text, "\n  On %s, as its table states: %s.", name, other.Because)
					}
				}
			}
			text.WriteString("\n")
		}
	}
	return text.String(), nil
}

func sentenceCase(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func numbers(list []int) string {
	words := make([]string, len(list))
	for i, n := range list {
		words[i] = strconv.Itoa(n)
	}
	return strings.Join(words, ", ")
}

// Observed writes docs/conformance.md: what the last run observed, by concept and by row.
func Observed(r *Results) string {
	var text strings.Builder
	names := platformNames(r)
	text.WriteString(`# Conformance

<!-- Made by make generate from testdata/conformance/contract/results.json, which make conformance writes. -->

What came of each row of the [contract](contract.md) on each platform, started for real on one machine.
`)
	if len(names) == 0 {
		text.WriteString("\nNothing has been run yet.\n")
		return text.String()
	}
	text.WriteString("\n")
	for _, name := range names {
		fmt.Fprintf(&text, "- %s: %s\n", name, r.Platforms[name])
	}
	text.WriteString("\n● holds ◐ holds by emulation ○ differs as stated – not there, and diagnosed ✗ contradicts the table. A number says how\nmany rows of a concept came out so. An empty cell has not been observed to its end yet, or cannot be asked on the test's\nown platforms.\n\n")
	header := "| concept | " + strings.Join(names, " | ") + " |\n|---" + strings.Repeat("|---", len(names)) + "|\n"
	text.WriteString(header)
	for _, line := range byConcept(r) {
		fmt.Fprintf(&text, "| %s |", line.concept)
		for _, name := range names {
			fmt.Fprintf(&text, " %s |", line.summary(name))
		}
		text.WriteString("\n")
	}
	text.WriteString("\n## Row by row\n")
	for _, c := range Chapters() {
		fmt.Fprintf(&text, "\n### %s\n\n| row | %s |\n|---%s|\n", c.Title, strings.Join(names, " | "), strings.Repeat("|---", len(names)))
		for _, s := range c.Scenes {
			for _, row := range s.Rows {
				fmt.Fprintf(&text, "| %s: %s |", row.Name, strings.ReplaceAll(row.Says, "|", `\|`))
				for _, name := range names {
					sign := " "
					for _, o := range signs {
						if r.Rows[row.Name][name] == o.outcome {
							sign = o.sign
						}
					}
					fmt.Fprintf(&text, " %s |", sign)
				}
				text.WriteString("\n")
			}
		}
	}
	return text.String()
}
