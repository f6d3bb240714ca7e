package compose

import (
	"testing"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/backend/backendtest"
)

func TestSuite(t *testing.T) {
	backendtest.Run(t, New(), backendtest.Maximal(t))
}

func TestValid(t *testing.T) {
	if err := (backend.Set{New()}).Validate(); err != nil {
		t.Fatal(err)
	}
}
