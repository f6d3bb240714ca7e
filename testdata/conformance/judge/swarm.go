//go:build conformance

package judge

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"
)

// Swarm has docker read the stack files of one app, in their order, as docker stack deploy would: schema, variables,
// and the values that its types take.
func Swarm(t testing.TB, files ...string) Verdict {
	t.Helper()
	requirePlatform(t, "Swarm", "DOCKER_CONFIG", "docker", "version", "--format", "{{.Client.Version}}")
	verdict := Verdict{Accepted: true}
	for _, file := range files {
		r := command{folder: filepath.Dir(file), environment: swarmVariables(t, file), words: []string{"docker", "stack", "config", "--compose-file", file}}.run(t)
		verdict.Accepted = verdict.Accepted && r.code == 0
		if r.code != 0 {
			verdict.Output += r.output()
			continue // what it says on the error stream is why
		}
		verdict.Warnings = append(append(verdict.Warnings, swarmWarnings(r.stderr)...), openVariables(t, file)...)
	}
	return verdict
}

// SwarmConfig is what docker makes of a stack file before it deploys it, or why it does not take it.
func SwarmConfig(t testing.TB, environment []string, file string) (string, bool) {
	t.Helper()
	requirePlatform(t, "Swarm", "DOCKER_CONFIG", "docker", "version", "--format", "{{.Client.Version}}")
	r := command{folder: filepath.Dir(file), environment: append(swarmVariables(t, file), environment...), words: []string{"docker", "stack", "config", "--compose-file", file}}.run(t)
	if r.code != 0 {
		return r.output(), false
	}
	return r.stdout, true
}

// SwarmRun deploys the files one after the other, waits for each until it has converged, and removes the stack when the
// test ends. What has to exist before, secrets and labels of the node, is made and taken away again.
func SwarmRun(t testing.TB, files ...string) Verdict {
	t.Helper()
	requirePlatform(t, "Swarm", "DOCKER_CONFIG", "docker", "node", "ls", "--quiet")
	stack := fmt.Sprintf("judge%d", time.Now().UnixNano()%1e9)
	t.Cleanup(func() { removeStack(t, stack) })
	var verdict Verdict
	for _, file := range files {
		supplySwarm(t, swarmFile(t, file))
		r := command{folder: filepath.Dir(file), environment: swarmVariables(t, file),
			words: []string{"timeout", "150", "docker", "stack", "deploy", "--detach=false", "--quiet", "--resolve-image", "never", "--compose-file", file, stack}}.run(t)
		if r.code != 0 {
			verdict.Output += r.output() + swarmTasks(t, stack)
			return verdict
		}
		verdict.Warnings = append(verdict.Warnings, swarmWarnings(r.stderr)...)
	}
	verdict.Accepted = true
	return verdict
}

// SwarmImages lists the images that the app needs and the engine does not have.
func SwarmImages(t testing.TB, files ...string) (missing []string) {
	t.Helper()
	for _, file := range files {
		for _, s := range swarmFile(t, file).Services {
			if !onEngine(t, s.Image) {
				missing = append(missing, s.Image)
			}
		}
	}
	slices.Sort(missing)
	return slices.Compact(missing)
}

// swarmStack is what the judge itself reads of a stack file.
type swarmStack struct {
	Services map[string]struct {
		Image  string
		Deploy struct {
			Placement struct{ Constraints []string }
		}
	}
	Secrets map[string]struct{ Name string }
}

func swarmFile(t testing.TB, file string) (stack swarmStack) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(readFile(t, file)), &stack); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return stack
}

var swarmVariable = regexp.MustCompile(`\$\{([A-Za-z_][A-Za-z0-9_]*):\?`)

// swarmVariables gives a value to the variables that a file demands. Others stay unset.
func swarmVariables(t testing.TB, file string) []string {
	t.Helper()
	names := map[string]bool{}
	for _, match := range swarmVariable.FindAllStringSubmatch(readFile(t, file), -1) {
		names[match[1]] = true
	}
	var environment []string
	for _, name := range slices.Sorted(maps.Keys(names)) {
		environment = append(environment, name+"=conformance")
	}
	return environment
}

var (
	swarmDollars = strings.NewReplacer("$$", "")
	swarmComment = regexp.MustCompile(`(?m)^\s*#.*$`) // commands for people, in which a dollar is the shell's
	openVariable = regexp.MustCompile(`\$\{?[A-Za-z_][A-Za-z0-9_]*(:\?)?`)
)

// openVariables are the variables that a file does not demand: docker stack fills them in with nothing, and says so
// nowhere, so that a dollar that was not escaped would be lost.
func openVariables(t testing.TB, file string) (warnings []string) {
	t.Helper()
	for _, match := range openVariable.FindAllStringSubmatch(swarmDollars.Replace(swarmComment.ReplaceAllString(readFile(t, file), "")), -1) {
		if match[1] == "" {
			warnings = append(warnings, "the variable "+match[0]+" is filled in with nothing")
		}
	}
	return distinct(warnings)
}

func readFile(t testing.TB, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// supplySwarm creates the secrets that a file calls external, and gives the node the labels that its constraints ask for.
func supplySwarm(t testing.TB, stack swarmStack) {
	t.Helper()
	for _, s := range stack.Secrets {
		if (command{input: "conformance", words: []string{"docker", "secret", "create", s.Name, "-"}}).run(t).code == 0 {
			t.Cleanup(func() {
				eventually(func() bool { return command{words: []string{"docker", "secret", "rm", s.Name}}.run(t).code == 0 })
			})
		}
	}
	node := strings.TrimSpace(command{words: []string{"docker", "info", "--format", "{{.Swarm.NodeID}}"}}.run(t).stdout)
	for _, s := range stack.Services {
		for _, constraint := range s.Deploy.Placement.Constraints {
			label, value, equal := strings.Cut(strings.ReplaceAll(constraint, " ", ""), "==")
			if name, ok := strings.CutPrefix(label, "node.labels."); ok && equal {
				command{words: []string{"docker", "node", "update", "--label-add", name + "=" + value, node}}.run(t)
				t.Cleanup(func() { command{words: []string{"docker", "node", "update", "--label-rm", name, node}}.run(t) })
			}
		}
	}
}

// removeStack removes the stack as docs/deploy.md does, waits until its containers and networks are gone, and removes its volumes.
// A network that an Engine before 23 keeps for the jobs of a removed stack is in the way of a later one with its number.
func removeStack(t testing.TB, stack string) {
	t.Helper()
	filter := "label=com.docker.stack.namespace=" + stack
	for _, job := range strings.Fields(command{words: []string{"docker", "service", "ls", "--quiet", "--filter", filter, "--filter", "mode=replicated-job"}}.run(t).stdout) {
		command{words: []string{"docker", "service", "scale", "--detach", job + "=0"}}.run(t)
	}
	var said string
	if !eventually(func() bool {
		r := command{words: []string{"docker", "stack", "rm", stack}}.run(t)
		said = r.output()
		return r.code == 0
	}) {
		t.Errorf("docker stack rm: %s", said)
	}
	gone := eventually(func() bool {
		return command{words: []string{"docker", "ps", "--quiet", "--filter", filter}}.run(t).stdout+
			command{words: []string{"docker", "network", "ls", "--quiet", "--filter", filter}}.run(t).stdout == ""
	})
	// the ended containers of jobs outlive their stack
	for _, c := range strings.Fields(command{words: []string{"docker", "ps", "--all", "--quiet", "--filter", filter}}.run(t).stdout) {
		command{words: []string{"docker", "rm", "--force", c}}.run(t)
	}
	if !gone {
		t.Errorf("containers or networks of %s are still there a minute after docker stack rm", stack)
	}
	for _, v := range strings.Fields(command{words: []string{"docker", "volume", "ls", "--quiet", "--filter", filter}}.run(t).stdout) {
		command{words: []string{"docker", "volume", "rm", "--force", v}}.run(t)
	}
}

func swarmTasks(t testing.TB, stack string) string {
	t.Helper()
	return command{words: []string{"docker", "stack", "ps", "--no-trunc", "--format", "{{.Name}} {{.DesiredState}} {{.CurrentState}} {{.Error}}", stack}}.run(t).output()
}

// swarmNotice are lines on the error stream that hold nothing against a file.
var swarmNotice = regexp.MustCompile(`^(Since --detach|In a future release|image .* could not be accessed on a registry|$)`)

// swarmWarnings are the lines on the error stream: of a variable without a value, of options that are read over.
func swarmWarnings(stderr string) []string {
	var warnings []string
	for line := range strings.Lines(stderr) {
		if line = strings.TrimSpace(line); !swarmNotice.MatchString(line) {
			if match := composeWarning.FindStringSubmatch(line); match != nil {
				var unquoted string
				if line = match[1]; json.Unmarshal([]byte(line), &unquoted) == nil {
					line = unquoted
				}
			}
			warnings = append(warnings, line)
		}
	}
	return distinct(warnings)
}
