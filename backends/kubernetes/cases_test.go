package kubernetes

import (
	"strings"
	"testing"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// one is an app with one workload.
func one(name string, w ir.Workload) *ir.App {
	if w.Image == "" {
		w.Image = "registry.example.com/app:1"
	}
	return &ir.App{Name: "shop", Workloads: ir.Map[ir.Workload]{{Key: name, Value: w}}}
}

func contains(t *testing.T, text string, wanted ...string) {
	t.Helper()
	for _, w := range wanted {
		if !strings.Contains(text, w) {
			t.Errorf("%q is not in\n%s", w, text)
		}
	}
}

func codes(list diag.List) string {
	var all []string
	for _, d := range list {
		all = append(all, string(d.Code))
	}
	return strings.Join(all, " ")
}

// Dollars are doubled exactly where Kubernetes reads $(NAME).
func TestDollars(t *testing.T) {
	text := "a$$b$(HOME)$"
	w := ir.Workload{Container: ir.Container{
		Args:  command(text),
		Env:   ir.Map[ir.Text]{{Key: "A", Value: lit(text)}},
		Ports: ir.Map[ir.Port]{{Key: "http", Value: ir.Port{Port: 80}}},
		Hooks: &ir.Hooks{AfterStart: &ir.Hook{Exec: command("hook " + text)}},
		Health: &ir.Health{
			Live:  &ir.Probe{Exec: command("probe " + text)},
			Ready: &ir.Probe{HTTP: &ir.HTTPAction{Port: "http", Path: "/" + text}},
		},
	}}
	doubled := "a$$$$b$$(HOME)$$"
	contains(t, joined(t, one("web", w), defaults()),
		"- "+doubled+"\n", "value: "+doubled, "- probe "+doubled, "- hook "+text+"\n", "path: /"+text+"\n")
}

// A secret gets one variable, which stands before those that use it.
func TestSecretInValues(t *testing.T) {
	password := ref(ir.RefSecret, "db", "")
	app := one("web", ir.Workload{Container: ir.Container{
		Env: ir.Map[ir.Text]{
			{Key: "DB", Value: lit("taken")},
			{Key: "URL", Value: ir.Text{part("x:"), password, part("$")}},
			{Key: "OTHER", Value: ir.Text{password, part("!")}},
		},
		Args: &ir.Command{Words: []ir.Text{{part("--key="), password}}},
	}})
	app.Secrets = ir.Map[ir.Secret]{{Key: "db", Value: ir.Secret{External: "prod-db"}}}
	text := joined(t, app, defaults())
	contains(t, text, "value: x:$(DB_2)$$\n", "value: $(DB_2)!", "- --key=$(DB_2)", "name: prod-db\n")
	if strings.Count(text, "secretKeyRef") != 1 {
		t.Error("the secret has more than one variable")
	}
	if strings.Index(text, "name: DB_2") > strings.Index(text, "name: URL") {
		t.Error("the variable of the secret comes too late")
	}
}

// A config with a secret in it holds a mark, and an init container fills it in.
func TestSecretInConfig(t *testing.T) {
	app := one("web", ir.Workload{Container: ir.Container{
		Files: ir.Map[ir.FileMount]{{Key: "/etc/web.yaml", Value: ir.FileMount{Config: "web"}}},
	}})
	app.Configs = ir.Map[ir.Config]{{Key: "web", Value: ir.Config{Content: ir.Text{part("key: $HOME "), ref(ir.RefSecret, "api", ""), part("\n")}}}}
	app.Secrets = ir.Map[ir.Secret]{{Key: "api"}}
	golden(t, "rendered", joined(t, app, defaults()))
}

func TestStub(t *testing.T) {
	app := one("stub", ir.Workload{Container: ir.Container{Ports: ir.Map[ir.Port]{{Key: "https", Value: ir.Port{Port: 443}}}}})
	app.Workloads = append(app.Workloads, one("web", ir.Workload{}).Workloads...)
	app.Endpoints = ir.Map[ir.Endpoint]{
		{Key: "payments", Value: ir.Endpoint{Host: "payments.example.com", Port: 443, Scheme: "https", Workload: "stub"}},
		{Key: "legacy", Value: ir.Endpoint{Host: "legacy.example.com", Port: 9000, Address: "10.0.0.5"}},
	}
	text := joined(t, app, defaults())
	contains(t, text, "name: endpoint-payments\n", "clusterIP: 10.96.0.", "- ip: 10.96.0.", "- payments.example.com\n", "- ip: 10.0.0.5\n")
	if strings.Count(text, "- payments.example.com") != 1 {
		t.Error("the stub has to see the real name")
	}
}

func TestNames(t *testing.T) {
	long := strings.Repeat("a", 60)
	port := ir.Container{Ports: ir.Map[ir.Port]{{Key: "http", Value: ir.Port{Port: 80}}}}
	for name, test := range map[string]struct {
		app  *ir.App
		code diag.Code
	}{
		"digit":      {one("9web", ir.Workload{Container: port}), codeName},
		"cron":       {one(long, ir.Workload{Kind: ir.Cron, Schedule: &ir.Schedule{Cron: "* * * * *"}}), codeName},
		"stateful":   {one(long, ir.Workload{Stateful: true, Container: port}), codeName},
		"annotation": {one("web", ir.Workload{Annotations: ir.Map[string]{{Key: "a b", Value: "x"}}}), codeName},
		"image":      {one("web", ir.Workload{}), codeImage},
		"address":    {one("web", ir.Workload{}), codeAddress},
		"alias":      {one("web", ir.Workload{Container: port, Aliases: []string{"db"}}), codeCollision},
		"patch":      {one("web", ir.Workload{}), codePatchTarget},
		"sysctl": {one("web", ir.Workload{
			Container: ir.Container{Sysctls: ir.Map[string]{{Key: "net.core.somaxconn", Value: "1"}}},
			Sidecars:  ir.Map[ir.Container]{{Key: "b", Value: ir.Container{Image: "b", Sysctls: ir.Map[string]{{Key: "net.core.somaxconn", Value: "2"}}}}},
		}), codeSysctl},
	} {
		switch name {
		case "image":
			test.app.Workloads[0].Value.Image = ""
		case "address":
			test.app.Endpoints = ir.Map[ir.Endpoint]{{Key: "a", Value: ir.Endpoint{Host: "a", Port: 1, Address: "no address"}}}
		case "alias":
			test.app.Workloads = append(test.app.Workloads, one("db", ir.Workload{Container: port}).Workloads...)
		case "patch":
			test.app.Platform = []ir.PlatformEntry{{Platform: Name, On: "workloads.wbe", Patch: &ir.Value{Kind: ir.MapValue}}}
		}
		_, list := emit(test.app, defaults())
		if !list.HasErrors() || !strings.Contains(codes(list), string(test.code)) {
			t.Errorf("%s: want %s, got %q", name, test.code, codes(list))
		}
	}
}

// What platform entries bring is checked like all that is emitted.
func TestCheck(t *testing.T) {
	for patch, want := range map[string]string{
		"replicass": `unknown field "spec.replicass"`,
		"replicas":  "cannot unmarshal string",
	} {
		app := one("web", ir.Workload{})
		spec := &ir.Value{Kind: ir.MapValue, Members: ir.Map[*ir.Value]{{Key: patch, Value: &ir.Value{Kind: ir.StringValue, Text: "3"}}}}
		app.Platform = []ir.PlatformEntry{{Platform: Name, On: "workloads.web", Patch: &ir.Value{Kind: ir.MapValue, Members: ir.Map[*ir.Value]{{Key: "spec", Value: spec}}}}}
		artifacts, list := emit(app, defaults())
		if list.HasErrors() {
			t.Fatal(list)
		}
		found := check(artifacts)
		if len(found) == 0 || !strings.Contains(found[0].Detail, want) {
			t.Errorf("%s: %v", patch, found)
		}
	}
}

// A workload may have the name of a file of the app itself.
func TestFilesShareAName(t *testing.T) {
	app := one("configs", ir.Workload{})
	app.Configs = ir.Map[ir.Config]{{Key: "a", Value: ir.Config{Content: lit("x")}}}
	app.Workloads = append(app.Workloads, one("secrets", ir.Workload{}).Workloads...)
	app.Secrets = ir.Map[ir.Secret]{{Key: "s"}}
	seen := map[string]bool{}
	artifacts, _ := emit(app, defaults())
	for _, a := range artifacts {
		if seen[a.Path] {
			t.Errorf("%s is written twice", a.Path)
		}
		seen[a.Path] = true
	}
}
