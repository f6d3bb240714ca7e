// Command decamp compiles one neutral description of an application into the files
// that each platform wants.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/decamp-dev/decamp/backends"
	"github.com/decamp-dev/decamp/cmd/decamp/internal/cli"
)

func main() {
	// An interrupt is heard, so that it does not fall between two files.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	program := cli.Program{
		Backends: backends.All(),
		In:       os.Stdin,
		Out:      os.Stdout,
		Err:      os.Stderr,
		Environ:  os.Environ(),
	}
	code := program.Run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}
