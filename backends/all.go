// Package backends lists the platforms that decamp is built with. It is the only
// file that names them all: a new platform is a new folder and a line here.
package backends

import (
	"github.com/decamp-dev/decamp/backends/compose"
	"github.com/decamp-dev/decamp/backends/kubernetes"
	"github.com/decamp-dev/decamp/backends/nomad"
	"github.com/decamp-dev/decamp/backends/score"
	"github.com/decamp-dev/decamp/backends/swarm"
	"github.com/decamp-dev/decamp/compiler/backend"
)

// All returns the backends in the order in which they are shown.
func All() backend.Set {
	return backend.Set{
		compose.New(),
		kubernetes.New(),
		nomad.New(),
		swarm.New(),
		score.New(),
	}
}
