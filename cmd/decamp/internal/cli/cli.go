// Package cli is the command line of decamp: one file per verb. It is the only
// place that reads the environment and writes to the standard streams; what it
// does with an app is a walk over package compiler.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/decamp-dev/decamp/compiler/backend"
)

// The exit codes.
const (
	exitDone  = 0
	exitInput = 1 // errors in the input, losses that are not allowed, a disk that fails
	exitUse   = 2 // wrong flags or arguments
	exitStale = 3 // --check found files that are not what would be written
)

// Program is the world of one run.
type Program struct {
	Backends func() backend.Set // called by verbs that need them: their tables take longer than what some answer
	In       io.Reader
	Out, Err io.Writer
	Environ  []string // NAME=value
	Prepare  func()   // called before a verb that does more than answer; may be nil

	input []byte // what came on In, once it was looked at
}

// Run runs one command line, without the program's name, and returns the exit code.
func (p *Program) Run(ctx context.Context, args []string) int {
	root := p.root(args)
	root.SetArgs(args)
	root.SetIn(p.In)
	root.SetOut(p.Out)
	root.SetErr(p.Err)
	command, err := root.ExecuteContextC(ctx)
	var code exitCode
	var failed failure
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &code):
		return int(code)
	case errors.As(err, &failed):
		fmt.Fprintf(p.Err, "decamp: %v\n", failed.error)
		return exitInput
	}
	fmt.Fprintf(p.Err, "decamp: %s\nRun '%s --help' for how it is used.\n", strings.TrimSpace(err.Error()), command.CommandPath())
	return exitUse
}

// exitCode ends a run whose findings are printed already.
type exitCode int

func (c exitCode) Error() string { return fmt.Sprintf("exit code %d", int(c)) }

// failure is an error that is not about how decamp was called.
type failure struct{ error }

// wrongUse is an error about how decamp was called.
type wrongUse struct{ error }

func wrong(format string, a ...any) error { return wrongUse{fmt.Errorf(format, a...)} }

// verb is what a command does. Errors that are neither exitCode nor wrongUse are
// failures; those of cobra itself, about flags and arguments, are wrong use.
func verb(do func(cmd *cobra.Command, args []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		err := do(cmd, args)
		var use wrongUse
		var code exitCode
		if err == nil || errors.As(err, &use) || errors.As(err, &code) {
			return err
		}
		return failure{err}
	}
}

// lookup returns a variable of the environment, "" when it is not set.
func (p *Program) lookup(name string) string {
	for _, entry := range p.Environ {
		if value, ok := strings.CutPrefix(entry, name+"="); ok {
			return value
		}
	}
	return ""
}
