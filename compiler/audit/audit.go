// Package audit says where an app stands with platforms: what each would make of its
// facts, what leaving costs by a measure whose derivation is part of the answer, and
// what the app already owes. It computes; who prints is elsewhere.
package audit

import (
	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/source"
	"github.com/decamp-dev/decamp/compiler/support"
)

// Target is a platform that an app is held against.
type Target struct {
	Backend *backend.Backend
	Options backend.Options // version, and the optimisations in force
	// Measure has the app emitted with and without each optimisation. It costs many
	// times the rest of an audit.
	Measure bool
}

// Report is where one app stands at one stage.
type Report struct {
	App, Stage string
	Source     string // the spec or the files, as their user called them
	From       string // platform that the app was read from; empty for a spec
	Facts      int    // how many things the app says
	Standings  []Standing
	Ledger     []Entry
}

// Standing is what one platform makes of the app.
type Standing struct {
	Target, Version string
	Facts           Counts
	Findings        []Finding // in the order of the app's facts
	Cost            Cost
	Passes          []Pass // the optimisations in force
}

// Counts is how many facts have each level. They add up to the facts of the app.
type Counts struct {
	Native, Emulated, Approximated, Dropped int
	Unknown                                 int // without a row: a defect of the backend
}

// Total returns how many facts were counted.
func (c Counts) Total() int {
	return c.Native + c.Emulated + c.Approximated + c.Dropped + c.Unknown
}

// Finding is a place that the platform does not take as it is.
type Finding struct {
	Kind     string
	Path     string
	Level    support.Level
	Class    support.Class
	Means    string // by which means, what differs, or what to do
	Accepted string // the reason for which the spec takes the loss
	Subject  source.Range
	New      bool // not in the baseline
}

// Of holds an app against platforms.
func Of(app *ir.App, targets []Target, w Weights) Report {
	r := Report{App: app.Name, Stage: app.Stage, Ledger: ledger(app)}
	ir.Walk(app, func(*ir.Fact) { r.Facts++ })
	for _, t := range targets {
		r.Standings = append(r.Standings, standing(app, &r, t, w))
	}
	return r
}

func standing(app *ir.App, r *Report, t Target, w Weights) Standing {
	b := t.Backend
	version := t.Options.Version
	assessment := support.Assess(app, b.Support, version)
	if version == "" {
		version = b.Version
	}
	s := Standing{Target: b.Name, Version: version, Facts: Counts{
		Native: assessment.Facts[support.Native], Emulated: assessment.Facts[support.Emulated],
		Approximated: assessment.Facts[support.Approximated], Dropped: assessment.Facts[support.Dropped],
	}}
	s.Facts.Unknown = r.Facts - s.Facts.Total()
	for _, f := range assessment.Findings {
		finding := Finding{Kind: f.Kind, Path: f.Path, Level: f.Level, Class: f.Class, Means: f.Means, Subject: app.Locate(f.Path)}
		if f.Level > support.Emulated {
			finding.Accepted, _ = support.Accepted(app, b.Name, f.Kind, f.Path)
		}
		s.Findings = append(s.Findings, finding)
	}
	s.Cost = costOf(s.Findings, r.Ledger, b.Name, w)
	s.Passes = passes(app, t)
	return s
}
