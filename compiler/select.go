package compiler

import (
	"fmt"
	"slices"
	"strings"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/spec"
)

// The codes of requests that cannot be met.
const (
	CodeUnknownPass   diag.Code = "unknown-optimization"
	CodeUnknownFormat diag.Code = "unknown-format"
)

// selectTargets returns the backends of a request that can emit. Every pass and
// format that is asked for has to belong to one of them.
func selectTargets(set backend.Set, r Request) ([]*backend.Backend, diag.List) {
	var targets []*backend.Backend
	var list diag.List
	for _, name := range r.Targets {
		b := set.Lookup(name)
		if b == nil || b.Emit == nil {
			list = append(list, wrong(spec.CodeUnknownTarget, fmt.Sprintf("there is no target %q", name), name, emitters(set), "targets"))
			continue
		}
		if !slices.Contains(targets, b) {
			targets = append(targets, b)
		}
		if format := r.Formats[name]; format != "" && !slices.Contains(b.Formats, format) {
			list = append(list, wrong(CodeUnknownFormat, fmt.Sprintf("%s has no format %q", name, format), format, b.Formats, "formats"))
		}
	}
	return targets, append(list, unknownPasses(set, targets, r)...)
}

// CheckPasses reports the names of a list of optimisations that no backend has.
func CheckPasses(set backend.Set, optimize string) diag.List {
	return unknownPasses(set, set.Emitters(), Request{Optimize: optimize})
}

func unknownPasses(set backend.Set, targets []*backend.Backend, r Request) diag.List {
	var list diag.List
	var known []string
	count := map[string]int{}
	for _, b := range targets {
		_, unknown := b.SelectPasses(r.Optimize)
		for _, name := range unknown {
			count[name]++
		}
	}
	for _, b := range set {
		for _, p := range b.Passes {
			known = append(known, p.Name)
		}
	}
	for name, n := range count {
		if n == len(targets) && !slices.Contains(known, name) {
			list = append(list, wrong(CodeUnknownPass, fmt.Sprintf("there is no optimisation %q", name), name, known, "optimisations"))
		}
	}
	return list
}

// wrong words a name that is not among those that are known.
func wrong(code diag.Code, summary, word string, known []string, sort string) diag.Diagnostic {
	detail := fmt.Sprintf("The %s are %s.", sort, strings.Join(known, ", "))
	if near := diag.Closest(word, known); near != "" {
		detail += fmt.Sprintf(" Did you mean %q?", near)
	}
	return diag.Diagnostic{Severity: diag.Error, Code: code, Summary: summary, Detail: detail}
}

func emitters(set backend.Set) []string {
	var names []string
	for _, b := range set {
		if b.Emit != nil {
			names = append(names, b.Name)
		}
	}
	return names
}

// selectStages returns the stages of a request: those asked for, else all; one
// unnamed stage for a spec that has none.
func selectStages(document *spec.Document, r Request) ([]string, diag.List) {
	known := document.Stages()
	if len(r.Stages) == 0 {
		if len(known) == 0 {
			return []string{""}, nil
		}
		return known, nil
	}
	var stages []string
	var list diag.List
	for _, name := range r.Stages {
		switch {
		case slices.Contains(known, name):
			stages = append(stages, name)
		case len(known) == 0:
			list = append(list, diag.Diagnostic{Severity: diag.Error, Code: spec.CodeUnknownStage, Summary: fmt.Sprintf("there is no stage %q", name), Detail: "The spec has no stages. Leave --stage out, or declare them under stages.", Subject: document.Root.Range()})
		default:
			d := wrong(spec.CodeUnknownStage, fmt.Sprintf("there is no stage %q", name), name, known, "stages of this spec")
			d.Subject = document.Root.Pair("stages").Key.Range()
			list = append(list, d)
		}
	}
	return stages, list
}
