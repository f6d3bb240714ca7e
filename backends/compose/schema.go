package compose

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"

	"github.com/decamp-dev/decamp/backends/internal/jsonschema"
	"github.com/decamp-dev/decamp/compiler/diag"
)

// specification is the JSON Schema of the Compose Specification (Apache-2.0), as
// compose-go has it; a test holds the two together.
//
//go:embed compose-spec.json
var specification []byte

var composeSchema = sync.OnceValues(func() (*jsonschema.Schema, error) { return jsonschema.Parse(specification, nil) })

// conform holds a merged model against the schema of the Compose Specification.
func (r *reader) conform(m model) error {
	schema, err := composeSchema()
	if err != nil {
		return err
	}
	mismatch := schema.Check(m)
	if mismatch == nil {
		return nil
	}
	at := mismatch.Path
	if len(mismatch.Unknown) > 0 {
		at = append(at, mismatch.Unknown[0])
	}
	detail := "The schema of the Compose Specification says so."
	if near := closestKey(mismatch); near != "" {
		detail = "Did you mean " + strconv.Quote(near) + "? " + detail
	}
	return &failure{r.nearest(at), CodeInvalidSource, "Compose does not take this: " + strings.ReplaceAll(strings.TrimSpace(strings.Join(mismatch.Path, ".")+" "+mismatch.Message), secretMark, ""), detail}
}

func closestKey(m *jsonschema.Mismatch) string {
	if len(m.Unknown) != 1 {
		return ""
	}
	return diag.Closest(m.Unknown[0], m.Known)
}
