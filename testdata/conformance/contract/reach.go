package contract

import (
	"slices"
	"strings"
	"time"
)

func reach() *Chapter {
	return &Chapter{Name: "reach", Title: "Who may reach whom", Scenes: []Scene{peers(), segments()}}
}

// outside is an address that no platform owns, where a program answers on port 80.
const outside = "203.0.113.7:80"

// at is the address of a workload's newest replica: what is refused must be refused by address too.
func (o *Observer) at(workload, port string) string { return o.Instance(workload).Address + ":" + port }

func peers() Scene {
	return Scene{
		Concept: "egress, ingress",
		Spec: `
workloads:
  ledger: {ports: {sql: 5432}, env: {PORT: "5432"}}
  bystander: {ports: {http: 8080}}
  walled:
    egress: [ledger]
    ports: {http: 8080}
  sealed: {egress: []}
  hasty:
    kind: job
    egress: [ledger]
    args: [do, asked, "203.0.113.7:80"]
  guarded: {ingress: [visitor], ports: {http: 8080}}
  visitor: {ports: {http: 8080}}
  closed: {ingress: [], ports: {http: 8080}}
`,
		Rows: []Row{
			{Name: "egress-open", Says: "Without a list, the outside is reached.", Facts: []string{"workloads.bystander.image"},
				Check: func(o *Observer) { o.True(o.Connects("bystander", outside), "the outside does not answer") }},
			{Name: "egress-allowed", Says: "What the list of egress names is reached, by its name.", Facts: []string{"workloads.walled.egress"}, Atlas: []int{29},
				Check: func(o *Observer) {
					o.Answered("walled", "http://ledger:5432/who")
				},
				Otherwise: map[string]Otherwise{"compose": unseen("that it reaches back")}},
			{Name: "egress-refused", Says: "What the list does not name is not reached: no other workload, and nothing outside.", Facts: []string{"workloads.walled.egress"}, Atlas: []int{27, 28},
				Check: egressRefused("walled"), Otherwise: map[string]Otherwise{"compose": unseen("addresses of the host itself")}},
			{Name: "egress-nothing", Says: "An empty list refuses everything.", Facts: []string{"workloads.sealed.egress"}, Atlas: []int{27, 28},
				Check: egressRefused("sealed"), Otherwise: map[string]Otherwise{"compose": unseen("addresses of the host itself")}},
			{Name: "egress-at-once", Says: "The list holds from the first moment: a job that asks at once is refused.", Facts: []string{"workloads.hasty.egress"}, Atlas: []int{28},
				Check: func(o *Observer) {
					text := o.Output("hasty", "")
					o.True(strings.Contains(text, "ok:false") && !strings.Contains(text, "ok:true"), "it says %s", text)
				}, Otherwise: map[string]Otherwise{"compose": unseen("addresses of the host itself")}},
			{Name: "ingress-allowed", Says: "Who the list of ingress names reaches the workload.", Facts: []string{"workloads.guarded.ingress"},
				Check: func(o *Observer) {
					o.Answered("visitor", "http://guarded:8080/who")
				},
				Otherwise: map[string]Otherwise{"compose": unseen("that it reaches back")}},
			{Name: "ingress-refused", Says: "Who the list does not name does not reach the workload; with an empty list nobody does.",
				Facts: []string{"workloads.guarded.ingress", "workloads.closed.ingress"}, Atlas: []int{27},
				Check: func(o *Observer) {
					o.refused("bystander", o.at("guarded", "8080"))
					o.refused("bystander", o.at("closed", "8080"))
					o.refused("visitor", o.at("closed", "8080"))
				},
				Otherwise: map[string]Otherwise{"compose": unseen("ports that are published")}},
		},
	}
}

// refused asks a few times: what is let through once has not been refused.
func (o *Observer) refused(from, address string, port ...int) {
	for range 3 {
		o.True(!o.Connects(from, address, port...), "%s reaches %s", from, address)
		time.Sleep(300 * time.Millisecond)
	}
}

func egressRefused(workload string) func(*Observer) {
	return func(o *Observer) {
		o.refused(workload, o.at("bystander", "8080"))
		o.refused(workload, outside)
	}
}

func segments() Scene {
	return Scene{
		Concept: "networks",
		Spec: `
networks:
  red: {}
  blue: {}
  inner: {internal: true}
  numbered: {subnet: 10.98.7.0/24}
workloads:
  in-red: {networks: [red], ports: {http: 8080}}
  in-blue: {networks: [blue], ports: {http: 8080}}
  in-both: {networks: [red, blue], ports: {http: 8080}}
  inside: {networks: {inner: {aliases: [hidden]}}, ports: {http: 8080}}
  inside-too: {networks: [inner], ports: {http: 8080}}
  numbered: {networks: [numbered]}
  addressed: {networks: {numbered: {addresses: [10.98.7.77]}}}
`,
		Rows: []Row{
			{Name: "network-apart", Says: "Workloads that have no network in common do not reach each other.", Facts: []string{"networks.red", "networks.blue", "workloads.in-red.networks", "workloads.in-blue.networks"},
				Atlas: []int{27}, Check: func(o *Observer) {
					o.refused("in-red", o.at("in-blue", "8080"))
					o.refused("in-blue", o.at("in-red", "8080"))
				}},
			{Name: "network-common", Says: "Workloads that have a network in common reach each other by name.", Facts: []string{"networks.red", "networks.blue", "workloads.in-both.networks"},
				Check: func(o *Observer) {
					for _, other := range []string{"in-red", "in-blue"} {
						o.Answered(other, "http://in-both:8080/who")
					}
				}},
			{Name: "network-internal", Says: "An internal network has no way out, and its members reach each other.", Facts: []string{"networks.inner", "workloads.inside.networks"},
				Atlas: []int{27}, Check: func(o *Observer) {
					o.refused("inside", outside)
					o.Answered("inside-too", "http://inside:8080/who")
				}},
			{Name: "network-subnet", Says: "Members of a network have addresses of the subnet that is said.", Facts: []string{"networks.numbered.subnet"},
				Check: func(o *Observer) {
					addresses := o.Report("numbered").Addresses
					o.True(slices.ContainsFunc(addresses, func(a string) bool { return strings.HasPrefix(a, "10.98.7.") }), "the addresses are %v", addresses)
				}},
			{Name: "network-address", Says: "A workload has the address in a network that is said.", Facts: []string{"workloads.addressed.networks.numbered.addresses"},
				Check: func(o *Observer) {
					o.True(slices.Contains(o.Report("addressed").Addresses, "10.98.7.77"), "the addresses are %v", o.Report("addressed").Addresses)
				}},
			{Name: "network-alias", Says: "A workload answers under the aliases that it has in a network.", Facts: []string{"workloads.inside.networks.inner.aliases"},
				Check: func(o *Observer) {
					o.Answered("inside-too", "http://hidden:8080/who")
				}},
		},
	}
}
