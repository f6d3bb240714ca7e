package compose

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/source"
)

// readFiles reads compose.yaml, with what stands beside it.
func readFiles(files map[string]string, change func(*backend.Source)) (backend.Reading, diag.List) {
	folder := fstest.MapFS{}
	for name, text := range files {
		folder[name] = &fstest.MapFile{Data: []byte(text)}
	}
	s := backend.Source{FS: folder, Name: "app", Root: ".", Paths: []string{"compose.yaml"}, Files: []*source.File{source.NewFile("compose.yaml", []byte(files["compose.yaml"]))}}
	if change != nil {
		change(&s)
	}
	return Read(s)
}

// Variables become vars of the spec; those that name secrets become references to
// secrets, whose values are nowhere.
func TestReadVariables(t *testing.T) {
	reading, list := readFiles(map[string]string{
		"compose.yaml": `
services:
  web:
    image: nginx:${TAG:-1.27}
    command: serve --level "${LEVEL}" "two words"
    environment:
      - REGION=${REGION}
      - DB=postgres://app:${DB_PASSWORD}@db/$${x}
      - FROM_OUTSIDE
    ports: ["${PORT:-8080}:80"]
`,
		".env": "REGION=north\nDB_PASSWORD=hunter2\n",
	}, nil)
	if list.HasErrors() {
		t.Fatal(list)
	}
	w := &reading.App.Workloads[0].Value
	text, _ := w.Env.Get("DB")
	for _, want := range [][2]string{
		{w.Image, "nginx:1.27"},
		{text.String(), "postgres://app:${secrets.db-password}@db/$${x}"},
		{reading.Expressions["workloads.web.image"], "nginx:${vars.tag}"},
		{reading.Expressions["workloads.web.args[2]"], "${vars.level}"},
		{reading.Expressions["workloads.web.env.REGION"], "${vars.region}"},
	} {
		if want[0] != want[1] {
			t.Errorf("%q is not %q", want[0], want[1])
		}
	}
	if v, ok := reading.Vars.Get("level"); !ok || v.HasDefault {
		t.Errorf("level is %v, %v", v, ok)
	}
	if s := reading.App.Secrets.Ref("db-password"); s == nil || s.Env != "DB_PASSWORD" {
		t.Errorf("the secret is %v", s)
	}
	codes := map[diag.Code]bool{}
	for _, d := range list {
		codes[d.Code] = true
		if strings.Contains(d.Summary+d.Detail, "hunter2") {
			t.Errorf("a finding holds the value of a secret: %v", d)
		}
	}
	if !codes[CodeOpenVariable] || !codes[CodeBaked] {
		t.Errorf("not everything is said: %v", codes)
	}
	if strings.Contains(described(reading.App), "hunter2") {
		t.Error("the app holds the value of a secret")
	}
}

// Containers that join the network of another are its sidecars; those that end before
// it and are called after it are its init containers; what others wait to end is a job.
func TestReadRoles(t *testing.T) {
	reading, list := readFiles(map[string]string{"compose.yaml": `
services:
  web:
    image: web
    restart: unless-stopped
    depends_on:
      web-prepare: {condition: service_completed_successfully}
      migrate: {condition: service_completed_successfully}
      db: {condition: service_healthy}
  web-prepare: {image: prepare, restart: on-failure}
  proxy: {image: proxy, network_mode: "service:web", restart: unless-stopped}
  migrate: {image: migrate, restart: "on-failure:3", depends_on: [db]}
  db: {image: db, healthcheck: {test: pg_isready}}
`}, nil)
	if list.HasErrors() {
		t.Fatal(list)
	}
	if problems := ir.Verify(reading.App); len(problems) > 0 {
		t.Fatal(problems)
	}
	w := reading.App.Workloads.Ref("web")
	migrate := reading.App.Workloads.Ref("migrate")
	switch {
	case len(reading.App.Workloads) != 3:
		t.Error(reading.App.Workloads.Keys())
	case !w.Init.Has("prepare") || !w.Sidecars.Has("proxy") || w.Restart != nil:
		t.Error(w.Init.Keys(), w.Sidecars.Keys(), w.Restart)
	case migrate.Kind != ir.Job || migrate.Job == nil || *migrate.Job.Retries != 3:
		t.Error(migrate.Kind, migrate.Job)
	}
	if need, _ := w.Needs.Get("migrate"); need != ir.Completed {
		t.Error(w.Needs)
	}
}

// What cannot be read is refused with the way out.
func TestReadRefused(t *testing.T) {
	for _, test := range []struct {
		name, text string
		code       diag.Code
	}{
		{"old layout", "web:\n  image: nginx\n", CodeLegacySource},
		{"template", "services:\n  web:\n    image: {{ .Values.image }}\n", codeTemplateSource},
		{"unknown key", "services:\n  web:\n    image: nginx\n    imagee: x\n", CodeInvalidSource},
		{"unknown service", "services:\n  web:\n    image: nginx\n    depends_on: [db]\n", CodeInvalidSource},
		{"unknown volume", "services:\n  web:\n    image: nginx\n    volumes: ['data:/data']\n", CodeInvalidSource},
		{"bad variable", "services:\n  web:\n    image: ${\n", CodeInvalidSource},
		{"missing include", "include: [other.yaml]\nservices:\n  web:\n    image: nginx\n", codeFileMissing},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, list := readFiles(map[string]string{"compose.yaml": test.text}, nil)
			for _, d := range list {
				if d.Severity == diag.Error && d.Code == test.code {
					return
				}
			}
			t.Errorf("no %s in %v", test.code, list)
		})
	}
}

// Several files, merge tags, extends and include are read as Compose reads them.
func TestReadMerged(t *testing.T) {
	files := map[string]string{
		"compose.yaml":       "include: [extra/compose.yaml]\nservices:\n  web:\n    extends: {file: base/base.yaml, service: base}\n    ports: ['80:80']\n",
		"override.yaml":      "services:\n  web:\n    ports: !override ['81:80']\n    environment: {A: \"2\"}\n    hostname: !reset null\n",
		"base/base.yaml":     "services:\n  base:\n    image: base\n    hostname: h\n    environment: {A: \"1\", B: \"1\"}\n    volumes: ['./data:/data']\n",
		"extra/compose.yaml": "services:\n  extra:\n    image: extra:${TAG}\n",
		"extra/.env":         "TAG=7\n",
	}
	reading, list := readFiles(files, func(s *backend.Source) {
		s.Paths = append(s.Paths, "override.yaml")
		s.Files = append(s.Files, source.NewFile("override.yaml", []byte(files["override.yaml"])))
	})
	if list.HasErrors() {
		t.Fatal(list)
	}
	w := reading.App.Workloads.Ref("web")
	a, _ := w.Env.Get("A")
	b, _ := w.Env.Get("B")
	m, _ := w.Mounts.Get("/data")
	p, _ := w.Publish.Get("http")
	got := []string{w.Image, a.String(), b.String(), m.Host, w.Hostname, reading.App.Workloads.Ref("extra").Image}
	if want := "base 2 1 base/data  extra:7"; strings.Join(got, " ") != want || p.Port != 81 || len(w.Publish) != 1 {
		t.Errorf("%q is not %q; %v", got, want, w.Publish)
	}
	if r := reading.App.Locate("workloads.web.env.B"); r.Name() != "base/base.yaml" {
		t.Errorf("B comes from %v", r)
	}
}

// FuzzRead: what is read, printed as a spec and read again is the same app; nothing
// panics.
func FuzzRead(f *testing.F) {
	folder, paths := realFiles(f)
	for i, name := range paths {
		if data, err := fs.ReadFile(folder, name); err == nil && i%3 == 0 {
			f.Add(string(data))
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<14 {
			return
		}
		reading, list := readFiles(map[string]string{"compose.yaml": text}, nil)
		if reading.App == nil || list.HasErrors() || len(ir.Verify(reading.App)) > 0 {
			return
		}
		sameSpec(t, "fuzz", reading)
	})
}
