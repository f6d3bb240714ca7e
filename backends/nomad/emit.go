package nomad

import (
	"github.com/hashicorp/nomad/api"

	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// Emit writes the app's jobs and volume specifications.
func Emit(app *ir.App, options backend.Options) ([]backend.Artifact, diag.List) {
	e := newEmitter(app, options)
	// One job after the other, so that no more than one is in memory beside its text.
	for _, names := range e.jobs() {
		var units []*unit
		for _, name := range names {
			units = append(units, e.unit(name, app.Workloads.Ref(name)))
		}
		e.printUnits(units)
	}
	for i := range app.Volumes {
		e.printVolume(app.Volumes[i].Key, &app.Volumes[i].Value)
	}
	e.printObjects()
	e.noteUnreached()
	e.noteSecrets()
	e.noteClients()
	e.notePatches()
	return e.artifacts, e.diags
}

// emitter holds what is known of the whole app while its jobs are made.
type emitter struct {
	numbers map[int]bool // of the node that are taken; nil until a range is asked for
	app     *ir.App
	options backend.Options
	ports   map[string][]port   // of each workload
	users   map[string][]string // workloads that mount a volume, by volume
	ids     map[string]string   // of the jobs, by workload
	schema  schema
	reader  *document.StructReader
	clients []clientNeed
	puts    map[string][]string // commands for a secret, by secret
	targets []string            // what patches can be for
	patched map[string]bool     // paths of the entries that have found their target

	artifacts []backend.Artifact
	diags     diag.List

	reported map[string]bool
}

func newEmitter(app *ir.App, options backend.Options) *emitter {
	e := &emitter{reader: document.NewStructReader(structOptions()), app: app, options: options, ports: map[string][]port{}, users: map[string][]string{}, reported: map[string]bool{},
		puts: map[string][]string{}, patched: map[string]bool{}, ids: jobIDs(app), schema: schema{}}
	services := map[string]string{}
	for i := range app.Workloads {
		name, w := app.Workloads[i].Key, &app.Workloads[i].Value
		e.ports[name] = portsOf(app, name, w)
		for _, p := range e.ports[name] {
			if other, taken := services[p.service]; taken {
				e.report(diag.Error, CodeNameCollision, p.path,
					"two ports become the service "+p.service,
					"Nomad names a service by app, workload and port, and "+other+" has the same; rename one of them.")
			}
			services[p.service] = p.path
		}
		eachContainer(w, func(_ string, _ ir.Role, c *ir.Container) {
			for _, m := range c.Mounts {
				users := e.users[m.Value.Volume]
				if len(users) == 0 || users[len(users)-1] != name {
					e.users[m.Value.Volume] = append(users, name)
				}
			}
		})
	}
	return e
}

// jobs lists the workloads of each job: one, or several that the ledger gives the
// same id.
func (e *emitter) jobs() [][]string {
	var jobs [][]string
	at := map[string]int{}
	for i := range e.app.Workloads {
		name := e.app.Workloads[i].Key
		id := e.ids[name]
		if _, known := at[id]; !known {
			at[id] = len(jobs)
			jobs = append(jobs, nil)
		}
		jobs[at[id]] = append(jobs[at[id]], name)
	}
	return jobs
}

// pass reports whether an optimisation is in force.
func (e *emitter) pass(name string) bool { return e.options.Passes[name] }

// report adds a finding at a place of the app; each is reported once.
func (e *emitter) report(severity diag.Severity, code diag.Code, path, summary, detail string) {
	d := diag.Diagnostic{
		Severity: severity, Code: code, Target: Name, Path: path, Subject: e.app.Locate(path),
		Summary: summary, Detail: detail,
	}
	key := string(code) + "\x00" + path + "\x00" + summary
	if !e.reported[key] {
		e.reported[key] = true
		e.diags = append(e.diags, d)
	}
}

// eachContainer visits the containers of a workload in the order in which their
// tasks are written: main, sidecars, init.
func eachContainer(w *ir.Workload, visit func(name string, role ir.Role, c *ir.Container)) {
	visit("", ir.Main, &w.Container)
	for i := range w.Sidecars {
		visit(w.Sidecars[i].Key, ir.Sidecar, &w.Sidecars[i].Value)
	}
	for i := range w.Init {
		visit(w.Init[i].Key, ir.Init, &w.Init[i].Value)
	}
}

// unit is one workload on its way to a job.
type unit struct {
	emitter  *emitter
	name     string
	path     string
	id       string
	workload *ir.Workload
	ports    []port
	job      *api.Job
	group    *api.TaskGroup
	secrets  []secretUse
	items    map[string]string // items of the job's variable, and which value each is
	hints    []string          // comments above the job
	notes    map[string]string // comments above blocks and attributes, by a key of the printer
	orders   map[string][]string
	asked    map[string]string // the port of another workload that this one asks for, where it is one only
	steps    []*step           // prestart tasks in their order

	scratches []string // paths of the scratch mounts, in order
}

func (e *emitter) unit(name string, w *ir.Workload) *unit {
	u := &unit{
		emitter: e, name: name, path: ir.JoinPath("workloads", name), id: e.ids[name], workload: w,
		ports: e.ports[name], items: map[string]string{}, notes: map[string]string{}, orders: map[string][]string{},
	}
	u.group = &api.TaskGroup{Name: new(name)}
	u.job = &api.Job{ID: new(u.id), Name: new(u.id), TaskGroups: []*api.TaskGroup{u.group}}
	u.asked = u.askedPorts()
	u.jobFacts()
	u.network()
	u.scaleFacts()
	u.restartFacts()
	u.updateFacts()
	u.placementFacts()
	u.needs()
	u.volumeGroups()
	u.tasks()
	u.optimize()
	return u
}

// at returns the path of a fact below one of the unit's containers.
func (u *unit) at(container string, role ir.Role, keys ...string) string {
	path := u.path
	switch role {
	case ir.Sidecar:
		path = ir.JoinPath(path+".sidecars", container)
	case ir.Init:
		path = ir.JoinPath(path+".init", container)
	}
	for _, key := range keys {
		path = ir.JoinPath(path, key)
	}
	return path
}
