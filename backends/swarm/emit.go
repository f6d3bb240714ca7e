package swarm

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/decamp-dev/decamp/backends/internal/composefile"
	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// File names of the artifacts. With an order to keep there are several stack files,
// numbered as they are deployed.
const (
	stackFile    = "stack.yaml"
	crontabFile  = "crontab"
	configFolder = "configs"
)

// formVersion is the newest form of stack files; it marks a file as one.
const formVersion = "3.13"

// emitter holds what is known of one app while it is written.
type emitter struct {
	app     *ir.App
	options backend.Options
	diags   diag.List

	units []*unit
	taken map[string]string // name of a service → path of what it stands for
	plan  *networkPlan
	waves map[string]int // workload → wave of its first service
	depth int            // of configs within configs

	networks []object
	volumes  []object
	configs  []object
	secrets  []object
	files    []backend.Artifact

	granted map[string][]fileReference // config → secrets that its template reads
}

// unit is one service with what the file says around it.
type unit struct {
	service
	name    string
	comment string
	wave    int // the file that it stands in, from 1

	mountComments map[string]string // by target
}

// object is a member of a section at the top.
type object struct {
	name    string
	value   any
	comment string
	// used forces the object into the file of this wave, for what no service mounts.
	used int
}

// Emit writes the app as stack files with what they need beside them.
func Emit(app *ir.App, options backend.Options) ([]backend.Artifact, diag.List) {
	e := &emitter{app: app, options: options, taken: map[string]string{}, granted: map[string][]fileReference{}}
	e.reserveNames()
	e.waves = wavesOf(app)
	e.plan = e.planNetworks()
	e.configObjects()
	for i := range app.Workloads {
		e.workload(app.Workloads[i].Key, &app.Workloads[i].Value)
	}
	e.routes()
	e.relays()
	e.networkObjects()
	e.volumeObjects()
	e.secretObjects()
	e.optimizeUnits()
	e.checkNames()

	roots := e.documents()
	e.platformEntries(roots)
	e.optimizeFiles(roots)
	var artifacts []backend.Artifact
	for i, root := range roots {
		var out bytes.Buffer
		o := document.YAMLOptions{Header: e.header(i+1, len(roots)), IndentLists: true, BareNulls: true}
		if err := document.PrintYAML(&out, root, o); err != nil {
			e.report(diag.Error, CodeUnprintable, "", "the stack file cannot be written: "+err.Error(), "A value of the app or of a patch has no form in YAML.")
			return nil, e.diags
		}
		artifacts = append(artifacts, backend.Artifact{Path: fileName(i+1, len(roots)), Data: out.Bytes()})
	}
	if data := e.crontab(); data != nil {
		artifacts = append(artifacts, backend.Artifact{Path: crontabFile, Data: data})
	}
	return append(artifacts, e.files...), e.diags
}

func (e *emitter) report(severity diag.Severity, code diag.Code, path, summary, detail string) {
	d := diag.Diagnostic{Severity: severity, Code: code, Summary: summary, Detail: detail, Path: path, Target: Name}
	if path != "" {
		d.Subject = e.app.Locate(path)
	}
	e.diags = append(e.diags, d)
}

// stack is the name that the app is to be deployed under, which keeps its services,
// networks and volumes apart from those of other apps, and of other stages.
func stack(app *ir.App) string {
	if app.Stage == "" {
		return app.Name
	}
	return app.Name + "-" + app.Stage
}

// scoped is the name that Docker would give an object of the stack.
func (e *emitter) scoped(name string) string { return stack(e.app) + "_" + name }

// fileName is the name of one of several files; their names sort as they are deployed.
func fileName(wave, waves int) string {
	if waves == 1 {
		return stackFile
	}
	return fmt.Sprintf("stack-%0*d.yaml", len(fmt.Sprint(waves)), wave)
}

// header says how the file is deployed: a stack file does not name its stack.
func (e *emitter) header(wave, waves int) string {
	command := "docker stack deploy --detach=false " + e.logins() + "--compose-file " + fileName(wave, waves) + " " + stack(e.app)
	lines := []string{e.options.Header(), "", command}
	if waves > 1 {
		lines = append(lines, fmt.Sprintf("File %d of %d: what is in it waits for all that is in those before.", wave, waves))
	}
	for i := range e.app.Secrets {
		if s := &e.app.Secrets[i].Value; s.Type == "registry" {
			line := "Needs a docker login: " + e.app.Secrets[i].Key
			if s.Description != "" {
				line += " (" + s.Description + ")"
			}
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// logins hands the deployer's login to a registry on to the nodes, where one is needed.
func (e *emitter) logins() string {
	for i := range e.app.Secrets {
		if e.app.Secrets[i].Value.Type == "registry" {
			return "--with-registry-auth "
		}
	}
	return ""
}

// relative writes a path that is relative to the spec as Docker reads it: relative to
// the stack file.
func (e *emitter) relative(p string) string {
	if path.IsAbs(p) {
		return p
	}
	p = path.Join(e.options.Folder, p)
	if p == ".." || strings.HasPrefix(p, "../") || p == "." {
		return p
	}
	return "./" + p
}

// documents puts the parts together: a file for each wave, with the objects that its
// services use.
func (e *emitter) documents() []*document.Value {
	count := 1
	for _, u := range e.units {
		count = max(count, u.wave)
	}
	roots := make([]*document.Value, count)
	for i := range roots {
		root := document.Map()
		root.Add("version", document.String(formVersion))
		services := document.Map()
		uses := uses{map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}}
		for _, u := range e.units {
			if u.wave == i+1 {
				services.Members = append(services.Members, document.Member{Key: u.name, Value: u.document(), Comment: u.comment})
				uses.add(u)
			}
		}
		root.Add("services", services)
		addObjects(root, "networks", e.networks, uses.networks, i+1)
		addObjects(root, "volumes", e.volumes, uses.volumes, i+1)
		addObjects(root, "configs", e.configs, uses.configs, i+1)
		addObjects(root, "secrets", e.secrets, uses.secrets, i+1)
		composefile.Interpolate(root)
		roots[i] = root
	}
	return roots
}

// uses are the objects that the services of a file refer to.
type uses struct{ networks, volumes, configs, secrets map[string]bool }

func (s *uses) add(u *unit) {
	for _, n := range u.Networks {
		s.networks[n.Key] = true
	}
	if len(u.Networks) == 0 {
		s.networks[defaultNetwork] = true
	}
	for _, v := range u.Volumes {
		if v.Type == "volume" {
			s.volumes[v.Source] = true
		}
	}
	for _, c := range u.Configs {
		s.configs[c.Source] = true
	}
	for _, c := range u.Secrets {
		s.secrets[c.Source] = true
	}
}

func addObjects(root *document.Value, key string, objects []object, used map[string]bool, wave int) {
	all := document.Map()
	for _, o := range objects {
		if !used[o.name] && o.used != wave {
			continue
		}
		value := read(o.value)
		if len(value.Members) == 0 {
			value = document.Null()
			if key == "configs" || key == "secrets" {
				value = document.Map() // null is refused there
			}
		}
		all.Members = append(all.Members, document.Member{Key: o.name, Value: value, Comment: o.comment})
	}
	if len(all.Members) > 0 {
		root.Add(key, all)
	}
}

// document writes the service, its mounts with what is said about them.
func (u *unit) document() *document.Value {
	v := read(u.service)
	if volumes := v.Get("volumes"); volumes != nil {
		for i := range u.Volumes {
			volumes.Items[i].Comment = u.mountComments[u.Volumes[i].Target]
		}
	}
	return v
}

// put sets a member of a list of names that may have it already.
func put(list *words, names ...string) {
	for _, n := range names {
		if !slices.Contains(*list, n) {
			*list = append(*list, n)
		}
	}
}
