package backendtest

import (
	"bytes"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// emission is what a backend makes of one app.
type emission struct {
	artifacts []backend.Artifact
	findings  diag.List
}

func emit(b *backend.Backend, app *ir.App, o backend.Options) emission {
	artifacts, findings := b.Emit(app, o)
	return emission{artifacts, findings}
}

func sameArtifacts(a, b []backend.Artifact) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Path != b[i].Path || a[i].Unmarked != b[i].Unmarked || !bytes.Equal(a[i].Data, b[i].Data) {
			return false
		}
	}
	return true
}

// prover changes facts of one app and judges what a backend makes of it.
type prover struct {
	backend    *backend.Backend
	options    backend.Options
	app        *ir.App
	levels     *levels
	facts      facts
	emission   emission
	exemptions []Exemption

	plain         sync.Once
	emissionPlain emission // without passes; made when it is needed first

	mutex  sync.Mutex
	used   []bool // exemptions
	codes  map[diag.Code]bool
	counts Counts
}

// Counts says how much was proved.
type Counts struct {
	Places       int // facts, and structs that hold facts
	Unchangeable int // facts that cannot be changed without making the app meaningless
	Mutations    int // changes that were made; of them:
	Seen         int // had to change the files
	Unseen       int // had to leave the files as they are
	Either       int // moved a fact between dropped and not dropped
	Refused      int // were answered with an error
}

func (c *Counts) add(outcomes []outcome) {
	c.Mutations += len(outcomes)
	for i := range outcomes {
		switch o := &outcomes[i]; {
		case o.refused:
			c.Refused++
		case o.demand == mustDiffer:
			c.Seen++
		case o.demand == mustAgree:
			c.Unseen++
		default:
			c.Either++
		}
	}
}

func newProver(b *backend.Backend, app *ir.App, o backend.Options, exemptions []Exemption) *prover {
	p := &prover{
		backend: b, options: o, app: app, levels: newLevels(b.Support, b.Version),
		exemptions: append(append([]Exemption{}, everywhere...), about(exemptions, false)...), codes: map[diag.Code]bool{},
	}
	p.facts = p.levels.of(app)
	p.emission = emit(b, ir.Clone(app), o)
	p.used = make([]bool, len(p.exemptions))
	return p
}

// Mutations changes every fact of the app, one after the other, and returns where
// the backend does not keep what its table promises, in the order of the facts.
func Mutations(b *backend.Backend, app *ir.App, o backend.Options, exemptions ...Exemption) ([]Violation, Counts) {
	return mutate(b, app, o, func(*place) bool { return true }, exemptions)
}

func mutate(b *backend.Backend, app *ir.App, o backend.Options, wanted func(*place) bool, exemptions []Exemption) ([]Violation, Counts) {
	p := newProver(b, app, o, exemptions)
	places := slices.DeleteFunc(placesOf(app), func(at place) bool { return !wanted(&at) })
	found := make([]judged, len(places))
	var group sync.WaitGroup
	next := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for i := range next {
				found[i] = p.place(&places[i])
			}
		})
	}
	for i := range places {
		next <- i
	}
	close(next)
	group.Wait()
	all := collect(found)
	p.counts.Places = len(places)
	all = append(all, p.stale()...)
	return append(all, p.unlisted()...), p.counts
}

// stale finds exemptions that nothing needs any more.
func (p *prover) stale() (list []Violation) {
	for i, e := range p.exemptions[len(everywhere):] {
		problem := ""
		switch {
		case e.Reason == "":
			problem = "an exemption gives its reason"
		case e.From == "" && e.To == "":
			problem = "an exemption for every change of a kind would hide losses: say from what or to what"
		case !p.used[i+len(everywhere)]:
			problem = "no change needs this exemption; take it out"
		default:
			continue
		}
		list = append(list, Violation{Check: "exemption", Kind: e.Kind, Path: e.Kind, From: e.From, To: e.To, Problem: problem})
	}
	return list
}

// unlisted finds codes that the backend raised and does not list.
func (p *prover) unlisted() (list []Violation) {
	for code := range p.codes {
		if !lists(p.backend, code) {
			list = append(list, Violation{Check: "codes", Problem: fmt.Sprintf("the code %q is not listed in Codes", code)})
		}
	}
	slices.SortFunc(list, func(a, b Violation) int { return strings.Compare(a.Problem, b.Problem) })
	return list
}

// place makes all changes of one place and judges them together.
func (p *prover) place(at *place) judged {
	var list []Violation
	var outcomes []outcome
	mutations := mutationsOf(p.app, at)
	for _, m := range mutations {
		o, more := p.try(m)
		outcomes = append(outcomes, o)
		list = append(list, more...)
	}
	p.mutex.Lock()
	p.counts.add(outcomes)
	if at.leaf && len(mutations) == 0 {
		p.counts.Unchangeable++
	}
	p.mutex.Unlock()
	return p.settle(at, list, outcomes)
}

// judged is what became of all changes of one place.
type judged struct {
	violations []Violation
	structs    []outcome // changes of a whole struct that the files do not show
	idle       string    // path of a leaf whose value is what the platform does by itself
}

// settle weighs the changes of one place against each other.
func (p *prover) settle(at *place, list []Violation, outcomes []outcome) judged {
	result := judged{violations: list}
	for i := range outcomes {
		o := &outcomes[i]
		unseen := o.demand == mustDiffer && !o.differs && !o.refused
		if unseen && o.mutation.sort == removed && at.leaf && saidAnyway(outcomes) {
			result.idle, o.violation = at.path, nil
		}
		if o.violation != nil && p.exempt(&o.mutation) {
			o.violation = nil
			if o.mutation.sort == removed && at.leaf {
				result.idle = at.path
			}
		}
		switch {
		case o.violation == nil:
		case at.leaf:
			result.violations = append(result.violations, *o.violation)
		default:
			result.structs = append(result.structs, *o)
		}
	}
	return result
}

// collect takes back the violations of structs that hold nothing but what the
// platform does by itself.
func collect(places []judged) []Violation {
	idle := map[string]bool{}
	for _, j := range places {
		idle[j.idle] = true
	}
	var all []Violation
	for _, j := range places {
		all = append(all, j.violations...)
		for _, o := range j.structs {
			if o.demand != mustDiffer || slices.ContainsFunc(o.shown, func(path string) bool { return !idle[path] }) {
				all = append(all, *o.violation)
			}
		}
	}
	return all
}

func (p *prover) exempt(m *mutation) bool {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	for i := range p.exemptions {
		if p.exemptions[i].covers(m) {
			p.used[i] = true
			return true
		}
	}
	return false
}

// try makes one change.
func (p *prover) try(m mutation) (outcome, []Violation) {
	app := m.app
	after := p.levels.of(app)
	if m.sort == removed && m.place.item && !m.place.named {
		after.shift(m.place)
	}
	differences := compare(p.facts, after)
	o := outcome{mutation: m, demand: demandOf(differences)}
	if o.demand == mustAgree && p.presence(&m) {
		o.demand = mayDiffer
	}
	e, failure := p.emitSafely(app)
	if failure != "" {
		return o, []Violation{p.violation(&m, differences, "panic", failure)}
	}
	o.artifacts = e.artifacts
	o.differs = p.seen(&o, p.emission.artifacts, e.artifacts)
	if !o.differs && o.demand == mustDiffer && (m.sort == removed || m.sort == emptied) {
		o.differs = p.seenWithoutPasses(&o, app)
	}
	o.refused = e.findings.Count(diag.Error) > p.emission.findings.Count(diag.Error)
	if !o.refused {
		o.violation = p.judge(&o, differences)
	}
	for _, d := range differences {
		if !d.same && shown(d.before) {
			o.shown = append(o.shown, d.before.path)
		} else if !d.same && shown(d.after) {
			o.shown = append(o.shown, d.after.path)
		}
	}
	return o, p.named(&m, app, differences)
}

func (p *prover) emitSafely(app *ir.App) (e emission, failure string) {
	defer func() {
		if r := recover(); r != nil {
			failure = fmt.Sprintf("Emit panics: %v", r)
		}
	}()
	e = emit(p.backend, app, p.options)
	p.mutex.Lock()
	for i := range e.findings {
		p.codes[e.findings[i].Code] = true
	}
	p.mutex.Unlock()
	return e, ""
}
