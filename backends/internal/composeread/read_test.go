package composeread

import (
	"testing"

	"github.com/compose-spec/compose-go/v2/loader"
)

// The names of projects are those of Compose.
func TestProjectName(t *testing.T) {
	for _, name := range []string{"shop", "My Shop", "_-a_b-C9", "ÄÖ.shop", "x.y/z", "-", "", "İstanbul", "A\tB"} {
		if have, want := projectNameOf(name), loader.NormalizeProjectName(name); have != want {
			t.Errorf("%q becomes %q, want %q", name, have, want)
		}
	}
}
