package cli

import (
	"os"
	"os/signal"
	"syscall"

	"github.com/decamp-dev/decamp/compiler/diag"
)

// uninterrupted does something that an interrupt must not fall into: it takes
// milliseconds, and half of it would be a set of files that do not go together.
func uninterrupted(do func() diag.List) diag.List {
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(interrupts)
	return do()
}
