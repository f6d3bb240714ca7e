package support

import (
	"strings"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// Finding is one fact, or all facts of one row in one place, that a platform does
// not take as it is.
type Finding struct {
	Row   *Row
	Kind  string // the row's kind
	Path  string // of the place in the app
	Level Level
	Class Class
	Means string
}

// Assessment is what one platform makes of one app.
type Assessment struct {
	Findings []Finding     // in the order of the app's facts
	Facts    map[Level]int // how many facts have each level
	Unknown  []string      // kinds without a row, once each: a defect of the backend
}

// Assess finds the row of every fact of the app. version is the platform's; empty
// means the newest.
func Assess(app *ir.App, table Table, version string) Assessment {
	a := Assessment{Facts: map[Level]int{}}
	rows := map[string]*Row{}
	seen := map[string]bool{}
	ir.Walk(app, func(f *ir.Fact) {
		row, known := rows[f.Kind]
		if !known {
			row = table.Row(f.Kind)
			rows[f.Kind] = row
			if row == nil {
				a.Unknown = append(a.Unknown, f.Kind)
			}
		}
		if row == nil {
			return
		}
		level, means := row.At(f, version)
		a.Facts[level]++
		if level == Native {
			return
		}
		path := trimmed(f.Path(), strings.Count(f.Kind, ".")-strings.Count(row.Fact, "."))
		key := row.Fact + "\x00" + path + "\x00" + means
		if seen[key] {
			return
		}
		seen[key] = true
		a.Findings = append(a.Findings, Finding{row, row.Fact, path, level, ClassOf(f.Kind), means})
	})
	return a
}

// trimmed takes n segments off the end of a path, so that a finding names the
// place that its row is about.
func trimmed(path string, n int) string {
	for ; n > 0; n-- {
		segments := ir.SplitPath(path)
		last := segments[len(segments)-1]
		switch {
		case strings.HasSuffix(path, "."+last):
			path = strings.TrimSuffix(path, "."+last)
		default:
			path = path[:strings.LastIndex(path, "[")]
		}
	}
	return path
}
