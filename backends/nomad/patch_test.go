package nomad

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/nomad/api"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

func number(s string) *ir.Value { return &ir.Value{Kind: ir.NumberValue, Text: s} }

func members(m ...ir.Item[*ir.Value]) *ir.Value { return &ir.Value{Kind: ir.MapValue, Members: m} }

func patched(on string, patch *ir.Value) *ir.App {
	app := shop()
	app.Platform = []ir.PlatformEntry{{Platform: Name, On: on, Patch: patch, Path: "platform.nomad[0]"}}
	return app
}

func text(t *testing.T, artifacts []backend.Artifact, path string) string {
	t.Helper()
	for _, a := range artifacts {
		if a.Path == path {
			return string(a.Data)
		}
	}
	t.Fatalf("no file %s", path)
	return ""
}

func TestPatch(t *testing.T) {
	logs := members(ir.Item[*ir.Value]{Key: "logs", Value: members(ir.Item[*ir.Value]{Key: "max_files", Value: number("3")})})
	for _, on := range []string{"task/web.web", "workloads.web"} {
		patch := logs
		if on == "workloads.web" {
			for _, key := range []string{"web", "task", "web", "group"} {
				patch = members(ir.Item[*ir.Value]{Key: key, Value: patch})
			}
		}
		artifacts, diags := Emit(patched(on, patch), options("default"))
		if diags.HasErrors() {
			t.Errorf("%s: %v", on, diags)
		}
		if got := text(t, artifacts, "web.nomad.hcl"); !strings.Contains(got, "logs {\n        max_files = 3\n      }") {
			t.Errorf("%s: the patch is not there:\n%s", on, got)
		}
		for _, d := range Check(artifacts) {
			t.Error(d.Detail)
		}
	}
}

func TestPatchForNothing(t *testing.T) {
	_, diags := Emit(patched("workloads.wep", members()), options("default"))
	for _, d := range diags {
		if d.Code == CodePatchTarget && d.Severity == diag.Error && strings.Contains(d.Detail, "workloads.web") {
			return
		}
	}
	t.Errorf("no error that says what was meant: %v", diags)
}

func TestJSONIsWhatTheAPITakes(t *testing.T) {
	o := options("default")
	o.Format = formatJSON
	artifacts, _ := Emit(shop(), o)
	var in struct{ Job *api.Job }
	if err := json.Unmarshal([]byte(text(t, artifacts, "web.nomad.json")), &in); err != nil {
		t.Fatal(err)
	}
	task := in.Job.TaskGroups[0].Tasks[0]
	if *task.KillTimeout != 30*time.Second || task.Services[0].Checks[0].Interval != 5*time.Second || task.Env["LOG_LEVEL"] != "info" {
		t.Errorf("the task reads as %+v", task)
	}
	if got := in.Job.TaskGroups[0].Networks[0].DynamicPorts; len(got) != 3 || got[0].Label != "http" || got[0].To != 8080 {
		t.Errorf("the ports read as %+v", got)
	}
}
