package schema_test

import (
	"testing"

	"github.com/decamp-dev/decamp/schema"
)

// The schemas of reports are schemas; that the reports fit them, the scripts of
// cmd/decamp prove.
func TestReportSchemas(t *testing.T) {
	compile(t, schema.Audit())
	compile(t, schema.Diff())
	compile(t, schema.Parity())
}
