package contract

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"
)

func network() *Chapter {
	return &Chapter{Name: "network", Title: "Names, ports, routes", Scenes: []Scene{discovery(), pods(), published()}}
}

// answered lists the replicas and releases that answer one URL, asked n times from within a workload.
func (o *Observer) answered(from, target string, n int) (hosts map[string]int) {
	hosts = map[string]int{}
	for range n {
		status, body := o.Fetch(from, target)
		var who Who
		if status == 200 && json.Unmarshal([]byte(body), &who) == nil {
			hosts[who.Hostname]++
		}
	}
	return hosts
}

func discovery() Scene {
	return Scene{
		Concept: "ports inside the app",
		Spec: `
workloads:
  store:
    ports: {sql: 5432, dns: {port: 5353, protocol: udp}}
    env: {PORT: "5432", UDP_PORT: "5353"}
    aliases: [ledger]
  crowd:
    replicas: 3
    ports: {http: 8080}
  caller:
    ports: {http: 8080}
    env:
      STORE: http://${workloads.store.host}:${workloads.store.ports.sql}/who
      STORE_PORT: ${workloads.store.ports.sql}
      STORE_DNS: ${workloads.store.host}:${workloads.store.ports.dns}
      CROWD: http://${workloads.crowd.host}:${workloads.crowd.ports.http}/who
`,
		Rows: []Row{
			{Name: "discovery-reference", Says: "A reference to another workload's host and port leads to it.", Facts: []string{"workloads.caller.env.STORE"},
				Check: func(o *Observer) {
					o.Eventually(60*time.Second, "the store answers under its reference", func() bool {
						status, _ := o.Fetch("caller", o.Report("caller").Env["STORE"])
						return status == 200
					})
				}},
			{Name: "discovery-name", Says: "A workload answers under its name, at the port that it listens on.", Facts: []string{"workloads.store.ports.sql"}, Atlas: []int{37},
				Check: func(o *Observer) {
					o.Answered("caller", "http://store:5432/who")
				},
				Otherwise: map[string]Otherwise{"nomad": differs("a typed name does not resolve", func(o *Observer) {
					o.Equal("addresses of the name", len(o.Resolves("caller", "store")), 0)
				})}},
			{Name: "discovery-port", Says: "The number of a port inside the app is the one that is listened on.", Facts: []string{"workloads.store.ports.sql"}, Atlas: []int{37},
				Check: func(o *Observer) { o.Equal("port", o.Report("caller").Env["STORE_PORT"], "5432") },
				Otherwise: map[string]Otherwise{"nomad": differs("the port has another number on the node's address, which is reached from the node too", func(o *Observer) {
					have := o.Report("caller").Env["STORE_PORT"]
					o.True(have != "5432" && have != "", "the port is %q", have)
				})}},
			{Name: "discovery-udp", Says: "A port of UDP answers datagrams.", Facts: []string{"workloads.store.ports.dns.protocol", "workloads.caller.env.STORE_DNS"}, Atlas: []int{36},
				Check: func(o *Observer) {
					var answer struct {
						OK         bool
						Reply, Err string
					}
					o.Eventually(30*time.Second, "the datagram comes back", func() bool {
						o.JSON("caller", "/udp?addr="+url.QueryEscape(o.Report("caller").Env["STORE_DNS"]), &answer)
						return answer.OK && strings.HasSuffix(answer.Reply, " ping")
					})
				},
				Otherwise: map[string]Otherwise{"nomad": unseen("that the port has another number")}},
			{Name: "discovery-alias", Says: "A workload answers under its aliases too.", Facts: []string{"workloads.store.aliases"},
				Check: func(o *Observer) {
					o.Answered("caller", "http://ledger:5432/who")
				}},
			{Name: "replicas", Says: "As many replicas run as are said, each with an address and a host name of its own.", Facts: []string{"workloads.crowd.replicas"},
				Check: func(o *Observer) {
					o.Eventually(60*time.Second, "three run", func() bool { return len(o.Instances("crowd")) == 3 })
					addresses := map[string]bool{}
					for _, i := range o.Instances("crowd") {
						addresses[i.Address] = true
					}
					o.Equal("addresses", len(addresses), 3)
				}},
			{Name: "replicas-share", Says: "Requests to a workload reach all of its replicas.", Facts: []string{"workloads.crowd.replicas", "workloads.caller.env.CROWD"},
				Check: func(o *Observer) {
					all := map[string]int{}
					o.Eventually(40*time.Second, "all three have answered", func() bool {
						for host, n := range o.answered("caller", o.Report("caller").Env["CROWD"], 20) {
							all[host] += n
						}
						return len(all) == 3
					})
				},
				Otherwise: map[string]Otherwise{"nomad": differs("a reference leads to one of the replicas", func(o *Observer) {
					hosts := map[string]int{}
					o.Eventually(60*time.Second, "one answers", func() bool {
						hosts = o.answered("caller", o.Report("caller").Env["CROWD"], 20)
						return len(hosts) > 0
					})
					o.Equal("replicas that have answered", len(hosts), 1)
				})}},
		},
	}
}

func pods() Scene {
	return Scene{
		Concept: "init containers and sidecars",
		Spec: `
workloads:
  pod:
    ports: {http: 8080}
    env: {PROBE_STATE: /state}
    security: {user: 0, group: 0}
    mounts: {/state: {scratch: 16Mi}}
    init:
      first: {security: {user: 0, group: 0}, args: [do, sleep, "2", ",", mark, /state/order, first], mounts: {/state: {scratch: 16Mi}}, entrypoint: [/probe]}
      second: {security: {user: 0, group: 0}, args: [do, mark, /state/order, second-begins, ",", sleep, "1", ",", mark, /state/order, second-ends], mounts: {/state: {scratch: 16Mi}}, entrypoint: [/probe]}
    sidecars:
      mate:
        ports: {mate: 8081}
        security: {user: 0, group: 0}
        env: {PORT: "8081", STORE: "http://${workloads.store.host}:${workloads.store.ports.sql}/who"}
        mounts: {/state: {scratch: 16Mi}}
  pod-caller:
    env: {MATE: "http://${workloads.pod.host}:${workloads.pod.ports.mate}/who"}
`,
		Rows: []Row{
			{Name: "init-order", Says: "Init containers run one after the other, each to its end, before the main container.",
				Facts: []string{"workloads.pod.init", "workloads.pod.mounts"}, Atlas: []int{35},
				Check: initOrder,
				Otherwise: map[string]Otherwise{
					"compose": unseen("that replicas share what the containers hand on"),
					"nomad":   unseen("that the size is not enforced, and that a shell is needed in the image, which is there"),
				}},
			{Name: "sidecar-localhost", Says: "Containers of one workload reach each other on localhost.", Facts: []string{"workloads.pod.sidecars.mate.image"},
				Check: func(o *Observer) {
					o.Answered("pod", "http://localhost:8081/who")
					o.Answered("pod", "http://localhost:8080/who", 8081)
				}},
			{Name: "sidecar-discovery", Says: "A sidecar reaches other workloads as the main container does.", Facts: []string{"workloads.pod.sidecars.mate.env.STORE"},
				Check: func(o *Observer) {
					o.Eventually(60*time.Second, "the store answers the sidecar", func() bool {
						status, _ := o.Fetch("pod", o.Report("pod", 8081).Env["STORE"], 8081)
						return status == 200
					})
				}},
			{Name: "sidecar-port", Says: "A port of a sidecar is reached from other workloads under the workload's name.", Facts: []string{"workloads.pod-caller.env.MATE"},
				Check: func(o *Observer) {
					o.Eventually(60*time.Second, "the sidecar answers", func() bool {
						status, _ := o.Fetch("pod-caller", o.Report("pod-caller").Env["MATE"])
						return status == 200
					})
				}},
			{Name: "sidecar-restart", Says: "A sidecar that ends is started again, and the main container goes on.", Facts: []string{"workloads.pod.sidecars.mate.image"},
				Check: func(o *Observer) {
					main, before := o.Report("pod").Started, o.Report("pod", 8081).Started
					_, _, _ = o.Ask(o.Instance("pod"), 8081, "/exit?code=1")
					o.Eventually(60*time.Second, "the sidecar runs again", func() bool {
						status, body, _ := o.Ask(o.Instance("pod"), 8081, "/who")
						var who Who
						return status == 200 && json.Unmarshal(body, &who) == nil && who.Started > before
					})
					o.Equal("start of the main container", o.Report("pod").Started, main)
				}},
		},
	}
}

// initOrder reads the marks that the init containers have left, and those of the main container's first start.
func initOrder(o *Observer) {
	var order []string
	for line := range strings.Lines(o.Stat("pod", "/state/order").Text()) {
		_, text, _ := strings.Cut(strings.TrimSpace(line), " ")
		order = append(order, text)
	}
	o.Equal("order", order, []string{"first", "second-begins", "second-ends"})
	last := strings.Fields(strings.TrimSpace(o.Stat("pod", "/state/order").Text()))
	start := strings.Fields(o.Stat("pod", "/state/starts").Text())
	o.True(len(start) > 0 && len(last) > 1 && start[0] >= last[len(last)-2], "the main container began at %v, before the last init container ended at %v", start, last)
}

func published() Scene {
	return Scene{
		Concept: "publish",
		Spec: `
workloads:
  front: {ports: {http: 8080}, publish: {http: 18080}}
  ranged: {ports: {http: 8080}, publish: {http: {range: 18090-18099}}}
  unpublished: {ports: {http: 8080}}
`,
		Rows: []Row{
			{Name: "publish", Says: "A published port answers from outside.", Facts: []string{"workloads.front.publish"},
				Check: func(o *Observer) {
					o.Eventually(30*time.Second, "the port answers", func() bool {
						status, _, _ := o.OutsideGet("front", "http", "/who")
						return status == 200
					})
				}},
			{Name: "publish-range", Says: "A port that is published within a range answers at a number of it.", Facts: []string{"workloads.ranged.publish"},
				Check: func(o *Observer) {
					o.Eventually(30*time.Second, "the port answers", func() bool {
						status, _, _ := o.OutsideGet("ranged", "http", "/who")
						return status == 200
					})
					address, _ := o.Platform.Outside(o.Deployment, "ranged", "http")
					var number int
					fmt.Sscanf(address[strings.LastIndex(address, ":")+1:], "%d", &number)
					o.True(number >= 18090 && number <= 18099, "the number is %d", number)
				},
				Otherwise: map[string]Otherwise{
					"nomad": unseen("that the first number is taken, so that one replica fits on a node"),
					"kubernetes": differs("the first number is the Service's; without a load balancer it is reached at a port of the node", func(o *Observer) {
						status, _, err := o.OutsideGet("ranged", "http", "/who")
						o.True(status == 200, "it answers %d %v", status, err)
					}),
				}},
			{Name: "publish-nothing", Says: "A port that is not published is not reached from outside.", Facts: []string{"workloads.unpublished.ports"},
				Check: func(o *Observer) {
					address, _ := o.Platform.Outside(o.Deployment, "unpublished", "http")
					o.Equal("address outside", address, "")
				},
				Otherwise: map[string]Otherwise{"nomad": differs("everyone who reaches the node reaches the port", func(o *Observer) {
					status, _, err := o.OutsideGet("unpublished", "http", "/who")
					o.True(status == 200, "it answers %d %v", status, err)
				})}},
		},
	}
}
