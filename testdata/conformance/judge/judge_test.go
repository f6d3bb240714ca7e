//go:build conformance

package judge_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/decamp-dev/decamp/testdata/conformance/judge"
)

// The judges are judged first: one that accepts everything would make all other conformance tests worthless.
func TestJudges(t *testing.T) {
	kubernetes := func(t testing.TB, file string) judge.Verdict { return judge.Kubernetes(t, file) }
	swarm := func(t testing.TB, file string) judge.Verdict { return judge.Swarm(t, file) }
	swarmRun := func(t testing.TB, file string) judge.Verdict { return judge.SwarmRun(t, file) }
	nomadRun := func(t testing.TB, file string) judge.Verdict { return judge.NomadRun(t, file) }
	tests := []struct {
		judge   func(testing.TB, string) judge.Verdict
		file    string
		accept  bool
		says    string // in the output, the reason of a refusal
		warning string
		note    string
	}{
		{judge: judge.Compose, file: "compose/accepted.yaml", accept: true},
		{judge: judge.Compose, file: "compose/warned.yaml", accept: true, warning: "NOT_ESCAPED"},
		{judge: judge.Compose, file: "compose/unknown-key.yaml", says: "'imagee' not allowed"},
		{judge: judge.Compose, file: "compose/unhealthy.yaml", accept: true},
		{judge: judge.ComposeUp, file: "compose/accepted.yaml", accept: true},
		{judge: judge.ComposeUp, file: "compose/unhealthy.yaml", says: "unhealthy"},

		{judge: swarm, file: "swarm/accepted.yaml", accept: true},
		{judge: swarm, file: "swarm/warned.yaml", accept: true, warning: "NOT_ESCAPED"},
		{judge: swarm, file: "swarm/compose-only.yaml", says: "content is not allowed"},
		{judge: swarm, file: "swarm/number-for-cpus.yaml", says: "cpus must be a string"},
		{judge: swarm, file: "swarm/any-for-job.yaml", accept: true},
		{judge: swarmRun, file: "swarm/accepted.yaml", accept: true},
		{judge: swarmRun, file: "swarm/any-for-job.yaml", says: "restart"},

		{judge: kubernetes, file: "kubernetes/accepted.yaml", accept: true},
		{judge: kubernetes, file: "kubernetes/warned.yaml", accept: true, warning: "hides previous definition"},
		{judge: kubernetes, file: "kubernetes/negative-replicas.yaml", says: "must be greater than or equal to 0"},
		{judge: kubernetes, file: "kubernetes/unknown-field.yaml", says: `unknown field "spec.replicsa"`},
		{judge: kubernetes, file: "kubernetes/empty.yaml", says: "not one document"},

		{judge: judge.Nomad, file: "nomad/accepted.nomad.hcl", accept: true},
		{judge: judge.Nomad, file: "nomad/warned.nomad.hcl", accept: true, warning: "max parallel"},
		{judge: judge.Nomad, file: "nomad/no-place.nomad.hcl", accept: true, note: "missing compatible host volumes"},
		{judge: judge.Nomad, file: "nomad/two-tasks-of-one-name.nomad.hcl", says: "Task 2 redefines 'web'"},
		{judge: judge.Nomad, file: "nomad/unknown-block.nomad.hcl", says: "healthcheck"},
		{judge: nomadRun, file: "nomad/accepted.nomad.hcl", accept: true},
		{judge: nomadRun, file: "nomad/batch.nomad.hcl", accept: true},
		{judge: nomadRun, file: "nomad/unhealthy.nomad.hcl", says: "fail"},
	}
	for _, test := range tests {
		t.Run(test.file, func(t *testing.T) {
			verdict := test.judge(t, fixture(t, test.file))
			if verdict.Accepted != test.accept {
				t.Errorf("accepted = %v, want %v", verdict.Accepted, test.accept)
			}
			if !strings.Contains(verdict.Output, test.says) {
				t.Errorf("the output does not say %q", test.says)
			}
			expectOnly(t, "warning", verdict.Warnings, test.warning)
			expectOnly(t, "note", verdict.Notes, test.note)
			if t.Failed() {
				t.Log(verdict.Output)
			}
		})
	}
}

// expectOnly wants part in one of the lines, or no line at all where part is empty.
func expectOnly(t *testing.T, kind string, lines []string, part string) {
	t.Helper()
	all := strings.Join(lines, "\n")
	if part == "" && all != "" || !strings.Contains(all, part) {
		t.Errorf("%s %q, want %q", kind, lines, part)
	}
}

// Whether an app is run for real hangs on this list, so one that is always empty or always full would be noticed here.
func TestImages(t *testing.T) {
	if missing := judge.ComposeImages(t, fixture(t, "compose/accepted.yaml")); len(missing) != 0 {
		t.Errorf("Compose: %q, want none", missing)
	}
	if missing := judge.NomadImages(t, fixture(t, "nomad/accepted.nomad.hcl")); len(missing) != 0 {
		t.Errorf("Nomad: %q, want none", missing)
	}
	if missing := judge.SwarmImages(t, fixture(t, "swarm/accepted.yaml")); len(missing) != 0 {
		t.Errorf("Swarm: %q, want none", missing)
	}
	if missing := judge.SwarmImages(t, fixture(t, "swarm/image-elsewhere.yaml")); len(missing) != 1 {
		t.Errorf("Swarm: %q, want one", missing)
	}
	if missing := judge.ComposeImages(t, fixture(t, "compose/image-elsewhere.yaml")); len(missing) != 1 {
		t.Errorf("Compose: %q, want one", missing)
	}
	if missing := judge.NomadImages(t, fixture(t, "nomad/image-elsewhere.nomad.hcl")); len(missing) != 1 {
		t.Errorf("Nomad: %q, want one", missing)
	}
}

func fixture(t *testing.T, file string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("fixtures", file))
	if err != nil {
		t.Fatal(err)
	}
	return path
}
