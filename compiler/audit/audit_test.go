package audit_test

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/decamp-dev/decamp/compiler/audit"
	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/backend/backendtest"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/source"
	"github.com/decamp-dev/decamp/compiler/support"
)

func targets() []audit.Target {
	b := backendtest.Memory(backendtest.Honest)
	passes, _ := b.SelectPasses("all")
	return []audit.Target{{Backend: b, Options: backend.Options{Passes: passes}, Measure: true}}
}

// The counts add up to the facts, the terms to the cost, and two runs are the same.
func TestFiguresAddUp(t *testing.T) {
	app := backendtest.Maximal(t)
	report := audit.Of(app, targets(), audit.DefaultWeights())
	if report.Facts == 0 || report.Facts != report.Standings[0].Facts.Total() {
		t.Errorf("%d facts, and the levels count %d", report.Facts, report.Standings[0].Facts.Total())
	}
	s := report.Standings[0]
	sum, counted := 0, 0
	for _, term := range s.Cost.Terms {
		if term.Sum != term.Count*term.Weight {
			t.Errorf("%s: %d × %d is not %d", term.What, term.Count, term.Weight, term.Sum)
		}
		sum += term.Sum
		if !strings.Contains(term.What, "ledger") && !strings.Contains(term.What, "values") {
			counted += term.Count
		}
	}
	if sum != s.Cost.Total || sum == 0 {
		t.Errorf("the terms add up to %d, and the cost is %d", sum, s.Cost.Total)
	}
	if counted != len(s.Findings) {
		t.Errorf("%d findings are in the terms, of %d", counted, len(s.Findings))
	}
	if again := audit.Of(app, targets(), audit.DefaultWeights()); !reflect.DeepEqual(report, again) {
		t.Error("two audits of one app differ")
	}
}

func TestLedger(t *testing.T) {
	app := &ir.App{Name: "shop", Platform: []ir.PlatformEntry{
		{Platform: "paper", On: "workloads.web", Why: "looks", Path: "platform.paper[0]",
			Patch: &ir.Value{Kind: ir.MapValue, Members: ir.Map[*ir.Value]{{Key: "colour", Value: &ir.Value{Kind: ir.StringValue, Text: "red"}}}}},
		{Platform: "paper", On: "workloads.web.scale", Accept: "small", Path: "platform.paper[1]"},
	}}
	report := audit.Of(app, targets(), audit.DefaultWeights())
	if report.Debts() != 1 {
		t.Errorf("%d debts", report.Debts())
	}
	want := []audit.Term{{What: "ledger entries of other platforms", Count: 1, Weight: 3, Sum: 3}, {What: "single values in them", Count: 1, Weight: 1, Sum: 1}}
	var have []audit.Term
	for _, term := range report.Standings[0].Cost.Terms {
		if strings.Contains(term.What, "ledger") || strings.Contains(term.What, "values") {
			have = append(have, term)
		}
	}
	if diff := cmp.Diff(want, have); diff != "" {
		t.Error(diff)
	}
	for _, e := range report.Ledger {
		if strings.Contains(strings.Join(e.Values, " "), "red") {
			t.Error("the ledger shows a value")
		}
	}
}

// What is known does not fail, in whatever stage or line it stands.
func TestBaseline(t *testing.T) {
	reports := []audit.Report{audit.Of(backendtest.Maximal(t), targets(), audit.DefaultWeights())}
	gate := audit.Gate{Dropped: true, Approximated: true}
	audit.Mark(reports, nil)
	all := gate.Failed(reports)
	if all.Dropped == 0 || all.Approximated == 0 || all.Debts == 0 {
		t.Fatalf("nothing fails without a baseline: %+v", all)
	}
	known := audit.Keys(reports)
	stages := append(reports, reports[0])
	stages[1].Stage = "another"
	audit.Mark(stages, known)
	if refused := gate.Failed(stages); refused != (audit.Refusal{}) {
		t.Errorf("what is known fails: %+v", refused)
	}
	audit.Mark(reports, known[1:])
	if refused := gate.Failed(reports); refused == (audit.Refusal{}) {
		t.Error("what is new does not fail")
	}
}

func TestWeights(t *testing.T) {
	read := func(text string) (audit.Weights, int) {
		w, list := audit.ReadWeights(source.NewFile("weights.yaml", []byte(text)))
		return w, len(list)
	}
	w, problems := read("levels: {dropped: {data: 7}}\nkinds: {workload.scale: {dropped: 2}}\naccepted: 1\nledger: {entry: 0, value: 5}\n")
	if problems != 0 || w.Levels[support.Dropped][support.Data] != 7 || w.Accepted != 1 || w.Entry != 0 || w.Value != 5 || len(w.Kinds) != 1 {
		t.Errorf("%+v, %d problems", w, problems)
	}
	if audit.DefaultWeights().Levels[support.Dropped][support.Data] == 7 {
		t.Error("a file changes the defaults")
	}
	for _, text := range []string{"levels: {gone: {data: 1}}", "levels: {dropped: {date: 1}}", "accepted: -1", "accepted: many", "kinds: {workload.scales: {dropped: 1}}", "[1]", "ledger: 3"} {
		if _, problems := read(text); problems != 1 {
			t.Errorf("%s: %d problems", text, problems)
		}
	}
}

// An audit says where something is and what to do, never what its value is.
func TestNoValues(t *testing.T) {
	app := backendtest.Maximal(t)
	const value = "correct-horse-battery"
	app.Workloads[0].Value.Env.Set("TOKEN", ir.Literal(value))
	report := audit.Of(app, targets(), audit.DefaultWeights())
	var shown bytes.Buffer
	for _, f := range report.Standings[0].Findings {
		shown.WriteString(f.Path + f.Means + f.Accepted)
	}
	if strings.Contains(shown.String(), value) {
		t.Error("a value is shown")
	}
}
