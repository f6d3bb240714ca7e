// Command decamp compiles one neutral description of an application into the files
// that each platform wants.
package main

import (
	"context"
	"os"
	"runtime/debug"
	"sync"

	"github.com/decamp-dev/decamp/backends"
	"github.com/decamp-dev/decamp/cmd/decamp/internal/cli"
)

// gcPercent makes 1,000 workloads for all targets peak at 63 MB instead of 72, for a
// tenth more time.
const gcPercent = 25

func main() {
	program := cli.Program{
		Backends: sync.OnceValue(backends.All),
		In:       os.Stdin,
		Out:      os.Stdout,
		Err:      os.Stderr,
		Environ:  os.Environ(),
		Prepare:  prepare,
	}
	os.Exit(program.Run(context.Background(), os.Args[1:]))
}

func prepare() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
}
