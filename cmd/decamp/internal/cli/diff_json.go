package cli

import "github.com/decamp-dev/decamp/compiler/diff"

// diffReport is a comparison in the JSON form, which schema/diff.json describes.
type diffReport struct {
	Version int          `json:"version"`
	A       diffSideInfo `json:"a"`
	B       diffSideInfo `json:"b"`
	Same    bool         `json:"same"`
	Changes []changeInfo `json:"changes"`
	Rules   []ruleInfo   `json:"rules"`
}

const diffVersion = 1

type diffSideInfo struct {
	App    string `json:"app"`
	Stage  string `json:"stage,omitempty"`
	Source string `json:"source"`
	From   string `json:"from,omitempty"`
	For    string `json:"compiledFor,omitempty"`
}

type changeInfo struct {
	Sort     string         `json:"sort"`
	Path     string         `json:"path"`
	PathB    string         `json:"pathB,omitempty"`
	Kind     string         `json:"kind"`
	Rule     string         `json:"rule"`
	Severity string         `json:"severity"`
	Facts    int            `json:"facts"`
	A        *changedOnSide `json:"a,omitempty"`
	B        *changedOnSide `json:"b,omitempty"`
	Cannot   string         `json:"cannotSay,omitempty"`
	Because  string         `json:"because,omitempty"`
}

type changedOnSide struct {
	Value string `json:"value,omitempty"`
	*place
}

type ruleInfo struct {
	ID       string   `json:"id"`
	Purpose  string   `json:"purpose"`
	Severity string   `json:"severity"`
	Kinds    []string `json:"kinds,omitempty"`
}

func sideInfo(s *subject) diffSideInfo {
	info := diffSideInfo{App: s.app.Name, Stage: s.app.Stage, Source: s.name}
	if s.from != nil {
		info.From = s.from.Name
	}
	return info
}

// severityWord is the severity in the JSON form.
func severityWord(s diff.Severity) string {
	return map[diff.Severity]string{diff.Breaks: "breaks", diff.Behaviour: "behaviour", diff.Cosmetic: "cosmetic"}[s]
}

func diffInfo(c *comparison) diffReport {
	report := diffReport{Version: diffVersion, A: sideInfo(&c.a), B: sideInfo(&c.b), Same: !diff.Differs(c.Changes), Changes: []changeInfo{}, Rules: []ruleInfo{}}
	report.A.For, report.B.For = c.compiledFor(&c.a), c.compiledFor(&c.b)
	for i := range c.Changes {
		report.Changes = append(report.Changes, changeOf(&c.Changes[i]))
	}
	for _, r := range diff.Rules() {
		report.Rules = append(report.Rules, ruleInfo{r.ID, r.Purpose, severityWord(r.Severity), r.Kinds})
	}
	return report
}

func changeOf(ch *diff.Change) changeInfo {
	info := changeInfo{Sort: ch.Sort.String(), Path: ch.Path, PathB: ch.PathB, Kind: ch.Kind, Rule: ch.Rule.ID, Severity: severityWord(ch.Rule.Severity), Facts: ch.Facts, Cannot: ch.Cannot, Because: ch.Because}
	if ch.A != "" || placeOf(ch.AtA) != nil {
		info.A = &changedOnSide{ch.A, placeOf(ch.AtA)}
	}
	if ch.B != "" || placeOf(ch.AtB) != nil {
		info.B = &changedOnSide{ch.B, placeOf(ch.AtB)}
	}
	return info
}
