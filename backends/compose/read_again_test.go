package compose

import (
	"cmp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/backend/backendtest"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/source"
	"github.com/decamp-dev/decamp/compiler/spec"
)

// readAgain reads what was emitted.
func readAgain(artifacts []backend.Artifact) (backend.Reading, diag.List) {
	files := fstest.MapFS{}
	s := backend.Source{FS: files, Root: "."}
	for _, a := range artifacts {
		files[a.Path] = &fstest.MapFile{Data: a.Data}
		if a.Path == composeFile {
			s.Paths, s.Files = append(s.Paths, a.Path), append(s.Files, source.NewFile(a.Path, a.Data))
		}
	}
	return Read(s)
}

// readTwice are files of the corpus that say something else when they are read again,
// and why.
var readTwice = map[string]string{
	"compose-endpoint-mode-1.yaml": "two replicas cannot have one port of the host: a relay before them is a service of its own",
	"compose-endpoint-mode-2.yaml": "two replicas cannot have one port of the host: a relay before them is a service of its own",

	"compose-service-platform-not-in-build-platforms.yaml": "Compose refuses to run for a platform that is not built for, so that it is added",
}

// TestReadAgain compiles what was read of every real file, and reads that: it is the
// same app. The order of what has none in Compose counts not.
func TestReadAgain(t *testing.T) {
	folder, paths := realFiles(t)
	read := 0
	for _, name := range paths {
		reading, list := backendtest.Sources{FS: folder, Paths: []string{name}, Name: "app"}.Read(New())
		if reading.App == nil || list.HasErrors() || len(ir.Verify(reading.App)) > 0 {
			continue
		}
		read++
		options := backendtest.Defaults(New())
		options.Passes[passStartInterval] = true
		options.Passes[passPatientNeeds] = false // a start period that is made is read as one that was said
		artifacts, list := Emit(reading.App, options)
		if list.HasErrors() {
			t.Errorf("%s: %s", name, firstError(list))
			continue
		}
		again, list := readAgain(artifacts)
		if again.App == nil || list.HasErrors() {
			t.Errorf("%s: what was made of it is refused: %s", name, firstError(list))
			continue
		}
		difference := gocmp.Diff(described(ordered(reading.App)), described(ordered(again.App)))
		_, known := readTwice[name[strings.LastIndexByte(name, '/')+1:]]
		if (difference != "") != known {
			t.Errorf("%s is read as something else from what was made of it: %v\n%s", name, difference != "", difference)
		}
	}
	if read < 250 {
		t.Errorf("only %d files were read", read)
	}
}

// ordered sorts the maps that Compose has no order for.
func ordered(app *ir.App) *ir.App {
	app = ir.Clone(app)
	byKey := func(m ir.Map[string]) {
		slices.SortFunc(m, func(a, b ir.Item[string]) int { return cmp.Compare(a.Key, b.Key) })
	}
	for i := range app.Volumes {
		byKey(app.Volumes[i].Value.Options)
		byKey(app.Volumes[i].Value.Labels)
	}
	for i := range app.Networks {
		byKey(app.Networks[i].Value.Options)
		byKey(app.Networks[i].Value.Labels)
	}
	for i := range app.Workloads {
		w := &app.Workloads[i].Value
		byKey(w.Labels)
		byKey(w.Annotations)
		ir.EachContainer(w, "", func(_, _ string, _ ir.Role, c *ir.Container) {
			byKey(c.Sysctls)
			if c.Log != nil {
				byKey(c.Log.Options)
			}
			if c.Build != nil {
				byKey(c.Build.Args)
			}
		})
	}
	for i := range app.Platform {
		sortValue(app.Platform[i].Patch)
		for _, o := range app.Platform[i].Objects {
			sortValue(o)
		}
	}
	return app
}

func sortValue(v *ir.Value) {
	if v == nil {
		return
	}
	slices.SortFunc(v.Members, func(a, b ir.Item[*ir.Value]) int { return cmp.Compare(a.Key, b.Key) })
	for _, m := range v.Members {
		sortValue(m.Value)
	}
	for _, item := range v.Items {
		sortValue(item)
	}
}

// TestFormatChangesNothing: what import writes is laid out as decamp fmt would.
func TestFormatChangesNothing(t *testing.T) {
	folder, paths := realFiles(t)
	for _, name := range paths {
		reading, list := backendtest.Sources{FS: folder, Paths: []string{name}, Name: "app"}.Read(New())
		if reading.App == nil || list.HasErrors() {
			continue
		}
		printed, _ := spec.Print(reading.App, spec.Extras{Comments: reading.Comments, Written: reading.Expressions})
		formatted, list := spec.Format(source.NewFile("decamp.yaml", printed.Text))
		if list.HasErrors() || string(formatted) != string(printed.Text) {
			t.Errorf("%s: %v\n%s", name, list, gocmp.Diff(string(printed.Text), string(formatted)))
		}
	}
}

// unread are facts that a Compose file does not hold in a form of their own.
var unread = []backendtest.Exemption{
	{Unread: true, Kind: "app.name", Reason: "the project of a stage is called after app and stage"},
	{Unread: true, Kind: "app.stage", Reason: "the project of a stage is called after app and stage"},
	{Unread: true, Kind: "app.labels", Reason: "they stand at every service"},
	{Unread: true, Kind: "container.build.context", Reason: "a path is read without the dot that it begins with"},
	{Unread: true, Kind: "container.build.platforms", From: "[linux/arm64]", Reason: "Compose builds also for the platform that it runs for"},
	{Unread: true, Kind: "container.env", Reason: "a reference is the text that it stands for"},
	{Unread: true, Kind: "container.files.config", Reason: "each entry of a config is a config, and one with references is a text"},
	{Unread: true, Kind: "container.files.key", Reason: "each key of a config or secret is one of its own"},
	{Unread: true, Kind: "container.files.secret", Reason: "each key of a secret is a secret"},
	{Unread: true, Kind: "container.health.startup.delay", Reason: "start_period is one time: a delay and failures together"},
	{Unread: true, Kind: "container.health.startup.failures", Reason: "start_period is one time: a delay and failures together"},
	{Unread: true, Kind: "container.health.startup.successes", From: "1", Reason: "it is what is meant when nothing is said"},
	{Unread: true, Kind: "container.health.startup.tcp.port", Reason: "a container has one check: where there is no other, the startup probe is read as readiness"},
	{Unread: true, Kind: "container.mounts.volume", Reason: "the volume of a replica has its number"},
	{Unread: true, Kind: "container.ports.port", Reason: "a port has no name in Compose: it is called after its number"},
	{Unread: true, Kind: "container.ports.protocol", Reason: "a port has no name in Compose: it is called after its number"},
	{Unread: true, Kind: "container.ports.app", Reason: "a port has no name in Compose: it is called after its number"},
	{Unread: true, Kind: "workload.publish.port", Reason: "a port has no name in Compose: it is called after its number"},
	{Unread: true, Kind: "workload.publish.range", Reason: "a port has no name in Compose: it is called after its number"},
	{Unread: true, Kind: "container.devices.permissions", From: "rwm", Reason: "it is what is meant when nothing is said"},
	{Unread: true, Kind: "container.security.apparmor", From: "default", Reason: "it is what is meant when nothing is said"},
	{Unread: true, Kind: "container.security.network", From: "own", Reason: "it is what is meant when nothing is said"},
	{Unread: true, Kind: "container.security.pid", From: "own", Reason: "it is what is meant when nothing is said"},
	{Unread: true, Kind: "container.security.seccomp", From: "default", Reason: "it is what is meant when nothing is said"},
	{Unread: true, Kind: "workload.kind", Reason: "a service is what is meant when nothing is said, and on one host a daemon is a service"},
	{Unread: true, Kind: "workload.placement.os", From: "linux", Reason: "the engine is Linux"},
	{Unread: true, Kind: "workload.replicas", From: "1", Reason: "it is what is meant when nothing is said"},
	{Unread: true, Kind: "workload.restart.policy", Reason: "unless-stopped is what is meant when nothing is said, and what ends is not started again"},
	{Unread: true, Kind: "workload.schedule.overlap", From: "allow", Reason: "it is what is meant when nothing is said"},
	{Unread: true, Kind: "workload.stateful", Reason: "one replica has the identity of its service"},
	{Unread: true, Kind: "workload.aliases", Reason: "the aliases of a workload stand at each of its networks"},
	{Unread: true, Kind: "workload.networks", Reason: "the aliases of a workload stand at each of its networks"},
	{Unread: true, Kind: "workload.networks.aliases", Reason: "the aliases of a workload stand at each of its networks"},
	{Unread: true, Kind: "volume", Reason: "a volume of which only is said that it is shared"},
	{Unread: true, Kind: "volume.each", Reason: "the volume of a replica has its number"},
	{Unread: true, Kind: "volume.labels", Reason: "the volume of a replica has its number"},
	{Unread: true, Kind: "volume.shared", Reason: "on one host every volume can be shared"},
	{Unread: true, Kind: "secret.description", Reason: "it is asked for in a message, which is no description of the secret"},
	{Unread: true, Kind: "secret.env", Reason: "a secret that only stands in texts is called after its variable"},
	{Unread: true, Kind: "secret.file", Reason: "each key of a secret is a secret"},
	{Unread: true, Kind: "secret.keys", Reason: "each key of a secret is a secret"},
	{Unread: true, Kind: "secret.type", Reason: "a secret of Compose is a text"},
	{Unread: true, Kind: "endpoint.address", Reason: "an endpoint is its host name in the texts that name it"},
	{Unread: true, Kind: "endpoint.host", Reason: "an endpoint is its host name in the texts that name it"},
	{Unread: true, Kind: "endpoint.port", Reason: "an endpoint is its host name in the texts that name it"},
	{Unread: true, Kind: "endpoint.real", Reason: "an endpoint is its host name in the texts that name it"},
	{Unread: true, Kind: "endpoint.scheme", Reason: "an endpoint is its host name in the texts that name it"},
	{Unread: true, Kind: "endpoint.workload", Reason: "an endpoint is its host name in the texts that name it"},
	{Unread: true, Kind: "route.host", Reason: "a route is the configuration of a proxy, which is a service"},
	{Unread: true, Kind: "route.match", Reason: "a route is the configuration of a proxy, which is a service"},
	{Unread: true, Kind: "route.path", Reason: "a route is the configuration of a proxy, which is a service"},
	{Unread: true, Kind: "route.to", Reason: "a route is the configuration of a proxy, which is a service"},
	{Unread: true, Kind: "route.tls.secret", Reason: "a route is the configuration of a proxy, which is a service"},
}

// TestReadBack emits the maximal app and demands every native and emulated fact back.
// Replicas with numbers are services that nothing in the file holds together, so that
// each workload has one here.
func TestReadBack(t *testing.T) {
	app := backendtest.Maximal(t)
	one := 1
	for i := range app.Workloads {
		if w := &app.Workloads[i].Value; numbered(w) {
			w.Replicas = &one
		}
	}
	for _, v := range backendtest.Reading(New(), app, unread...) {
		t.Error(v)
	}
}
