//go:build conformance

package judge

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// Compose has Docker Compose read a file: schema, interpolation, references, paths.
func Compose(t testing.TB, file string) Verdict {
	t.Helper()
	requireComposeProgram(t)
	r := compose(t, file, nil, "config", "--quiet")
	if r.code != 0 || r.stderr != "" { // it may want variables
		r = compose(t, file, composeEnvironment(t, file), "config", "--quiet")
	}
	return Verdict{Accepted: r.code == 0, Warnings: composeWarnings(r.stderr), Output: r.output()}
}

// ComposeUp starts the app and waits until all of it is healthy; it is removed when the test ends.
func ComposeUp(t testing.TB, file string) Verdict {
	t.Helper()
	requireCompose(t)
	environment := composeEnvironment(t, file)
	supplyFiles(t, file, composeSources(t, file, environment))
	// A name of its own: a second app with the same services must not be taken for a changed version of the first.
	project := fmt.Sprintf("decamp-judge-%d", time.Now().UnixNano())
	t.Cleanup(func() {
		if r := compose(t, file, environment, "--project-name", project, "down", "--volumes", "--remove-orphans", "--timeout", "2"); r.code != 0 {
			t.Errorf("docker compose down: %s", r.output())
		}
	})
	r := compose(t, file, environment, "--project-name", project, "up", "--wait", "--wait-timeout", "120", "--pull", "never", "--no-build")
	verdict := Verdict{Accepted: r.code == 0, Warnings: composeWarnings(r.stderr), Output: r.output()}
	if !verdict.Accepted {
		// It also says no to a one-shot service that exited 0, and then does not wait for the others: look for ourselves.
		var states []composeState
		settled := eventually(func() bool {
			states = composeStates(t, file, environment, project)
			return !slices.ContainsFunc(states, composeState.starting)
		})
		verdict.Accepted = settled && len(states) > 0 && !slices.ContainsFunc(states, composeState.failed)
		verdict.Output += fmt.Sprintf("%+v\n", states)
		verdict.Output += compose(t, file, environment, "--project-name", project, "logs", "--no-color", "--tail", "20").output()
	}
	return verdict
}

// ComposeImages lists the images that the app needs and the engine does not have. Nothing is ever pulled, so an app
// can be run only when there are none.
func ComposeImages(t testing.TB, file string) (missing []string) {
	t.Helper()
	requireCompose(t)
	r := compose(t, file, composeEnvironment(t, file), "config", "--images")
	if r.code != 0 {
		t.Fatalf("docker compose config --images %s: %s", file, r.output())
	}
	for _, image := range strings.Fields(r.stdout) {
		if !onEngine(t, image) {
			missing = append(missing, image)
		}
	}
	slices.Sort(missing)
	return slices.Compact(missing)
}

// requireComposeProgram is for what needs no engine: reading a file.
func requireComposeProgram(t testing.TB) {
	t.Helper()
	requirePlatform(t, "Compose", "DOCKER_CONFIG", "docker", "compose", "version")
}

func requireCompose(t testing.TB) {
	t.Helper()
	requirePlatform(t, "Compose", "DOCKER_CONFIG", "docker", "compose", "ls", "--quiet")
}

func onEngine(t testing.TB, image string) bool {
	return command{words: []string{"docker", "image", "inspect", "--format", "{{.Id}}", image}}.run(t).code == 0
}

func compose(t testing.TB, file string, environment []string, words ...string) result {
	t.Helper()
	program := []string{"docker", "compose"}
	if _, err := exec.LookPath("docker-compose"); err == nil && slices.Contains(words, "config") {
		program = []string{"docker-compose"} // the same program, started once and not twice
	}
	return command{folder: filepath.Dir(file), environment: environment,
		words: slices.Concat(program, []string{"--file", file}, words)}.run(t)
}

// composeEnvironment gives a value to what the file demands from outside: variables that are marked as required, and
// the sources of secrets and configs. Other variables stay unset, so that a `$` that was not escaped still draws
// Compose's warning.
func composeEnvironment(t testing.TB, file string) []string {
	t.Helper()
	var environment []string
	var variables map[string]struct{ Required bool }
	if r := compose(t, file, nil, "config", "--variables", "--format", "json"); r.code == 0 && json.Unmarshal([]byte(r.stdout), &variables) == nil {
		for name, variable := range variables {
			if variable.Required {
				environment = append(environment, name+"=conformance")
			}
		}
	}
	for _, s := range composeSources(t, file, environment) {
		if s.Environment != "" {
			environment = append(environment, s.Environment+"=conformance")
		}
	}
	return environment
}

// composeSource is where the value of a secret or a config comes from.
type composeSource struct{ Environment, File string }

func composeSources(t testing.TB, file string, environment []string) []composeSource {
	t.Helper()
	var model struct{ Secrets, Configs map[string]composeSource }
	r := compose(t, file, environment, "config", "--format", "json")
	if r.code != 0 || json.Unmarshal([]byte(r.stdout), &model) != nil {
		return nil // refused: the judge says so itself
	}
	return slices.Concat(slices.Collect(maps.Values(model.Secrets)), slices.Collect(maps.Values(model.Configs)))
}

// supplyFiles writes the files that a person would put beside the Compose file before the first start: those of
// secrets. What lies elsewhere is left alone.
func supplyFiles(t testing.TB, file string, sources []composeSource) {
	t.Helper()
	folder := filepath.Dir(file) + string(filepath.Separator)
	for _, s := range sources {
		if _, err := os.Stat(s.File); err == nil || !strings.HasPrefix(s.File, folder) {
			continue
		}
		if err := os.MkdirAll(filepath.Dir(s.File), 0o755); err != nil {
			t.Fatal(err)
		}
		// readable for all: Compose mounts it with the mode that it has here, whatever uid and mode the service asks for
		if err := os.WriteFile(s.File, []byte("conformance"), 0o644); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { os.Remove(s.File); os.Remove(filepath.Dir(s.File)) })
	}
}

var composeWarning = regexp.MustCompile(`level=warning msg=(.*)`)

func composeWarnings(stderr string) []string {
	var warnings []string
	for _, match := range composeWarning.FindAllStringSubmatch(stderr, -1) {
		message := match[1]
		var unquoted string
		if json.Unmarshal([]byte(message), &unquoted) == nil {
			message = unquoted
		}
		warnings = append(warnings, message)
	}
	return distinct(warnings)
}

type composeState struct {
	Service, State, Health string
	ExitCode               int
}

func composeStates(t testing.TB, file string, environment []string, project string) []composeState {
	t.Helper()
	r := compose(t, file, environment, "--project-name", project, "ps", "--all", "--format", "json")
	var states []composeState
	for line := range strings.Lines(r.stdout) { // one JSON object a line
		var state composeState
		if json.Unmarshal([]byte(line), &state) == nil {
			states = append(states, state)
		}
	}
	return states
}

func (s composeState) starting() bool { return s.State == "running" && s.Health == "starting" }

func (s composeState) failed() bool {
	finished := s.State == "exited" && s.ExitCode == 0
	running := s.State == "running" && (s.Health == "" || s.Health == "healthy")
	return !finished && !running
}

// ComposeConfig returns what Docker Compose makes of files, as JSON: merged, with variables and files of them filled in
// and paths resolved, all profiles on; or what it has against them.
func ComposeConfig(t testing.TB, environment []string, files ...string) (text string, accepted bool) {
	t.Helper()
	requireComposeProgram(t)
	words := []string{"--profile", "*"}
	for _, file := range files[1:] {
		words = append(words, "--file", file)
	}
	r := compose(t, files[0], environment, append(words, "config", "--format", "json")...)
	if r.code != 0 {
		return r.output(), false
	}
	return r.stdout, true
}
