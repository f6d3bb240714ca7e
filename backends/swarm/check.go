package swarm

import (
	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
)

// Check reads the stack files as `docker stack deploy` would.
func Check(artifacts []backend.Artifact) diag.List {
	return nil
}
