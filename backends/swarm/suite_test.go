package swarm

import (
	"testing"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/backend/backendtest"
)

// exemptions are changes of the maximal app that stack files cannot show.
var exemptions = []backendtest.Exemption{
	{Kind: "workload.restart.policy", From: "unless-stopped", To: "always", Reason: always},
	{Kind: "workload.restart", From: "what it says", To: "nothing", Reason: always},
	{Kind: "workload.restart", From: "what it says", To: "an empty one", Reason: always},
	{Kind: "workload.needs", From: "ready", To: "started", Reason: waits},
	{Kind: "workload.needs", From: "completed", To: "started", Reason: waits},
	{Kind: "workload.needs", From: "completed", To: "ready", Reason: waits},
	{Kind: "workload.placement.spread", From: "[zone host]", To: "[zone]", Reason: "Swarm spreads over nodes by itself"},
	{Kind: "workload.update.parallel", From: "2", To: "90%", Reason: "90 % of three replicas, rounded down, are two"},
	{Kind: "workload.schedule.cron", From: "40 4 * * 0", To: "30 4 * * 1", Reason: suspended},
	{Kind: "workload.schedule.cron", From: "40 4 * * 0", To: "*/7 * * * *", Reason: suspended},
	{Kind: "container.security.seccomp", From: "default", To: "nothing", Reason: "it is what Docker does unasked"},
	{Kind: "container.security.apparmor", From: "default", To: "nothing", Reason: "it is what Docker does unasked"},
	{Kind: "container.security.pid", From: "own", To: "nothing", Reason: own},
	{Kind: "container.security.ipc", From: "own", To: "nothing", Reason: own},
	{Kind: "volume", From: "what it says", To: "an empty one", Reason: "the only fact of the volume is that it is shared"},
	{Kind: "volume.shared", From: "true", To: "nothing", Reason: "what mounts a volume runs on its node in any case"},
	{Kind: "secret.keys", From: "[username password]", To: "[username password changed]", Reason: "a secret in variables only: a value that nobody uses stands nowhere"},

	{Kind: "container.ports.port", From: "7000", To: "10501", Reason: open},
	{Kind: "container.ports.port", From: "7000", To: "6999", Reason: open},
	{Kind: "container.ports.port", From: "5433", To: "8150", Reason: open},
	{Kind: "container.ports.port", From: "5433", To: "10866", Reason: open},
	{Kind: "container.ports.port", From: "4222", To: "6334", Reason: open},
	{Kind: "container.ports.port", From: "4222", To: "4221", Reason: open},
	{Kind: "container.ports.port", From: "6222", To: "9334", Reason: open},
	{Kind: "container.ports.port", From: "6222", To: "6221", Reason: open},
	{Kind: "container.ports.port", From: "6379", To: "9569", Reason: open},
	{Kind: "container.ports.port", From: "6379", To: "6378", Reason: open},
	{Kind: "container.ports.port", From: "7500", To: "11251", Reason: open},
	{Kind: "container.ports.port", From: "7500", To: "7499", Reason: open},
	{Kind: "container.ports.port", From: "8125", To: "12188", Reason: open},
	{Kind: "container.ports.port", From: "8125", To: "8124", Reason: open},
	{Kind: "container.ports.port", From: "8444", To: "12667", Reason: open},
	{Kind: "container.ports.port", From: "8444", To: "8443", Reason: open},
	{Kind: "container.ports.port", From: "5353", To: "8030", Reason: open},
	{Kind: "container.ports.port", From: "5353", To: "5352", Reason: open},
	{Kind: "container.ports", From: "what it says", To: "nothing", Reason: open},
	{Kind: "container.ports.protocol", From: "udp", To: "tcp", Reason: open},
	{Kind: "container.ports.protocol", From: "udp", To: "sctp", Reason: open},
	{Kind: "container.ports.protocol", From: "udp", To: "nothing", Reason: open},
}

const (
	always    = "Swarm restarts whatever ends, unless it is told otherwise, and knows one form of it"
	waits     = "the next file waits until all of this one is up, and healthy or completed, whatever is asked"
	suspended = "the line of a suspended job is a comment until someone resumes it"
	own       = "it is what Swarm does in any case"
	open      = "every port of a member of a network is open to the others: a stack file declares only those that are published"
)

func TestSuite(t *testing.T) {
	b := New()
	b.Read = nil // TestReadBack knows what the form of a stack file cannot hold
	backendtest.Run(t, b, backendtest.Maximal(t), exemptions...)
}

func TestValid(t *testing.T) {
	if err := (backend.Set{New()}).Validate(); err != nil {
		t.Fatal(err)
	}
}
