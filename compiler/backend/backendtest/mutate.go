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
	"github.com/decamp-dev/decamp/compiler/support"
)

// Exemption says that a change of a fact may leave the files as they are, although
// the table does not call the fact dropped. From and To are values as a violation
// writes them, in either order; one of them may be empty and stands for every value.
type Exemption struct {
	Kind     string
	From, To string
	Reason   string
	// Unread says, instead, that facts of the kind cannot be told from what was emitted;
	// with From, only facts of that value.
	Unread bool
}

// everywhere lists what holds for every platform.
var everywhere = []Exemption{
	{Kind: "container.health.startup.successes", From: "1", To: "nothing", Reason: "1 is what is meant when nothing is said, and the only value there is"},
	{Kind: "container.health.live.successes", From: "1", To: "nothing", Reason: "1 is what is meant when nothing is said, and the only value there is"},
	{Kind: "endpoint.real", To: "nothing", Reason: "real is what is in force when nothing is said; it is said to undo another binding"},
}

// about returns the exemptions that are about reading, or those that are not.
func about(exemptions []Exemption, reading bool) []Exemption {
	return slices.DeleteFunc(slices.Clone(exemptions), func(e Exemption) bool { return e.Unread != reading })
}

func (e *Exemption) covers(m *mutation) bool {
	match := func(want, have string) bool { return want == "" || want == have || `"`+want+`"` == have }
	return e.Kind == m.place.kind && (match(e.From, m.from) && match(e.To, m.to) || match(e.From, m.to) && match(e.To, m.from))
}

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

// outcome is what became of one mutation.
type outcome struct {
	mutation  mutation
	demand    demand
	differs   bool
	refused   bool // the backend answered with an error
	artifacts []backend.Artifact
	shown     []string // paths of facts that are in the files before or after
	violation *Violation
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

// saidAnyway accepts that taking a fact out changes nothing: its value is then what
// the platform does by itself. That is believed only where every other value is
// seen in the files, or is dropped with a diagnostic.
func saidAnyway(all []outcome) bool {
	seen := false
	for i := range all {
		if all[i].mutation.sort != changed {
			continue
		}
		if all[i].violation != nil {
			return false
		}
		seen = seen || all[i].differs
	}
	return seen
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

// presence reports whether a change takes away, or moves, a struct that is more than
// the dropped facts in it: a mount is there, although its size is dropped.
func (p *prover) presence(m *mutation) bool {
	if m.place.leaf || m.sort == emptied {
		return false
	}
	row := p.levels.row(m.place.kind)
	return row == nil || row.Level != support.Dropped || len(row.Cases) > 0
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

// seenWithoutPasses emits without passes. A pass may say by itself what the app says:
// then only what is emitted without it shows that the fact was there.
func (p *prover) seenWithoutPasses(of *outcome, app *ir.App) bool {
	o := p.options
	o.Passes = backend.Passes{}
	p.plain.Do(func() { p.emissionPlain = emit(p.backend, ir.Clone(p.app), o) })
	return p.seen(of, p.emissionPlain.artifacts, emit(p.backend, app, o).artifacts)
}

// seen reports whether a change shows. What only people read may show in a comment.
func (p *prover) seen(o *outcome, before, after []backend.Artifact) bool {
	if o.demand == mustDiffer && isForPeople(o.mutation.place.kind) {
		return !sameArtifacts(before, after)
	}
	return !obeyed(before, after)
}

func (p *prover) judge(o *outcome, differences []difference) *Violation {
	problem := ""
	switch {
	case o.demand == mustDiffer && !o.differs && !sameArtifacts(p.emission.artifacts, o.artifacts):
		problem = "the files have to change, and nothing but a comment does" + where(p.emission.artifacts, o.artifacts)
	case o.demand == mustDiffer && !o.differs:
		problem = "the files have to change, and they stay the same"
	case o.demand == mustAgree && o.differs:
		problem = "the files have to stay the same, and they change" + where(p.emission.artifacts, o.artifacts)
	default:
		return nil
	}
	v := p.violation(&o.mutation, differences, "mutation", problem)
	return &v
}

// named demands a diagnostic for each fact that the change puts, or leaves, at a
// level that has to be said.
func (p *prover) named(m *mutation, app *ir.App, differences []difference) (list []Violation) {
	var findings diag.List
	for _, d := range differences {
		if d.after == nil || d.after.level < support.Approximated {
			continue
		}
		if findings == nil {
			findings = support.Diagnostics(app, p.backend.Name, support.Assess(app, p.backend.Support, p.backend.Version), support.Policy{})
		}
		if problem := unnamed(d.after, findings); problem != "" {
			list = append(list, p.violation(m, differences, "diagnostic", problem))
		}
	}
	return list
}

// unnamed says what is missing where no diagnostic names the fact.
func unnamed(f *fact, findings diag.List) string {
	code := support.CodeApproximated
	if f.level == support.Dropped {
		code = support.CodeDropped
	}
	for i := range findings {
		if d := &findings[i]; d.Code == code && ir.HasPathPrefix(f.at, d.Path) && d.Severity <= diag.Warning {
			return ""
		}
	}
	return fmt.Sprintf("no warning %q names %s or what holds it", code, f.at)
}

func (p *prover) violation(m *mutation, differences []difference, check, problem string) Violation {
	at := m.place
	return Violation{
		Check: check, Kind: at.kind, Path: at.path, Role: at.role, Life: at.life,
		From: m.from, To: m.to, Level: promise(at, differences), Problem: problem,
	}
}

// promise words the levels of the fact that was changed, and where that is no fact
// of its own, of those that differ.
func promise(at *place, differences []difference) string {
	var words []string
	for _, d := range differences {
		text := levelOf(d.before) + " → " + levelOf(d.after)
		if d.before != nil && d.after != nil && d.before.level == d.after.level {
			text = levelOf(d.before)
		}
		path := ""
		if d.before != nil {
			path = d.before.path
		} else {
			path = d.after.path
		}
		if path != at.path {
			text = path + " " + text
		}
		words = append(words, text)
	}
	const most = 4
	if len(words) > most {
		words = append(words[:most], fmt.Sprintf("and %d more", len(words)-most))
	}
	return strings.Join(words, "; ")
}

func levelOf(f *fact) string {
	if f == nil {
		return "not said"
	}
	return f.level.String()
}

// where shows the first line that differs.
func where(a, b []backend.Artifact) string {
	for i := range a {
		if i >= len(b) || a[i].Path != b[i].Path {
			return fmt.Sprintf(" (other files, from %s on)", a[i].Path)
		}
		before, after := strings.Split(string(a[i].Data), "\n"), strings.Split(string(b[i].Data), "\n")
		for j := range before {
			if j >= len(after) || before[j] != after[j] {
				line := ""
				if j < len(after) {
					line = after[j]
				}
				return fmt.Sprintf(" (%s:%d: %q, was %q)", a[i].Path, j+1, short(strings.TrimSpace(line)), short(strings.TrimSpace(before[j])))
			}
		}
	}
	return " (more files)"
}
