package compose_test

import (
	"testing"

	"github.com/decamp-dev/decamp/backends/compose"
	"github.com/decamp-dev/decamp/compiler/backend/backendtest"
)

// exemptions are changes that the files cannot show, each with its reason.
var exemptions []backendtest.Exemption

// TestSuite proves the table: what it says of each fact is what a change of the fact does to the files.
func TestSuite(t *testing.T) {
	backendtest.Run(t, compose.New(), backendtest.Maximal(t), exemptions...)
}
