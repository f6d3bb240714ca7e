package cli

import (
	"github.com/decamp-dev/decamp/compiler/audit"
	"github.com/decamp-dev/decamp/compiler/source"
	"github.com/decamp-dev/decamp/compiler/support"
)

// auditReport is an audit in the JSON form, which schema/audit.json describes.
type auditReport struct {
	Version int         `json:"version"`
	Weights weightsInfo `json:"weights"`
	Apps    []appAudit  `json:"apps"`
}

const auditVersion = 1

type weightsInfo struct {
	Levels   map[string]map[string]int `json:"levels"`
	Kinds    []kindWeight              `json:"kinds,omitempty"`
	Accepted int                       `json:"accepted"`
	Ledger   struct {
		Entry int `json:"entry"`
		Value int `json:"value"`
	} `json:"ledger"`
}

type kindWeight struct {
	Kind   string `json:"kind"`
	Level  string `json:"level"`
	Weight int    `json:"weight"`
}

type appAudit struct {
	App     string           `json:"app"`
	Stage   string           `json:"stage,omitempty"`
	Source  string           `json:"source"`
	From    string           `json:"from,omitempty"`
	Facts   int              `json:"facts"`
	Targets []targetStanding `json:"targets"`
	Ledger  []ledgerEntry    `json:"ledger"`
}

type targetStanding struct {
	Target  string `json:"target"`
	Version string `json:"version"`
	Facts   struct {
		Native       int `json:"native"`
		Emulated     int `json:"emulated"`
		Approximated int `json:"approximated"`
		Dropped      int `json:"dropped"`
		Unknown      int `json:"unknown,omitempty"`
	} `json:"facts"`
	Cost struct {
		Total int        `json:"total"`
		Terms []costTerm `json:"terms"`
	} `json:"cost"`
	Findings []auditFinding `json:"findings"`
	Passes   []passAudit    `json:"optimizations"`
}

type costTerm struct {
	What   string `json:"what"`
	Count  int    `json:"count"`
	Weight int    `json:"weight"`
	Sum    int    `json:"sum"`
}

type auditFinding struct {
	Kind     string `json:"kind"`
	Path     string `json:"path"`
	Level    string `json:"level"`
	Class    string `json:"class"`
	Means    string `json:"means"`
	Accepted string `json:"accepted,omitempty"`
	New      bool   `json:"new,omitempty"`
	*place
}

// place is where something is said, with the names that the JSON form of findings
// gives them.
type place struct {
	File   string `json:"file"`
	Line   int32  `json:"line,omitempty"`
	Column int32  `json:"column,omitempty"`
}

func placeOf(r source.Range) *place {
	if r.IsZero() {
		return nil
	}
	return &place{r.Name(), r.Start.Line, r.Start.Column}
}

type passAudit struct {
	Name  string `json:"name"`
	Doc   string `json:"doc"`
	Debt  string `json:"debt"`
	Lines *int   `json:"lines,omitempty"`
}

type ledgerEntry struct {
	Platform string   `json:"platform"`
	On       string   `json:"on,omitempty"`
	Sort     string   `json:"sort"`
	Values   []string `json:"values"`
	Why      string   `json:"why"`
	Exit     string   `json:"exit,omitempty"`
	Since    string   `json:"since,omitempty"`
	New      bool     `json:"new,omitempty"`
	Path     string   `json:"path"`
	*place
}

func auditInfo(found *audits) auditReport {
	report := auditReport{Version: auditVersion, Weights: weightsOf(found.weights), Apps: []appAudit{}}
	for i := range found.reports {
		r := &found.reports[i]
		app := appAudit{App: r.App, Stage: r.Stage, Source: r.Source, From: r.From, Facts: r.Facts, Targets: []targetStanding{}, Ledger: []ledgerEntry{}}
		for j := range r.Standings {
			app.Targets = append(app.Targets, standingInfo(&r.Standings[j], found.baseline))
		}
		for _, e := range r.Ledger {
			values := e.Values
			if values == nil {
				values = []string{}
			}
			app.Ledger = append(app.Ledger, ledgerEntry{e.Platform, e.On, string(e.Sort), values, e.Why, e.Exit, e.Since, e.New && found.baseline, e.Path, placeOf(e.Subject)})
		}
		report.Apps = append(report.Apps, app)
	}
	return report
}

func standingInfo(s *audit.Standing, baseline bool) targetStanding {
	info := targetStanding{Target: s.Target, Version: s.Version, Findings: []auditFinding{}, Passes: []passAudit{}}
	info.Facts.Native, info.Facts.Emulated, info.Facts.Approximated = s.Facts.Native, s.Facts.Emulated, s.Facts.Approximated
	info.Facts.Dropped, info.Facts.Unknown = s.Facts.Dropped, s.Facts.Unknown
	info.Cost.Total, info.Cost.Terms = s.Cost.Total, []costTerm{}
	for _, t := range s.Cost.Terms {
		info.Cost.Terms = append(info.Cost.Terms, costTerm(t))
	}
	for _, f := range s.Findings {
		info.Findings = append(info.Findings, auditFinding{f.Kind, f.Path, f.Level.String(), f.Class.Name(), f.Means, f.Accepted, f.New && baseline, placeOf(f.Subject)})
	}
	for _, p := range s.Passes {
		pass := passAudit{Name: p.Name, Doc: p.Doc, Debt: p.Debt}
		if p.Lines >= 0 {
			pass.Lines = &p.Lines
		}
		info.Passes = append(info.Passes, pass)
	}
	return info
}

func weightsOf(w audit.Weights) weightsInfo {
	info := weightsInfo{Levels: map[string]map[string]int{}, Accepted: w.Accepted}
	info.Ledger.Entry, info.Ledger.Value = w.Entry, w.Value
	for level := support.Emulated; level <= support.Dropped; level++ {
		info.Levels[level.String()] = map[string]int{}
		for class := support.Operation; class <= support.Security; class++ {
			info.Levels[level.String()][class.Name()] = w.Levels[level][class]
		}
	}
	for _, k := range w.Kinds {
		info.Kinds = append(info.Kinds, kindWeight{k.Kind, k.Level.String(), k.Weight})
	}
	return info
}
