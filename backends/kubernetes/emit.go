package kubernetes

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// emitter is one call of emit.
type emitter struct {
	app    *ir.App
	o      backend.Options
	reader *document.StructReader
	list   diag.List
	files  []*file
	byPath map[string]*file
	done   []backend.Artifact

	workloads    []*workload
	byName       map[string]*workload
	configs      map[string]*config
	jobs         map[string]*object // finished objects of jobs, by workload
	services     names              // who has which Service
	accounts     map[string]bool    // ServiceAccounts made so far
	pullSecrets  []string
	hostAliases  []hostAlias
	segmented    bool // the app has networks that workloads join
	endpointByIP map[string]string
	patches      map[string][]*ir.PlatformEntry // by what they are on
	targets      []string                       // what patches could have been on
	given        given                          // names that the app has on its cluster

	keep bool // objects are kept and no files made
	kept []*object
}

// file is one artifact in the making.
type file struct {
	path    string
	objects []*object
}

// object is one document of a file.
type object struct {
	on    string // the neutral path whose main object it is; "" for helpers
	kind  string
	name  string
	value *document.Value
	// dropped by the ledger: the cluster has no such object
	dropped bool
}

// reader knows the types of the API once it has read them. It is made when it is
// needed first, and what it knows never changes.
var reader = sync.OnceValue(func() *document.StructReader {
	return document.NewStructReader(document.StructOptions{
		Tag: "json",
		First: []string{
			"apiVersion", "kind", "metadata", "type", "name", "schedule", "timeZone", "replicas", "strategy", "updateStrategy",
			"serviceName", "clusterIP", "selector", "podSelector", "policyTypes", "from", "to", "apiGroups", "resourceNames",
		},
		// Empty means something here: select all, allow nothing.
		Keep: []string{"NetworkPolicySpec.PodSelector"},
	})
})

func emit(app *ir.App, o backend.Options) ([]backend.Artifact, diag.List) {
	e := newEmitter(app, o)
	e.run()
	artifacts := e.artifacts()
	return artifacts, e.list
}

func newEmitter(app *ir.App, o backend.Options) *emitter {
	return &emitter{
		app: app, o: o, reader: reader(), byPath: map[string]*file{},
		byName: map[string]*workload{}, configs: map[string]*config{}, jobs: map[string]*object{},
		services: names{}, accounts: map[string]bool{}, endpointByIP: map[string]string{},
		given: given{workloads: map[string]identity{}, ingresses: map[string]string{}},
	}
}

// run makes the objects of the app.
func (e *emitter) run() {
	e.indexPatches()
	e.readNames()
	e.prepare()
	e.secrets()
	e.emitPriorities()
	e.emitConfigs()
	e.emitVolumes()
	e.emitEndpoints()
	for _, w := range e.workloads {
		e.workload(w)
	}
	e.emitRoutes()
	e.addForeignObjects()
	e.missedPatches()
}

// prepare reads what has to be known of all workloads before the first is written.
func (e *emitter) prepare() {
	e.segmented = isSegmented(e.app)
	for i := range e.app.Workloads {
		item := &e.app.Workloads[i]
		w := e.newWorkload(item.Key, &item.Value)
		e.workloads = append(e.workloads, w)
		e.byName[item.Key] = w
	}
	e.markNamed()
	for _, w := range e.workloads {
		e.reserveServices(w)
	}
	for _, s := range e.app.Secrets {
		if s.Value.Type == "registry" {
			e.pullSecrets = append(e.pullSecrets, secretName(s.Key, &s.Value))
		}
	}
	e.bindEndpoints()
}

func (e *emitter) pass(name string) bool { return e.o.Passes[name] }

// atLeast reports whether the target is of that minor version of Kubernetes or newer.
func (e *emitter) atLeast(minor int) bool { return e.minor() >= minor }

func (e *emitter) minor() int {
	version := e.o.Version
	if version == "" {
		version = newest
	}
	_, rest, _ := strings.Cut(strings.TrimPrefix(version, "v"), ".")
	number, _, _ := strings.Cut(rest, ".")
	minor, err := strconv.Atoi(number)
	if err != nil {
		_, newestMinor, _ := strings.Cut(newest, ".")
		minor, _ = strconv.Atoi(newestMinor)
	}
	return minor
}

func (e *emitter) file(path string) *file {
	if f := e.byPath[path]; f != nil {
		return f
	}
	f := &file{path: path}
	e.byPath[path] = f
	e.files = append(e.files, f)
	return f
}

// read turns a typed object into a document, with the patches that are for it.
func (e *emitter) read(on, kind, name string, typed any) *object {
	value, err := e.reader.Read(typed)
	if err != nil {
		e.fail(codeInvalid, on, fmt.Sprintf("%s %q cannot be written", kind, name), err.Error())
		value = document.Map()
	}
	if e.given.namespace != "" && kind != "PriorityClass" {
		placeIn(value.Get("metadata"), e.given.namespace)
	}
	arrange(value)
	o := &object{on: on, kind: kind, name: name, value: value}
	e.patch(o)
	return o
}

// placeIn names the namespace behind the name.
func placeIn(metadata *document.Value, namespace string) {
	if metadata == nil {
		return
	}
	at := slices.IndexFunc(metadata.Members, func(m document.Member) bool { return m.Key == "name" }) + 1
	metadata.Members = slices.Insert(metadata.Members, at, document.Member{Key: "namespace", Value: document.String(namespace)})
}

func (e *emitter) add(f *file, on, kind, name string, typed any) {
	e.put(f, e.read(on, kind, name, typed))
}

// put adds an object to a file, unless the ledger drops it.
func (e *emitter) put(f *file, o *object) {
	if e.keep {
		e.kept = append(e.kept, o)
		return
	}
	if !o.dropped {
		f.objects = append(f.objects, o)
	}
}

// arrange puts the long parts of a workload where people look for them: below the
// settings, the containers in the order in which they start, what they mount last.
func arrange(v *document.Value) {
	spec := v.Get("spec")
	if job := spec.Get("jobTemplate"); job != nil {
		spec = job.Get("spec")
	}
	template := spec.Get("template")
	if template == nil {
		return
	}
	last(spec, "template", "volumeClaimTemplates")
	pod := template.Get("spec")
	last(pod, "initContainers", "containers", "volumes")
	explainModes(pod.Get("volumes"))
}

// explainModes says in octal what JSON and YAML 1.2 can only say in decimal.
func explainModes(volumes *document.Value) {
	if volumes == nil {
		return
	}
	for _, volume := range volumes.Items {
		for i := range volume.Members {
			if mode := volume.Members[i].Value.Get("defaultMode"); mode != nil {
				n, _ := strconv.ParseUint(mode.Text, 10, 32)
				mode.Comment = ir.FileMode(n).String() + " in octal"
			}
		}
	}
}

func last(v *document.Value, keys ...string) {
	for _, key := range keys {
		if member := v.Get(key); member != nil {
			v.Delete(key)
			v.Add(key, member)
		}
	}
}

// header begins each file. It names the stage, which nothing else does: labels that
// changed with it would get into selectors sooner or later.
func (e *emitter) header() string {
	if e.app.Stage == "" {
		return e.o.Header()
	}
	return e.o.Header() + "\nStage: " + e.app.Stage
}

// finishEarly finishes a file that no other step writes to: a workload may have the
// name of one of the app's own files, which then holds both.
func (e *emitter) finishEarly(f *file) {
	for _, own := range []string{"priorities", "configs", "volumes", "endpoints", "routes", "platform"} {
		if f.path == own+".yaml" && e.byName[own] != nil {
			return
		}
	}
	e.finish(f)
}

// finish prints a file and lets go of its objects, so that an app of a thousand
// workloads is never whole in memory.
func (e *emitter) finish(f *file) {
	if len(f.objects) == 0 {
		return
	}
	documents := make([]*document.Value, len(f.objects))
	for i, o := range f.objects {
		documents[i] = o.value
	}
	f.objects = nil
	var b bytes.Buffer
	err := document.PrintYAMLDocuments(&b, documents, document.YAMLOptions{Header: e.header()})
	if err != nil {
		e.fail(codeInvalid, "", f.path+" cannot be written", err.Error())
	}
	e.done = append(e.done, backend.Artifact{Path: f.path, Data: b.Bytes()})
}

func (e *emitter) artifacts() []backend.Artifact {
	for _, f := range e.files {
		e.finish(f)
	}
	if text := e.secretsFile(); text != "" {
		name := "secrets"
		for e.byName[name] != nil {
			name += "-needed"
		}
		e.done = append(e.done, backend.Artifact{Path: name + ".yaml", Data: []byte(text)})
	}
	return e.done
}
