package ir

import (
	"strconv"
	"strings"
)

// Kind is how a workload lives.
type Kind string

// The four kinds of workload.
const (
	Service Kind = "service" // runs until told otherwise
	Job     Kind = "job"     // runs to completion once
	Cron    Kind = "cron"    // a job that is started by the clock
	Daemon  Kind = "daemon"  // one on each node
)

// Workload is one or more containers that are placed, started and scaled together
// and share a network. The fields of its main container stand in the workload.
type Workload struct {
	// Kind of life: service (the default), job, cron or daemon.
	Kind Kind `spec:"kind" enum:"service,job,cron,daemon"`
	// Labels identify: short values that can be selected by.
	Labels Map[string] `spec:"labels" example:"{tier: frontend}"`
	// Annotations describe: free text for people and tools.
	Annotations Map[string] `spec:"annotations" example:"{owner: storefront@example.com}"`

	Container `spec:",inline" fact:"container"`

	// Init containers run one after the other, each to completion, before the others start.
	Init Map[Container] `spec:"init" fact:"container"`
	// Sidecars run beside the main container for its whole life.
	Sidecars Map[Container] `spec:"sidecars" fact:"container"`

	// Replicas is how many of the workload run; 1 when nothing is said.
	Replicas *int `spec:"replicas" min:"0" example:"3"`
	// Scale lets the platform choose the number of replicas.
	Scale *Scale `spec:"scale"`
	// Stateful gives each replica a stable identity.
	Stateful bool `spec:"stateful"`
	// Job says how a job or a cron job is run to its end.
	Job *JobSettings `spec:"job"`
	// Schedule says when a cron job is started.
	Schedule *Schedule `spec:"schedule"`
	// Update says how a new version takes the place of the old one.
	Update *Update `spec:"update"`
	// Restart says what happens when a container ends.
	Restart *Restart `spec:"restart"`

	// Aliases are further names under which the workload is reached inside the app.
	Aliases []string `spec:"aliases" example:"[database]"`
	// Publish makes ports reachable from outside, at a number of the node or load balancer.
	Publish Map[Publish] `spec:"publish" example:"{http: 8080}"`
	// Networks that the workload joins instead of the default one; name default too to stay in it.
	Networks Map[Attachment] `spec:"networks" example:"[backend]"`
	// Needs says what has to be there before this workload starts.
	Needs Map[Condition] `spec:"needs" example:"{db: ready, migrate: completed}"`
	// Egress lists all that the workload may reach: workloads, endpoints, host:port, CIDRs. An empty list means nothing at all.
	Egress *PeerList `spec:"egress" example:"[db, payments]"`
	// Ingress lists all that may reach the workload: workloads, routes, CIDRs. An empty list means nothing at all.
	Ingress *PeerList `spec:"ingress" example:"[web]"`

	// Placement says on which nodes the workload may or should run.
	Placement *Placement `spec:"placement"`
	// Disruption limits how many replicas maintenance may take away at once.
	Disruption *Disruption `spec:"disruption"`
	// Priority against other workloads when room is short: 1 (first to go) to 100 (last to go); 50 is ordinary.
	Priority int `spec:"priority" min:"1" max:"100" example:"70"`
	// ServiceAccount is the identity under which the workload speaks to its platform.
	ServiceAccount string `spec:"serviceAccount" example:"web"`
}

// KindOrDefault returns the kind, service when nothing is said.
func (w *Workload) KindOrDefault() Kind {
	if w.Kind == "" {
		return Service
	}
	return w.Kind
}

// RunsToCompletion reports whether the workload ends by itself: jobs and cron jobs.
func (w *Workload) RunsToCompletion() bool { return w.Kind == Job || w.Kind == Cron }

// ReplicaCount returns how many replicas the workload starts with.
func (w *Workload) ReplicaCount() int {
	switch {
	case w.Replicas != nil:
		return *w.Replicas
	case w.Scale != nil && w.Scale.Min > 0:
		return w.Scale.Min
	}
	return 1
}

// Scale is a range of replicas with the targets that choose within it.
type Scale struct {
	// Min is the smallest number of replicas; 1 when nothing is said.
	Min int `spec:"min" min:"1" example:"2"`
	// Max is the largest number of replicas.
	Max int `spec:"max" required:"true" min:"1" example:"10"`
	// CPU is the use, in percent of the reservation, that is kept.
	CPU int `spec:"cpu" min:"1" max:"1000" example:"80"`
	// Memory is the use, in percent of the reservation, that is kept.
	Memory int `spec:"memory" min:"1" max:"1000" example:"75"`
}

// JobSettings is how often and how long a job is tried.
type JobSettings struct {
	// Completions is how many runs have to succeed; 1 when nothing is said.
	Completions int `spec:"completions" min:"1" example:"5"`
	// Parallel is how many runs go on at once; 1 when nothing is said.
	Parallel int `spec:"parallel" min:"1" example:"2"`
	// Retries is how often a failed run is started again.
	Retries *int `spec:"retries" min:"0" example:"3"`
	// Timeout ends the job, as failed, after this time.
	Timeout Duration `spec:"timeout" example:"1h"`
	// Keep is how long a finished job is kept for looking at.
	Keep *Duration `spec:"keep" example:"24h"`
}

// Schedule is the clock of a cron job.
type Schedule struct {
	// Cron has five fields: minute, hour, day of month, month, day of week.
	Cron string `spec:"cron" required:"true" example:"15 3 * * *"`
	// Timezone is an IANA name; UTC when nothing is said.
	Timezone string `spec:"timezone" example:"Europe/Paris"`
	// Overlap says what happens when the time has come and the last run still goes on.
	Overlap string `spec:"overlap" enum:"allow,forbid,replace"`
	// Deadline is how late a missed run may still be started.
	Deadline Duration `spec:"deadline" example:"10m"`
	// Suspend keeps the schedule and starts nothing.
	Suspend bool `spec:"suspend"`
	// Keep is how many finished runs are kept for looking at, for each of success and failure.
	Keep *int `spec:"keep" min:"0" example:"3"`
}

// Update is how a release takes place.
type Update struct {
	// Order says whether the old replica stops before the new one starts (stop-first) or after it is ready (start-first).
	Order string `spec:"order" enum:"stop-first,start-first"`
	// Parallel is how many replicas are replaced at once, as a count or in percent.
	Parallel Amount `spec:"parallel" example:"1"`
	// Delay between one batch and the next.
	Delay Duration `spec:"delay" example:"10s"`
	// Canary is how many new replicas run beside the old ones before the release goes on.
	Canary int `spec:"canary" min:"1" example:"1"`
	// Rollback returns to the last good version by itself when the release fails.
	Rollback bool `spec:"rollback"`
	// Healthy is how long a new replica has to be healthy to count as good.
	Healthy Duration `spec:"healthy" example:"10s"`
	// Deadline after which a release that makes no progress has failed.
	Deadline Duration `spec:"deadline" example:"10m"`
}

// Restart is what happens when a container ends.
type Restart struct {
	// Policy: unless-stopped (the default of a service), always, on-failure or never.
	Policy string `spec:"policy" enum:"unless-stopped,always,on-failure,never"`
	// Delay before a restart.
	Delay Duration `spec:"delay" example:"5s"`
	// Attempts within the window, after which the platform gives up.
	Attempts int `spec:"attempts" min:"1" example:"3"`
	// Window in which attempts are counted.
	Window Duration `spec:"window" example:"5m"`
}

// Publish makes a port reachable from outside.
type Publish struct {
	// Port number outside.
	Port int `spec:"port" min:"1" max:"65535" example:"8080"`
	// On is the address of the node to listen on; every address when nothing is said.
	On string `spec:"on" example:"127.0.0.1"`
	// Range of numbers to choose one from, instead of a fixed number.
	Range string `spec:"range" example:"8000-8010"`
}

// Attachment is the membership of a workload in a network.
type Attachment struct {
	// Aliases under which the workload is reached in this network.
	Aliases []string `spec:"aliases" example:"[db]"`
	// Addresses that are fixed: one of IPv4, one of IPv6.
	Addresses []string `spec:"addresses" example:"[172.28.0.10]"`
}

// Condition is what a dependency has to have reached.
type Condition string

// The conditions of needs.
const (
	Started   Condition = "started"   // its containers run
	Ready     Condition = "ready"     // its readiness probe passes
	Completed Condition = "completed" // its job has ended well
)

// PeerList is a list of peers that is present even when it is empty.
type PeerList struct {
	Peers []Peer
}

// Peer is one end of an allowed connection. Exactly one of Workload, Endpoint,
// Route, Host and CIDR is set.
type Peer struct {
	Workload string // a workload of this app
	Endpoint string // an endpoint of this app
	Route    string // a route of this app (ingress only)
	Host     string // a DNS name outside
	CIDR     string // an address range
	Port     int    // with Host or CIDR: the only port; 0 means every port
}

// Placement is the choice of nodes.
type Placement struct {
	// Require lists conditions on labels of nodes that all have to hold, such as "node.zone in [a, b]".
	Require []NodeRule `spec:"require" example:"[node.disk == ssd]"`
	// Prefer lists conditions that should hold.
	Prefer []NodeRule `spec:"prefer" example:"[node.zone == a]"`
	// Spread lists what replicas are spread over: host, zone, or a label of nodes.
	Spread []string `spec:"spread" example:"[zone, host]"`
	// Arch of the node's processor.
	Arch string `spec:"arch" enum:"amd64,arm64,arm,386,ppc64le,s390x,riscv64"`
	// OS of the node.
	OS string `spec:"os" enum:"linux,windows"`
}

// NodeRule is a condition on one label of a node; in a spec "node.zone in [a, b]".
type NodeRule struct {
	Label    string   // "zone": the neutral name or the label itself
	Operator string   // "==", "!=", "in", "not in", "exists"
	Values   []string // one for == and !=, none for exists
}

// Disruption is the budget of voluntary interruptions.
type Disruption struct {
	// Unavailable is how many replicas may be taken away at once, as a count or in percent.
	Unavailable Amount `spec:"unavailable" required:"true" example:"1"`
}

// String writes the rule as a spec does.
func (r NodeRule) String() string {
	s := "node." + r.Label + " " + r.Operator
	switch r.Operator {
	case "in", "not in":
		return s + " [" + strings.Join(r.Values, ", ") + "]"
	case "exists":
		return s
	}
	return s + " " + strings.Join(r.Values, ", ")
}

// String writes the peer as a spec does.
func (p Peer) String() string {
	s := p.Workload + p.Endpoint + p.Route + p.Host + p.CIDR
	if p.Port > 0 {
		s += ":" + strconv.Itoa(p.Port)
	}
	return s
}
