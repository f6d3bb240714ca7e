package swarm

import (
	"strings"
	"testing"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// What was tried on an engine: each of these arrives in the container as it was written.
func TestVariableText(t *testing.T) {
	e := &emitter{app: &ir.App{}}
	for in, want := range map[string]string{
		"":                  `{{""}}`,
		"plain":             "plain",
		"a{{.Task.ID}}b }}": `a{{"{{"}}.Task.ID}}b }}`,
		"x$y":               "x$y", // the dollar is doubled at the very end
	} {
		if got := e.variableText(ir.Literal(in)); got != want {
			t.Errorf("variableText(%q) = %q, want %q", in, got, want)
		}
	}
}

// docker stack takes what follows a dash in the message of a required variable for a
// default: the service would have had that as its password.
func TestMessageWithoutDash(t *testing.T) {
	e := &emitter{app: &ir.App{Secrets: ir.Map[ir.Secret]{
		{Key: "db-password"}, {Key: "key", Value: ir.Secret{File: "./secrets/session-key"}}, {Key: "x", Value: ir.Secret{Description: "well-known"}},
	}}}
	for _, s := range e.app.Secrets {
		if v := e.secretVariable(s.Key, ""); strings.Contains(v, "-") {
			t.Errorf("%s: %q has a dash", s.Key, v)
		}
	}
}

// A text that goes on with a port of a sidecar leads to the sidecar's own service.
func TestHostOfSidecar(t *testing.T) {
	web := ir.Workload{}
	web.Ports.Set("http", ir.Port{Port: 8080})
	web.Sidecars.Set("proxy", ir.Container{Ports: ir.Map[ir.Port]{{Key: "admin", Value: ir.Port{Port: 9901}}}})
	e := &emitter{app: &ir.App{Workloads: ir.Map[ir.Workload]{{Key: "web", Value: web}}}}
	host := ir.Part{Ref: ir.Ref{Kind: ir.RefWorkloadHost, Name: "web"}}
	port := func(name string) ir.Part {
		return ir.Part{Ref: ir.Ref{Kind: ir.RefWorkloadPort, Name: "web", Field: name}}
	}
	for want, text := range map[string]ir.Text{
		"web-proxy:9901": {host, {Literal: ":"}, port("admin")},
		"web:8080":       {host, {Literal: ":"}, port("http")},
		"web":            {host},
	} {
		if got := e.text(text); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// A check that refuses nothing would prove nothing.
func TestCheckRefuses(t *testing.T) {
	const head = "version: '3.13'\nservices:\n  web:\n    image: a\n"
	for text, says := range map[string]string{
		head + "    imagee: a\n":                           `no key "imagee"`,
		head + "    privileged: true\n":                    "is read over",
		head + "    tmpfs: [/tmp]\n":                       "is read over",
		head + "    configs: [x]\n":                        "configs.x, which is not declared",
		head + "    networks: [x]\n":                       "networks.x, which is not declared",
		head + "    deploy: {mode: global, replicas: 1}\n": "each node",
		head + "    deploy: {endpoint_mode: dnsrr}\n    ports: [{target: 80, published: 80}]\n": "virtual address",
		head + "    deploy: {resources: {limits: {cpus: 0.5}}}\n":                               "has to be a text",
		head + "configs: {web: {content: a}}\n":                                                 `no key "content"`,
		"name: shop\n" + head:                                                                   `no key "name"`,
	} {
		list := Check([]backend.Artifact{{Path: stackFile, Data: []byte(text)}})
		if len(list) != 1 || !strings.Contains(list[0].Summary, says) {
			t.Errorf("%s\n%v, want %q", text, list, says)
		}
	}
	if list := Check([]backend.Artifact{{Path: stackFile, Data: []byte(head)}}); len(list) != 0 {
		t.Errorf("a good file is refused: %v", list)
	}
}
