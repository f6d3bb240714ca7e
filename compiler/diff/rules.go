package diff

import (
	"strings"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/support"
)

// Severity is how much a change matters; its zero value is invalid.
type Severity uint8

// The severities, the worst first.
const (
	Breaks    Severity = iota + 1 // the app, its data or its isolation
	Behaviour                     // it runs, otherwise than before
	Cosmetic                      // nobody but people and tools will notice
)

// String says what a change of that severity does.
func (s Severity) String() string {
	return [...]string{"invalid", "breaks the app", "changes behaviour", "cosmetic"}[min(s, Cosmetic)]
}

// Rule judges changes of some kinds of facts.
type Rule struct {
	ID       string
	Purpose  string
	Severity Severity
	Kinds    []string // with all below; the rule with the longest kind that fits judges
	// When restricts the rule further; nil: it judges every change of its kinds.
	When func(*Change) bool
}

func oneSided(c *Change) bool { return c.Sort != Changed }

// Rules is the catalogue. Of rules with equally long kinds the first that fits judges.
func Rules() []Rule { return rules }

var rules = []Rule{
	{ID: "workload-missing", Severity: Breaks, Kinds: []string{"workload", "container"}, When: func(c *Change) bool { return c.Kind == "workload" || c.Kind == "container" },
		Purpose: "A workload, sidecar or init container runs on one side only."},
	{ID: "workload-kind", Severity: Breaks, Kinds: []string{"workload.kind", "workload.stateful", "workload.schedule"},
		Purpose: "A workload lives otherwise: as a service, a job, by the clock, with an identity."},
	{ID: "image", Severity: Behaviour, Kinds: []string{"container.image", "container.build", "container.pull"},
		Purpose: "Another program runs, or it is fetched otherwise."},
	{ID: "process", Severity: Behaviour, Kinds: []string{"container.entrypoint", "container.args", "container.workdir", "container.hostname", "container.tty", "container.stdin", "container.reaper"},
		Purpose: "The program is started otherwise."},
	{ID: "variable-missing", Severity: Breaks, Kinds: []string{"container.env"}, When: oneSided,
		Purpose: "The program finds a variable on one side only."},
	{ID: "variable", Severity: Behaviour, Kinds: []string{"container.env"},
		Purpose: "The program is told something else."},
	{ID: "file", Severity: Breaks, Kinds: []string{"container.files"},
		Purpose: "The program finds another file at a path, or none."},
	{ID: "config", Severity: Behaviour, Kinds: []string{"config"},
		Purpose: "A file that the program reads has another content."},
	{ID: "secret", Severity: Behaviour, Kinds: []string{"secret"},
		Purpose: "A secret comes from elsewhere, or is asked for on one side only."},
	{ID: "reach", Severity: Breaks, Kinds: []string{"container.ports", "workload.publish", "workload.aliases", "route", "endpoint"},
		Purpose: "Something is reached under another name or number, or not at all."},
	{ID: "isolation", Severity: Breaks, Kinds: []string{"workload.egress", "workload.ingress", "workload.networks", "network", "container.security", "workload.serviceAccount"},
		Purpose: "Who may reach what, or what the program may do, differs."},
	{ID: "data", Severity: Breaks, Kinds: []string{"container.mounts", "container.devices", "volume"},
		Purpose: "Data lie elsewhere, are shared otherwise, or do not outlive the container."},
	{ID: "room", Severity: Behaviour, Kinds: []string{"volume.size", "volume.class", "container.mounts.scratch", "container.mounts.memory", "container.shm"},
		Purpose: "There is more or less room, or of another kind."},
	{ID: "start-order", Severity: Behaviour, Kinds: []string{"workload.needs", kindInitOrder},
		Purpose: "What has to be there before a workload starts differs."},
	{ID: "probe", Severity: Behaviour, Kinds: []string{"container.health"},
		Purpose: "What counts as begun, ready or alive is asked otherwise, or on one side only."},
	{ID: "resources", Severity: Behaviour, Kinds: []string{"container.resources", "container.ulimits", "container.sysctls", "container.gpus"},
		Purpose: "What is reserved or limited differs: what runs on one side may be killed or slowed on the other."},
	{ID: "scale", Severity: Behaviour, Kinds: []string{"workload.replicas", "workload.scale", "workload.placement", "workload.disruption", "workload.priority"},
		Purpose: "How many run, and where, differs."},
	{ID: "life", Severity: Behaviour, Kinds: []string{"workload.update", "workload.restart", "workload.job", "container.stop", "container.hooks", "container.log"},
		Purpose: "How a release, an end or a failure goes on differs."},
	{ID: "ledger", Severity: Behaviour, Kinds: []string{kindLedger},
		Purpose: "What is said for one platform only differs."},
	{ID: "description", Severity: Cosmetic, Kinds: []string{"app.name", "app.labels", "workload.labels", "workload.annotations", "volume.labels", "network.labels", "secret.description", "container.ports.app"},
		Purpose: "Names, labels and words for people differ."},
	{ID: "other", Severity: Breaks, When: func(c *Change) bool { return support.ClassOf(c.Kind) != support.Operation },
		Purpose: "Something else differs without which the app, its data or its isolation would suffer."},
	{ID: "other-operation", Severity: Behaviour,
		Purpose: "Something else differs without which running the app would suffer."},
}

// ruleOf returns the rule that judges a change.
func ruleOf(c *Change) *Rule {
	var best *Rule
	longest := -1
	for i := range rules {
		r := &rules[i]
		if fit := r.fits(c); fit > longest {
			best, longest = r, fit
		}
	}
	return best
}

// fits returns the length of the rule's kind that fits, 0 for a rule for every kind,
// -1 when none does.
func (r *Rule) fits(c *Change) int {
	if r.When != nil && !r.When(c) {
		return -1
	}
	if len(r.Kinds) == 0 {
		return 0
	}
	fit := -1
	for _, kind := range r.Kinds {
		if len(kind) > fit && (c.Kind == kind || strings.HasPrefix(c.Kind, kind+".")) {
			fit = len(kind)
		}
	}
	return fit
}

// Code returns the code of the rule's findings, where those are printed as
// diagnostics.
func (r *Rule) Code() diag.Code { return diag.Code("diff-" + r.ID) }

// Codes describes the rules for those who meet their codes.
func Codes() []diag.Entry {
	var entries []diag.Entry
	for i := range rules {
		r := &rules[i]
		entries = append(entries, diag.Entry{Code: r.Code(), Title: strings.TrimSuffix(r.Purpose, "."),
			Doc: "A difference that `decamp diff` or `decamp parity` found. As far as the rule can know, it " + does[r.Severity] + "."})
	}
	return entries
}

var does = map[Severity]string{Breaks: "breaks the app, its data or its isolation", Behaviour: "changes how the app behaves", Cosmetic: "is cosmetic"}
