package backends_test

import (
	"testing"

	"github.com/decamp-dev/decamp/backends"
	"github.com/decamp-dev/decamp/compiler/backend/backendtest"
)

// TestComposeFilesLoseNothingInSilence is TestConversionLosesNothingInSilence for
// Compose: of each file some values, since all of them take minutes.
func TestComposeFilesLoseNothingInSilence(t *testing.T) {
	files, paths := realFiles(t, backends.All().Lookup("compose"), "compose", nil)
	l := &losses{from: "compose", files: files, paths: paths, most: mostLeaves(t), exemptions: composeExemptions, try: treeLoss}
	l.prove(t)
}

// composeExemptions are values of Compose files that may change without a word.
var composeExemptions = []backendtest.SourceExemption{
	{Path: "version", Because: "Compose reads over it, and a note says so"},
	{Path: "services/*/restart", Because: "no is what holds when nothing is said, and another word is refused"},
	{Path: "services/*/networks/*", Because: "to join the default network alone is what holds when nothing is said"},
}
