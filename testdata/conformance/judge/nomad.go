//go:build conformance

package judge

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Nomad has an agent validate a job and plan it. A plan that finds no place is accepted: what a single development node
// lacks is said in Notes.
func Nomad(t testing.TB, file string) Verdict {
	t.Helper()
	requireNomad(t)
	validate := nomadJob(file, "validate").run(t)
	verdict := Verdict{Output: validate.output(), Warnings: nomadWarnings(validate.output())}
	if validate.code != 0 {
		return verdict
	}
	plan := nomadJob(file, "plan", "-no-color").run(t)
	verdict.Output += plan.output()
	verdict.Warnings = distinct(append(verdict.Warnings, nomadWarnings(plan.output())...))
	verdict.Notes = placementFailures(plan.stdout)
	// 1 means that the job would change something, as a job that was never run always does
	verdict.Accepted = plan.code == 0 || plan.code == 1
	return verdict
}

// NomadRun runs the jobs of an app, all at once since they may wait for each other. A service has to be deployed, which
// means that the checks of its services pass, a batch job to complete. The jobs are purged when the test ends.
func NomadRun(t testing.TB, files ...string) Verdict {
	t.Helper()
	requireNomad(t)
	jobs := make([]nomadSpecification, len(files))
	for i, file := range files {
		jobs[i] = nomadInspect(t, file)
	}
	t.Cleanup(func() {
		for _, job := range jobs {
			if r := (command{words: []string{"nomad", "job", "stop", "-purge", "-yes", job.ID}}).run(t); r.code != 0 {
				t.Errorf("nomad job stop: %s", r.output())
			}
		}
	})
	results, errs := make([]result, len(files)), make([]error, len(files))
	var running sync.WaitGroup
	for i, file := range files {
		// without -detach the command follows the evaluation and the deployment, and its exit status says how they ended
		running.Go(func() { results[i], errs[i] = nomadJob(file, "run").try() })
	}
	running.Wait()
	verdict := Verdict{Accepted: true}
	for i, job := range jobs {
		verdict.Output += results[i].output()
		verdict.Warnings = append(verdict.Warnings, nomadWarnings(results[i].output())...)
		if errs[i] != nil || results[i].code != 0 || !completed(t, job) {
			verdict.Accepted = false
			verdict.Output += fmt.Sprintf("%s: %v\n", job.ID, errs[i])
			verdict.Output += command{words: []string{"nomad", "job", "allocs", "-json", job.ID}}.run(t).stdout
		}
	}
	return verdict
}

// completed waits for a batch job, which is on its way when `job run` returns: one allocation of each group has to end
// well, however many failed before it. A job that is started by time or by hand has none.
func completed(t testing.TB, job nomadSpecification) bool {
	t.Helper()
	if job.Type != "batch" || job.Periodic != nil || job.ParameterizedJob != nil {
		return true
	}
	return eventually(func() bool {
		r := command{words: []string{"nomad", "job", "allocs", "-json", job.ID}}.run(t)
		var allocations []struct{ TaskGroup, ClientStatus string }
		if r.code != 0 || json.Unmarshal([]byte(r.stdout), &allocations) != nil {
			return false
		}
		ended := map[string]bool{}
		for _, a := range allocations {
			ended[a.TaskGroup] = ended[a.TaskGroup] || a.ClientStatus == "complete"
		}
		for _, group := range job.TaskGroups {
			if !ended[group.Name] {
				return false
			}
		}
		return true
	})
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

func nomadJob(file string, verb string, flags ...string) command {
	words := append([]string{"nomad", "job", verb}, flags...)
	if filepath.Ext(file) == ".json" {
		words = append(words, "-json")
	}
	return command{folder: filepath.Dir(file), words: append(words, file)}
}

type nomadSpecification struct {
	ID, Type                   string
	Periodic, ParameterizedJob *struct{}
	TaskGroups                 []struct {
		Name  string
		Tasks []struct{ Config map[string]any }
	}
}

// nomadInspect is the job as the agent will see it.
func nomadInspect(t testing.TB, file string) nomadSpecification {
	t.Helper()
	var answer struct{ Job nomadSpecification }
	r := nomadJob(file, "run", "-output").run(t)
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
