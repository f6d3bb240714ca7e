package diag

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/url"
	"path"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"github.com/decamp-dev/decamp/compiler/source"
)

const (
	toolName = "decamp"
	// fingerprintName is part of what code scanners store: a change of how
	// fingerprints are made needs another name.
	fingerprintName = "decampFinding/v1"
)

func printSARIF(w io.Writer, l List, o PrintOptions) error {
	driver := sarif.NewToolComponent().WithName(toolName)
	if o.Version != "" {
		driver.WithVersion(o.Version)
	}
	run := sarif.NewRun().WithTool(sarif.NewTool().WithDriver(driver)).WithColumnKind("unicodeCodePoints")
	rules := make(map[Code]int)
	seen := make(map[string]int)
	for _, d := range l {
		if _, ok := rules[d.Code]; !ok {
			rules[d.Code] = len(rules)
			driver.AddRule(sarifRule(d.Code))
		}
		run.AddResult(sarifResult(d, rules[d.Code], fingerprint(d, seen), o))
	}
	report := sarif.NewReport().AddRun(run)
	if err := report.PrettyWrite(w); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func sarifRule(code Code) *sarif.ReportingDescriptor {
	rule := sarif.NewReportingDescriptor().WithID(string(code))
	if entry, ok := Explain(code); ok {
		rule.WithShortDescription(sarif.NewMultiformatMessageString().WithText(entry.Title))
		rule.WithFullDescription(sarif.NewMultiformatMessageString().WithText(entry.Doc))
	}
	return rule
}

func sarifResult(d Diagnostic, rule int, fingerprint string, o PrintOptions) *sarif.Result {
	text := d.Summary
	if d.Target != "" {
		text = d.Target + ": " + text
	}
	if d.Detail != "" {
		text += "\n" + d.Detail
	}
	result := sarif.NewRuleResult(string(d.Code)).
		WithRuleIndex(rule).
		WithLevel(sarifLevel(d.Severity)).
		WithMessage(sarif.NewTextMessage(text)).
		WithPartialFingerprints(map[string]string{fingerprintName: fingerprint})
	if location := sarifLocation(d.Subject, d.Path, o); location != nil {
		result.AddLocation(location)
	}
	for i, related := range d.Related {
		if location := sarifLocation(related.Range, "", o); location != nil {
			result.AddRelatedLocation(location.WithID(i + 1).WithMessage(sarif.NewTextMessage(related.Message)))
		}
	}
	if fix := sarifFix(d.Fix, o); fix != nil {
		result.AddFixe(fix)
	}
	if d.Target != "" {
		properties := sarif.NewPropertyBag()
		properties.Add("target", d.Target)
		result.WithProperties(properties)
	}
	return result
}

func sarifLevel(s Severity) string {
	switch s {
	case Warning:
		return sarif.LevelWarning
	case Note:
		return sarif.LevelNote
	}
	return sarif.LevelError
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

// sarifLocation returns a place in both forms; nil when it has none.
func sarifLocation(r source.Range, dataPath string, o PrintOptions) *sarif.Location {
	if r.IsZero() && dataPath == "" {
		return nil
	}
	location := sarif.NewLocation()
	if !r.IsZero() {
		physical := sarif.NewPhysicalLocation().WithArtifactLocation(sarifArtifact(r, o))
		if !r.Start.IsZero() {
			physical.WithRegion(sarifRegion(r))
		}
		location.WithPhysicalLocation(physical)
	}
	if dataPath != "" {
		logical := sarif.NewLogicalLocation().WithFullyQualifiedName(dataPath).WithKind("member")
		location.WithLogicalLocations([]*sarif.LogicalLocation{logical})
	}
	return location
}

func sarifArtifact(r source.Range, o PrintOptions) *sarif.ArtifactLocation {
	name := o.fileName(r.Name())
	address := url.URL{Path: name}
	if path.IsAbs(name) {
		address.Scheme = "file"
	}
	return sarif.NewArtifactLocation().WithURI(address.String())
}

func sarifRegion(r source.Range) *sarif.Region {
	region := sarif.NewRegion().WithStartLine(int(r.Start.Line)).WithStartColumn(int(r.Start.Column))
	if !r.End.IsZero() {
		region.WithEndLine(int(r.End.Line)).WithEndColumn(int(r.End.Column))
	}
	return region
}

// sarifFix returns a fix with its edits by file, in their order.
func sarifFix(fix *Fix, o PrintOptions) *sarif.Fix {
	if fix == nil || len(fix.Edits) == 0 {
		return nil
	}
	out := sarif.NewFix().WithDescription(sarif.NewTextMessage(fix.Message))
	changes := make(map[string]*sarif.ArtifactChange)
	for _, edit := range fix.Edits {
		if edit.Range.IsZero() || edit.Range.Start.IsZero() {
			return nil
		}
		change, ok := changes[edit.Range.Name()]
		if !ok {
			change = sarif.NewArtifactChange().WithArtifactLocation(sarifArtifact(edit.Range, o))
			changes[edit.Range.Name()] = change
			out.ArtifactChanges = append(out.ArtifactChanges, change)
		}
		replacement := sarif.NewReplacement().WithDeletedRegion(sarifRegion(edit.Range)).
			WithInsertedContent(sarif.NewArtifactContent().WithText(edit.NewText))
		change.Replacements = append(change.Replacements, replacement)
	}
	return out
}
