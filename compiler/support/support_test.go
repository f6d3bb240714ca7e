package support

import (
	"strings"
	"testing"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

var table = Table{
	{Fact: "app", Level: Native},
	{Fact: "workload", Level: Native},
	{Fact: "workload.scale", Level: Dropped, Means: "set replicas by hand"},
	{Fact: "workload.egress", Level: Dropped, Means: "set up a firewall"},
	{Fact: "workload.update", Level: Approximated, Means: "one after the other"},
	{Fact: "workload.restart.policy", Level: Native, Cases: []Case{
		{When: Condition{Doc: "always", Holds: func(f *ir.Fact) bool { return f.Word() == "always" }}, Level: Approximated, Means: "what was stopped stays stopped"},
		{Below: "1.10", Level: Emulated, Means: "by a wrapper"},
	}},
	{Fact: "container", Level: Native},
}

func app(w ir.Workload, ledger ...ir.PlatformEntry) *ir.App {
	w.Image = "web:1"
	return &ir.App{Name: "shop", Workloads: ir.Map[ir.Workload]{{Key: "web", Value: w}}, Platform: ledger}
}

func only(t *testing.T, a *ir.App, version string, p Policy) diag.Diagnostic {
	t.Helper()
	list := Diagnostics(a, "memory", Assess(a, table, version), p)
	if len(list) != 1 {
		t.Fatalf("%d findings, want one: %v", len(list), list)
	}
	return list[0]
}

func TestSeverities(t *testing.T) {
	scaled, closed := ir.Workload{Scale: &ir.Scale{Min: 1, Max: 3}}, ir.Workload{Egress: &ir.PeerList{}}
	updated := ir.Workload{Update: &ir.Update{Rollback: true, Canary: 1}}
	for name, c := range map[string]struct {
		have diag.Diagnostic
		want diag.Severity
		path string
	}{
		"operation":         {only(t, app(scaled), "", Policy{}), diag.Warning, "workloads.web.scale"},
		"security":          {only(t, app(closed), "", Policy{}), diag.Error, "workloads.web.egress"},
		"allowed by code":   {only(t, app(closed), "", Policy{Allow: []string{"dropped"}}), diag.Note, "workloads.web.egress"},
		"allowed by kind":   {only(t, app(closed), "", Policy{Allow: []string{"workload.egress"}}), diag.Note, "workloads.web.egress"},
		"allowed by path":   {only(t, app(closed), "", Policy{Allow: []string{"workloads.web"}}), diag.Note, "workloads.web.egress"},
		"another path":      {only(t, app(closed), "", Policy{Allow: []string{"workloads.we"}}), diag.Error, "workloads.web.egress"},
		"allowed all":       {only(t, app(closed), "", Policy{Allow: []string{"all"}}), diag.Note, "workloads.web.egress"},
		"approximated":      {only(t, app(updated), "", Policy{}), diag.Warning, "workloads.web.update"},
		"strict":            {only(t, app(updated), "", Policy{Strict: true}), diag.Error, "workloads.web.update"},
		"accepted path":     {only(t, app(closed, ir.PlatformEntry{Platform: "memory", On: "workloads.web.egress", Accept: "a firewall is there"}), "", Policy{}), diag.Note, "workloads.web.egress"},
		"accepted kind":     {only(t, app(closed, ir.PlatformEntry{Platform: "memory", On: "workload.egress", Accept: "a firewall is there"}), "", Policy{}), diag.Note, "workloads.web.egress"},
		"accepted by other": {only(t, app(closed, ir.PlatformEntry{Platform: "other", On: "workloads.web.egress", Accept: "x"}), "", Policy{}), diag.Error, "workloads.web.egress"},
		"value":             {only(t, app(ir.Workload{Restart: &ir.Restart{Policy: "always"}}), "", Policy{}), diag.Warning, "workloads.web.restart.policy"},
		"old version":       {only(t, app(ir.Workload{Restart: &ir.Restart{Policy: "never"}}), "1.9", Policy{}), diag.Note, "workloads.web.restart.policy"},
	} {
		if c.have.Severity != c.want || c.have.Path != c.path {
			t.Errorf("%s: %s at %s, want %s at %s", name, c.have.Severity, c.have.Path, c.want, c.path)
		}
	}
	if d := only(t, app(closed, ir.PlatformEntry{Platform: "memory", On: "workload.egress", Accept: "a firewall is there"}), "", Policy{}); !strings.Contains(d.Detail, "firewall is there") {
		t.Errorf("an accepted loss does not say why: %s", d.Detail)
	}
}

func TestVersions(t *testing.T) {
	a := app(ir.Workload{Restart: &ir.Restart{Policy: "never"}})
	for version, want := range map[string]int{"": 0, "1.10": 0, "1.29": 0, "v1.9.3": 1, "1.9": 1} {
		if have := len(Assess(a, table, version).Findings); have != want {
			t.Errorf("version %q has %d findings, want %d", version, have, want)
		}
	}
}

func TestMissingRow(t *testing.T) {
	a := &ir.App{Name: "shop", Volumes: ir.Map[ir.Volume]{{Key: "data"}}}
	if d := only(t, a, "", Policy{}); d.Code != CodeNoRow || d.Severity != diag.Error {
		t.Errorf("a fact without a row gives %v", d)
	}
}

func TestValidate(t *testing.T) {
	for name, bad := range map[string]Table{
		"twice":        {{Fact: "workload", Level: Native}, {Fact: "workload", Level: Native}},
		"unknown kind": {{Fact: "workload.replica", Level: Native}},
		"no level":     {{Fact: "workload"}},
		"no words":     {{Fact: "workload", Level: Dropped}},
		"no condition": {{Fact: "workload", Level: Native, Cases: []Case{{Level: Native}}}},
	} {
		if bad.Validate() == nil {
			t.Errorf("%s: the table is taken", name)
		}
	}
	if err := table.Validate(); err != nil {
		t.Error(err)
	}
}

// Every kind of fact has a class of its own or from above.
func TestClasses(t *testing.T) {
	for _, k := range ir.Kinds() {
		if c := ClassOf(k.Name); c < Operation || c > Security {
			t.Errorf("%s has no class", k.Name)
		}
	}
	for _, c := range classes {
		if !knownKind(c.kind) {
			t.Errorf("no app has a fact of kind %s", c.kind)
		}
	}
}
