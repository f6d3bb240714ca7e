//go:build conformance

package conformance

import (
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/decamp-dev/decamp/testdata/conformance/judge"
)

const root = "../.." // tests run in the folder of their package

// TestApps compiles every example and every shared test app, each of their stages for itself, and hands the files to
// the platforms.
func TestApps(t *testing.T) {
	for _, file := range specs(t) {
		folder := filepath.Dir(file)
		name, err := filepath.Rel(root, folder)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(name, func(t *testing.T) {
			for _, stage := range stages(t, file) {
				t.Run("stage="+stage, func(t *testing.T) {
					out := compile(t, folder, stage)
					t.Run("compose", func(t *testing.T) { judgeCompose(t, filepath.Join(out, "compose")) })
					t.Run("kubernetes", func(t *testing.T) { judgeKubernetes(t, filepath.Join(out, "kubernetes")) })
					t.Run("nomad", func(t *testing.T) { judgeNomad(t, filepath.Join(out, "nomad")) })
					t.Run("swarm", func(t *testing.T) { judgeSwarm(t, filepath.Join(out, "swarm")) })
				})
			}
		})
	}
}

func specs(t *testing.T) []string {
	t.Helper()
	var files []string
	for _, pattern := range []string{"examples/*/decamp.yaml", "testdata/apps/*/decamp.yaml"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		if len(found) == 0 {
			t.Errorf("no file matches %s", pattern)
		}
		files = append(files, found...)
	}
	return files
}

// stages names the stages of a spec in order, or one empty name where it has none.
func stages(t *testing.T, file string) []string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var spec struct {
		Stages map[string]any `yaml:"stages"`
	}
	if err := yaml.Unmarshal(text, &spec); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	if len(spec.Stages) == 0 {
		return []string{""}
	}
	return slices.Sorted(maps.Keys(spec.Stages))
}

// decamp is the compiler under test: $DECAMP, or one that is built here.
var decamp = sync.OnceValues(func() (string, error) {
	if program := os.Getenv("DECAMP"); program != "" {
		return program, nil
	}
	program, err := filepath.Abs(filepath.Join(root, "bin", "decamp"))
	if err != nil {
		return "", err
	}
	build := exec.Command("go", "build", "-o", program, "./cmd/decamp")
	build.Dir, build.Stderr = root, os.Stderr
	return program, build.Run()
})

// compile writes all targets of one stage and returns the folder that holds one folder for each target. Losses are
// allowed: what is asked here is whether the platforms take what is left.
func compile(t *testing.T, folder, stage string) string {
	t.Helper()
	program, err := decamp()
	if err != nil {
		t.Fatalf("building decamp: %v", err)
	}
	out := t.TempDir()
	words := []string{"compile", folder, "--target", "compose,kubernetes,nomad,swarm", "--optimize", "default," + withoutIPVS, "--allow-loss", "all", "--out", out}
	if stage != "" {
		words = append(words, "--stage", stage)
	}
	// values for variables that have no default
	if vars := filepath.Join(folder, "vars.yaml"); exists(vars) {
		words = append(words, "--vars-file", vars)
	}
	output, err := exec.Command(program, words...).CombinedOutput()
	if err != nil {
		t.Fatalf("decamp %s: %v\n%s", strings.Join(words, " "), err, output)
	}
	return filepath.Join(out, stage)
}

func judgeCompose(t *testing.T, folder string) {
	files := emitted(t, folder, "compose.yaml")
	accepted(t, judge.Compose(t, files[0]))
	if missing := judge.ComposeImages(t, files[0]); len(missing) > 0 {
		t.Logf("not run, the engine has no %s", strings.Join(missing, ", "))
		return
	}
	accepted(t, judge.ComposeUp(t, files[0]))
}

// withoutIPVS are the optimisations with which Swarm needs neither virtual addresses nor its mesh: the kernels that tests
// run on rarely have what those are made of.
const withoutIPVS = "host-ports,dns-round-robin"

func judgeSwarm(t *testing.T, folder string) {
	files := emitted(t, folder, "stack*.yaml")
	accepted(t, judge.Swarm(t, files...))
	if missing := judge.SwarmImages(t, files...); len(missing) > 0 {
		t.Logf("not run, the engine has no %s", strings.Join(missing, ", "))
		return
	}
	accepted(t, judge.SwarmRun(t, files...))
}

func judgeKubernetes(t *testing.T, folder string) {
	accepted(t, judge.Kubernetes(t, emitted(t, folder, "*.yaml", "*.yml", "*.json")...))
}

func judgeNomad(t *testing.T, folder string) {
	files := emitted(t, folder, "*.nomad.hcl", "*.nomad.json")
	var missing []string
	for _, file := range files {
		accepted(t, judge.Nomad(t, file))
		missing = append(missing, judge.NomadImages(t, file)...)
	}
	if len(missing) > 0 {
		t.Logf("not run, the engine has no %s", strings.Join(missing, ", "))
		return
	}
	accepted(t, judge.NomadRun(t, files...))
}

// emitted lists the files below a target's folder whose name fits a pattern, and demands one. The others are named in
// the log, so that a kind of file that no judge reads is seen.
func emitted(t *testing.T, folder string, patterns ...string) (files []string) {
	t.Helper()
	if files = judged(t, folder, patterns...); len(files) == 0 {
		t.Fatalf("%s has no file %s", folder, strings.Join(patterns, ", "))
	}
	return files
}

// judged lists the files of a folder that a judge reads.
func judged(t *testing.T, folder string, patterns ...string) (files []string) {
	t.Helper()
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		fits := slices.ContainsFunc(patterns, func(pattern string) bool {
			matched, _ := filepath.Match(pattern, entry.Name())
			return matched
		})
		if fits {
			files = append(files, path)
		} else {
			t.Logf("no judge reads %s", entry.Name())
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// accepted fails the test on a refusal, and on a warning: a file that an expert wrote draws none.
func accepted(t *testing.T, verdict judge.Verdict) {
	t.Helper()
	if !verdict.Accepted {
		t.Errorf("refused:\n%s", verdict.Output)
	}
	for _, warning := range verdict.Warnings {
		t.Errorf("warning: %s", warning)
	}
	for _, note := range verdict.Notes {
		t.Logf("note: %s", note)
	}
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}
