package diag

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/decamp-dev/decamp/compiler/source"
)

// oasisSchema is the schema of SARIF 2.1.0 as OASIS publishes it.
func oasisSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := os.ReadFile("testdata/sarif/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource(sarifSchema, parsed); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(sarifSchema)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// decodeSARIF returns a log that is valid.
func decodeSARIF(t *testing.T, text string) sarifLog {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := oasisSchema(t).Validate(value); err != nil {
		t.Fatalf("not valid by the schema of SARIF 2.1.0: %v\n%s", err, text)
	}
	var log sarifLog
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&log); err != nil {
		t.Fatal(err)
	}
	return log
}

func TestPrintSARIF(t *testing.T) {
	run := decodeSARIF(t, print(t, sample(), SARIF, PrintOptions{WorkingDir: "/w", Version: "1.2.3"})).Runs[0]
	if driver := run.Tool.Driver; driver.Name != "decamp" || driver.Version != "1.2.3" || len(driver.Rules) != 2 {
		t.Errorf("wrong tool: %+v", driver)
	}
	if rule := run.Tool.Driver.Rules[1]; rule.ID != "duplicate-key" || rule.ShortDescription == nil {
		t.Errorf("the rule is not described: %+v", rule)
	}
	result := run.Results[1]
	location := result.Locations[0]
	region := location.PhysicalLocation.Region
	got := []any{
		result.Level, result.Message.Text, result.RuleIndex,
		location.PhysicalLocation.ArtifactLocation.URI, region.StartLine, region.StartColumn, region.EndColumn,
		location.LogicalLocations[0].FullyQualifiedName,
		result.RelatedLocations[0].Message.Text,
		result.Fixes[0].ArtifactChanges[0].Replacements[0].InsertedContent.Text,
	}
	want := []any{"error", "compose: s: 1, 2\nfirst\nsecond", 1, "my%20app.yaml", int32(1), int32(4), int32(5), "w.a", "here", `"1"`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if run.Results[0].Level != "note" || len(run.Results[0].Locations) != 0 {
		t.Errorf("wrong result without place: %+v", run.Results[0])
	}
}

// Whatever there is of a finding, the log is valid; and the schema can say no.
func TestSARIFIsValid(t *testing.T) {
	file := source.NewFile("/w/ä b.yaml", []byte("a: 1\n"))
	for name, list := range map[string]List{
		"nothing":      nil,
		"no place":     {{Severity: Error, Code: "c", Summary: "s"}},
		"whole file":   {{Severity: Error, Code: "c", Summary: "s", Subject: source.Range{File: file}}},
		"no end":       {{Severity: Error, Code: "c", Summary: "s", Subject: source.Range{File: file, Start: source.Pos{Line: 1, Column: 1}}}},
		"empty fix":    {{Severity: Error, Code: "c", Summary: "s", Fix: &Fix{Message: "m"}}},
		"silent other": {{Severity: Error, Code: "c", Summary: "s", Related: []Related{{Range: place(file, 1, 1, 2)}}}},
	} {
		t.Run(name, func(t *testing.T) { decodeSARIF(t, print(t, list, SARIF, PrintOptions{})) })
	}
	wrong, err := jsonschema.UnmarshalJSON(strings.NewReader(`{"version": "2.1.0", "runs": [{"results": []}]}`))
	if err != nil || oasisSchema(t).Validate(wrong) == nil {
		t.Errorf("a log without a tool is accepted, or %v", err)
	}
}

func TestFingerprintsSurviveMoves(t *testing.T) {
	fingerprints := func(line int32) []string {
		file := source.NewFile("f", nil)
		list := List{
			{Severity: Error, Code: "c", Summary: "s", Path: "p", Subject: place(file, line, 1, 2)},
			{Severity: Error, Code: "c", Summary: "s", Path: "p", Subject: place(file, line+1, 1, 2)},
			{Severity: Error, Code: "c", Summary: "s", Path: "q", Subject: place(file, line+2, 1, 2)},
		}
		var all []string
		for _, result := range decodeSARIF(t, print(t, list, SARIF, PrintOptions{})).Runs[0].Results {
			all = append(all, result.PartialFingerprints[fingerprintName])
		}
		return all
	}
	first := fingerprints(1)
	if diff := cmp.Diff(first, fingerprints(50)); diff != "" {
		t.Error(diff)
	}
	if first[0] == first[1] || first[0] == first[2] || first[0] == "" {
		t.Errorf("fingerprints are not distinct: %v", first)
	}
}
