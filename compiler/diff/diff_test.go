package diff_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/decamp-dev/decamp/compiler/backend/backendtest"
	"github.com/decamp-dev/decamp/compiler/diff"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/spec"
	"github.com/decamp-dev/decamp/compiler/support"
)

func apps(a, b *ir.App) []diff.Change {
	return diff.Apps(diff.Side{App: a}, diff.Side{App: b}, diff.Options{Secret: spec.LooksSecret})
}

func TestSame(t *testing.T) {
	app := backendtest.Maximal(t)
	if changes := apps(app, ir.Clone(app)); len(changes) != 0 {
		t.Errorf("an app differs from itself: %+v", changes)
	}
}

// Every change of one place is found, at that place, once; and the other way round.
func TestEveryChangeIsFound(t *testing.T) {
	app := backendtest.Maximal(t)
	changes := backendtest.Changes(app)
	if len(changes) < 500 {
		t.Fatalf("only %d changes", len(changes))
	}
	silent := 0
	for _, m := range changes {
		found := apps(app, m.App)
		name := fmt.Sprintf("%s (%s): %s → %s", m.Path, m.Kind, m.From, m.To)
		if m.Kind == "app.stage" {
			continue
		}
		if problem := judge(m, found); problem != "" {
			t.Errorf("%s: %s: %v", name, problem, lines(found))
		}
		if len(found) == 0 {
			silent++
		}
		if back := mirrored(apps(m.App, app)); !slices.Equal(lines(found), back) {
			t.Errorf("%s: not symmetric:\n%v\n%v", name, lines(found), back)
		}
	}
	t.Logf("%d changes, %d of them to or from a default", len(changes), silent)
	if silent > len(changes)/20 {
		t.Errorf("%d of %d changes are taken for defaults", silent, len(changes))
	}
}

func judge(m backendtest.Change, found []diff.Change) string {
	switch {
	case m.Leaf && !m.Renamed:
		if len(found) == 0 && (m.Removed || m.From == "nothing") {
			return "" // the default; the test counts them
		}
		if len(found) != 1 {
			return "want one change"
		}
	case len(found) == 0 && !m.Removed && m.To != "an empty one": // what is emptied may have held defaults only
		return "want a change"
	}
	segments := ir.SplitPath(m.Path)
	parent := ""
	for _, s := range segments[:len(segments)-1] {
		parent = ir.JoinPath(parent, s)
	}
	for _, c := range found {
		if !ir.HasPathPrefix(c.Path, m.Path) && !ir.HasPathPrefix(m.Path, c.Path) && !ir.HasPathPrefix(c.Path, parent) {
			return "at another place"
		}
	}
	return ""
}

func lines(changes []diff.Change) []string {
	var all []string
	for _, c := range changes {
		all = append(all, fmt.Sprintf("%s %s %s: %q → %q %s", c.Sort, c.Path, c.PathB, c.A, c.B, c.Rule.ID))
	}
	slices.Sort(all)
	return all
}

// mirrored writes changes as the other direction would have them.
func mirrored(changes []diff.Change) []string {
	for i := range changes {
		c := &changes[i]
		switch c.Sort {
		case diff.Added:
			c.Sort = diff.Removed
		case diff.Removed:
			c.Sort = diff.Added
		}
		c.A, c.B = c.B, c.A
		if c.PathB != "" {
			c.Path, c.PathB = c.PathB, c.Path
		}
		if c.A == "another one" {
			c.A, c.B = c.B, c.A
		}
	}
	return lines(changes)
}

func TestOrderAndWritingMakeNoDifference(t *testing.T) {
	app := backendtest.Maximal(t)
	other := ir.Clone(app)
	slices.Reverse(other.Workloads)
	slices.Reverse(other.Volumes)
	for i := range other.Workloads {
		w := &other.Workloads[i].Value
		slices.Reverse(w.Env)
		slices.Reverse(w.Ports)
		if w.Egress != nil {
			slices.Reverse(w.Egress.Peers)
		}
		if w.Security != nil && w.Security.Capabilities != nil {
			slices.Reverse(w.Security.Capabilities.Add)
		}
		slices.Reverse(w.Devices)
		if w.Kind == "" {
			w.Kind = ir.Service
		}
		if w.Replicas == nil && w.Scale == nil && w.Kind == ir.Service {
			one := 1
			w.Replicas = &one
		}
	}
	if changes := apps(app, other); len(changes) != 0 {
		t.Errorf("%v", lines(changes))
	}
}

// The order of init containers is something that is said.
func TestOrderOfInit(t *testing.T) {
	app := func(names ...string) *ir.App {
		w := ir.Workload{Container: ir.Container{Image: "web:1"}}
		for _, name := range names {
			w.Init.Set(name, ir.Container{Image: name + ":1"})
		}
		return &ir.App{Name: "shop", Workloads: ir.Map[ir.Workload]{{Key: "web", Value: w}}}
	}
	changes := apps(app("a", "b", "c"), app("b", "a", "c"))
	if len(changes) != 1 || changes[0].Path != "workloads.web.init" || changes[0].Rule.ID != "start-order" {
		t.Errorf("%v", lines(changes))
	}
}

// What a platform cannot say is told from what was left out.
func TestCannotSay(t *testing.T) {
	b := *backendtest.Memory(backendtest.Honest)
	b.Support = support.Table{{Fact: "app", Level: support.Native}, {Fact: "container", Level: support.Native}, {Fact: "workload", Level: support.Native},
		{Fact: "workload.scale", Level: support.Dropped, Means: "Choose a number."}}
	with := &ir.App{Name: "shop", Workloads: ir.Map[ir.Workload]{{Key: "web", Value: ir.Workload{Container: ir.Container{Image: "web:1"}, Scale: &ir.Scale{Max: 3}, Priority: 70}}}}
	without := &ir.App{Name: "shop", Workloads: ir.Map[ir.Workload]{{Key: "web", Value: ir.Workload{Container: ir.Container{Image: "web:1"}}}}}
	changes := diff.Apps(diff.Side{App: with}, diff.Side{App: without, Platform: &b}, diff.Options{})
	if len(changes) != 2 {
		t.Fatalf("%v", lines(changes))
	}
	for _, c := range changes {
		if want := c.Kind == "workload.scale"; (c.Cannot == b.Name) != want {
			t.Errorf("%s: cannot %q", c.Path, c.Cannot)
		}
	}
	if !diff.Differs(changes) || diff.Differs(changes[1:]) == diff.Differs(changes[:1]) {
		t.Error("only what could be said makes a difference")
	}
	swapped := diff.Apps(diff.Side{App: without, Platform: &b}, diff.Side{App: with}, diff.Options{})
	if !reflect.DeepEqual(lines(changes), mirrored(swapped)) {
		t.Errorf("%v\n%v", lines(changes), lines(swapped))
	}
}

func TestNoSecrets(t *testing.T) {
	const value, other = "correct-horse", "battery-staple"
	app := func(v string) *ir.App {
		w := ir.Workload{Container: ir.Container{
			Image: "web:1", Args: &ir.Command{Words: []ir.Text{ir.Literal("--db-password=" + v), ir.Literal("--api-token"), ir.Literal(v)}},
			Env: ir.Map[ir.Text]{{Key: "DB_PASSWORD", Value: ir.Literal(v)}, {Key: "DSN", Value: ir.Literal("postgres://app:" + v + "@db/shop")}},
		}}
		return &ir.App{Name: "shop", Workloads: ir.Map[ir.Workload]{{Key: "web", Value: w}},
			Configs: ir.Map[ir.Config]{{Key: "c", Value: ir.Config{Content: ir.Literal("password: " + v)}}},
			Platform: []ir.PlatformEntry{{Platform: "paper", On: "workloads.web", Path: "platform.paper[0]", Patch: &ir.Value{Kind: ir.MapValue,
				Members: ir.Map[*ir.Value]{{Key: "password", Value: &ir.Value{Kind: ir.StringValue, Text: v}}}}}}}
	}
	empty := &ir.App{Name: "shop"}
	changes := append(apps(app(value), app(other)), apps(app(value), empty)...)
	if len(changes) != 5+3 {
		t.Errorf("%v", lines(changes))
	}
	for _, line := range lines(changes) {
		if strings.Contains(line, value) || strings.Contains(line, other) {
			t.Errorf("a secret is shown: %s", line)
		}
	}
}

func TestIgnore(t *testing.T) {
	app := backendtest.Maximal(t)
	other := ir.Clone(app)
	other.Workloads[0].Value.Image = "another:1"
	for _, ignore := range []string{"container.image", "container", ir.JoinPath("workloads", app.Workloads[0].Key)} {
		if changes := diff.Apps(diff.Side{App: app}, diff.Side{App: other}, diff.Options{Ignore: []string{ignore}}); len(changes) != 0 {
			t.Errorf("%s: %v", ignore, lines(changes))
		}
	}
}

// Every kind of fact has a rule, and every rule is for something.
func TestRules(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range diff.Rules() {
		if r.ID == "" || r.Purpose == "" || r.Severity == 0 || seen[r.ID] {
			t.Errorf("%+v", r)
		}
		seen[r.ID] = true
		for _, kind := range r.Kinds {
			known := kind == "platform" || kind == "workload.init"
			for _, k := range ir.Kinds() {
				known = known || k.Name == kind || strings.HasPrefix(k.Name, kind+".")
			}
			if !known {
				t.Errorf("%s: no app has a fact of kind %s", r.ID, kind)
			}
		}
	}
}

// The name of a port is a handle: it may differ, with all that refers to it.
func TestNamesOfPorts(t *testing.T) {
	app := func(port string, number int) *ir.App {
		web := ir.Workload{Container: ir.Container{Image: "web:1", Ports: ir.Map[ir.Port]{{Key: port, Value: ir.Port{Port: number}}},
			Health: &ir.Health{Ready: &ir.Probe{HTTP: &ir.HTTPAction{Port: port}}}}, Publish: ir.Map[ir.Publish]{{Key: port, Value: ir.Publish{Port: 80}}}}
		api := ir.Workload{Container: ir.Container{Image: "api:1", Env: ir.Map[ir.Text]{{Key: "WEB", Value: ir.Text{{Ref: ir.Ref{Kind: ir.RefWorkloadPort, Name: "web", Field: port}}}}}}}
		return &ir.App{Name: "shop", Workloads: ir.Map[ir.Workload]{{Key: "web", Value: web}, {Key: "api", Value: api}},
			Routes: ir.Map[ir.Route]{{Key: "r", Value: ir.Route{To: ir.PortRef{Workload: "web", Port: port}}}}}
	}
	other := app("p8080", 8080)
	if changes := apps(app("http", 8080), other); len(changes) != 0 {
		t.Errorf("%v", lines(changes))
	}
	if other.Workloads[0].Value.Ports[0].Key != "p8080" {
		t.Error("the app itself was changed")
	}
	if changes := apps(app("http", 8080), app("p8080", 8081)); len(changes) < 2 {
		t.Errorf("%v", lines(changes))
	}
}
