package cli

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/decamp-dev/decamp/compiler/backend"
)

// Every flag shows how it is written, every command has an example and a line of
// its own.
func TestHelpHasExamples(t *testing.T) {
	p := &Program{Backends: func() backend.Set { return backend.Set{{Name: "wood", Formats: []string{"hcl", "json"}}} }}
	var visit func(cmd *cobra.Command)
	visit = func(cmd *cobra.Command) {
		if cmd.Runnable() && !cmd.Hidden && cmd.Example == "" {
			t.Errorf("%s has no example", cmd.CommandPath())
		}
		if cmd.Short == "" && !cmd.Hidden {
			t.Errorf("%s says nothing of itself", cmd.CommandPath())
		}
		check := func(flag *pflag.Flag) {
			_, example, ok := strings.Cut(flag.Usage, "as in ")
			if !ok || !strings.Contains(example, "-"+flag.Shorthand) && !strings.Contains(example, "--"+flag.Name) {
				t.Errorf("%s --%s: no example in %q", cmd.CommandPath(), flag.Name, flag.Usage)
			}
		}
		cmd.LocalNonPersistentFlags().VisitAll(check)
		for _, sub := range cmd.Commands() {
			visit(sub)
		}
	}
	visit(p.root(nil))
}

func TestVersions(t *testing.T) {
	for text, want := range map[string]bool{"1.29": true, "v1.29.3": true, "2": true, "": false, "1.": false, "new": false, "1.x": false} {
		if isVersion(text) != want {
			t.Errorf("isVersion(%q) = %v", text, !want)
		}
	}
}

func TestLabel(t *testing.T) {
	for text, want := range map[string]string{"My_Shop": "my-shop", "a b": "a-b", "--": "hello", "": "hello", "café": "caf", "1x": "1x"} {
		if got := label(text); got != want {
			t.Errorf("label(%q) = %q, want %q", text, got, want)
		}
	}
}
