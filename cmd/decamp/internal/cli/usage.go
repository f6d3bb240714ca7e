package cli

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

const usageWidth = 100 // columns of the list of flags

// usage prints how a command is used. It stands in for cobra's own, which knows no
// width.
func usage(cmd *cobra.Command) error {
	var out bytes.Buffer
	fmt.Fprintf(&out, "Usage:\n  %s\n", cmd.UseLine())
	if cmd.HasAvailableSubCommands() && cmd.HasParent() {
		fmt.Fprintf(&out, "  %s COMMAND\n", cmd.CommandPath())
	}
	if cmd.HasExample() {
		fmt.Fprintf(&out, "\nExamples:\n%s\n", strings.TrimRight(cmd.Example, "\n"))
	}
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintln(&out, "\nCommands:")
		for _, sub := range cmd.Commands() {
			if sub.IsAvailableCommand() {
				fmt.Fprintf(&out, "  %-*s %s\n", sub.NamePadding(), sub.Name(), sub.Short)
			}
		}
	}
	flags := cmd.LocalFlags()
	flags.AddFlagSet(cmd.InheritedFlags())
	flags.SortFlags = false
	if flags.HasAvailableFlags() {
		fmt.Fprintf(&out, "\nFlags:\n%s", flags.FlagUsagesWrapped(usageWidth))
	}
	_, err := io.Copy(cmd.OutOrStderr(), &out)
	return err
}
