package ir

import "fmt"

// Problem is something that makes an app meaningless on every platform.
type Problem struct {
	Code    string // stable: "unknown-reference"
	Path    string // of the fact that is wrong
	Summary string // one line, without the path
	Detail  string // what to do
	// Word and Candidates help to guess what was meant; may be empty.
	Word       string
	Candidates []string
	// Other is the path of a second place that the problem is about; may be empty.
	Other string
}

// The codes of problems.
const (
	CodeName        = "bad-name"
	CodeUnknownRef  = "unknown-reference"
	CodeCycle       = "needs-cycle"
	CodePortClash   = "port-clash"
	CodeVolumeShare = "volume-sharing"
	CodeConflict    = "conflict"
	CodeMissing     = "missing-field"
	CodeMisplaced   = "misplaced-field"
)

// verifier collects problems.
type verifier struct {
	app      *App
	problems []Problem
	// byName answers in constant time what Map answers in linear time.
	workloads map[string]*Workload
	ports     map[string]map[string]string // workload → port name → path of the port
}

func (v *verifier) add(code, path, summary, detail string) *Problem {
	v.problems = append(v.problems, Problem{Code: code, Path: path, Summary: summary, Detail: detail})
	return &v.problems[len(v.problems)-1]
}

func (v *verifier) unknown(path, sort, name string, candidates []string, detail string) {
	p := v.add(CodeUnknownRef, path, fmt.Sprintf("there is no %s %q", sort, name), detail)
	p.Word, p.Candidates = name, candidates
}

// Verify returns everything that makes the app meaningless on every platform: names
// that no platform takes, references to nothing, cycles, ports that clash, volumes
// that cannot be shared as they are, fields that do not go together. A backend is
// given only apps without problems.
func Verify(a *App) []Problem {
	v := &verifier{app: a, workloads: map[string]*Workload{}, ports: map[string]map[string]string{}}
	v.index()
	v.names()
	for i := range a.Workloads {
		item := &a.Workloads[i]
		v.workload(JoinPath("workloads", item.Key), item.Key, &item.Value)
	}
	v.cycles()
	v.volumes()
	v.routes()
	v.endpoints()
	v.publishes()
	v.ledger()
	v.contents()
	v.values()
	return v.problems
}

func (v *verifier) index() {
	for i := range v.app.Workloads {
		item := &v.app.Workloads[i]
		v.workloads[item.Key] = &item.Value
		ports := map[string]string{}
		path := JoinPath("workloads", item.Key)
		EachContainer(&item.Value, path, func(at string, _ string, _ Role, c *Container) {
			for _, p := range c.Ports {
				if _, taken := ports[p.Key]; !taken {
					ports[p.Key] = JoinPath(at+".ports", p.Key)
				}
			}
		})
		v.ports[item.Key] = ports
	}
}

// EachContainer visits the containers of a workload with their paths: init
// containers, the main container (name ""), sidecars.
func EachContainer(w *Workload, path string, visit func(path, name string, role Role, c *Container)) {
	for i := range w.Init {
		visit(JoinPath(path+".init", w.Init[i].Key), w.Init[i].Key, Init, &w.Init[i].Value)
	}
	visit(path, "", Main, &w.Container)
	for i := range w.Sidecars {
		visit(JoinPath(path+".sidecars", w.Sidecars[i].Key), w.Sidecars[i].Key, Sidecar, &w.Sidecars[i].Value)
	}
}

// IsName reports whether s can name a thing of an app: a DNS label of RFC 1123.
func IsName(s string) bool {
	if s == "" || len(s) > 63 || s[0] == '-' || s[len(s)-1] == '-' {
		return false
	}
	for i := range len(s) {
		if c := s[i]; c != '-' && (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

func (v *verifier) names() {
	a := v.app
	check := func(path, name string) {
		if !IsName(name) {
			v.add(CodeName, path, fmt.Sprintf("%q cannot be a name here", name),
				"Names are lower-case letters, digits and dashes, begin and end with a letter or digit, and have at most 63 characters.")
		}
	}
	check("name", a.Name)
	each(a.Workloads, "workloads", check)
	each(a.Routes, "routes", check)
	each(a.Volumes, "volumes", check)
	each(a.Configs, "configs", check)
	each(a.Secrets, "secrets", check)
	each(a.Networks, "networks", check)
	each(a.Endpoints, "endpoints", check)
	for i := range a.Workloads {
		w, path := &a.Workloads[i].Value, JoinPath("workloads", a.Workloads[i].Key)
		each(w.Init, path+".init", check)
		each(w.Sidecars, path+".sidecars", check)
		for _, s := range w.Sidecars {
			if w.Init.Has(s.Key) || s.Key == a.Workloads[i].Key {
				v.add(CodeConflict, JoinPath(path+".sidecars", s.Key), fmt.Sprintf("two containers of the workload are called %q", s.Key), "Give one of them another name.")
			}
		}
		EachContainer(w, path, func(at, _ string, _ Role, c *Container) { each(c.Ports, at+".ports", check) })
	}
}

func each[V any](m Map[V], path string, check func(path, name string)) {
	for i := range m {
		check(JoinPath(path, m[i].Key), m[i].Key)
	}
}

func (v *verifier) cycles() {
	const (
		open = 1
		done = 2
	)
	state := map[string]int{}
	var visit func(name string, trail []string)
	visit = func(name string, trail []string) {
		state[name] = open
		for _, need := range v.workloads[name].Needs {
			if v.workloads[need.Key] == nil {
				continue
			}
			switch state[need.Key] {
			case open:
				v.add(CodeCycle, JoinPath(JoinPath("workloads", name)+".needs", need.Key),
					"workloads wait for each other in a circle: "+circle(append(trail, name), need.Key),
					"None of them could ever start. Take one of the needs out.")
			case 0:
				visit(need.Key, append(trail, name))
			}
		}
		state[name] = done
	}
	for _, w := range v.app.Workloads {
		if state[w.Key] == 0 {
			visit(w.Key, nil)
		}
	}
}

func circle(trail []string, back string) string {
	start := 0
	for i, name := range trail {
		if name == back {
			start = i
		}
	}
	text := ""
	for _, name := range trail[start:] {
		text += name + " → "
	}
	return text + back
}
