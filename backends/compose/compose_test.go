package compose

import (
	"testing"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/backend/backendtest"
)

// exemptions are changes of the maximal app that a Compose file cannot show.
var exemptions = []backendtest.Exemption{
	{Kind: "workload.kind", From: "service", To: "daemon", Reason: "there is one host: a daemon is a service"},
	{Kind: "workload.kind", From: "daemon", To: "nothing", Reason: "there is one host: a daemon is a service"},
	{Kind: "workload.restart", From: "what it says", To: "nothing", Reason: "the policy there is what is in force when nothing is said"},
	{Kind: "workload.restart", From: "what it says", To: "an empty one", Reason: "the policy there is what is in force when nothing is said"},
	{Kind: "workload.restart.policy", From: "never", To: "nothing", Reason: "a run of a cron job is not restarted in any case"},
	{Kind: "workload.placement.os", From: "linux", To: "nothing", Reason: "the engine is Linux"},
	{Kind: "workload.schedule.cron", From: "40 4 * * 0", Reason: "the line of a suspended job is a comment until someone resumes it"},
	{Kind: "workload.schedule.overlap", From: "allow", Reason: "the line of a suspended job is a comment until someone resumes it"},
	{Kind: "volume", From: "what it says", To: "an empty one", Reason: "the only fact of the volume is that it is shared"},
	{Kind: "volume.shared", From: "true", To: "nothing", Reason: "on one host every volume can be shared"},
	{Kind: "secret.keys", From: "[username password]", To: "[username password changed]", Reason: "a secret in variables only: a value that nobody uses stands nowhere"},
}

func TestSuite(t *testing.T) {
	b := judged()
	b.Read = nil // TestReadBack knows what the form of a Compose file cannot hold
	backendtest.Run(t, b, backendtest.Maximal(t), exemptions...)
}

func TestValid(t *testing.T) {
	if err := (backend.Set{New()}).Validate(); err != nil {
		t.Fatal(err)
	}
}
