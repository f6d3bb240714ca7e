package cli

import (
	"strings"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/support"
)

// targetInfo is a platform in the JSON form, whose fields are a promise to other
// programs.
type targetInfo struct {
	Name    string        `json:"name"`
	Title   string        `json:"title"`
	Doc     string        `json:"doc"`
	Version string        `json:"version"`
	Formats []string      `json:"formats,omitempty"`
	Passes  []passInfo    `json:"passes"`
	Support []supportInfo `json:"support,omitempty"`
}

type passInfo struct {
	Name    string   `json:"name"`
	Doc     string   `json:"doc"`
	Debt    string   `json:"debt"`
	Default bool     `json:"default"`
	After   []string `json:"after,omitempty"`
}

type supportInfo struct {
	Concept string     `json:"concept"`
	Class   string     `json:"class"`
	Level   string     `json:"level"`
	Means   string     `json:"means,omitempty"`
	Cases   []caseInfo `json:"cases,omitempty"`
	Source  string     `json:"source,omitempty"`
}

type caseInfo struct {
	When  string `json:"when,omitempty"`
	Below string `json:"belowVersion,omitempty"`
	Level string `json:"level"`
	Means string `json:"means,omitempty"`
}

func infoOf(b *backend.Backend, table bool) targetInfo {
	title, _, _ := strings.Cut(b.Doc, "\n")
	info := targetInfo{Name: b.Name, Title: title, Doc: b.Doc, Version: b.Version, Formats: b.Formats, Passes: []passInfo{}}
	for _, pass := range b.Passes {
		info.Passes = append(info.Passes, passInfo(pass))
	}
	if !table {
		return info
	}
	for _, row := range rowsOf(b) {
		entry := supportInfo{Concept: row.Fact, Class: support.ClassOf(row.Fact).Name(), Level: row.Level.String(), Means: row.Means, Source: row.Source}
		for _, c := range row.Cases {
			entry.Cases = append(entry.Cases, caseInfo{c.When.Doc, c.Below, c.Level.String(), c.Means})
		}
		info.Support = append(info.Support, entry)
	}
	return info
}
