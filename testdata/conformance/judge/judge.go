//go:build conformance

// Package judge asks the real platforms whether they take a file: Docker Compose on a Docker Engine, a kube-apiserver,
// a Nomad agent. A golden file shows what changed; only the platform's own program shows that it is right.
//
// Compose, Kubernetes and Nomad judge without running anything; ComposeUp and NomadRun run the app and remove it again.
// Every judge is reached through the environment that `testdata/platforms/up` prints; `make conformance` sets it.
package judge

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// Verdict is what a platform said about one file.
type Verdict struct {
	Accepted bool
	Warnings []string // what the platform holds against a file that it accepts
	Notes    []string // facts about the judge's own machine rather than the file, such as a volume that its node lacks
	Output   string   // all that was said, for the failed test's log
}

// commandTimeout is far above what any judge needs, so that a platform that hangs fails its test and not the whole run.
const commandTimeout = 3 * time.Minute

type result struct {
	code   int
	stdout string
	stderr string
}

func (r result) output() string { return r.stdout + r.stderr }

// command is one call of a platform's own program.
type command struct {
	folder      string
	environment []string // added to this process's
	input       string
	words       []string
}

// run returns what the command said, whatever its exit status; a command that cannot be run ends the test.
func (c command) run(t testing.TB) result {
	t.Helper()
	r, err := c.try()
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(c.words, " "), err, r.output())
	}
	return r
}

// try is run for goroutines, which must not end the test.
func (c command) try() (result, error) {
	ctx, cancel := context.WithTimeout(context.Background(), commandTimeout)
	defer cancel()
	process := exec.CommandContext(ctx, c.words[0], c.words[1:]...)
	process.Dir = c.folder
	process.Stdin = strings.NewReader(c.input)
	// All platforms are on this machine: a proxy in the environment must not get between.
	process.Env = append(os.Environ(), append([]string{"NO_PROXY=*", "no_proxy=*", "NO_COLOR=1"}, c.environment...)...)
	var stdout, stderr bytes.Buffer
	process.Stdout, process.Stderr = &stdout, &stderr
	err := process.Run()
	r := result{code: process.ProcessState.ExitCode(), stdout: stdout.String(), stderr: stderr.String()}
	var exit *exec.ExitError
	if ctx.Err() != nil {
		err = fmt.Errorf("no answer after %v", commandTimeout)
	} else if errors.As(err, &exit) {
		err = nil
	}
	return r, err
}

// eventually asks until the answer is final, for a minute at most. A platform starts things in its own time.
func eventually(final func() bool) bool {
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(300 * time.Millisecond) {
		if final() {
			return true
		}
	}
	return false
}

// platformsUp holds the questions that a platform has answered: a test asks for thousands of files.
var platformsUp sync.Map

// requirePlatform ends the test when a platform is not up: in CI as a failure, since a judge that is skipped has
// accepted everything, elsewhere as a skip.
func requirePlatform(t testing.TB, platform string, variable string, words ...string) {
	t.Helper()
	asked := strings.Join(words, " ")
	if _, up := platformsUp.Load(asked); up {
		return
	}
	missing := ""
	if os.Getenv(variable) == "" {
		missing = variable + " is not set"
	} else if _, err := exec.LookPath(words[0]); err != nil {
		missing = err.Error()
	} else if r := (command{words: words}).run(t); r.code != 0 {
		missing = asked + ": " + r.output()
	}
	if missing == "" {
		platformsUp.Store(asked, true)
		return
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("the judge %s is missing (%s): in CI that is a failure", platform, missing)
	}
	t.Skipf("the judge %s is missing (%s): run `make conformance`", platform, missing)
}

// distinct keeps the first of equal lines: platforms repeat themselves.
func distinct(lines []string) []string {
	var kept []string
	for _, line := range lines {
		if line = strings.TrimSpace(line); line != "" && !slices.Contains(kept, line) {
			kept = append(kept, line)
		}
	}
	return kept
}
