package backends_test

import (
	"cmp"
	"os"
	"strconv"
	"testing"

	"github.com/decamp-dev/decamp/backends"
	"github.com/decamp-dev/decamp/compiler/backend/backendtest"
)

// TestComposeFilesLoseNothingInSilence is TestConversionLosesNothingInSilence for
// Compose: of each file some values, since all of them take minutes.
func TestComposeFilesLoseNothingInSilence(t *testing.T) {
	files, paths := realFiles(t, backends.All().Lookup("compose"), "compose", nil)
	most, err := strconv.Atoi(cmp.Or(os.Getenv("LOSS_LEAVES"), "6"))
	if err != nil {
		t.Fatal(err)
	}
	loseNothing(t, "compose", files, paths, most, composeExemptions, func(_ string, s backendtest.Sources, o backendtest.LossOptions) ([]backendtest.Violation, backendtest.LossCount) {
		return backendtest.SourceLoss(nil, s, o)
	})
}

// composeExemptions are values of Compose files that may change without a word.
var composeExemptions = []backendtest.SourceExemption{}
