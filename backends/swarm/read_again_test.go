package swarm

import (
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"go.yaml.in/yaml/v3"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/backend/backendtest"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/source"
)

// unsaid are facts that a stack file does not hold in a form of their own.
var unsaid = []backendtest.Exemption{
	{Unread: true, Kind: "app.name", Reason: stageName},
	{Unread: true, Kind: "app.stage", Reason: stageName},
	{Unread: true, Kind: "container.env", Reason: referenceText},
	{Unread: true, Kind: "container.args", Reason: "an empty entrypoint with arguments is written as the arguments alone"},
	{Unread: true, Kind: "container.files.config", Reason: oneEach},
	{Unread: true, Kind: "container.files.key", Reason: oneEach},
	{Unread: true, Kind: "container.files.secret", Reason: oneEach},
	{Unread: true, Kind: "container.health.startup.delay", Reason: onePeriod},
	{Unread: true, Kind: "container.health.startup.failures", Reason: onePeriod},
	{Unread: true, Kind: "container.health.startup.successes", From: "1", Reason: meantAnyway},
	{Unread: true, Kind: "container.health.live.successes", From: "1", Reason: meantAnyway},
	{Unread: true, Kind: "container.health.live.delay", Reason: onePeriod},
	{Unread: true, Kind: "container.security.pid", From: "own", Reason: meantAnyway},
	{Unread: true, Kind: "container.security.ipc", From: "own", Reason: meantAnyway},
	{Unread: true, Kind: "container.security.network", From: "own", Reason: meantAnyway},
	{Unread: true, Kind: "workload.kind", From: "service", Reason: meantAnyway},
	{Unread: true, Kind: "workload.replicas", From: "1", Reason: meantAnyway},
	{Unread: true, Kind: "workload.restart.policy", Reason: "Swarm starts what ends again unless it is told otherwise, and knows one form of it"},
	{Unread: true, Kind: "workload.update.parallel", From: "25%", Reason: "it is written as the number that it makes of the replicas"},
	{Unread: true, Kind: "workload.aliases", Reason: everyNetwork},
	{Unread: true, Kind: "workload.networks", Reason: everyNetwork},
	{Unread: true, Kind: "workload.networks.aliases", Reason: everyNetwork},
	{Unread: true, Kind: "workload.publish.port", Reason: "the port is one of a sidecar, which is a service of its own here"},
	{Unread: true, Kind: "workload.needs", Reason: "the next file waits until all of this one is up, whatever is asked"},
	{Unread: true, Kind: "workload.placement.require", Reason: "not in with several values is several constraints; roles of nodes are Swarm's own"},
	{Unread: true, Kind: "workload.placement.spread", Reason: "Swarm spreads over nodes by itself"},
	{Unread: true, Kind: "workload.stateful", Reason: "one replica has a host name like any other"},
	{Unread: true, Kind: "route.host", Reason: proxyConfig},
	{Unread: true, Kind: "route.path", Reason: proxyConfig},
	{Unread: true, Kind: "route.match", Reason: proxyConfig},
	{Unread: true, Kind: "route.to", Reason: proxyConfig},
	{Unread: true, Kind: "route.tls.secret", Reason: proxyConfig},
	{Unread: true, Kind: "config.content", Reason: "a config is its text; one that only stands in other texts is no object"},
	{Unread: true, Kind: "config.entries", Reason: oneEach},
	{Unread: true, Kind: "secret.description", Reason: "it is a comment, or a message"},
	{Unread: true, Kind: "secret.env", Reason: createdBefore},
	{Unread: true, Kind: "secret.file", Reason: createdBefore},
	{Unread: true, Kind: "secret.keys", Reason: oneEach},
	{Unread: true, Kind: "secret.type", Reason: "a secret of Swarm is bytes"},
	{Unread: true, Kind: "secret.external", Reason: "each value of a secret is one of its own"},
	{Unread: true, Kind: "network.options", Reason: "options of an overlay stay for Swarm"},
	{Unread: true, Kind: "endpoint.host", Reason: hostNameOnly},
	{Unread: true, Kind: "endpoint.port", Reason: hostNameOnly},
	{Unread: true, Kind: "endpoint.scheme", Reason: hostNameOnly},
	{Unread: true, Kind: "endpoint.real", Reason: hostNameOnly},
	{Unread: true, Kind: "endpoint.workload", Reason: hostNameOnly},
	{Unread: true, Kind: "endpoint.address", Reason: hostNameOnly},
}

const (
	stageName     = "the stack of a stage is called after app and stage"
	referenceText = "a reference is the text that it stands for"
	oneEach       = "each value of a config or secret is one of its own"
	onePeriod     = "start_period is one time: delays and failures together"
	meantAnyway   = "it is what is meant when nothing is said"
	everyNetwork  = "the aliases of a workload stand at each of its networks"
	proxyConfig   = "a route is the configuration of a proxy, which is a service"
	createdBefore = "a secret exists before the stack, and nothing there says what it was made of"
	hostNameOnly  = "an endpoint is its host name in the texts that name it"
)

// TestReadBack emits the maximal app and demands every native and emulated fact back.
// Sidecars and init containers are services of their own, which nothing in the files holds
// together.
func TestReadBack(t *testing.T) {
	app := backendtest.Maximal(t)
	for i := range app.Workloads {
		w := &app.Workloads[i].Value
		w.Init, w.Sidecars = nil, nil
	}
	for _, v := range backendtest.Reading(New(), app, unsaid...) {
		t.Error(v)
	}
}

// compiled are apps whose files are read, and compiled again.
var compiled = []struct{ folder, stage string }{
	{"examples/hello", ""}, {"examples/shop", "dev"}, {"examples/shop", "prod"}, {"examples/sock-shop", ""}, {"examples/voting-app", ""},
	{"backends/compose/testdata/pods", ""}, {"backends/compose/testdata/shop", "prod"}, {"testdata/apps/maximal", "prod"},
}

// otherwise is what their files say otherwise then, and why: patterns of the differences.
var otherwise = map[string]string{
	`^(configs|secrets)/[a-z-]+\.|^configs\|[a-z-]+\|`:                           dots,
	`^(configs|secrets|configs\|)/?[a-z-]+-(txt|yaml|key|crt|username|password)`: dots,
	`^services/[a-z-]+/(configs|secrets): .*source:[a-z-]+\.`:                    dots,
	`^networks/[a-z-]+/labels: <nil> is`:                                         "a network that the backend plans has no labels; it is read as one of the app's",
	`^networks/[a-z-]+: <nil> is map\[labels:`:                                   "a network that the backend plans has no labels; it is read as one of the app's",
	`/environment/[A-Z]+: \$\{[A-Z]+_LOGIN_`:                                     "each value of a secret is one of its own, and its message says which",
	`^crontab: `:                                                                 "a crontab that starts init containers and sidecars too is read as one that starts the job, with a finding",
}

const dots = "a name with a dot becomes a DNS label; what Docker calls it stays"

// TestCompiledReadsBack compiles apps, reads the files, and compiles what was read: the
// files say the same, but for what is listed. What waits for nothing may stand in another
// file.
func TestCompiledReadsBack(t *testing.T) {
	met := map[string]bool{}
	for _, c := range compiled {
		t.Run(c.folder+" "+c.stage, func(t *testing.T) {
			options := backendtest.Defaults(New())
			first, list := Emit(backendtest.Load(t, c.folder, c.stage), options)
			if list.HasErrors() {
				t.Fatal(firstError(list))
			}
			reading, list := readAgain(first)
			if reading.App == nil || list.HasErrors() {
				t.Fatal(firstError(list))
			}
			if problems := ir.Verify(reading.App); len(problems) > 0 {
				t.Fatal(problems)
			}
			second, list := Emit(reading.App, options)
			if list.HasErrors() {
				t.Fatal(firstError(list))
			}
			for _, difference := range differences(said(t, first), said(t, second)) {
				known := false
				for pattern := range otherwise {
					if regexp.MustCompile(pattern).MatchString(difference) {
						known, met[pattern] = true, true
					}
				}
				if !known {
					t.Error(difference)
				}
			}
		})
	}
	for pattern := range otherwise {
		if !met[pattern] {
			t.Errorf("nothing differs as %s any more: take it out of the list", pattern)
		}
	}
}

// readAgain reads what was emitted.
func readAgain(artifacts []backend.Artifact) (backend.Reading, diag.List) {
	files := fstest.MapFS{}
	s := backend.Source{FS: files, Root: "."}
	for _, a := range artifacts {
		files[a.Path] = &fstest.MapFile{Data: a.Data}
		if !a.Unmarked && strings.HasSuffix(a.Path, ".yaml") {
			s.Paths, s.Files = append(s.Paths, a.Path), append(s.Files, source.NewFile(a.Path, a.Data))
		}
	}
	return Read(s)
}

// said is what files say together, without comments and anchors. What waits for something
// says in which file it stands.
func said(t *testing.T, artifacts []backend.Artifact) map[string]any {
	t.Helper()
	all := map[string]any{}
	for _, a := range artifacts {
		if a.Unmarked || !strings.HasSuffix(a.Path, ".yaml") {
			all[a.Path] = string(a.Data)
			continue
		}
		var m map[string]any
		if err := yaml.Unmarshal(a.Data, &m); err != nil {
			t.Fatal(err)
		}
		for section, v := range m {
			members, _ := v.(map[string]any)
			if strings.HasPrefix(section, "x-") {
				continue
			}
			if all[section] == nil {
				all[section] = map[string]any{}
			}
			for name, v := range members {
				if service, ok := v.(map[string]any); ok && service["depends_on"] != nil {
					service["stands in"] = a.Path
				}
				all[section].(map[string]any)[name] = v
			}
		}
	}
	return all
}

// differences lists where two values differ, as slash paths: what stands at one side and
// at the other.
func differences(a, b any) (list []string) {
	var walk func(at string, a, b any)
	walk = func(at string, a, b any) {
		x, isX := a.(map[string]any)
		y, isY := b.(map[string]any)
		if !isX || !isY {
			if !reflect.DeepEqual(a, b) {
				list = append(list, fmt.Sprintf("%s: %v is %v", strings.TrimPrefix(at, "/"), a, b))
			}
			return
		}
		keys := map[string]bool{}
		for key := range x {
			keys[key] = true
		}
		for key := range y {
			keys[key] = true
		}
		for _, key := range slices.Sorted(maps.Keys(keys)) {
			walk(at+"/"+strings.ReplaceAll(key, "/", "|"), x[key], y[key])
		}
	}
	walk("", a, b)
	return list
}
