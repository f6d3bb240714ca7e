package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/decamp-dev/decamp/cmd/decamp/internal/cli"
)

var update = flag.Bool("update", false, "write the output of commands into the scripts that compare it")

// In scripts, decamp has the platforms of fakes_test.go, so that a script is about
// the command line and not about a platform; decamp-real is the program itself.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"decamp-real": main,
		"decamp": func() {
			program := cli.Program{Backends: fakes, In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Environ: os.Environ()}
			os.Exit(program.Run(context.Background(), os.Args[1:]))
		},
		"decamp-backend-clay": clay,
	})
}

// TestScripts runs the scripts in testdata/scripts. Their folders may be run one by
// one: go test ./cmd/decamp -run TestScripts/check.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("..", "..", "testdata", "scripts"),
		UpdateScripts:       *update || os.Getenv("UPDATE") != "",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"code": code,
		},
	})
}

// code runs a command and demands an exit code: code 3 decamp compile …
func code(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: code NUMBER COMMAND…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	if exit, ok := err.(interface{ ExitCode() int }); ok {
		got = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d\n%s", got, want, fmt.Sprint(ts.ReadFile("stderr")))
	}
}
