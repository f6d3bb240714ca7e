package cli

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// build is what the binary knows of how it was built.
type build struct {
	Version  string `json:"version"`
	Revision string `json:"revision,omitempty"`
	Modified bool   `json:"modified,omitempty"`
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

func versionOf() build {
	b := build{Version: "unknown", Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	if info.Main.Version != "" {
		b.Version = info.Main.Version
	}
	for _, setting := range info.Settings {
		switch setting.Key {
		case "vcs.revision":
			b.Revision = setting.Value
		case "vcs.modified":
			b.Modified = setting.Value == "true"
		}
	}
	return b
}

func (p *Program) version() *cobra.Command {
	form := "text"
	cmd := &cobra.Command{
		Use:     "version",
		Short:   "Say which decamp this is",
		Example: "  decamp version -o json",
		Args:    cobra.NoArgs,
		// It only answers: the one of the root is not for it.
		PersistentPreRun: func(*cobra.Command, []string) {},
		RunE: verb(func(*cobra.Command, []string) error {
			b := versionOf()
			if form == "json" {
				text, err := json.MarshalIndent(b, "", "  ")
				if err != nil {
					return err
				}
				_, err = fmt.Fprintln(p.Out, string(text))
				return err
			}
			line := "decamp " + b.Version
			if b.Revision != "" {
				line += " (" + b.Revision[:min(len(b.Revision), 12)] + modified(b) + ")"
			}
			_, err := fmt.Fprintf(p.Out, "%s %s %s\n", line, b.Go, b.Platform)
			return err
		}),
	}
	cmd.Flags().VarP(newChoice(&form, []string{"text", "json"}), "output", "o", "`FORM` of the answer, as in -o json: text, json")
	return cmd
}

func modified(b build) string {
	if b.Modified {
		return ", modified"
	}
	return ""
}
