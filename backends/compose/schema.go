package compose

import (
	_ "embed"
	"sync"

	"github.com/decamp-dev/decamp/backends/internal/jsonschema"
)

// specification is the JSON Schema of the Compose Specification (Apache-2.0), as
// compose-go has it; a test holds the two together.
//
//go:embed compose-spec.json
var specification []byte

var composeSchema = sync.OnceValues(func() (*jsonschema.Schema, error) { return jsonschema.Parse(specification, nil) })
