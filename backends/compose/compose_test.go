package compose

import (
	"testing"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/backend/backendtest"
)

// exemptions are changes of the maximal app that a Compose file cannot show.
var exemptions = []backendtest.Exemption{
	{Kind: "workload.kind", From: "service", To: "daemon", Reason: "there is one host: a daemon is a service"},
	{Kind: "workload.kind", From: "service", To: "nothing", Reason: "service is the default"},
	{Kind: "workload.kind", From: "daemon", To: "nothing", Reason: "there is one host: a daemon is a service"},
	{Kind: "workload.restart", Reason: "the policy there is what is in force when nothing is said"},
	{Kind: "workload.restart.policy", From: "never", To: "nothing", Reason: "a run of a cron job is not restarted in any case"},
	{Kind: "container.security.pid", From: "own", To: "share", Reason: "without sidecars there is nobody to share with"},
	{Kind: "container.security.pid", From: "own", To: "nothing", Reason: "own is the default"},
	{Kind: "container.health.startup.successes", Reason: "one success is the default, and the only number that a startup probe may have"},
	{Kind: "workload.stateful", From: "true", To: "nothing", Reason: "one replica has its identity already where the spec gives it a host name"},
	{Kind: "volume", Reason: "the only fact of the volume is that it is shared"},
	{Kind: "volume.shared", Reason: "on one host every volume can be shared"},
	{Kind: "secret.type", From: "opaque", To: "tls", Reason: "the secret names its keys, and so needs no type"},
	{Kind: "secret.type", From: "opaque", To: "nothing", Reason: "opaque is the default"},
	{Kind: "secret.keys", From: "[username password]", To: "[username password changed]", Reason: "a secret in variables only: a value that nobody uses stands nowhere"},
	{Kind: "endpoint.scheme", From: "http", Reason: "nothing refers to the scheme or the URL of that endpoint"},
	{Kind: "container.env", From: "${endpoints.ledger.scheme}://${endpoints.ledger.host}:${endpoints.ledger.port}/v1", To: "${endpoints.payments.scheme}://${endpoints.ledger.host}:${endpoints.ledger.port}/v1", Reason: "both endpoints have the same scheme"},
}

func TestSuite(t *testing.T) {
	backendtest.Run(t, New(), backendtest.Maximal(t), exemptions...)
}

func TestValid(t *testing.T) {
	if err := (backend.Set{New()}).Validate(); err != nil {
		t.Fatal(err)
	}
}
