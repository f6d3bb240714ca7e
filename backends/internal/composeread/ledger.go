package composeread

import (
	"fmt"
	"slices"
	"strings"

	"github.com/decamp-dev/decamp/compiler/ir"
)

func (d *Dialect) debtOf(key string) *Debt {
	for i := range d.Debts {
		if slices.Contains(d.Debts[i].Keys, key) {
			return &d.Debts[i]
		}
	}
	return &d.Debts[len(d.Debts)-1]
}

// carryService puts what was not read of a service into the ledger, an entry for each
// reason.
func (r *reader) carryService(s *composeService) {
	rest := s.f.rest()
	for key, v := range s.rest {
		if v == nil {
			v = removed{}
		}
		rest[key] = mergeModels(rest[key], v)
	}
	if list, ok := rest["models"].(model); ok && !slices.ContainsFunc(sorted(list), func(key string) bool { return list[key] != nil }) {
		var short []any
		for _, key := range sorted(list) {
			short = append(short, key)
		}
		rest["models"] = short
	}
	groups := map[*Debt]model{}
	for key, v := range rest {
		d := r.dialect.debtOf(key)
		if groups[d] == nil {
			groups[d] = model{}
		}
		groups[d][key] = v
	}
	debts := r.dialect.Debts
	for i := range debts {
		if group := groups[&debts[i]]; group != nil {
			r.entry(s.path, group, s.f.place, debts[i].Why, debts[i].Exit)
		}
	}
}

// mergeModels lays one model over another.
func mergeModels(a, b any) any {
	x, isX := a.(model)
	y, isY := b.(model)
	if !isX || !isY {
		return b
	}
	merged := clone(x).(model)
	for key := range y {
		merged[key] = mergeModels(merged[key], y[key])
	}
	return merged
}

// carry puts what was not read of an object into the ledger.
func (r *reader) carry(on string, rest model, p place) {
	if name, renamed := rest["name"].(string); renamed && len(rest) == 1 && r.raw[name] {
		r.entry(on, rest, p, "Docker made it under this name, and knows it by no other", "drop it; what is in it is moved anyway")
		return
	}
	r.entry(on, rest, p, "Docker makes it with settings of its own: "+strings.Join(sorted(rest), ", "), "drop it, or find the platform's own setting")
}

func (r *reader) entry(on string, patch model, p place, why, exit string) {
	e := ir.PlatformEntry{Platform: r.dialect.Platform, On: on, Why: why, Exit: exit, Patch: r.carriedValue(patch, p)}
	r.add(e, p.ofPatch(patch))
}

// ofPatch is the place of what a patch says first, where the files say no more beside it: of the constraints and not of the
// whole of deploy.
func (p place) ofPatch(patch model) place {
	for more := true; more && len(patch) > 0; more = len(patch) == 1 {
		key := sorted(patch)[0]
		inner := p.get(key)
		if inner.node() == nil {
			break
		}
		p = inner
		patch, _ = patch[key].(model)
	}
	return p
}

func (r *reader) carryObject(part carriedPart) {
	value := part.value
	what := sorted(value)[0]
	p := part.place
	if part.section != "" {
		value = model{part.section: value}
		what = part.section + "." + what
	}
	e := ir.PlatformEntry{Platform: r.dialect.Platform, Why: what + " is " + r.dialect.Title + "'s own", Exit: "drop it, or find what the platform has instead", Objects: []*ir.Value{r.carriedValue(value, place{})}}
	if part.section == "" && what == "name" {
		e.Why, e.Exit = "Docker's names of containers, networks and volumes begin with the name of the project", "drop it; the data of volumes is moved anyway"
	}
	r.add(e, p)
}

func (r *reader) add(e ir.PlatformEntry, p place) {
	EntryPaths(&e, r.local)
	e.Path = fmt.Sprintf("platform.%s[%d]", r.dialect.Platform, len(r.app.Platform))
	r.positions.Set(e.Path, p.node())
	r.app.Platform = append(r.app.Platform, e)
}
