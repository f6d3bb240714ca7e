package nomad

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"testing/fstest"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/source"
)

// sources are the files that a reader is given.
func sources(files map[string]string) backend.Source {
	s := backend.Source{FS: fstest.MapFS{}, Root: ".", Name: "folder"}
	for name, text := range files {
		s.FS.(fstest.MapFS)[name] = &fstest.MapFile{Data: []byte(text)}
		if strings.HasSuffix(name, ".nomad.hcl") || strings.HasSuffix(name, ".nomad.json") {
			s.Paths = append(s.Paths, name)
			s.Files = append(s.Files, source.NewFile(name, []byte(text)))
		}
	}
	return s
}

func mustRead(t *testing.T, s backend.Source) backend.Reading {
	t.Helper()
	reading, list := Read(s)
	for _, d := range list {
		if d.Severity == diag.Error {
			t.Fatalf("%s: %s: %s", d.Subject, d.Summary, d.Detail)
		}
	}
	for _, p := range ir.Verify(reading.App) {
		t.Errorf("%s: %s (%s)", p.Path, p.Summary, p.Detail)
	}
	return reading
}

func codes(list diag.List) string {
	var out []string
	for _, d := range list {
		if d.Severity == diag.Error {
			out = append(out, string(d.Code))
		}
	}
	return strings.Join(out, " ")
}

const shopJob = `
variable "tag" {
  type        = string
  default     = "1.4"
  description = "version of the images"
}
variable "replicas" {
  type    = number
  default = 3
}
locals {
  registry = "ghcr.io/acme"
  ports    = { http = 8080, admin = 9090 }
}
# The shop window.
job "shop" {
  datacenters = ["dc1"]
  group "front" {
    count = var.replicas
    network {
      mode = "bridge"
      dynamic "port" {
        for_each = local.ports
        labels   = [port.key]
        content {
          to = port.value
        }
      }
    }
    service {
      name     = "shop-front"
      port     = "http"
      provider = "nomad"
      tags     = ["blue", "traefik.http.routers.shop.rule=Host(` + "`shop.example.com`" + `)"]
      check {
        type     = "http"
        path     = "/ready"
        interval = "5s"
        timeout  = "2s"
      }
    }
    task "server" {
      driver = "docker"
      config {
        image   = "${local.registry}/web:${var.tag}"
        command = "/bin/web"
        args    = ["--port", "${NOMAD_PORT_http}", "--node", "${node.unique.name}", "$${literal}"]
        ports   = ["http"]
      }
      env {
        UPPER = upper("${local.registry}")
        PORT  = "${NOMAD_PORT_http}"
        ALLOC = "${NOMAD_ALLOC_ID}"
      }
      template {
        destination = "secrets/app.env"
        env         = true
        data        = <<-EOF
          # where things are
          DB={{ range nomadService "shop-store" }}{{ .Address }}:{{ .Port }}{{ end }}
          PASSWORD={{ with nomadVar "nomad/jobs/shop" }}{{ .db_password }}{{ end }}
        EOF
      }
      template {
        destination = "local/app.yaml"
        data        = "debug: false\n"
      }
      resources {
        cpu    = 500
        memory = 256
      }
    }
  }
  group "store" {
    network {
      port "sql" {
        to     = 5432
        static = 15432
      }
    }
    service {
      name     = "shop-store"
      port     = "sql"
      provider = "nomad"
    }
    task "postgres" {
      driver = "docker"
      config {
        image = "postgres:16"
        ports = ["sql"]
      }
    }
    task "backup" {
      driver = "raw_exec"
      config {
        command = "/usr/bin/backup"
      }
    }
  }
}
`

func TestReadJob(t *testing.T) {
	reading := mustRead(t, sources(map[string]string{"shop.nomad.hcl": shopJob}))
	app := reading.App
	web := app.Workloads.Ref("front")
	if app.Name != "shop" || web == nil || app.Workloads.Ref("store") == nil {
		t.Fatalf("app %s has %v", app.Name, app.Workloads.Keys())
	}
	if web.Image != "ghcr.io/acme/web:1.4" || web.ReplicaCount() != 3 || web.Health.Ready.HTTP.Port != "http" || web.Resources.CPU != 200 {
		t.Errorf("the workload reads as %+v", web)
	}
	if got := app.Routes.Ref("shop"); got == nil || got.Host != "shop.example.com" || got.To.String() != "front.http" {
		t.Errorf("the route reads as %+v", got)
	}
	if p, _ := app.Workloads.Ref("store").Publish.Get("sql"); p.Port != 15432 {
		t.Errorf("the port is published at %d", p.Port)
	}
	var args []string
	for _, word := range web.Args.Words {
		args = append(args, word.String())
	}
	if got, want := strings.Join(args, " "), "/bin/web --port 8080 --node $${node.unique.name} $${literal}"; got != want {
		t.Errorf("args are %s, want %s", got, want)
	}
	for name, want := range map[string]string{"UPPER": "GHCR.IO/ACME", "PORT": "8080", "DB": "${workloads.store.host}:${workloads.store.ports.sql}", "PASSWORD": "${secrets.db-password}"} {
		if got, _ := web.Env.Get(name); got.String() != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	if web.Env.Has("ALLOC") || web.Files.Ref("/local/app.yaml") == nil {
		t.Errorf("env %v, files %v", web.Env.Keys(), web.Files.Keys())
	}
	if got := reading.Expressions["workloads.front.image"]; got != "ghcr.io/acme/web:${vars.tag}" {
		t.Errorf("the image is written %s", got)
	}
	if v, _ := reading.Vars.Get("tag"); v.Default != "1.4" || v.Description != "version of the images" || reading.Vars.Has("replicas") {
		t.Errorf("vars are %+v", reading.Vars)
	}
}

// TestReadWriteReadWrite holds what is written for a job that was read to what was
// read: the same app, and from then on the same bytes.
func TestReadWriteReadWrite(t *testing.T) {
	first := mustRead(t, sources(map[string]string{"shop.nomad.hcl": shopJob}))
	artifacts, list := Emit(first.App, options("default"))
	if list.HasErrors() {
		t.Fatal(list)
	}
	if len(artifacts) != 1 || artifacts[0].Path != "shop.nomad.hcl" {
		t.Fatalf("one job becomes %d files", len(artifacts))
	}
	for _, want := range []string{`job "shop" {`, `group "front" {`, `task "server" {`, `driver = "raw_exec"`, `ALLOC = "${NOMAD_ALLOC_ID}"`, `name     = "shop-store"`} {
		if !bytes.Contains(artifacts[0].Data, []byte(want)) {
			t.Errorf("%s is not there:\n%s", want, artifacts[0].Data)
		}
	}
	_, data, _ := bytes.Cut(artifacts[0].Data, []byte("\n")) // without the header, so that it is read as anybody's
	second := mustRead(t, sources(map[string]string{"shop.nomad.hcl": string(data)}))
	again, _ := Emit(second.App, options("default"))
	if !bytes.Equal(again[0].Data, artifacts[0].Data) {
		t.Errorf("read and written again it is another job:\n%s\n%s", artifacts[0].Data, again[0].Data)
	}
}

func TestVariables(t *testing.T) {
	s := sources(map[string]string{"shop.nomad.hcl": shopJob, "prod.hcl": "tag = \"2\"\nreplicas = 5\n"})
	s.VariableFiles = []string{"prod.hcl"}
	s.Variables = map[string]string{"tag": "3"}
	reading := mustRead(t, s)
	if w := reading.App.Workloads.Ref("front"); w.Image != "ghcr.io/acme/web:3" || w.ReplicaCount() != 5 {
		t.Errorf("image %s, replicas %d", w.Image, w.ReplicaCount())
	}
	s.Variables = map[string]string{"tga": "3"}
	if _, list := Read(s); codes(list) != "nomad-variable" {
		t.Errorf("a variable that is not there: %v", list)
	}
}

func TestUnresolvedVariables(t *testing.T) {
	const job = `
variable "a" {}
variable "b" { type = number }
variable "c" {}
job "x" {
  group "g" {
    count = var.b
    task "t" {
      driver = "docker"
      config { image = "x:${var.a}" }
      meta { zone = var.c }
    }
  }
}`
	_, list := Read(sources(map[string]string{"x.nomad.hcl": job}))
	found := false
	for _, d := range list {
		if d.Code == CodeUnresolved {
			found = true
			if !strings.Contains(d.Detail, "--var b=… --var c=…") || strings.Contains(d.Detail, "--var a") {
				t.Errorf("the advice is %s", d.Detail)
			}
		}
	}
	if !found {
		t.Errorf("nothing is said of the variables: %v", list)
	}
}

func TestBadSources(t *testing.T) {
	const job = "job \"x\" {\n  group \"g\" {\n    task \"t\" {\n      driver = \"docker\"\n      config { image = \"x:1\" }\n    }\n  }\n}\n"
	tests := []struct{ name, text, want string }{
		{"CRLF and a byte order mark", "\ufeff" + strings.ReplaceAll(job, "\n", "\r\n"), ""},
		{"truncated", job[:60], "nomad-syntax"},
		{"a pack", strings.Replace(job, `"x"`, "[[ template \"job_name\" . ]]", 1), "template-source"},
		{"Levant", strings.Replace(job, `"x:1"`, `"[[.image]]"`, 1), "template-source"},
		{"Jinja", strings.Replace(job, `"x"`, "{{ name }}", 1), "template-source"},
		{"nothing", "", "nomad-no-job"},
		{"a node pool", "node_pool \"x\" {}\n", "nomad-no-job"},
		{"a name that is not declared", strings.Replace(job, `"x:1"`, "var.image", 1), "nomad-variable"},
		{"a function that gives another value each time", strings.Replace(job, `"x:1"`, "uuidv4()", 1), "nomad-syntax"},
	}
	for _, test := range tests {
		if _, list := Read(sources(map[string]string{"x.nomad.hcl": test.text})); codes(list) != test.want {
			t.Errorf("%s: %q, want %q: %v", test.name, codes(list), test.want, list)
		}
	}
}

// TestOtherDrivers are never taken for containers.
func TestOtherDrivers(t *testing.T) {
	const job = `job "x" { 
  type = "system"
  group "g" { 
    task "t" { 
      driver = "exec" 
      config { 
        command = "/bin/x" 
      }
    }
  }
}`
	reading, list := Read(sources(map[string]string{"x.nomad.hcl": job}))
	if list.HasErrors() || len(reading.App.Workloads) != 0 || len(reading.App.Platform) != 1 || len(reading.App.Platform[0].Objects) != 1 {
		t.Fatalf("reads as %+v: %v", reading.App, list)
	}
	artifacts, list := Emit(reading.App, options("default"))
	if list.HasErrors() || len(artifacts) != 1 || !bytes.Contains(artifacts[0].Data, []byte(`command = "/bin/x"`)) {
		t.Errorf("writes %v: %v", artifacts, list)
	}
}

func TestReadJSON(t *testing.T) {
	const job = `{"Job": {"ID": "x", "Name": "x", "Type": "batch", "Status": "running", "Version": 3, "Periodic": {"Spec": "@daily", "Enabled": true},
	"TaskGroups": [{"Name": "g", "Count": 1, "RestartPolicy": {"Attempts": 1, "Interval": 86400000000000, "Delay": 15000000000, "Mode": "fail"},
	"Tasks": [{"Name": "t", "Driver": "docker", "KillTimeout": 20000000000, "Config": {"image": "x:1", "mount": [{"type": "bind", "source": "/a", "target": "/b"}]}}]}]}}`
	reading := mustRead(t, sources(map[string]string{"x.nomad.json": job}))
	w := reading.App.Workloads.Ref("g")
	if w == nil || w.Kind != ir.Cron || w.Schedule.Cron != "0 0 * * *" || w.Image != "x:1" || w.Mounts.Ref("/b") == nil || w.Stop.Grace.Std().Seconds() != 20 || *w.Job.Retries != 1 {
		t.Errorf("the job reads as %+v", w)
	}
}

func TestFiveFields(t *testing.T) {
	for spec, want := range map[string]string{
		"*/5 * * * *": "*/5 * * * *", "0 3 * * * *": "0 3 * * *", "0 0 3 * * MON *": "0 3 * * MON", "@hourly": "0 * * * *", "? ? * * ?": "* * * * *",
		"30 0 3 * * * *": "~0 3 * * *", "0 3 L * *": "", "x": "", "61 * * * *": "",
	} {
		got, exact := fiveFields(spec)
		if !exact && got != "" {
			got = "~" + got
		}
		if got != want {
			t.Errorf("%s becomes %q, want %q", spec, got, want)
		}
	}
}

// TestShorthandsOfRules: a constraint may name its operator in place of operator and
// value.
func TestShorthandsOfRules(t *testing.T) {
	body := func(rules string) string {
		return "job \"web\" {\n  group \"web\" {\n" + rules + "\n    task \"web\" {\n      driver = \"docker\"\n      config {\n        image = \"nginx:1\"\n      }\n    }\n  }\n}\n"
	}
	for short, long := range map[string]string{
		"constraint {\n distinct_hosts = true\n}":                                          "constraint {\n operator = \"distinct_hosts\"\n value = \"true\"\n}",
		"constraint {\n distinct_hosts = false\n}":                                         "constraint {\n operator = \"distinct_hosts\"\n value = \"false\"\n}",
		"constraint {\n distinct_property = \"${meta.rack}\"\n value = \"2\"\n}":           "constraint {\n operator = \"distinct_property\"\n attribute = \"${meta.rack}\"\n value = \"2\"\n}",
		"constraint {\n attribute = \"${attr.kernel.version}\"\n version = \">= 5\"\n}":    "constraint {\n attribute = \"${attr.kernel.version}\"\n operator = \"version\"\n value = \">= 5\"\n}",
		"constraint {\n attribute = \"${attr.kernel.version}\"\n semver = \">= 5.0.0\"\n}": "constraint {\n attribute = \"${attr.kernel.version}\"\n operator = \"semver\"\n value = \">= 5.0.0\"\n}",
		"constraint {\n attribute = \"${meta.a}\"\n regexp = \"a|b\"\n}":                   "constraint {\n attribute = \"${meta.a}\"\n operator = \"regexp\"\n value = \"a|b\"\n}",
		"constraint {\n attribute = \"${meta.a}\"\n set_contains = \"a,b\"\n}":             "constraint {\n attribute = \"${meta.a}\"\n operator = \"set_contains\"\n value = \"a,b\"\n}",
		"affinity {\n attribute = \"${meta.a}\"\n regexp = \".+\"\n weight = 50\n}":        "affinity {\n attribute = \"${meta.a}\"\n operator = \"regexp\"\n value = \".+\"\n weight = 50\n}",
		"affinity {\n attribute = \"${meta.a}\"\n set_contains_any = \"a,b\"\n}":           "affinity {\n attribute = \"${meta.a}\"\n operator = \"set_contains_any\"\n value = \"a,b\"\n}",
	} {
		brief, list := Read(sources(map[string]string{"x.nomad.hcl": body(short)}))
		if codes(list) != "" {
			t.Errorf("%s: %v", short, list)
		}
		full, _ := Read(sources(map[string]string{"x.nomad.hcl": body(long)}))
		if !same(brief.App, full.App) {
			t.Errorf("%s is another app than %s:\n%s", short, long, cmp.Diff(printed(full.App), printed(brief.App)))
		}
		if len(full.App.Platform) == 0 && full.App.Workloads[0].Value.Placement == nil {
			t.Errorf("%s is lost", long)
		}
	}
}

// TestSecretsOfJobs: what job and group say of secrets holds for each task.
func TestSecretsOfJobs(t *testing.T) {
	const job = `job "web" {
  secret "shared" {
    provider = "nomad"
    path     = "some/path"
  }
  group "web" {
    secret "group" {
      provider = "nomad"
      path     = "other/path"
    }
    task "web" {
      driver = "docker"
      config { image = "nginx:1" }
    }
  }
}`
	reading, list := Read(sources(map[string]string{"x.nomad.hcl": job}))
	if codes(list) != "" {
		t.Error(list)
	}
	for _, path := range []string{"some/path", "other/path"} {
		if !strings.Contains(printed(reading.App), path) {
			t.Errorf("%s is lost:\n%s", path, printed(reading.App))
		}
	}
}
