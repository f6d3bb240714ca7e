package backendtest

import (
	"regexp"
	"slices"
	"strconv"

	sourcefile "github.com/decamp-dev/decamp/compiler/source"
)

// trial changes the leaves of a source and looks in each view whether that is noticed.
type trial struct {
	options    LossOptions
	views      []string
	before     []Observation
	losses     [][]sourcefile.Range
	violations []Violation
	counts     []LossCount
}

func newTrial(o LossOptions) *trial {
	return &trial{options: o, views: o.views(), counts: make([]LossCount, len(o.views()))}
}

// begin notes what is observed of a source that nothing is changed of: as it is written for changes, and as it stands, where
// findings have their places.
func (t *trial) begin(before, standing []Observation) {
	t.before, t.losses = before, nil
	for _, o := range standing {
		t.losses = append(t.losses, o.Losses)
	}
}

// leaf tries other values of a leaf, and then to leave it out, which "" stands for, until each view has noticed. A value that is
// refused is noticed, but does not count where leaving it out is not.
func (t *trial) leaf(path []string, at sourcefile.Range, values []string, with func(value string) []Observation, what func() string) {
	var open []int // the views that have noticed nothing
	for i, o := range t.before {
		if o.Refused {
			continue
		}
		t.counts[i].Leaves++
		if !within(at, t.losses[i]) {
			open = append(open, i)
		}
	}
	for _, value := range values {
		if len(open) == 0 {
			return
		}
		after := with(value)
		open = slices.DeleteFunc(open, func(i int) bool { return !after[i].Refused && after[i].Output != t.before[i].Output })
	}
	if len(open) == 0 {
		return
	}
	after := with("")
	for _, i := range open {
		switch {
		case after[i].Refused || after[i].Output != t.before[i].Output || mentions(t.before[i].Messages, path):
		case t.options.exempt(path):
			t.counts[i].Exempt++
		default:
			t.counts[i].Silent++
			text := what() + " changes nothing and is not reported"
			if t.views[i] != "" {
				text += " on " + t.views[i]
			}
			t.violations = append(t.violations, Violation{Check: "source-loss", Problem: text})
		}
	}
}

// within reports whether a place lies in one of others.
func within(r sourcefile.Range, places []sourcefile.Range) bool {
	return slices.ContainsFunc(places, func(p sourcefile.Range) bool {
		return p.Name() == r.Name() && !p.Start.IsZero() && sourcefile.ComparePos(p.Start, r.Start) <= 0 && sourcefile.ComparePos(r.End, p.End) <= 0
	})
}

// mentions reports whether messages hold the key of a leaf, as a word.
func mentions(messages string, path []string) bool {
	for i := len(path) - 1; i >= 0; i-- {
		if _, err := strconv.Atoi(path[i]); err == nil {
			continue
		}
		word, err := regexp.Compile(`(?i)\b` + regexp.QuoteMeta(path[i]) + `\b`)
		return err == nil && word.MatchString(messages)
	}
	return false
}
