package spec

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/decamp-dev/decamp/compiler/ir"
)

func workload(t *testing.T, fields string) *ir.Workload {
	t.Helper()
	app := decode(t, "decamp: v1\nname: shop\nendpoints: {pay: {host: pay.example.com, port: 443}}\nroutes: {front: {to: web.http}}\nconfigs: {c: {text: x}}\nsecrets: {s: {keys: [k]}}\n"+
		"workloads:\n  db: {image: db}\n  web: {image: web, "+fields+"}\n", "", nil)
	return app.Workloads.Ref("web")
}

func TestShortForms(t *testing.T) {
	mode := ir.FileMode(0o440)
	for fields, want := range map[string]*ir.Workload{
		"ports: {http: 80, dns: {port: 53, protocol: udp}}":   {Container: ir.Container{Ports: ir.Map[ir.Port]{{Key: "http", Value: ir.Port{Port: 80}}, {Key: "dns", Value: ir.Port{Port: 53, Protocol: "udp"}}}}},
		"publish: {http: 80}":                                 {Publish: ir.Map[ir.Publish]{{Key: "http", Value: ir.Publish{Port: 80}}}},
		"files: {/a: '${configs.c}'}":                         {Container: ir.Container{Files: ir.Map[ir.FileMount]{{Key: "/a", Value: ir.FileMount{Config: "c"}}}}},
		"files: {/a: {from: '${secrets.s.k}', mode: '0440'}}": {Container: ir.Container{Files: ir.Map[ir.FileMount]{{Key: "/a", Value: ir.FileMount{Secret: "s", Key: "k", Mode: &mode}}}}},
		"mounts: {/a: {scratch: 1Gi}, /b: {memory: }}":        {Container: ir.Container{Mounts: ir.Map[ir.Mount]{{Key: "/a", Value: ir.Mount{Scratch: &ir.Space{Size: 1 << 30}}}, {Key: "/b", Value: ir.Mount{}}}}},
		"gpus: 2":                         {Container: ir.Container{GPUs: &ir.GPUs{Count: 2}}},
		"ulimits: {nofile: 10}":           {Container: ir.Container{Ulimits: ir.Map[ir.Ulimit]{{Key: "nofile", Value: ir.Ulimit{Soft: 10, Hard: 10}}}}},
		"networks: [a, b]":                {Networks: ir.Map[ir.Attachment]{{Key: "a"}, {Key: "b"}}},
		"args: serve --name 'a b' $$x":    {Container: ir.Container{Args: &ir.Command{Words: []ir.Text{ir.Literal("serve"), ir.Literal("--name"), ir.Literal("a b"), ir.Literal("$x")}}}},
		"entrypoint: []":                  {Container: ir.Container{Entrypoint: &ir.Command{Words: []ir.Text{}}}},
		"health: {live: {exec: 'a | b'}}": {Container: ir.Container{Health: &ir.Health{Live: &ir.Probe{Exec: &ir.Command{Words: []ir.Text{ir.Literal("/bin/sh"), ir.Literal("-c"), ir.Literal("a | b")}}}}}},
		"egress: [db, pay, 'a.example.com:443', 10.0.0.0/8, '10.0.0.0/8:53']": {Egress: &ir.PeerList{Peers: []ir.Peer{{Workload: "db"}, {Endpoint: "pay"}, {Host: "a.example.com", Port: 443}, {CIDR: "10.0.0.0/8"}, {CIDR: "10.0.0.0/8", Port: 53}}}},
		"egress: []":           {Egress: &ir.PeerList{Peers: []ir.Peer{}}},
		"ingress: [front, db]": {Ingress: &ir.PeerList{Peers: []ir.Peer{{Route: "front"}, {Workload: "db"}}}},
		"placement: {require: ['node.zone in [a, b]', node.ssd exists]}": {Placement: &ir.Placement{Require: []ir.NodeRule{{Label: "zone", Operator: "in", Values: []string{"a", "b"}}, {Label: "ssd", Operator: "exists"}}}},
		"replicas: 0, env: {A: , N: 1.10, B: yes}":                       {Replicas: new(int), Container: ir.Container{Env: ir.Map[ir.Text]{{Key: "A", Value: ir.Literal("")}, {Key: "N", Value: ir.Literal("1.10")}, {Key: "B", Value: ir.Literal("yes")}}}},
		"kind: cron, schedule: {cron: '*/5 1-3 * jan mon,fri'}":          {Kind: ir.Cron, Schedule: &ir.Schedule{Cron: "*/5 1-3 * jan mon,fri"}},
	} {
		want.Image = "web"
		if diff := cmp.Diff(want, workload(t, fields)); diff != "" {
			t.Errorf("%s (-want +have):\n%s", fields, diff)
		}
	}
}
