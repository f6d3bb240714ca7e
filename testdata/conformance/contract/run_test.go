//go:build conformance

package contract

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/decamp-dev/decamp/backends"
	"github.com/decamp-dev/decamp/compiler"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/support"
	"github.com/decamp-dev/decamp/testdata/conformance/contract/platform"
)

// run is one chapter on one platform.
type run struct {
	platform   platform.Platform
	version    string
	chapter    *Chapter
	steps      Steps
	deployment *platform.Deployment
	observer   *Observer
	findings   diag.List
	deployed   bool
	doubts     *doubts           // where what does not hold is noted, to be looked at alone; nil where that is being done
	only       []string          // the rows to observe; all of them where none are named
	vars       map[string]string // of the last deployment
}

// deploy brings the chapter's app up. It reports false where that failed and the chapter is to be looked at alone.
func (r *run) deploy(t *testing.T) bool {
	t.Helper()
	folder := t.TempDir()
	spec, err := r.chapter.spec(root)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(folder, "decamp.yaml"), string(spec))
	d := &platform.Deployment{Folder: folder, Secrets: map[string]string{}}
	for _, s := range r.chapter.Scenes {
		for path, text := range s.Files {
			write(t, filepath.Join(folder, path), text)
		}
		maps.Copy(d.Secrets, s.Secrets)
	}
	r.deployment = d
	r.compile(t, r.chapter.Vars)
	for name, value := range d.Secrets {
		d.Environment = append(d.Environment, variableOf(r, name)+"="+value)
	}
	r.observer = &Observer{Platform: r.platform, Deployment: d, cache: &instanceCache{}, Artifacts: map[string][]byte{}}
	r.observer.Redeploy = func(vars map[string]string, wait bool) (string, error) { return r.apply(vars, wait) }
	r.observer.Without = func(names ...string) (string, error) {
		less, err := leaveOut(spec, names)
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, "decamp.yaml"), less, 0o644)
		}
		if err != nil {
			return "", err
		}
		return r.apply(r.vars, true)
	}
	// what a run that was cut short has left
	if err := r.platform.Forget(d); err != nil {
		t.Logf("nothing was left: %v", err)
	}
	if err := r.platform.Prepare(d); err != nil {
		t.Fatalf("preparing: %v", err)
	}
	start := time.Now()
	output, err := r.apply(r.chapter.Vars, !r.chapter.Loose)
	if err != nil && r.chapter.Loose {
		t.Logf("not all was taken: %v", err) // the rows say what that means
	} else if err != nil {
		report := fmt.Sprintf("deploying: %v\n%s\n%s", err, output, r.platform.Describe(d, ""))
		if r.doubts != nil {
			t.Log(report)
			r.doubts.add(r.chapter.Name)
			return false
		}
		t.Error(report)
	}
	t.Logf("deployed in %v", time.Since(start).Round(time.Second))
	r.readArtifacts(t)
	return true
}

// variableOf is the variable from which whoever deploys gives a secret's value, as the docs say: its own name, else that of
// the secret and its key.
func variableOf(r *run, name string) string {
	secret, key, _ := strings.Cut(name, ".")
	variable := secret
	if s := r.deployment.App.Secrets.Ref(secret); s != nil && s.Env != "" {
		variable = s.Env
	}
	if key != "" && len(r.deployment.App.Secrets.Ref(secret).Keys) != 1 {
		variable += "_" + key
	}
	return strings.ToUpper(strings.NewReplacer("-", "_", ".", "_").Replace(variable))
}

// compile has the compiler assess the app as the lines will compile it, for its facts and its findings.
func (r *run) compile(t *testing.T, vars map[string]string) {
	t.Helper()
	request := compiler.Request{FS: os.DirFS(r.deployment.Folder), Path: "decamp.yaml", Targets: []string{r.platform.Name()}, Vars: vars,
		Policy: support.Policy{Allow: []string{"all"}}}
	if r.chapter.Stage != "" {
		request.Stages = []string{r.chapter.Stage}
	}
	result, list := compiler.Compile(backends.All(), request)
	if list.HasErrors() || len(result.Apps) != 1 {
		var text bytes.Buffer
		for _, d := range list {
			if d.Severity == diag.Error {
				fmt.Fprintf(&text, "%s: %s: %s %s\n", d.Path, d.Code, d.Summary, d.Detail)
			}
		}
		t.Fatalf("the spec of %s is not taken:\n%s", r.chapter.Name, &text)
	}
	r.deployment.App, r.findings = result.Apps[0], list
	for _, d := range list {
		if d.Code == "secret-needed" || d.Code == "volume-needed" {
			if c := advised.FindStringSubmatch(d.Detail); c != nil && !slices.Contains(r.deployment.Commands, c[1]) {
				r.deployment.Commands = append(r.deployment.Commands, c[1])
			}
		}
	}
}

// advised is the command that a finding says to run.
var advised = regexp.MustCompile(`(?m)((?:kubectl create secret|nomad var put) .*?)\.?$`)

// apply runs the lines of docs/deploy.md.
func (r *run) apply(vars map[string]string, wait bool) (string, error) {
	names := []string{"compile", "apply"}
	if _, there := r.steps[r.platform.Name()+" first"]; there && !r.deployed {
		names = []string{"compile", "first", "apply"}
	}
	r.deployed = true
	r.vars = vars
	if wait {
		names = append(names, "wait")
	}
	// pruning takes its time, and only an app that changes has something to be pruned
	if _, there := r.steps[r.platform.Name()+" prune"]; there && wait && r.chapter.Prunes {
		names = append(names, "prune")
	}
	var environment []string
	for name, value := range vars {
		environment = append(environment, "DECAMP_VAR_"+strings.ToUpper(strings.ReplaceAll(name, "-", "_"))+"="+value)
	}
	program, err := filepath.Abs(filepath.Join(root, "bin"))
	if err != nil {
		return "", err
	}
	environment = append(environment, "PATH="+filepath.Join(r.deployment.Folder, "bin")+":"+program+":"+os.Getenv("PATH"))
	environment = append(append(environment, r.deployment.Environment...), r.platform.Environment(r.deployment)...)
	timeout := applyTimeout
	if r.chapter.Loose {
		timeout = looseTimeout
	}
	var output strings.Builder
	for _, name := range names {
		script, err := r.steps.For(r.platform.Name(), name, r.deployment.App.Name, r.deployment.App.Stage)
		if err != nil {
			return "", err
		}
		text, err := platform.Run(r.deployment.Folder, environment, timeout, script)
		output.WriteString(text)
		if err != nil && !(r.chapter.Loose && name == "first") { // what cannot be made is missed later, as by whoever goes on
			return output.String(), err
		}
	}
	return output.String(), nil
}

func (r *run) readArtifacts(t *testing.T) {
	t.Helper()
	folder := filepath.Join(r.deployment.Folder, "deploy")
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		r.observer.Artifacts[strings.TrimPrefix(path, folder+"/")], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func (r *run) observe(t *testing.T) {
	t.Run("rows", func(t *testing.T) {
		for _, s := range r.chapter.Scenes {
			for i := range s.Rows {
				row := &s.Rows[i]
				if r.only != nil && !slices.Contains(r.only, row.Name) {
					continue
				}
				t.Run(row.Name, func(t *testing.T) {
					if !r.chapter.Serial {
						t.Parallel()
					}
					if why := row.Unasked[r.platform.Name()]; why != "" {
						t.Skip(why)
					}
					if r.chapter.Serial { // the others share the observer at once
						r.observer.Note = t.Logf
					}
					r.row(t, row)
				})
			}
		}
	})
}

// row observes one row. What does not hold is in doubt beside other apps, and wrong alone.
func (r *run) row(t *testing.T, row *Row) {
	start := time.Now()
	assessed, outcome, err := r.decide(t, row)
	if err != nil {
		t.Logf("%s (table: %s)\n%v", row.Says, assessed.Level, err)
		for _, workload := range workloadsOf(row) {
			t.Logf("%s on %s:\n%s", workload, r.platform.Name(), r.platform.Describe(r.deployment, workload))
			r.logs(t, workload)
		}
		if r.doubts != nil {
			r.doubts.add(r.chapter.Name, row.Name)
			return
		}
		t.Fail()
	}
	if failed := Record(resultsFile, r.platform.Name(), r.version, row.Name, outcome); failed != nil {
		t.Error(failed)
	}
	t.Logf("%s, %v", outcome, time.Since(start).Round(100*time.Millisecond))
}

// decide looks once, and where the row does not hold and does not stand in an order with others, once more.
func (r *run) decide(t *testing.T, row *Row) (Assessed, Outcome, error) {
	assessed, err := Assess(r.deployment.App, backends.All().Lookup(r.platform.Name()).Support, row)
	if err == nil {
		err = r.diagnosed(row, assessed)
	}
	if err != nil {
		return assessed, Failed, err
	}
	outcome, err := Decide(r.observer, row, assessed)
	if err != nil && !r.chapter.Serial {
		t.Logf("first look: %v", err)
		time.Sleep(secondLook)
		outcome, err = Decide(r.observer, row, assessed)
	}
	return assessed, outcome, err
}

// diagnosed demands that the compile named each path that is approximated or dropped.
func (r *run) diagnosed(row *Row, a Assessed) error {
	if code := row.Otherwise[r.platform.Name()].Code; code != "" {
		for _, d := range r.findings {
			if string(d.Code) == code && slices.ContainsFunc(row.Facts, func(fact string) bool { return related(d.Path, fact) }) {
				return nil
			}
		}
		return fmt.Errorf("the compile has no finding %s at any of %v", code, row.Facts)
	}
	if a.Level < support.Approximated {
		return nil
	}
	for _, d := range r.findings {
		if d.Target == r.platform.Name() && slices.Contains(a.Paths, d.Path) && (d.Code == support.CodeDropped || d.Code == support.CodeApproximated) {
			return nil
		}
	}
	return fmt.Errorf("the compile did not name any of %v", a.Paths)
}

func workloadsOf(row *Row) (names []string) {
	for _, fact := range row.Facts {
		if rest, found := strings.CutPrefix(fact, "workloads."); found {
			name, _, _ := strings.Cut(rest, ".")
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

func (r *run) logs(t *testing.T, workload string) {
	all, _ := r.platform.Instances(r.deployment)
	for _, i := range all {
		if i.Workload == workload {
			text, _ := r.platform.Output(r.deployment, i)
			t.Logf("log of %s %s:\n%s", i.Workload, i.Container, text[max(0, len(text)-800):])
		}
	}
}

// finish removes the app by the lines of docs/deploy.md, and then all that is left.
func (r *run) finish(t *testing.T) {
	if r.deployment == nil || r.deployment.App == nil || os.Getenv("CONTRACT_KEEP") != "" {
		return
	}
	script, err := r.steps.For(r.platform.Name(), "remove", r.deployment.App.Name, r.deployment.App.Stage)
	if err == nil {
		_, err = platform.Run(r.deployment.Folder, append(r.deployment.Environment, r.platform.Environment(r.deployment)...), 3*time.Minute, script)
	}
	if err != nil {
		t.Errorf("removing: %v", err)
	}
	if err = r.platform.Forget(r.deployment); err != nil { // what was being taken down was in its way
		time.Sleep(secondLook)
		err = r.platform.Forget(r.deployment)
	}
	if err != nil {
		t.Errorf("removing what is left: %v", err)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
