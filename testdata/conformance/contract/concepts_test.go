package contract

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/decamp-dev/decamp/backends"
	"github.com/decamp-dev/decamp/compiler"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/support"
)

// unobserved are the kinds of facts that no row names, and those below them, each with its reason. What all platforms drop needs
// none: nothing of it is deployed.
var unobserved = map[string]string{
	"app.name":                               "all rows find their app by it",
	"app.stage":                              "the chapters on endpoints are each of a stage: stage-only and the configurations look at what that means",
	"container.build":                        "an image is built before anything is deployed: no platform is asked",
	"container.ports.app":                    "a word for what routes requests: none of these platforms acts on it without a route",
	"container.health.startup.http.scheme":   "the probe speaks no TLS: golden files hold the word",
	"container.health.ready.http.scheme":     "the probe speaks no TLS: golden files hold the word",
	"container.health.live.http.scheme":      "the probe speaks no TLS: golden files hold the word",
	"container.stop.before.http.scheme":      "the probe speaks no TLS: golden files hold the word",
	"container.hooks.afterStart.http.scheme": "the probe speaks no TLS: golden files hold the word",
	"container.health.startup.delay":         "where it is kept, it is kept as ready-delay and live-delay see it",
	"container.resources.disk":               "a reservation is seen only where disk runs short",
	"container.security.apparmor":            "the kernel of the tests has no AppArmor",
	"container.security.privileged":          "an engine starts such a process only where it has all rights of the kernel itself, which it has not in a machine of its own",
	"container.security.selinux":             "the kernel of the tests has no SELinux",
	"workload.scale.cpu":                     "nothing measures the load on the tests' platforms: scale-min and scale-max look at the bounds",
	"workload.scale.memory":                  "nothing measures the load on the tests' platforms: scale-min and scale-max look at the bounds",
	"workload.schedule.deadline":             "the clock would have to be stopped for longer than the deadline",
	"workload.schedule.keep":                 "more runs than are kept take as many minutes",
	"workload.update.canary":                 "a canary waits for someone to promote it: one platform has it, and the lines of docs/deploy.md would wait too",
	"workload.restart.window":                "attempts are counted anew after minutes: restart-attempts looks at the number",
	"route.tls.secret":                       "what answers on port 443 is given the certificate: no cluster here has it",
	"volume.class":                           "a class is a word to the cluster's provisioner, and that of the tests knows none",
	"volume.external":                        "a volume that was there before is mounted as one of the app's own",
	"volume.labels":                          "no process sees them",
	"network.external":                       "a network that was there before is joined as one of the app's own",
	"network.driver":                         "the drivers besides the default one need a second machine or a network of the site's",
	"network.options":                        "they are words to the driver",
	"network.labels":                         "no process sees them",
	"secret.external":                        "a secret that was there before is read as those are that the tests make by the commands of the findings",
	"container.health.live.successes":        "1 is all that any platform takes, and the default",
}

// TestConcepts makes it a law that the contract covers the spec: a kind of fact that is said nowhere in a row, and has no reason
// in the list above, fails.
func TestConcepts(t *testing.T) {
	named := map[string]bool{}
	for _, c := range Chapters() {
		app := compiled(t, c)
		var facts []string
		for _, s := range c.Scenes {
			for i := range s.Rows {
				facts = append(facts, s.Rows[i].Facts...)
			}
		}
		ir.Walk(app, func(f *ir.Fact) {
			path := f.Path()
			if slices.ContainsFunc(facts, func(fact string) bool { return ir.HasPathPrefix(path, fact) }) {
				for kind := f.Kind; kind != ""; kind = above(kind) {
					named[kind] = true
				}
			}
		})
	}
	listed := map[string]bool{}
	for _, kind := range ir.Kinds() {
		reason := ""
		for at := kind.Name; at != ""; at = above(at) {
			if unobserved[at] != "" {
				reason, listed[at] = unobserved[at], true
			}
		}
		switch dropped := droppedByAll(kind.Name); {
		case named[kind.Name] && reason != "":
			t.Errorf("a row names %s: it needs no reason any more", kind.Name)
		case !named[kind.Name] && reason == "" && !dropped:
			t.Errorf("no row looks at %s", kind.Name)
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(unobserved)) {
		if !listed[kind] {
			t.Errorf("there is no fact %s", kind)
		}
	}
}

// above is the kind that a kind belongs to: container.health for container.health.live.
func above(kind string) string {
	if at := strings.LastIndexByte(kind, '.'); at >= 0 {
		return kind[:at]
	}
	return ""
}

// droppedByAll says whether no platform has a kind of fact, whatever the case.
func droppedByAll(kind string) bool {
	for _, b := range backends.All().Emitters() {
		row := b.Support.Row(kind)
		if row == nil || row.Level != support.Dropped {
			return false
		}
	}
	return true
}

// compiled is the app of a chapter, for one platform.
func compiled(t *testing.T, c *Chapter) *ir.App {
	t.Helper()
	spec, err := c.spec("../../..")
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{"decamp.yaml": {Data: spec}}
	for _, s := range c.Scenes {
		for path, text := range s.Files {
			files[path] = &fstest.MapFile{Data: []byte(text)}
		}
	}
	request := compiler.Request{FS: files, Path: "decamp.yaml", Targets: []string{"compose"}, Vars: c.Vars, Policy: support.Policy{Allow: []string{"all"}}}
	if c.Stage != "" {
		request.Stages = []string{c.Stage}
	}
	result, list := compiler.Compile(backends.All(), request)
	if list.HasErrors() {
		t.Fatalf("%s: %v", c.Name, list)
	}
	return result.Apps[0]
}
