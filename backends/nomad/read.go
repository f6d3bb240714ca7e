package nomad

import (
	"bytes"
	"cmp"
	"path"
	"regexp"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/decamp-dev/decamp/backends/internal/naming"
	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
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
var templateAction = regexp.MustCompile(`\[\[[-\s]*[.$"a-z(/!]|\{\{[-\s]*[.$"a-z(]`)

// file reads one file.
func (r *reader) file(f *source.File) {
	if trimmed := bytes.TrimSpace(f.Data); bytes.HasPrefix(trimmed, []byte("{")) || strings.HasSuffix(f.Name, ".json") {
		r.jsonFile(f)
		return
	}
	if !decampWrote(f) && !bytes.Contains(f.Data, []byte("left_delimiter")) && packTemplate.Match(f.Data) {
		r.refuseTemplate(f)
		return
	}
	before := len(r.list)
	body, ok := r.parseHCL(f)
	if !ok {
		if !decampWrote(f) && templateAction.Match(f.Data) {
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
var packTemplate = regexp.MustCompile(`(?m)^\s*\[\[|\[\[[-\s]*(var|template|meta|range|if|define|end|else|with|fileContents|quote|job_name|\$|\.[a-z])[^\n]*\]\]`)

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

// wrapTasks gives each task that stands in the job itself a group of its own, and
// hands down the vault and secret blocks of the job and of the group, as Nomad does.
func (r *reader) wrapTasks(job *document.Value) {
	vault, secrets := job.Get("vault"), blocksOf(job, "secret")
	job.Delete("vault")
	job.Delete("secret")
	for i := range job.Members {
		if m := &job.Members[i]; m.Key == "task" {
			group := document.Block(m.Value.Labels, document.Member{Key: "task", Value: m.Value})
			r.places[group] = r.places[m.Value]
			m.Key, m.Value = "group", group
		}
	}
	for _, group := range blocksOf(job, "group") {
		of, handed := group.Get("vault"), append(blocksOf(group, "secret"), secrets...)
		group.Delete("vault")
		group.Delete("secret")
		if of == nil {
			of = vault
		}
		for _, task := range blocksOf(group, "task") {
			if of != nil && task.Get("vault") == nil {
				task.Add("vault", of)
			}
			for _, secret := range handed {
				task.Add("secret", secret)
			}
		}
	}
}

// inherit hands down to the groups what the job says for all of them, where moving it
// changes nothing.
func (r *reader) inherit(job *document.Value) {
	kind := textOf(job.Get("type"), "service")
	for _, key := range []string{"update", "migrate", "reschedule"} {
		of := job.Get(key)
		if of == nil || kind == "batch" && key == "update" || kind != "service" && key == "migrate" {
			continue
		}
		for _, group := range blocksOf(job, "group") {
			r.overlay(group, key, of)
		}
		job.Delete(key)
	}
}

// placementOf returns what job and group together say of nodes, where the spec has
// words for it: emitting says it for the job. rest is what the group says besides.
func placementOf(g *sourceGroup, key string) (neutralRules, rest []*document.Value) {
	for _, v := range blocksOf(g.job.doc, key) {
		if neutral(key, v) {
			neutralRules = append(neutralRules, v)
		}
	}
	for _, v := range blocksOf(g.doc, key) {
		if neutral(key, v) {
			neutralRules = append(neutralRules, v)
		} else {
			rest = append(rest, v)
		}
	}
	return neutralRules, rest
}

// neutral reports what the spec has words for, so that it becomes the placement of
// each group. The rest stays the job's.
func neutral(key string, v *document.Value) bool {
	switch key {
	case "constraint":
		return ruleOf(v, "is_set") != nil
	case "affinity":
		weight, said := intOf(v.Get("weight"))
		return ruleOf(v, "regexp") != nil && (!said || weight > 0)
	}
	return nodeLabel(textOf(v.Get("attribute"), "")) != ""
}

// overlay gives a group what the job says, below what it says itself.
func (r *reader) overlay(group *document.Value, key string, of *document.Value) {
	own := group.Get(key)
	if own == nil {
		group.Add(key, of)
		return
	}
	for _, m := range of.Members {
		if own.Get(m.Key) == nil {
			own.Members = append(own.Members, m)
		}
	}
}

// unknown reports what Nomad does not have.
func (r *reader) unknown(b *body, m *document.Member) {
	var known []string
	for key := range b.fields {
		known = append(known, key)
	}
	detail := "Nomad refuses it, and it is left out."
	if near := diag.Closest(m.Key, known); near != "" {
		detail = "Did you mean " + near + "? " + detail
	}
	r.report(diag.Warning, CodeUnknownKey, r.whereOf(m.Value), "", "Nomad does not know "+m.Key+" in "+lowerFirst(cmp.Or(b.name, "job")), detail)
}

// misplaced reports a block that Nomad refuses where it stands.
func (r *reader) misplaced(m *document.Member, why string) {
	r.report(diag.Error, CodeUnknownKey, r.whereOf(m.Value), "", "a block "+m.Key+" "+why, "Nomad refuses such a job: say what is meant.")
}

// passedOver reports a shorthand that Nomad takes and makes nothing of.
func (r *reader) passedOver(m *document.Member) {
	r.report(diag.Warning, CodeUnknownKey, r.whereOf(m.Value), "", "Nomad takes "+m.Key+" in a constraint and makes nothing of it",
		`Its servers refuse the constraint then. It is read as it is meant; write operator = "`+m.Key+`" and value.`)
}

func lowerFirst(s string) string { return strings.ToLower(s[:1]) + s[1:] }

// pathOf is the path of a file within the source's file system.
func (r *reader) pathOf(f *source.File) string {
	for i, other := range r.source.Files {
		if other == f && i < len(r.source.Paths) {
			return r.source.Paths[i]
		}
	}
	return path.Clean(f.Name)
}

func (r *reader) whereOf(v *document.Value) source.Range {
	if p := r.places[v]; p != nil {
		return p.where
	}
	return source.Range{}
}

// report adds a finding; each is reported once.
func (r *reader) report(severity diag.Severity, code diag.Code, where source.Range, path, summary, detail string) {
	key := string(code) + "\x00" + path + "\x00" + summary + "\x00" + where.String()
	if r.reported[key] {
		return
	}
	r.reported[key] = true
	r.list = append(r.list, diag.Diagnostic{Severity: severity, Code: code, Subject: where, Path: path, Summary: summary, Detail: detail})
}

// said notes where a fact came from. A value that depends on variables is baked.
func (r *reader) said(path string, v *document.Value) {
	p := r.places[v]
	if p == nil {
		return
	}
	if !p.where.IsZero() {
		r.positions[path] = p.where
	}
	if len(p.vars) > 0 {
		r.bake(p.vars, p.where)
	}
}

// saidText is said for a fact that is the value's text: variables stay open in it.
func (r *reader) saidText(path string, v *document.Value) {
	p := r.places[v]
	if p == nil {
		return
	}
	if !p.where.IsZero() {
		r.positions[path] = p.where
	}
	r.open(path, p, p.written)
}

// open keeps a text with references to variables for a path.
func (r *reader) open(path string, p *mark, written string) {
	if len(p.vars) == 0 {
		return
	}
	if written == "" || r.source.Bake {
		r.bake(p.vars, p.where)
		return
	}
	r.reading.Expressions[path] = written
	p.open = true
	for _, name := range p.vars {
		for _, v := range r.variables {
			if v.name == name {
				v.used = true
			}
		}
	}
}

// comment keeps the comment above a block.
func (r *reader) comment(path string, v *document.Value) {
	if p := r.places[v]; p != nil && p.comment != "" {
		r.reading.Comments[path] = p.comment
	}
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
	case jobBlock.Match(f.Data), strings.HasSuffix(f.Name, ".nomad"), strings.HasSuffix(f.Name, ".nomad.hcl"):
		return backend.Sure
	case bytes.Contains(f.Data, []byte(`"TaskGroups"`)):
		return backend.Sure
	case strings.HasSuffix(f.Name, ".volume.hcl"), strings.HasSuffix(f.Name, ".hcl") && bytes.Contains(f.Data, []byte("plugin_id")):
		return backend.Maybe
	}
	return backend.No
}

var jobBlock = regexp.MustCompile(`(?m)^\s*job\s+("[^"\n]*"|[A-Za-z_][\w-]*)\s*\{`)
