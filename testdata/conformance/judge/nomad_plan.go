//go:build conformance

package judge

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// NomadJob is a job as the agent reads it: the JSON of its API.
type NomadJob map[string]any

// NomadParse has the agent read a job file, in HCL with values for its variables, or in the JSON of the API. Variables
// without a value are added to the map with the value otherwise, unless it is nil.
func NomadParse(t testing.TB, text []byte, variables map[string]string, otherwise string) (NomadJob, error) {
	t.Helper()
	requireAgent(t)
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) {
		var file struct{ Job NomadJob }
		if err := json.Unmarshal(text, &file); err != nil || file.Job != nil {
			return file.Job, err
		}
		var job NomadJob
		return job, json.Unmarshal(text, &job)
	}
	for {
		var values strings.Builder
		for name, value := range variables {
			fmt.Fprintf(&values, "%s = %q\n", name, value)
		}
		var job NomadJob
		err := nomadCall("POST", "/v1/jobs/parse", map[string]any{"JobHCL": string(text), "Canonicalize": true, "Variables": values.String()}, &job)
		name := ""
		if err != nil {
			_, rest, _ := strings.Cut(err.Error(), `Unset variable "`)
			name, _, _ = strings.Cut(rest, `"`)
		}
		if _, given := variables[name]; name == "" || given || variables == nil {
			return job, err
		}
		variables[name] = otherwise
	}
}

// NomadAccepts has the agent parse, validate and plan a job over its API, which is what its program does in Nomad, in a
// tenth of the time. Variables without a value have the one that is given.
func NomadAccepts(t testing.TB, text []byte, variable string) Verdict {
	t.Helper()
	job, err := NomadParse(t, text, map[string]string{}, variable)
	if err != nil {
		return Verdict{Output: err.Error()}
	}
	var valid struct {
		ValidationErrors []string
		Error, Warnings  string
	}
	if err := nomadCall("POST", "/v1/validate/job", map[string]any{"Job": job}, &valid); err != nil {
		return Verdict{Output: err.Error()}
	}
	if len(valid.ValidationErrors) > 0 || valid.Error != "" {
		return Verdict{Output: strings.Join(valid.ValidationErrors, "\n") + valid.Error}
	}
	if err := nomadCall("POST", nomadPath(job, "/plan"), map[string]any{"Job": job}, nil); err != nil {
		return Verdict{Output: err.Error()}
	}
	return Verdict{Accepted: true}
}

// agentAnswers asks once: every further question would start the client again.
var agentAnswers sync.Once

func requireAgent(t testing.TB) {
	t.Helper()
	if os.Getenv("PLATFORMS_NOMAD_NODE") == "" {
		requireNomad(t)
	}
	agentAnswers.Do(func() { requireNomad(t) })
}

// NomadRegister gives the agent a job that finds no place, so that nothing runs, and purges it when the test ends. An
// error says why the servers refuse the job.
func NomadRegister(t testing.TB, job NomadJob) error {
	t.Helper()
	if namespace, _ := job["Namespace"].(string); namespace != "" && namespace != "default" {
		if err := nomadCall("PUT", "/v1/namespace/"+url.PathEscape(namespace), map[string]any{"Name": namespace}, nil); err != nil {
			return err
		}
	}
	if err := nomadCall("POST", "/v1/jobs", map[string]any{"Job": nowhere(job)}, nil); err != nil {
		return err
	}
	t.Cleanup(func() {
		if err := nomadCall("DELETE", nomadPath(job, "")+"&purge=true", nil, nil); err != nil {
			t.Errorf("purging %v: %v", job["ID"], err)
		}
	})
	return nil
}

// NomadRead is the job as the servers have it.
func NomadRead(t testing.TB, job NomadJob) NomadJob {
	t.Helper()
	var have NomadJob
	if err := nomadCall("GET", nomadPath(job, ""), nil, &have); err != nil {
		t.Fatalf("reading %v: %v", job["ID"], err)
	}
	return have
}

// counted are values that the servers write into a job.
var counted = map[string]bool{"Version": true, "CreateIndex": true, "ModifyIndex": true, "JobModifyIndex": true, "SubmitTime": true, "Status": true,
	"StatusDescription": true, "Stable": true}

// handedDown are parts of a job that its groups have once it is read.
var handedDown = map[string]bool{"job.Update": true, "job.Migrate": true, "job.Reschedule": true}

// NomadChanges is what a plan of the job would change of the one that is registered under its name: a line each, none
// when it is the same job.
func NomadChanges(t testing.TB, job NomadJob) ([]string, error) {
	t.Helper()
	var plan struct{ Diff nomadDiff }
	if err := nomadCall("POST", nomadPath(job, "/plan"), map[string]any{"Job": nowhere(job), "Diff": true}, &plan); err != nil {
		return nil, err
	}
	var lines []string
	plan.Diff.list("job", &lines)
	if len(lines) == 0 && plan.Diff.Type != "None" {
		lines = []string{"job: " + plan.Diff.Type}
	}
	return lines, nil
}

// nowhere adds a constraint that no node meets, and puts groups and tasks into one order: to Nomad it means nothing, but
// plans call a job with another one edited.
func nowhere(job NomadJob) NomadJob {
	constraints, _ := job["Constraints"].([]any)
	out := NomadJob{}
	for key, value := range job {
		out[key] = value
	}
	out["TaskGroups"] = byName(job["TaskGroups"])
	out["Constraints"] = append(slices.Clip(constraints), map[string]any{"LTarget": "${node.unique.id}", "RTarget": "none", "Operand": "="})
	return out
}

func byName(list any) any {
	groups, ok := list.([]any)
	if !ok {
		return list
	}
	named := slices.Clone(groups)
	for i := range named {
		if group, ok := named[i].(map[string]any); ok && group["Tasks"] != nil {
			group = maps.Clone(group)
			group["Tasks"] = byName(group["Tasks"])
			named[i] = group
		}
	}
	name := func(v any) string {
		object, _ := v.(map[string]any)
		text, _ := object["Name"].(string)
		return text
	}
	slices.SortStableFunc(named, func(a, b any) int { return strings.Compare(name(a), name(b)) })
	return named
}

func nomadPath(job NomadJob, verb string) string {
	id, _ := job["ID"].(string)
	query := url.Values{}
	if namespace, _ := job["Namespace"].(string); namespace != "" {
		query.Set("namespace", namespace)
	}
	return "/v1/job/" + url.PathEscape(id) + verb + "?" + query.Encode()
}

// nomadDiff is a difference as plans tell it.
type nomadDiff struct {
	Type, Name                 string
	Fields                     []struct{ Type, Name, Old, New string }
	Objects, TaskGroups, Tasks []nomadDiff
}

func (d nomadDiff) list(path string, lines *[]string) {
	if d.Type == "None" {
		return
	}
	for _, f := range d.Fields {
		if f.Type != "None" {
			*lines = append(*lines, fmt.Sprintf("%s.%s: %q is %q", path, f.Name, f.Old, f.New))
		}
	}
	for _, below := range [][]nomadDiff{d.Objects, d.TaskGroups, d.Tasks} {
		for _, o := range below {
			if o.Type == "Added" || o.Type == "Deleted" {
				*lines = append(*lines, fmt.Sprintf("%s.%s: %s", path, o.Name, strings.ToLower(o.Type)))
			}
			o.list(path+"."+o.Name, lines)
		}
	}
}

// NomadDifferences compares two jobs as the servers have them, whatever plans make of it: a line for each value that
// differs. Lists that have no order are compared as sets.
func NomadDifferences(a, b NomadJob) []string {
	var lines []string
	differences("job", map[string]any(a), map[string]any(b), &lines)
	return lines
}

// unordered are the lists of the API whose order means nothing.
var unordered = map[string]bool{"Constraints": true, "Affinities": true, "Spreads": true, "Services": true, "Checks": true, "Tasks": true, "TaskGroups": true,
	"DynamicPorts": true, "ReservedPorts": true, "VolumeMounts": true, "Templates": true, "mount": true, "mounts": true}

func differences(path string, a, b any, lines *[]string) {
	if empty(a) && empty(b) {
		return
	}
	switch a := a.(type) {
	case map[string]any:
		if b, ok := b.(map[string]any); ok {
			for _, key := range keys(a, b) {
				if below := path + "." + key; !counted[key] && !handedDown[below] {
					differences(below, a[key], b[key], lines)
				}
			}
			return
		}
	case []any:
		if b, ok := b.([]any); ok && len(a) == len(b) {
			if unordered[path[strings.LastIndexByte(path, '.')+1:]] {
				a, b = sorted(a), sorted(b)
			}
			for i := range a {
				differences(fmt.Sprintf("%s[%d]", path, i), a[i], b[i], lines)
			}
			return
		}
	}
	if !reflect.DeepEqual(a, b) {
		*lines = append(*lines, fmt.Sprintf("%s: %.200v is %.200v", path, a, b))
	}
}

func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case map[string]any:
		return len(v) == 0
	case []any:
		return len(v) == 0
	case string:
		return v == ""
	}
	return false
}

func keys(maps ...map[string]any) []string {
	var all []string
	for _, m := range maps {
		for key := range m {
			all = append(all, key)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func sorted(list []any) []any {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return list
}

// nomadCall asks the agent of `testdata/platforms/up nomad`; answer may be nil.
func nomadCall(method, path string, body, answer any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	request, err := http.NewRequest(method, os.Getenv("NOMAD_ADDR")+path, bytes.NewReader(text))
	if err != nil {
		return err
	}
	client := http.Client{Timeout: time.Minute, Transport: &http.Transport{DisableKeepAlives: true}} // without a proxy
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return errors.New(strings.TrimSpace(string(data)))
	}
	if answer == nil {
		return nil
	}
	return json.Unmarshal(data, answer)
}
