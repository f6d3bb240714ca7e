package backends_test

import (
	"os"
	"testing"

	"github.com/decamp-dev/decamp/compiler/backend/backendtest"
	"github.com/decamp-dev/decamp/testdata/corpus"
)

// TestStackFilesLoseNothingInSilence is TestConversionLosesNothingInSilence for Swarm: of
// each file some values.
func TestStackFilesLoseNothingInSilence(t *testing.T) {
	root := corpus.Root(t)
	var paths []string
	for _, u := range corpus.Units(t, root, "swarm") {
		paths = append(paths, u.Path)
	}
	l := &losses{from: "swarm", files: os.DirFS(root), paths: paths, most: mostLeaves(t), exemptions: stackExemptions, try: treeLoss}
	l.prove(t)
}

// stackExemptions are values of stack files that may change without a word.
var stackExemptions = []backendtest.SourceExemption{
	{Path: "version", Because: "all versions that can be deployed are read by the rules of the newest"},
	{Path: "services/*/deploy/mode", Because: "replicated is what holds when nothing is said, and another word is refused"},
	{Path: "services/*/deploy/restart_policy/condition", Because: "any is what holds when nothing is said, and another word means no other policy"},
}
