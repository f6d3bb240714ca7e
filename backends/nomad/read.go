package nomad

import (
	"bytes"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/decamp-dev/decamp/backends/internal/naming"
	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/pattern"
	"github.com/decamp-dev/decamp/compiler/source"
)

// reader makes one app of job files and volume specifications.
type reader struct {
	source    backend.Source
	list      diag.List
	app       *ir.App
	positions backend.Positions
	reading   backend.Reading
	schema    schema
	places    map[*document.Value]*mark
	ids       map[*document.Value]string // of blocks: what they are in the job that is emitted

	jobs     []*sourceJob
	volumes  []*sourceVolume
	services map[string]servicePort // by the service's name
	names    struct{ vars, workloads, volumes, configs, secrets, routes naming.Names }

	variables     []*variable
	variableFiles map[string]map[string]cty.Value
	usedVariables map[string]bool
	baked         map[string]source.Range
	functionsOf   map[string]map[string]function.Function
	reported      map[string]bool
	external      map[string]string   // secrets outside of the jobs' own variables: path → name
	configOf      map[string]string   // names of configs by their content
	puts          map[string]string   // commands that put secrets, from comments above jobs
	shared        map[string][]string // jobs that read an item of their own variable, by secret
	volumeOf      map[string]string   // names of volumes by their source
	volumeFrom    map[string]string
}

// sourceJob is one job of the files.
type sourceJob struct {
	id     string
	doc    *document.Value
	file   *source.File
	groups []*sourceGroup
	notes  string // the comment above it
	own    bool   // written by decamp
}

// sourceGroup is a group of a job: a workload of the app, unless it is carried.
type sourceGroup struct {
	job      *sourceJob
	label    string
	doc      *document.Value
	name     string // of the workload
	tasks    []*sourceTask
	workload ir.Workload
	carried  bool
	ports    []*sourcePort
}

// sourceTask is a task of a group: a container, unless it is carried or something that
// decamp adds.
type sourceTask struct {
	group *sourceGroup
	label string
	doc   *document.Value
	as    taskRole
	name  string // of the container; "" for the main one
	out   ir.Container
	files map[string]string // templates that were read: destination → config or secret
}

// taskRole says what becomes of a task.
type taskRole uint8

const (
	mainTask taskRole = iota + 1
	sidecarTask
	initTask
	hookTask    // a hook of another task
	helperTask  // made of needs or fsGroup, and made again
	carriedTask // kept as it is
)

// path of the workload in the app.
func (g *sourceGroup) path() string { return ir.JoinPath("workloads", g.name) }

// path of the container in the app.
func (t *sourceTask) path() string {
	switch t.as {
	case sidecarTask:
		return ir.JoinPath(t.group.path()+".sidecars", t.name)
	case initTask:
		return ir.JoinPath(t.group.path()+".init", t.name)
	}
	return t.group.path()
}

// Read makes an app of job files.
func Read(s backend.Source) (backend.Reading, diag.List) {
	r := &reader{
		source: s, app: &ir.App{}, positions: backend.Positions{}, schema: schema{}, places: map[*document.Value]*mark{}, ids: map[*document.Value]string{},
		services: map[string]servicePort{}, variableFiles: map[string]map[string]cty.Value{}, usedVariables: map[string]bool{}, baked: map[string]source.Range{},
		reported: map[string]bool{}, external: map[string]string{}, configOf: map[string]string{}, puts: map[string]string{}, shared: map[string][]string{},
	}
	r.reading = backend.Reading{App: r.app, Expressions: map[string]string{}, Comments: map[string]string{}}
	r.app.Locator = r.positions
	for _, f := range s.Files {
		r.file(f)
	}
	if len(r.jobs) == 0 {
		if !r.list.HasErrors() {
			where := source.Range{}
			if len(s.Files) > 0 {
				where.File = s.Files[0]
			}
			r.report(diag.Error, CodeNoJob, where, "", "there is no job in the files", "A job file has one block job \"NAME\" { … }, or as JSON an object Job.")
		}
		return backend.Reading{}, r.list
	}
	r.nameAll()
	for _, j := range r.jobs {
		r.job(j)
	}
	r.finishVolumes()
	r.commonLabels()
	r.ledger()
	r.finishSecrets()
	r.noteRenamed()
	r.finishVariables()
	return r.reading, r.list
}

// template finds the delimiters of what has to be rendered before Nomad can read it.
var templateAction = pattern.New(`\[\[[-\s]*[.$"a-z(/!]|\{\{[-\s]*[.$"a-z(]`)

// file reads one file.
func (r *reader) file(f *source.File) {
	if trimmed := bytes.TrimSpace(f.Data); bytes.HasPrefix(trimmed, []byte("{")) || strings.HasSuffix(f.Name, ".json") {
		r.jsonFile(f)
		return
	}
	if !decampWrote(f) && !bytes.Contains(f.Data, []byte("left_delimiter")) && packTemplate().Match(f.Data) {
		r.refuseTemplate(f)
		return
	}
	before := len(r.list)
	body, ok := r.parseHCL(f)
	if !ok {
		if !decampWrote(f) && templateAction().Match(f.Data) {
			r.list = r.list[:before]
			r.refuseTemplate(f)
		}
		return
	}
	e := &evaluator{reader: r, file: f, comments: commentsOf(f)}
	found := false
	if !describesApp(body) {
		r.report(diag.Warning, CodeNoJob, source.Range{File: f}, "", "the file holds no job", "It is not read: an app is made of jobs and volume specifications.")
		return
	}
	e.scopeOf(body)
	for _, block := range body.Blocks {
		switch block.Type {
		case "job":
			found = true
			if len(block.Labels) != 1 {
				r.report(diag.Error, CodeSourceSyntax, rangeOf(f, block.TypeRange), "", "a job has one label, its name", `Write job "NAME" { … }.`)
				continue
			}
			doc := e.body(block.Body, e.scope.context)
			doc.Labels = block.Labels
			e.note(doc, block.DefRange(), block.TypeRange.Start.Line)
			r.addJob(f, doc, block.Labels[0])
		case "variable", "variables", "locals":
		default:
			if !found && len(body.Attributes) == 0 {
				r.report(diag.Warning, CodeNoJob, rangeOf(f, block.TypeRange), "", "a block "+block.Type+" is not part of a job", "It is not read: an app is made of jobs and volume specifications.")
			}
		}
	}
	if found {
		return
	}
	if doc := e.body(body, e.scope.context); doc.Get("plugin_id") != nil && (doc.Get("name") != nil || doc.Get("id") != nil) {
		r.volumes = append(r.volumes, &sourceVolume{doc: doc, file: f})
		return
	}
	r.report(diag.Warning, CodeNoJob, source.Range{File: f}, "", "the file holds no job", "It is not read: an app is made of jobs and volume specifications.")
}

// describesApp reports files with a job, or with the specification of a volume.
func describesApp(body *hclsyntax.Body) bool {
	for _, block := range body.Blocks {
		if block.Type == "job" {
			return true
		}
	}
	return body.Attributes["plugin_id"] != nil
}

// packTemplate finds actions of Nomad Pack and of Levant outside of strings.
var packTemplate = pattern.New(`(?m)^\s*\[\[|\[\[[-\s]*(var|template|meta|range|if|define|end|else|with|fileContents|quote|job_name|\$|\.[a-z])[^\n]*\]\]`)

func (r *reader) refuseTemplate(f *source.File) {
	detail := "Render it first: nomad-pack render PACK -o FOLDER, or levant render FILE, and read what comes out."
	if !bytes.Contains(f.Data, []byte("[[")) {
		detail = "Render it first by the program that it was written for, and read what comes out."
	}
	r.report(diag.Error, CodeTemplateSource, source.Range{File: f}, "", "the file is a template and not a job yet", detail)
}

// decampWrote reports files with our header.
func decampWrote(f *source.File) bool {
	return bytes.HasPrefix(f.Data, []byte("# Code generated by decamp"))
}

// addJob takes a job of a file into the reading, in its normal form.
func (r *reader) addJob(f *source.File, doc *document.Value, id string) {
	j := &sourceJob{doc: doc, file: f, own: decampWrote(f)}
	if p := r.places[doc]; p != nil {
		j.notes = p.comment
	}
	r.wrapTasks(doc)
	(&normalizer{schema: r.schema, unknown: r.unknown, refuse: r.misplaced, passed: r.passedOver}).body(doc, r.schema.job())
	j.id = id
	if v := doc.Get("id"); v != nil && v.Text != "" {
		j.id = v.Text
		doc.Delete("id")
	}
	if v := doc.Get("name"); v != nil && v.Text == j.id {
		doc.Delete("name")
	}
	for _, other := range r.jobs {
		if other.id == j.id {
			r.report(diag.Error, CodeTwice, r.whereOf(doc), "", "two files describe the job "+j.id, "Leave one of them out, or import it apart.")
			return
		}
	}
	for _, group := range blocksOf(doc, "group") {
		g := &sourceGroup{job: j, doc: group, label: labelOf(group)}
		for _, task := range blocksOf(group, "task") {
			g.tasks = append(g.tasks, &sourceTask{group: g, doc: task, label: labelOf(task), files: map[string]string{}})
		}
		j.groups = append(j.groups, g)
	}
	r.jobs = append(r.jobs, j)
}

func labelOf(v *document.Value) string {
	if len(v.Labels) > 0 {
		return v.Labels[0]
	}
	return ""
}

func textOf(v *document.Value, otherwise string) string {
	if v == nil {
		return otherwise
	}
	return v.Text
}

// detect recognises job files, volume specifications and JSON of the API.
func detect(f *source.File) backend.Confidence {
	switch {
	case jobBlock().Match(f.Data), strings.HasSuffix(f.Name, ".nomad"), strings.HasSuffix(f.Name, ".nomad.hcl"):
		return backend.Sure
	case bytes.Contains(f.Data, []byte(`"TaskGroups"`)):
		return backend.Sure
	case strings.HasSuffix(f.Name, ".volume.hcl"), strings.HasSuffix(f.Name, ".hcl") && bytes.Contains(f.Data, []byte("plugin_id")):
		return backend.Maybe
	}
	return backend.No
}

var jobBlock = pattern.New(`(?m)^\s*job\s+("[^"\n]*"|[A-Za-z_][\w-]*)\s*\{`)
