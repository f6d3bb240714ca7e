package audit

import (
	"cmp"
	"slices"

	"github.com/decamp-dev/decamp/compiler/support"
)

// Key names a finding, or a single value of the ledger, by what does not change when
// lines move or a stage is added.
type Key struct {
	App      string `json:"app"`
	Target   string `json:"target,omitempty"`   // of a finding
	Level    string `json:"level,omitempty"`    // of a finding
	Kind     string `json:"kind,omitempty"`     // of a finding
	Path     string `json:"path,omitempty"`     // of a finding
	Platform string `json:"platform,omitempty"` // of an entry of the ledger
	On       string `json:"on,omitempty"`       // of an entry of the ledger
	Value    string `json:"value,omitempty"`    // of an entry of the ledger
}

func compareKeys(a, b Key) int {
	return cmp.Or(cmp.Compare(a.App, b.App), cmp.Compare(a.Target, b.Target), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Kind, b.Kind),
		cmp.Compare(a.Level, b.Level), cmp.Compare(a.Platform, b.Platform), cmp.Compare(a.On, b.On), cmp.Compare(a.Value, b.Value))
}

// Keys returns what a baseline of these reports holds: every loss that is not
// accepted, and every value of the ledger; sorted, each once.
func Keys(reports []Report) []Key {
	var keys []Key
	for i := range reports {
		r := &reports[i]
		for j := range r.Standings {
			s := &r.Standings[j]
			for k := range s.Findings {
				if s.Findings[k].isLoss() {
					keys = append(keys, s.Findings[k].key(r, s))
				}
			}
		}
		for j := range r.Ledger {
			keys = append(keys, r.Ledger[j].keys(r)...)
		}
	}
	slices.SortFunc(keys, compareKeys)
	return slices.Compact(keys)
}

// isLoss reports whether a finding is a loss that nobody has accepted.
func (f *Finding) isLoss() bool { return f.Level > support.Emulated && f.Accepted == "" }

func (f *Finding) key(r *Report, s *Standing) Key {
	return Key{App: r.App, Target: s.Target, Level: f.Level.String(), Kind: f.Kind, Path: f.Path}
}

func (e *Entry) keys(r *Report) []Key {
	var keys []Key
	if e.Sort == Acceptance {
		return nil
	}
	for _, v := range e.Values {
		keys = append(keys, Key{App: r.App, Platform: e.Platform, On: e.On, Value: v})
	}
	return keys
}

// Mark notes in the reports what a baseline does not know.
func Mark(reports []Report, baseline []Key) {
	known := map[Key]bool{}
	for _, k := range baseline {
		known[k] = true
	}
	for i := range reports {
		r := &reports[i]
		for j := range r.Standings {
			s := &r.Standings[j]
			for k := range s.Findings {
				f := &s.Findings[k]
				f.New = f.isLoss() && !known[f.key(r, s)]
			}
		}
		for j := range r.Ledger {
			e := &r.Ledger[j]
			e.New = slices.ContainsFunc(e.keys(r), func(k Key) bool { return !known[k] })
		}
	}
}

// Gate says what an audit must not find.
type Gate struct {
	Dropped      bool // a fact that is dropped and not accepted
	Approximated bool // a fact that is approximated and not accepted
	Debt         int  // more debts than this; negative: any number
}

// Failed counts what a gate refuses, of what is new; with a baseline that was marked.
func (g Gate) Failed(reports []Report) Refusal {
	var refused Refusal
	losses, debts := map[Key]bool{}, map[string]bool{}
	for i := range reports {
		r := &reports[i]
		for j := range r.Standings {
			s := &r.Standings[j]
			for k := range s.Findings {
				f := &s.Findings[k]
				if key := f.key(r, s); f.New && !losses[key] && g.refuses(f.Level) {
					losses[key] = true
					refused.count(f.Level)
				}
			}
		}
		for j := range r.Ledger {
			if e := &r.Ledger[j]; e.New && g.Debt >= 0 {
				debts[r.Source+"\x00"+e.Path] = true
			}
		}
	}
	if g.Debt >= 0 && len(debts) > g.Debt {
		refused.Debts = len(debts)
	}
	return refused
}

func (g Gate) refuses(level support.Level) bool {
	return level == support.Dropped && g.Dropped || level == support.Approximated && g.Approximated
}

// Refusal is how much of what a gate does not take was found, each place once.
type Refusal struct{ Dropped, Approximated, Debts int }

func (r *Refusal) count(level support.Level) {
	if level == support.Dropped {
		r.Dropped++
	} else {
		r.Approximated++
	}
}
