package swarm

import (
	"github.com/decamp-dev/decamp/backends/internal/composeread"
	"github.com/decamp-dev/decamp/compiler/backend"
)

// Name of the platform in flags, diagnostics and reports.
const Name = "swarm"

// New returns the backend of Docker Swarm.
func New() *backend.Backend {
	return &backend.Backend{
		Name: Name,
		Doc: `Docker Swarm, by stack files
One stack.yaml for each app and stage, for docker stack deploy of Docker 26 or newer; several
where an order has to be kept, a folder configs, and a crontab where the app has cron jobs.`,
		Version: "28.2",
		Support: table(),
		Passes:  passes(),
		Codes:   Codes(),
		Defaults: []backend.Default{
			{Fact: "container.stop.grace", Value: "10s"},
			{Fact: "container.ports", Means: "every port that a process listens on is reached inside of the app."},
		},
		Emit:   Emit,
		Check:  Check,
		Detect: detect,
		Read:   Read,
		Fields: fieldRows,

		EntryPaths: composeread.EntryPaths,
	}
}
