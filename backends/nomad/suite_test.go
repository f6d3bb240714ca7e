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
	b := nomad.New()
	b.Read = nil // TestReadsWhatItWrites, with its exceptions
	backendtest.Run(t, b, backendtest.Maximal(t), exemptions...)
}

// notReadBack lists what a job does not tell any more, by the kinds of facts.
var notReadBack = map[string]string{
	"app.stage":                       "a comment above the job says it, and a spec is of no stage",
	"container.env":                   "facts of endpoints and contents of configs stand in the job as what they are; items of a variable do not tell which of them are one secret",
	"container.files.config":          "a config is called after its file; a folder is its files",
	"container.files.key":             "items of a variable do not tell which of them are one secret",
	"container.files.secret":          "items of a variable do not tell which of them are one secret",
	"container.health.live.delay":     "the time for the start is part of check_restart grace",
	"container.resources.disk":        "the group has one disk for all of its containers",
	"container.security.groups":       "the group of the volumes is one of them",
	"container.security.seccomp":      "default is what Docker does when nothing is said",
	"container.security.apparmor":     "default is what Docker does when nothing is said",
	"container.security.pid":          "own is what Docker does when nothing is said",
	"container.security.ipc":          "own is what Docker does when nothing is said",
	"container.security.network":      "own is what a group has when nothing is said",
	"container.args":                  "an empty list beside an entrypoint is what the entrypoint does by itself",
	"workload.kind":                   "service is what is meant when nothing is said",
	"workload.replicas":               "1 is what is meant when nothing is said",
	"workload.update.order":           "stop-first is what Nomad does",
	"workload.update.parallel":        "one after the other is what Nomad does",
	"workload.update.healthy":         "update.delay is part of min_healthy_time",
	"workload.restart.policy":         "unless-stopped and on-failure are what Nomad does",
	"workload.restart.window":         "four attempts a minute are how always is said",
	"workload.disruption.unavailable": "a share of the replicas is a number on Nomad",
	"workload.needs":                  "waiting for a port is the same for started and ready where there is no probe by HTTP",
	"volume.class":                    "plugin_id is a class or a driver",
	"volume.driver":                   "local is what is meant when nothing is said",
	"config.content":                  "a config is called after its file, and where it stands in a variable it is its content",
	"config.entries":                  "a folder is its files",
	"secret.keys":                     "items of a variable do not tell which of them are one secret",
	"secret.type":                     "an item of a variable does not tell its type",
	"secret.description":              "an item of a variable does not tell which secret it is of",
	"secret.external":                 "the name of a certificate for Traefik stands in a comment",
	"endpoint.host":                   "facts of endpoints stand in the job as what they are",
	"endpoint.port":                   "facts of endpoints stand in the job as what they are",
	"endpoint.scheme":                 "facts of endpoints stand in the job as what they are",
	"endpoint.real":                   "facts of endpoints stand in the job as what they are",
	"endpoint.workload":               "the copy of a stub is a task like any other",
	"endpoint.address":                "a line of the hosts file has no port",
}

// TestReadsWhatItWrites demands that every fact which the table calls native or
// emulated is read back, but for the exceptions.
func TestReadsWhatItWrites(t *testing.T) {
	used := map[string]bool{}
	for _, v := range backendtest.Reading(nomad.New(), backendtest.Maximal(t)) {
		used[v.Kind] = true
		if notReadBack[v.Kind] == "" {
			t.Error(v)
		}
	}
	for kind := range notReadBack {
		if !used[kind] {
			t.Errorf("%s is read back: it is no exception", kind)
		}
	}
}
