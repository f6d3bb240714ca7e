package composeread

import (
	"strconv"
	"strings"

	"github.com/decamp-dev/decamp/backends/internal/jsonschema"
	"github.com/decamp-dev/decamp/compiler/diag"
)

// conform holds a merged model against the schema of the dialect.
func (r *reader) conform(m model) error {
	schema, err := r.dialect.Schema()
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
	detail := r.dialect.Authority
	if near := closestKey(mismatch); near != "" {
		detail = "Did you mean " + strconv.Quote(near) + "? " + detail
	}
	return &failure{r.nearest(at), r.dialect.Codes.Invalid, r.dialect.Title + " does not take this: " + strings.ReplaceAll(strings.TrimSpace(strings.Join(mismatch.Path, ".")+" "+mismatch.Message), secretMark, ""), detail}
}

func closestKey(m *jsonschema.Mismatch) string {
	if len(m.Unknown) != 1 {
		return ""
	}
	return diag.Closest(m.Unknown[0], m.Known)
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}
