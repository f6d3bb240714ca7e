package backendtest

import (
	"strings"
	"testing"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// The maximal app says every kind of fact, so that no backend is proved on less.
func TestMaximalAppSaysEveryKind(t *testing.T) {
	for _, kind := range Coverage(Maximal(t)) {
		t.Errorf("testdata/apps/maximal says nothing of kind %s", kind)
	}
}

// Every kind of fact of the maximal app can be changed somewhere without making the app meaningless.
func TestEveryKindCanBeChanged(t *testing.T) {
	app := Maximal(t)
	proved, mutations := map[string]bool{}, 0
	for _, k := range ir.Kinds() {
		proved[k.Name] = false
	}
	places := placesOf(app)
	for i := range places {
		list := mutationsOf(app, &places[i])
		mutations += len(list)
		if _, known := proved[places[i].kind]; known && len(list) > 0 {
			proved[places[i].kind] = true
		}
	}
	for kind, ok := range proved {
		if !ok {
			t.Errorf("no fact of kind %s can be changed in the maximal app", kind)
		}
	}
	t.Logf("%d places, %d mutations", len(places), mutations)
}

func TestHonestBackendPasses(t *testing.T) { Run(t, Memory(Honest), Maximal(t)) }

// Each lie is told to the suite, and has to be found by the check that is meant for it.
func TestSuiteNoticesLies(t *testing.T) {
	app := Maximal(t)
	plant(t, app)
	for _, c := range []struct {
		lie  Lie
		want string // part of a violation
	}{
		{NativeUnseen, "mutation: container.workdir (main, service) at workloads.web.workdir: \"/srv/web\" → \"/changed\": native: the files have to change, and they stay the same"},
		{OnlyComment, "mutation: container.hostname (main, service) at workloads.cache.hostname: \"cache-one\" → \"cache-onex\": native: the files have to change, and nothing but a comment does (memory.txt:"},
		{EmulatedUnseen, "mutation: workload.needs (service) at workloads.web.needs.db: \"ready\" → \"started\": emulated: the files have to change"},
		{ApproximateStays, "mutation: container.stop.grace (main, service) at workloads.web.stop.grace: 45s → 2m30s: approximated: the files have to change"},
		{DroppedSeen, "mutation: workload.annotations (service) at workloads.web.annotations.owner: \"storefront@example.com\" → \"storefront@example.comx\": dropped: the files have to stay the same, and they change (memory.txt:"},
		{NoRow, "table: endpoint.host at endpoint.host: no row says what becomes of it"},
		{OneWord, "mutation: container.ports.protocol (main, service) at workloads.web.ports.quic.protocol: \"udp\" → \"sctp\": native: the files have to change"},
		{NameUnseen, "mutation: container.env (main, service) at workloads.web.env.LOG_LEVEL: the name LOG_LEVEL → the name LOG_LEVEL_renamed: "},
		{OneReference, "mutation: container.env (main, service) at workloads.web.env.DATABASE_URL: "},
		{OneRole, "mutation: container.image (init, job) at workloads.migrate.init.lock.image: "},
		{RandomOrder, "same-bytes: the same app gives other files"},
		{ChangesApp, "same-bytes: Emit changes the app"},
		{TellsSecret, "secrets: memory.txt holds the value of a secret"},
		{Panics, "panic: workload.priority (job) at workloads.migrate.priority: 60 → 91: "},
		{BrokenPass, "emission: error [memory-refused] at : it cannot do without the banner  (without passes)"},
		{UselessPass, "passes: pass banner makes no difference to this app"},
		{RefusesOwn, "emission: error [memory-refused] at : it looks bad"},
		{NoHeader, "emission: memory.txt does not begin with"},
		{UnlistedCode, "codes: the code \"never-heard-of\" is not listed in Codes"},
		{LosesReading, "reading: container.image at workloads.web.image: native: it is not read back"},
	} {
		t.Run(string(c.lie), func(t *testing.T) {
			found := violations(Memory(c.lie), ir.Clone(app), c.want)
			for _, v := range found {
				if strings.HasPrefix(v.String(), c.want) {
					return
				}
			}
			t.Errorf("the lie is not found; what is:\n%v", found[:min(len(found), 20)])
		})
	}
}

// violations runs the check that is meant to find a lie; where that is changing facts, on facts of one kind.
func violations(b *backend.Backend, app *ir.App, want string) []Violation {
	name, rest, _ := strings.Cut(want, ": ")
	if name == "mutation" || name == "panic" || name == "codes" {
		kind, _, _ := strings.Cut(rest, " ")
		if name == "codes" {
			kind = "workload.priority"
		}
		list, _ := mutate(b, app, Defaults(b), func(p *place) bool { return p.kind == kind }, nil)
		return list
	}
	var all []Violation
	for _, check := range checks {
		if check.name != "mutations" {
			all = append(all, check.run(b, app, nil)...)
		}
	}
	return all
}

func TestExemptionsAreNeeded(t *testing.T) {
	app := Maximal(t)
	mutations := func(lie Lie, e Exemption) []Violation {
		b := Memory(lie)
		list, _ := mutate(b, app, Defaults(b), func(p *place) bool { return p.kind == "container.workdir" }, []Exemption{e})
		return list
	}
	needed := Exemption{Kind: "container.workdir", From: "/srv/web", Reason: "the memory has no folders"}
	for _, v := range mutations(NativeUnseen, needed) {
		if v.From == `"/srv/web"` {
			t.Errorf("an exemption with a reason is not respected: %v", v)
		}
	}
	for _, e := range []Exemption{needed, {Kind: "container.workdir", From: "/srv/web"}, {Kind: "container.workdir", Reason: "all of it"}} {
		if list := mutations(Honest, e); len(list) != 1 {
			t.Errorf("an exemption that nothing needs is not reported: %v", list)
		}
	}
}
