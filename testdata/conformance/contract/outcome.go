package contract

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"syscall"

	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/support"
)

// Outcome is what came of a row on a platform.
type Outcome string

// The outcomes; the first four agree with the platform's table.
const (
	Holds    Outcome = "holds"
	Emulated Outcome = "holds by emulation"
	Differs  Outcome = "differs as stated"
	Absent   Outcome = "not there"
	Failed   Outcome = "contradicts the table"
)

// Assessed is what a platform's table says of the facts of a row: the worst level, and the words of all that is not
// native.
type Assessed struct {
	Level support.Level
	Means []string
	Paths []string
}

// Assess finds what the table says of a row's facts in the chapter's app.
func Assess(app *ir.App, table support.Table, row *Row) (Assessed, error) {
	worst := Assessed{Level: support.Native}
	for _, fact := range row.Facts {
		found := false
		ir.Walk(app, func(f *ir.Fact) { found = found || related(f.Path(), fact) })
		if !found {
			return worst, fmt.Errorf("the app has no fact at %s", fact)
		}
	}
	for _, f := range support.Assess(app, table, "").Findings {
		if slices.ContainsFunc(row.Facts, func(fact string) bool { return related(f.Path, fact) }) {
			worst.Level = max(worst.Level, f.Level)
			worst.Means = append(worst.Means, f.Means)
			worst.Paths = append(worst.Paths, f.Path)
		}
	}
	return worst, nil
}

// related says whether one path is the other, or lies below it.
func related(path, fact string) bool {
	return ir.HasPathPrefix(path, fact) || ir.HasPathPrefix(fact, path)
}

// Decide compares what was observed with what the table says. check is run by it once or twice.
func Decide(o *Observer, row *Row, a Assessed) (Outcome, error) {
	other, stated := row.Otherwise[o.Platform.Name()]
	if stated && other.Code != "" {
		if err := o.Observe(other.Check); err != nil {
			return Failed, fmt.Errorf("it does not differ as the finding %s states: %w", other.Code, err)
		}
		return Differs, nil
	}
	if stated && a.Level <= support.Emulated {
		return Failed, fmt.Errorf("the row says how %s differs (%s), and its table says that it does not", o.Platform.Name(), other.Because)
	}
	switch {
	case a.Level == support.Native:
		return agreed(Holds, o.Observe(row.Check))
	case a.Level == support.Emulated:
		return agreed(Emulated, o.Observe(row.Check))
	case a.Level == support.Approximated && !stated:
		return Failed, fmt.Errorf("the table states a difference, and the row does not say how to see it: %s", strings.Join(a.Means, " "))
	case stated && other.Check != nil:
		if err := o.Observe(other.Check); err != nil {
			return Failed, fmt.Errorf("it does not differ as stated (%s): %w", strings.Join(a.Means, " "), err)
		}
	case stated:
		if err := o.Observe(row.Check); err != nil {
			return Failed, fmt.Errorf("it should hold here although the table states a difference (%s): %w", other.Because, err)
		}
		return Holds, nil // the difference is not in what the row looks at
	default:
		if err := o.Observe(row.Check); err == nil {
			return Failed, fmt.Errorf("the table says that it cannot be had, and it holds: %s", strings.Join(a.Means, " "))
		}
	}
	if a.Level == support.Dropped {
		return Absent, nil
	}
	return Differs, nil
}

func agreed(outcome Outcome, err error) (Outcome, error) {
	if err != nil {
		return Failed, err
	}
	return outcome, nil
}

// Results is what a run observed.
type Results struct {
	Platforms map[string]string             `json:"platforms"` // name → version
	Rows      map[string]map[string]Outcome `json:"rows"`      // row → platform → outcome
}

// LoadResults reads what an earlier run has written, so that a run of a part updates its part.
func LoadResults(path string) *Results {
	r := &Results{}
	if text, err := os.ReadFile(path); err == nil {
		_ = json.Unmarshal(text, r) // one that cannot be read is written anew
	}
	if r.Platforms == nil {
		r.Platforms = map[string]string{}
	}
	if r.Rows == nil {
		r.Rows = map[string]map[string]Outcome{}
	}
	return r
}

// Set notes the outcome of a row.
func (r *Results) Set(row, platform string, outcome Outcome) {
	if r.Rows[row] == nil {
		r.Rows[row] = map[string]Outcome{}
	}
	r.Rows[row][platform] = outcome
}

// Record notes one outcome in the file of results at once, so that a run that is cut short, or one beside it, loses nothing.
func Record(path, platform, version, row string, outcome Outcome) error {
	lock, err := os.OpenFile(path+".lock", os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return err
	}
	defer lock.Close() // which gives the lock back
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return err
	}
	r := LoadResults(path)
	r.Platforms[platform] = version
	r.Set(row, platform, outcome)
	return r.write(path)
}

// write stores the results, without rows that the contract no longer has.
func (r *Results) write(path string) error {
	known := map[string]bool{}
	for _, c := range Chapters() {
		for _, s := range c.Scenes {
			for _, row := range s.Rows {
				known[row.Name] = true
			}
		}
	}
	maps.DeleteFunc(r.Rows, func(row string, _ map[string]Outcome) bool { return !known[row] })
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o644)
}
