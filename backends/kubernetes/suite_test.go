package kubernetes_test

import (
	"testing"

	"github.com/decamp-dev/decamp/backends/kubernetes"
	"github.com/decamp-dev/decamp/compiler/backend/backendtest"
)

// exemptions are changes that the files cannot show, each with its reason.
var exemptions = []backendtest.Exemption{
	{Kind: "workload.egress", From: "smtp.example.com:587", To: "changed.smtp.example.com:587", Reason: "a NetworkPolicy knows no names: the rule admits every address, and a comment names the one that is meant"},
	{Kind: "workload.restart", To: "nothing", Reason: "the policy there is what is in force when nothing is said"},
	{Kind: "workload.needs", From: "ready", To: "started", Reason: "what is ready has started: the wait is the same"},
}

// TestSuite proves the table: what it says of each fact is what a change of the fact does to the files.
func TestSuite(t *testing.T) {
	backendtest.Run(t, kubernetes.New(), backendtest.Maximal(t), exemptions...)
}
