//go:build conformance

package judge

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Nomad has an agent validate a job and plan it. A plan that finds no place is accepted: what a single development node
// lacks is said in Notes.
func Nomad(t testing.TB, file string) Verdict {
	t.Helper()
	requireNomad(t)
	validate := nomadJob(t, file, "validate")
	verdict := Verdict{Output: validate.output(), Warnings: nomadWarnings(validate.output())}
	if validate.code != 0 {
		return verdict
	}
	plan := nomadJob(t, file, "plan", "-no-color")
	verdict.Output += plan.output()
	verdict.Warnings = distinct(append(verdict.Warnings, nomadWarnings(plan.output())...))
	verdict.Notes = placementFailures(plan.stdout)
	// 1 means that the job would change something, as a job that was never run always does
	verdict.Accepted = plan.code == 0 || plan.code == 1
	return verdict
}

// NomadRun runs a job and waits until its deployment is successful, which for a service means that the checks of its
// services pass. The job is stopped and purged when the test ends.
func NomadRun(t testing.TB, file string) Verdict {
	t.Helper()
	requireNomad(t)
	name := nomadInspect(t, file).ID
	t.Cleanup(func() {
		if r := (command{words: []string{"nomad", "job", "stop", "-purge", "-yes", name}}).run(t); r.code != 0 {
			t.Errorf("nomad job stop: %s", r.output())
		}
	})
	// without -detach the command follows the evaluation and the deployment, and its exit status says how they ended
	r := nomadJob(t, file, "run")
	verdict := Verdict{Accepted: r.code == 0, Warnings: nomadWarnings(r.output()), Output: r.output()}
	if !verdict.Accepted {
		verdict.Output += command{words: []string{"nomad", "job", "allocs", "-json", name}}.run(t).stdout
	}
	return verdict
}

// NomadImages lists the images that the job needs and the engine does not have; see ComposeImages.
func NomadImages(t testing.TB, file string) (missing []string) {
	t.Helper()
	requireNomad(t)
	for _, group := range nomadInspect(t, file).TaskGroups {
		for _, task := range group.Tasks {
			if image, ok := task.Config["image"].(string); ok && !onEngine(t, image) {
				missing = append(missing, image)
			}
		}
	}
	slices.Sort(missing)
	return slices.Compact(missing)
}

func requireNomad(t testing.TB) {
	t.Helper()
	// Not NOMAD_ADDR: that may lead to a cluster that people use, and these tests run jobs.
	requirePlatform(t, "Nomad", "PLATFORMS_NOMAD_NODE", "nomad", "node", "status")
}

func nomadJob(t testing.TB, file string, verb string, flags ...string) result {
	t.Helper()
	words := append([]string{"nomad", "job", verb}, flags...)
	if filepath.Ext(file) == ".json" {
		words = append(words, "-json")
	}
	return command{folder: filepath.Dir(file), words: append(words, file)}.run(t)
}

type nomadSpecification struct {
	ID         string
	TaskGroups []struct {
		Tasks []struct{ Config map[string]any }
	}
}

// nomadInspect is the job as the agent will see it.
func nomadInspect(t testing.TB, file string) nomadSpecification {
	t.Helper()
	var answer struct{ Job nomadSpecification }
	r := nomadJob(t, file, "run", "-output")
	if err := json.Unmarshal([]byte(r.stdout), &answer); r.code != 0 || err != nil {
		t.Fatalf("nomad job run -output %s: %v\n%s", file, err, r.output())
	}
	return answer.Job
}

// nomadWarnings are the lines of the paragraph that begins with "Job Warnings:".
func nomadWarnings(output string) []string {
	_, after, found := strings.Cut(output, "Job Warnings:")
	if !found {
		return nil
	}
	var warnings []string
	for line := range strings.Lines(after) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "Job validation") || strings.HasPrefix(line, "+") || strings.HasPrefix(line, "Job:") {
			break
		}
		if warning, found := strings.CutPrefix(line, "* "); found {
			warnings = append(warnings, warning)
		}
	}
	if len(warnings) == 0 { // written in a way that is not known here: better raw than lost
		warnings = []string{fmt.Sprintf("%.200s", strings.TrimSpace(after))}
	}
	return distinct(warnings)
}

// placementFailures are the starred lines below "Failed to place".
func placementFailures(plan string) []string {
	_, after, found := strings.Cut(plan, "Failed to place")
	if !found {
		return nil
	}
	failures := []string{"no place on this node"}
	for line := range strings.Lines(after) {
		if failure, found := strings.CutPrefix(strings.TrimSpace(line), "* "); found {
			failures = append(failures, failure)
		}
	}
	return distinct(failures)
}
