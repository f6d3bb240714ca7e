package nomad

import (
	"github.com/hashicorp/nomad/api"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// The names of the passes.
const (
	passSpread        = "spread"
	passDistinctHosts = "distinct-hosts"
	passCanaries      = "canaries"
	passMemoryMax     = "memory-max"
	passCores         = "whole-cores"
	passStickyDisk    = "sticky-disk"
	passTemplateNoop  = "template-noop"
)

func passes() []backend.Pass {
	return []backend.Pass{
		{
			Name: passSpread, Default: true,
			Doc:  "spreads the replicas of a service that says nothing about spread over the nodes, where there is a choice",
			Debt: "a preference that no other platform inherits: say placement.spread in the spec to keep it",
		},
		{
			Name: passDistinctHosts, After: []string{passSpread},
			Doc:  "refuses a second replica of a service on one node (constraint distinct_hosts)",
			Debt: "replicas beyond the number of nodes stay pending, as nowhere else",
		},
		{
			Name: passCanaries,
			Doc:  "releases services by one canary that is promoted by itself, and returns to the last good version when it fails",
			Debt: "releases behave as the spec does not say: say update.canary and update.rollback in the spec to keep it",
		},
		{
			Name: passMemoryMax,
			Doc:  "tells the scheduler the memory limit (memory_max) in the place of the docker driver (memory_hard_limit)",
			Debt: "without memory oversubscription in the cluster's scheduler configuration the reservation becomes the limit",
		},
		{
			Name: passCores,
			Doc:  "gives whole numbers of cores to one task alone (cores) in the place of shares in MHz (cpu)",
			Debt: "the app gets used to cores that nobody shares, and nodes fill up sooner",
		},
		{
			Name: passStickyDisk,
			Doc:  "keeps the scratch disk of stateful services on updates, and takes it along to another node (ephemeral_disk sticky, migrate)",
			Debt: "the app gets used to scratch data that survives; elsewhere it dies with the replica",
		},
		{
			Name: passTemplateNoop,
			Doc:  "leaves tasks running when the content of a mounted config or secret file changes (change_mode noop)",
			Debt: "the app has to notice changed files by itself, which it cannot where files are replaced at a restart only",
		},
	}
}

// optimize changes a finished job by the passes that concern it as a whole; the
// others are asked about where their values are made.
func (u *unit) optimize() {
	if u.workload.KindOrDefault() != ir.Service {
		return
	}
	replicated := u.workload.ReplicaCount() > 1 || u.workload.Scale != nil && u.workload.Scale.Max > 1
	if replicated && u.emitter.pass(passSpread) && len(u.group.Spreads) == 0 {
		u.group.Spreads = []*api.Spread{{Attribute: nodeAttribute("host"), Weight: new(int8(50))}}
	}
	if replicated && u.emitter.pass(passDistinctHosts) {
		u.group.Constraints = append(u.group.Constraints, &api.Constraint{Operand: "distinct_hosts", RTarget: "true"})
	}
	if u.emitter.pass(passStickyDisk) && u.workload.Stateful {
		disk := u.ephemeralDisk()
		disk.Sticky, disk.Migrate = new(true), new(true)
	}
	if u.emitter.pass(passCanaries) {
		u.canaries()
	}
}

func (u *unit) canaries() {
	update := u.update()
	if update.Canary != nil || u.perAllocation() {
		return
	}
	update.Canary, update.AutoPromote, update.AutoRevert = new(1), new(true), new(true)
}
