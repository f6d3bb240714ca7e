package compose

import (
	"strings"
	"testing"
)

// A file of variables of an include holds for what is included: its configs get their text from there, and whoever moves is
// told that a secret's value stands there, and not the value.
func TestReadVariablesOfAnInclude(t *testing.T) {
	reading, list := readFiles(map[string]string{
		"compose.yaml": "include:\n  - path: child/compose.yaml\n    env_file: [given.env]\n",
		"child/compose.yaml": `
services:
  web:
    image: nginx
    configs: [motto]
    secrets: [key]
configs: {motto: {environment: MOTTO}}
secrets: {key: {environment: KEY}}
`,
		"given.env": "MOTTO=lots of it\nKEY=hunter2\n",
	}, nil)
	if list.HasErrors() {
		t.Fatal(list)
	}
	if got, want := reading.App.Configs.Ref("motto").Content.String(), "lots of it"; got != want {
		t.Errorf("the config is %q, not %q", got, want)
	}
	told := false
	for _, d := range list {
		told = told || d.Code == CodeSecretNeeded && strings.Contains(d.Summary, "KEY, which given.env sets")
		if strings.Contains(d.Summary+d.Detail, "hunter2") {
			t.Errorf("a finding holds the value of a secret: %v", d)
		}
	}
	if !told {
		t.Errorf("nobody is told where the value is: %v", list)
	}
}

// An Engine takes protocols in capitals too.
func TestReadProtocolInCapitals(t *testing.T) {
	reading, list := readFiles(map[string]string{"compose.yaml": "services:\n  dns:\n    image: coredns/coredns\n" +
		"    ports: [{target: 53, published: \"53\", protocol: UDP}]\n    expose: [5353/UDP]\n"}, nil)
	if list.HasErrors() {
		t.Fatal(list)
	}
	ports := reading.App.Workloads[0].Value.Ports
	for i, number := range []int{53, 5353} {
		if len(ports) <= i || ports[i].Value.Port != number || ports[i].Value.Protocol != "udp" {
			t.Errorf("the ports are %v", ports)
		}
	}
}

// What is carried is shown where it is written, and not at the key above it.
func TestReadCarriedPlace(t *testing.T) {
	reading, list := readFiles(map[string]string{"compose.yaml": `services:
  web:
    image: nginx
    deploy:
      replicas: 2
      placement:
        constraints:
          - node.labels.disk == ssd
`}, nil)
	if list.HasErrors() || len(reading.App.Platform) != 1 {
		t.Fatal(reading.App.Platform, list)
	}
	if at, _ := reading.App.Locator.Locate(reading.App.Platform[0].Path); at.Start.Line != 8 {
		t.Errorf("the constraint is said to be in line %d", at.Start.Line)
	}
}
