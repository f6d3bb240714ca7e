// Package parity says in what the stages of an app differ, and which of it is declared
// to. It computes; who prints is elsewhere.
package parity

import (
	"cmp"
	"slices"

	"github.com/decamp-dev/decamp/compiler/diff"
	"github.com/decamp-dev/decamp/compiler/source"
)

// Stage is one of the apps that are to be the same deliverable.
type Stage struct {
	Name string
	Side diff.Side
}

// Reason is why a point may differ.
type Reason struct {
	Text string
	At   source.Range // where it is declared
}

// Point is something of which the stages do not say the same.
type Point struct {
	Path    string
	Kind    string
	Rule    *diff.Rule
	Values  []Value  // one for each stage, in their order
	Reasons []Reason // none: nobody declared it
	Cannot  string   // a platform that cannot say it: nobody left it out
	Because string
}

// Value is what one stage says; an empty text for nothing.
type Value struct {
	Text string
	At   source.Range
}

// Report is in what stages differ.
type Report struct {
	Stages []string
	Points []Point // sorted by path
}

// Of compares the stages with the first one. declared returns why a point may differ.
func Of(stages []Stage, o diff.Options, declared func(path string) []Reason) Report {
	r := Report{}
	for _, s := range stages {
		r.Stages = append(r.Stages, s.Name)
	}
	points := map[string]*Point{}
	for i := 1; i < len(stages); i++ {
		for _, c := range diff.Apps(stages[0].Side, stages[i].Side, o) {
			p := points[c.Path]
			if p == nil {
				p = &Point{Path: c.Path, Kind: c.Kind, Rule: c.Rule, Values: make([]Value, len(stages)), Reasons: declared(c.Path)}
				for j := range p.Values {
					p.Values[j] = Value{c.A, c.AtA} // as the first, until found otherwise
				}
				points[c.Path] = p
			}
			if c.Rule.Severity < p.Rule.Severity {
				p.Rule = c.Rule
			}
			p.Values[i] = Value{c.B, c.AtB}
			if c.Cannot != "" {
				p.Cannot, p.Because = c.Cannot, c.Because
			}
		}
	}
	for _, p := range points {
		r.Points = append(r.Points, *p)
	}
	slices.SortFunc(r.Points, func(a, b Point) int { return cmp.Compare(a.Path, b.Path) })
	return r
}

// Undeclared returns the points that differ although nothing declares it, and although
// every platform could say the same.
func (r *Report) Undeclared() []*Point {
	return r.where(func(p *Point) bool { return len(p.Reasons) == 0 && p.Cannot == "" })
}

// Declared returns the points that are declared to differ.
func (r *Report) Declared() []*Point {
	return r.where(func(p *Point) bool { return len(p.Reasons) > 0 })
}

// Unsayable returns the points that one of the platforms cannot say.
func (r *Report) Unsayable() []*Point {
	return r.where(func(p *Point) bool { return len(p.Reasons) == 0 && p.Cannot != "" })
}

func (r *Report) where(holds func(*Point) bool) []*Point {
	var some []*Point
	for i := range r.Points {
		if holds(&r.Points[i]) {
			some = append(some, &r.Points[i])
		}
	}
	return some
}
