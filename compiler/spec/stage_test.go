package spec

import (
	"strings"
	"testing"

	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/source"
	"github.com/decamp-dev/decamp/compiler/tree"
)

const staged = `decamp: v1
name: shop
labels: {team: a}
vars: {tag: "1", level: {default: low}}
workloads:
  web:
    image: web:${vars.tag}
    replicas: 3
    env: {STAGE: "${stage}", LEVEL: "${vars.level}"}
    resources: {cpu: 1, memory: 1Gi}
    publish: {http: 80}
    ports: {http: 8080}
  stub: {image: "stub:1", ports: {https: 443}}
endpoints:
  pay: {host: pay.example.com, port: 443, address: 10.0.0.1}
stages:
  dev:
    vary: {endpoints.pay: {workload: stub}, workloads.web.replicas: 1, workloads.web.resources.cpu: 100m, vars.tag: dev, labels.stage: dev}
    only: [stub]
  test:
    extends: dev
    vary: {workloads.web: {publish: {http: 8081}}}
    only: [stub]
  prod: {vary: {endpoints.pay.real: true}}
`

func decode(t *testing.T, text, stage string, vars map[string]string) *ir.App {
	t.Helper()
	document, list := Parse(source.NewFile("decamp.yaml", []byte(text)), tree.Limits{})
	if list.HasErrors() {
		t.Fatal(list)
	}
	root, list := document.Stage(stage)
	app, found := document.Decode(root, Environment{Stage: stage, Vars: vars})
	if list = append(list, found...); list.HasErrors() {
		t.Fatal(list)
	}
	ResolvePeers(app)
	return app
}

func TestStages(t *testing.T) {
	dev, test, prod := decode(t, staged, "dev", nil), decode(t, staged, "test", nil), decode(t, staged, "prod", nil)
	for name, c := range map[string]struct{ have, want any }{
		"dev replicas":             {*dev.Workloads.Ref("web").Replicas, 1},
		"prod replicas":            {*prod.Workloads.Ref("web").Replicas, 3},
		"dev cpu":                  {dev.Workloads.Ref("web").Resources.CPU, ir.CPU(100)},
		"dev memory stays":         {dev.Workloads.Ref("web").Resources.Memory, ir.Bytes(1 << 30)},
		"test extends dev":         {*test.Workloads.Ref("web").Replicas, 1},
		"test publish":             {test.Workloads.Ref("web").Publish[0].Value.Port, 8081},
		"dev publish":              {dev.Workloads.Ref("web").Publish[0].Value.Port, 80},
		"dev binding":              {dev.Endpoints.Ref("pay").Workload, "stub"},
		"dev has no other binding": {dev.Endpoints.Ref("pay").Address, ""},
		"prod binding":             {prod.Endpoints.Ref("pay").Real, true},
		"prod has no address":      {prod.Endpoints.Ref("pay").Address, ""},
		"dev has the stub":         {dev.Workloads.Has("stub"), true},
		"prod has no stub":         {prod.Workloads.Has("stub"), false},
		"dev image":                {dev.Workloads.Ref("web").Image, "web:dev"},
		"prod image":               {prod.Workloads.Ref("web").Image, "web:1"},
		"stage in env":             {dev.Workloads.Ref("web").Env[0].Value.String(), "dev"},
		"dev label":                {dev.Labels.Keys()[1], "stage"},
	} {
		if c.have != c.want {
			t.Errorf("%s: %v, want %v", name, c.have, c.want)
		}
	}
	if given := decode(t, staged, "dev", map[string]string{"tag": "2", "level": "high"}); given.Workloads.Ref("web").Image != "web:2" {
		t.Errorf("a given var does not win: %s", given.Workloads.Ref("web").Image)
	}
}

// A fact that a stage varies is shown where the stage says it.
func TestStagePositions(t *testing.T) {
	dev := decode(t, staged, "dev", nil)
	line := 1 + strings.Count(staged[:strings.Index(staged, "workloads.web.replicas: 1")], "\n")
	if r := dev.Locate("workloads.web.replicas"); int(r.Start.Line) != line {
		t.Errorf("replicas are located at %v, want line %d", r, line)
	}
	if r := dev.Locate("workloads.web.ports.http.port"); r.Line() == "" || !strings.Contains(r.Line(), "8080") {
		t.Errorf("a short form is located at %v", r)
	}
}

func TestStageLeavesTheDocument(t *testing.T) {
	document, _ := Parse(source.NewFile("decamp.yaml", []byte(staged)), tree.Limits{})
	before := document.Root.Clone()
	for _, stage := range document.Stages() {
		document.Stage(stage)
	}
	if !before.Equal(document.Root) {
		t.Error("applying stages changes the document")
	}
}

// What the ledger says of a workload of other stages concerns this one not.
func TestLedgerOfOtherStages(t *testing.T) {
	text := staged + "platform: {memory: [{on: workloads.stub, patch: {a: 1}, why: x}, {on: workloads.web, patch: {a: 1}, why: x}]}\n"
	if have := len(decode(t, text, "dev", nil).Platform); have != 2 {
		t.Errorf("dev has %d entries, want 2", have)
	}
	if have := len(decode(t, text, "prod", nil).Platform); have != 1 {
		t.Errorf("prod has %d entries, want 1", have)
	}
}
