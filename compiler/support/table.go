package support

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// Level is what a platform makes of a kind of fact; its zero value is invalid.
type Level uint8

// The levels, from nothing lost to all lost.
const (
	Native       Level = iota + 1 // the platform has it
	Emulated                      // same behaviour by other means
	Approximated                  // behaves differently in a way that is stated
	Dropped                       // cannot be had there
)

// String returns the level's name in lower case.
func (l Level) String() string {
	return [...]string{"invalid", "native", "emulated", "approximated", "dropped"}[min(l, Dropped)]
}

// Condition is a question about one fact, with its wording for tables and docs.
type Condition struct {
	Doc   string // "when the workload is a daemon"
	Holds func(*ir.Fact) bool
}

// Case is a row's other answer where a condition holds or the platform is old.
type Case struct {
	When  Condition
	Below string // version of the platform below which the case holds: "1.29"; empty: every version
	Level Level
	Means string
}

// Row says what becomes of one kind of fact and of every kind below it that has no
// row of its own.
type Row struct {
	Fact  string // kind of the fact: container.health.live
	Level Level
	// Means completes the message of its level. Emulated: by which means, as in
	// "by an init container that waits". Approximated: what differs, as a sentence.
	// Dropped: what the user can do instead, as a sentence. Native: may be empty.
	Means string
	// Cases are asked in order; the first that holds replaces Level and Means.
	Cases []Case
	// Source is the platform's document or field that the row follows.
	Source string
}

// Table is all that a platform makes of the facts of an app. A fact's row is the
// one with the longest kind that is the fact's kind or a part of its beginning.
type Table []Row

// Row returns the row for a kind, nil when there is none.
func (t Table) Row(kind string) *Row {
	var best *Row
	for i := range t {
		if isPrefix(kind, t[i].Fact) && (best == nil || len(t[i].Fact) > len(best.Fact)) {
			best = &t[i]
		}
	}
	return best
}

func isPrefix(kind, prefix string) bool {
	rest, ok := strings.CutPrefix(kind, prefix)
	return ok && (rest == "" || rest[0] == '.')
}

// At returns the level and means of the row for one fact on one version of the
// platform; an empty version is the newest.
func (r *Row) At(f *ir.Fact, version string) (Level, string) {
	for i := range r.Cases {
		c := &r.Cases[i]
		if c.Below != "" && (version == "" || !versionBelow(version, c.Below)) {
			continue
		}
		if c.When.Holds != nil && !c.When.Holds(f) {
			continue
		}
		return c.Level, c.Means
	}
	return r.Level, r.Means
}

// Validate returns what is wrong with the table: rows without level, twice the
// same kind, kinds that no app has, levels without the words that they need.
func (t Table) Validate() error {
	seen := map[string]bool{}
	for _, r := range t {
		switch {
		case seen[r.Fact]:
			return fmt.Errorf("two rows for %s", r.Fact)
		case !knownKind(r.Fact):
			return fmt.Errorf("no app has a fact of kind %s", r.Fact)
		}
		seen[r.Fact] = true
		if err := validLevel(r.Fact, r.Level, r.Means); err != nil {
			return err
		}
		for _, c := range r.Cases {
			if err := validLevel(r.Fact, c.Level, c.Means); err != nil {
				return err
			}
			if c.When.Holds == nil && c.Below == "" {
				return fmt.Errorf("%s: a case without condition", r.Fact)
			}
			if (c.When.Holds == nil) != (c.When.Doc == "") {
				return fmt.Errorf("%s: a condition needs both its wording and its question", r.Fact)
			}
		}
	}
	return nil
}

func validLevel(fact string, l Level, means string) error {
	if l < Native || l > Dropped {
		return fmt.Errorf("%s: no level", fact)
	}
	if l != Native && means == "" {
		return fmt.Errorf("%s: %s without saying how or what to do", fact, l)
	}
	return nil
}

func knownKind(prefix string) bool {
	for _, k := range ir.Kinds() {
		if isPrefix(k.Name, prefix) {
			return true
		}
	}
	return false
}

// versionBelow compares dotted versions number by number: 1.9 is below 1.29.
func versionBelow(version, bound string) bool {
	v, b := strings.Split(strings.TrimPrefix(version, "v"), "."), strings.Split(bound, ".")
	for i := range b {
		have := 0
		if i < len(v) {
			have, _ = strconv.Atoi(v[i])
		}
		if want, _ := strconv.Atoi(b[i]); have != want {
			return have < want
		}
	}
	return false
}
