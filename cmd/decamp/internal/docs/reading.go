package main

import (
	"fmt"
	"strings"

	"github.com/decamp-dev/decamp/compiler/backend"
)

// readingPage says what a reader does with every field of its platform's files.
func readingPage(b *backend.Backend) string {
	counts := map[backend.Verdict]int{}
	roots, rows := []string{}, map[string][]backend.FieldRow{}
	for _, f := range b.Census() {
		counts[f.Verdict]++
		root, _, _ := strings.Cut(f.Field, ".")
		if rows[root] == nil {
			roots = append(roots, root)
		}
		rows[root] = append(rows[root], f)
	}
	var out strings.Builder
	fmt.Fprintf(&out, notice+`# What is read of %s

What `+"`decamp import`"+` makes of every field of %s %s. A test takes the fields from the
types that the files are decoded into, so that none is missing; `+"`decamp targets %s --read`"+`
prints the same.

- **mapped** (%d): becomes facts of the spec.
- **carried** (%d): the spec has no words for it. It stands as it was under `+"`platform.%s`"+`, with
  the reason; other platforms do not get it, and a finding says so.
- **ignored** (%d): has no effect on the app, for the reason given.
`, b.Name, b.Name, b.Version, b.Name, counts[backend.Mapped], counts[backend.Carried], b.Name, counts[backend.Ignored])
	for _, root := range roots {
		out.WriteString("\n## " + root + "\n\n")
		head(&out, "field", "verdict", "because")
		for _, f := range rows[root] {
			row(&out, "`"+f.Field+"`", f.Verdict.String(), cell(f.Because))
		}
	}
	return out.String()
}
