package compose

import (
	"github.com/decamp-dev/decamp/backends/internal/composeread"
	"github.com/decamp-dev/decamp/compiler/backend"
)

// Name of the platform in flags, diagnostics and reports.
const Name = "compose"

// New returns the backend of Compose.
func New() *backend.Backend {
	return &backend.Backend{
		Name: Name,
		Doc: `Docker Compose, on one host
One compose.yaml for each app and stage, for Docker Compose 2.24 or newer; a crontab
beside it where the app has cron jobs, and a folder configs where files cannot stand
inside.`,
		Version: "5.2",
		Support: table(),
		Passes:  passes(),
		Codes:   Codes(),
		Defaults: []backend.Default{
			{Fact: "container.stop.grace", Value: "10s"},
			{Fact: "workload.placement.os", Value: "linux"},
			{Fact: "container.ports", Means: "every port that a process listens on is reached inside of the app."},
		},
		Emit:   Emit,
		Check:  Check,
		Detect: detect,
		Choose: choose,
		Read:   Read,
		Fields: fieldRows,

		EntryPaths: composeread.EntryPaths,
	}
}
