package audit

import (
	"strings"

	"github.com/decamp-dev/decamp/compiler/support"
)

// Weights is the measure of the exit cost: what each finding and each entry of the
// ledger counts. The unit is one small decision.
type Weights struct {
	// Levels: level → class → what one finding counts. A finding is one place, however
	// many facts of it the platform does not take.
	Levels map[support.Level]map[support.Class]int
	// Kinds count otherwise than their level and class say; the longest kind wins.
	Kinds []KindWeight
	// Accepted is what a finding counts that the spec takes with a reason.
	Accepted int
	// Entry is what a patch or objects of the ledger count for every other platform.
	Entry int
	// Value is what each single value of them counts besides.
	Value int
}

// KindWeight is what findings of one level count for one kind of fact and those below.
type KindWeight struct {
	Kind   string
	Level  support.Level
	Weight int
}

// DefaultWeights is the one table of the measure. What is emulated has to be known by
// whoever operates the app; what is approximated has to be thought through; what is
// dropped has to be replaced, and that is dear where data, isolation or the app itself
// hang on it. An entry of the ledger has to be said anew for another platform.
func DefaultWeights() Weights {
	return Weights{
		Levels: map[support.Level]map[support.Class]int{
			support.Native:       {support.Operation: 0, support.Breaks: 0, support.Data: 0, support.Security: 0},
			support.Emulated:     {support.Operation: 1, support.Breaks: 1, support.Data: 1, support.Security: 1},
			support.Approximated: {support.Operation: 2, support.Breaks: 5, support.Data: 8, support.Security: 8},
			support.Dropped:      {support.Operation: 3, support.Breaks: 20, support.Data: 40, support.Security: 40},
		},
		Accepted: 0, Entry: 3, Value: 1,
	}
}

// of returns what a finding counts, and the kind whose own weight that is.
func (w *Weights) of(f *Finding) (weight int, kind string) {
	if f.Accepted != "" {
		return w.Accepted, ""
	}
	best := -1
	weight = w.Levels[f.Level][f.Class]
	for _, k := range w.Kinds {
		if k.Level == f.Level && len(k.Kind) > best && (f.Kind == k.Kind || strings.HasPrefix(f.Kind, k.Kind+".")) {
			best, weight, kind = len(k.Kind), k.Weight, k.Kind
		}
	}
	return weight, kind
}
