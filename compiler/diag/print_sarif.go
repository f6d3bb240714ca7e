package diag

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path"

	"github.com/decamp-dev/decamp/compiler/source"
)

const (
	toolName = "decamp"
	// fingerprintName is part of what code scanners store: a change of how
	// fingerprints are made needs another name.
	fingerprintName = "decampFinding/v1"
)

func printSARIF(w io.Writer, l List, o PrintOptions) error {
	run := sarifRun{Tool: sarifTool{sarifDriver{Name: toolName, Version: o.Version, Rules: []sarifRule{}}}, ColumnKind: "unicodeCodePoints", Results: []sarifResult{}}
	rules := make(map[Code]int)
	seen := make(map[string]int)
	for _, d := range l {
		if _, ok := rules[d.Code]; !ok {
			rules[d.Code] = len(rules)
			run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRuleOf(d.Code))
		}
		run.Results = append(run.Results, sarifResultOf(d, rules[d.Code], fingerprint(d, seen), o))
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(sarifLog{Schema: sarifSchema, Version: "2.1.0", Runs: []sarifRun{run}})
}

func sarifRuleOf(code Code) sarifRule {
	rule := sarifRule{ID: string(code)}
	if entry, ok := Explain(code); ok {
		rule.ShortDescription, rule.FullDescription = sarifText(entry.Title), sarifText(entry.Doc)
	}
	return rule
}

// sarifText returns nil for an empty text: an empty message is not valid.
func sarifText(text string) *sarifMessage {
	if text == "" {
		return nil
	}
	return &sarifMessage{text}
}

func sarifResultOf(d Diagnostic, rule int, fingerprint string, o PrintOptions) sarifResult {
	text := d.Summary
	if d.Target != "" {
		text = d.Target + ": " + text
	}
	if d.Detail != "" {
		text += "\n" + d.Detail
	}
	result := sarifResult{
		RuleID: string(d.Code), RuleIndex: rule, Level: sarifLevel(d.Severity), Message: sarifMessage{text},
		PartialFingerprints: map[string]string{fingerprintName: fingerprint},
	}
	if location := sarifLocationOf(d.Subject, d.Path, o); location != nil {
		result.Locations = append(result.Locations, *location)
	}
	for i, related := range d.Related {
		if location := sarifLocationOf(related.Range, "", o); location != nil {
			location.ID, location.Message = i+1, sarifText(related.Message)
			result.RelatedLocations = append(result.RelatedLocations, *location)
		}
	}
	if fix := sarifFixOf(d.Fix, o); fix != nil {
		result.Fixes = append(result.Fixes, *fix)
	}
	if d.Target != "" {
		result.Properties = map[string]string{"target": d.Target}
	}
	return result
}

func sarifLevel(s Severity) string {
	switch s {
	case Warning:
		return "warning"
	case Note:
		return "note"
	}
	return "error"
}

// fingerprint identifies a finding independently of the line it stands on, so
// that code scanners recognise it after an edit above it. Findings without a path
// of their own are told apart by counting.
func fingerprint(d Diagnostic, seen map[string]int) string {
	identity := string(d.Code) + "\x00" + d.Target + "\x00" + d.Path
	seen[identity]++
	if count := seen[identity]; count > 1 {
		identity += fmt.Sprintf("\x00%d", count)
	}
	sum := sha256.Sum256([]byte(identity))
	return hex.EncodeToString(sum[:16])
}

// sarifLocationOf returns a place in both forms; nil when it has none.
func sarifLocationOf(r source.Range, dataPath string, o PrintOptions) *sarifLocation {
	if r.IsZero() && dataPath == "" {
		return nil
	}
	location := &sarifLocation{}
	if !r.IsZero() {
		location.PhysicalLocation = &sarifPhysical{ArtifactLocation: sarifArtifactOf(r, o)}
		if !r.Start.IsZero() {
			region := sarifRegionOf(r)
			location.PhysicalLocation.Region = &region
		}
	}
	if dataPath != "" {
		location.LogicalLocations = []sarifLogical{{FullyQualifiedName: dataPath, Kind: "member"}}
	}
	return location
}

func sarifArtifactOf(r source.Range, o PrintOptions) sarifArtifact {
	name := o.fileName(r.Name())
	address := url.URL{Path: name}
	if path.IsAbs(name) {
		address.Scheme = "file"
	}
	return sarifArtifact{address.String()}
}

func sarifRegionOf(r source.Range) sarifRegion {
	region := sarifRegion{StartLine: r.Start.Line, StartColumn: r.Start.Column}
	if !r.End.IsZero() {
		region.EndLine, region.EndColumn = r.End.Line, r.End.Column
	}
	return region
}

// sarifFixOf returns a fix with its edits by file, in their order.
func sarifFixOf(fix *Fix, o PrintOptions) *sarifFix {
	if fix == nil || len(fix.Edits) == 0 {
		return nil
	}
	out := &sarifFix{Description: sarifText(fix.Message)}
	changes := make(map[string]int)
	for _, edit := range fix.Edits {
		if edit.Range.IsZero() || edit.Range.Start.IsZero() {
			return nil
		}
		at, ok := changes[edit.Range.Name()]
		if !ok {
			at = len(out.ArtifactChanges)
			changes[edit.Range.Name()] = at
			out.ArtifactChanges = append(out.ArtifactChanges, sarifChange{ArtifactLocation: sarifArtifactOf(edit.Range, o)})
		}
		change := &out.ArtifactChanges[at]
		change.Replacements = append(change.Replacements, sarifReplacement{sarifRegionOf(edit.Range), sarifContent{edit.NewText}})
	}
	return out
}
