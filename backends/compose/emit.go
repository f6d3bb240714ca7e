package compose

import (
	"bytes"
	"path"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/decamp-dev/decamp/backends/internal/composefile"
	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// File names of the artifacts.
const (
	composeFile  = "compose.yaml"
	crontabFile  = "crontab"
	configFolder = "configs"
)

// emitter holds what is known of one app while it is written.
type emitter struct {
	app     *ir.App
	options backend.Options
	diags   diag.List

	services []*service
	taken    map[string]string // name of a service → path of what it stands for
	plan     *networkPlan
	usage    usage
	onHost   []*ir.Item[ir.Workload] // workloads in the host's network that listen
	files    []backend.Artifact
	depth    int               // of configs within configs
	scratch  map[string]string // path → volume, of the workload that is being written

	networks []named[types.NetworkConfig]
	volumes  []named[types.VolumeConfig]
	configs  []named[types.ConfigObjConfig]
	secrets  []named[types.SecretConfig]
}

// named is a member of a top-level map, which has an order here and none in the
// library's types.
type named[T any] struct {
	name    string
	value   T
	comment string
}

// service is one service with what its type cannot hold.
type service struct {
	types.ServiceConfig
	environment   []string          // names in order
	dependencies  []string          // names in order
	networks      []string          // names in order
	mountComments map[string]string // of volumes, by target
	portComments  []string          // of expose
}

// forget lets go of what has been said: a service of the library's type is large.
func (s *service) forget() {
	name, image := s.Name, s.Image
	s.ServiceConfig = types.ServiceConfig{}
	s.Name, s.Image = name, image
}

// Emit writes the app as a Compose file with what it needs beside it.
func Emit(app *ir.App, options backend.Options) ([]backend.Artifact, diag.List) {
	e := &emitter{app: app, options: options, taken: map[string]string{}}
	e.usage = usageOf(app)
	e.onHost = listeningOnHost(app)
	e.reserveNames()
	e.plan = e.planNetworks()
	for i := range app.Workloads {
		e.workload(app.Workloads[i].Key, &app.Workloads[i].Value)
	}
	e.routes()
	e.relays()
	e.networkObjects()
	e.volumeObjects()
	e.configObjects()
	e.secretObjects()
	e.patientNeeds()

	root := e.document()
	e.platformEntries(root)
	e.optimize(root)
	var out bytes.Buffer
	header := options.Header()
	if err := document.PrintYAML(&out, root, document.YAMLOptions{Header: header, IndentLists: true, BareNulls: true}); err != nil {
		e.report(diag.Error, CodeUnprintable, "", "the Compose file cannot be written: "+err.Error(), "A value of the app or of a patch has no form in YAML.")
		return nil, e.diags
	}
	artifacts := []backend.Artifact{{Path: composeFile, Data: out.Bytes()}}
	if data := e.crontab(header); data != nil {
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

// project is the name under which Compose keeps the app's containers, networks and
// volumes apart from those of other apps, and of other stages.
func project(app *ir.App) string {
	if app.Stage == "" {
		return app.Name
	}
	return app.Name + "-" + app.Stage
}

// relative writes a path that is relative to the spec as Compose reads it: relative
// to the Compose file, and beginning with a dot, so that it is no volume's name.
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

// document puts the parts together, in the order in which people write them.
func (e *emitter) document() *document.Value {
	root := document.Map()
	root.Members = append(root.Members, document.Member{Key: "name", Value: document.String(project(e.app)), Comment: e.logins()})
	services := document.Map()
	for _, s := range e.services {
		services.Add(s.Name, s.document())
		s.forget()
	}
	root.Add("services", services)
	addObjects(root, "networks", e.networks)
	addObjects(root, "volumes", e.volumes)
	addObjects(root, "configs", e.configs)
	addObjects(root, "secrets", e.secrets)
	composefile.Interpolate(root)
	return root
}

func addObjects[T any](root *document.Value, key string, objects []named[T]) {
	if len(objects) == 0 {
		return
	}
	all := document.Map()
	for i := range objects {
		value := read(&objects[i].value)
		if len(value.Members) == 0 {
			value = document.Null()
		}
		all.Members = append(all.Members, document.Member{Key: objects[i].name, Value: value, Comment: objects[i].comment})
	}
	root.Add(key, all)
}
