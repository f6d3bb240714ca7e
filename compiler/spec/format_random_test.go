package spec_test

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"github.com/decamp-dev/decamp/compiler/source"
	"github.com/decamp-dev/decamp/compiler/spec"
)

// Specs with comments, empty lines and white space at random places are laid out
// without a loss, whatever the places are.
func TestFormatRandom(t *testing.T) {
	rounds := 20
	if testing.Short() {
		rounds = 10
	}
	for _, pattern := range []string{"../../examples/*/decamp.yaml", "../../testdata/apps/*/decamp.yaml", "testdata/format/*.yaml"} {
		for _, name := range glob(t, pattern) {
			text := string(read(t, name))
			for seed := range rounds {
				random := rand.New(rand.NewSource(int64(seed)))
				data := []byte(disturb(random, text))
				label := fmt.Sprintf("%s, seed %d", name, seed)
				if _, list := spec.Format(source.NewFile(name, data)); len(list) > 0 && list[0].Code == spec.CodeNotFormatted {
					t.Errorf("%s: %v\n%s", label, list[0].Detail, data)
				}
				checkFormat(t, label, data)
				if t.Failed() {
					return
				}
			}
		}
	}
}

// disturb changes lines of a text so that most of the time it stays valid.
func disturb(random *rand.Rand, text string) string {
	var out []string
	rate := 9 + random.Intn(300)
	for _, line := range strings.Split(text, "\n") {
		switch random.Intn(rate) {
		case 0:
			line += fmt.Sprintf("   # %d at the end", len(out))
		case 1:
			out = append(out, strings.Repeat(" ", random.Intn(9))+fmt.Sprintf("# %d of its own", len(out)))
		case 2:
			out = append(out, "")
		case 3:
			out = append(out, "", fmt.Sprintf("# %d apart", len(out)), "")
		case 4:
			line = strings.ReplaceAll(line, ", ", fmt.Sprintf(" , # %d inside\n            ", len(out)))
		case 5:
			line = strings.ReplaceAll(line, "}", fmt.Sprintf("\n   # %d closing\n                 }", len(out)))
		case 6:
			line = strings.ReplaceAll(line, ": {", ":   {\n                     ")
		case 7:
			line = strings.ReplaceAll(line, "[", fmt.Sprintf("[ # %d open\n                     ", len(out)))
		case 8:
			line = strings.TrimSuffix(line, " ") + "   "
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}
