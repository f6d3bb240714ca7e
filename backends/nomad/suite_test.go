package nomad_test

import (
	"testing"

	"github.com/decamp-dev/decamp/backends/nomad"
	"github.com/decamp-dev/decamp/compiler/backend/backendtest"
)

// exemptions are changes that the files cannot show, each with its reason.
var exemptions = []backendtest.Exemption{
	{Kind: "workload.needs", From: "ready", To: "started", Reason: "what has no readiness probe by HTTP is ready for the waiting task when its port takes connections: the wait is the same"},
	{Kind: "workload.update.order", From: "stop-first", To: "nothing", Reason: "stop-first is what Nomad does, and the only order where a replica has a volume of its own, and for daemons"},
}

// TestSuite proves the table: what it says of each fact is what a change of the fact does to the files.
func TestSuite(t *testing.T) {
	backendtest.Run(t, nomad.New(), backendtest.Maximal(t), exemptions...)
}
