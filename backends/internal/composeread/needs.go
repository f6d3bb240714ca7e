package composeread

import (
	"fmt"
	"slices"
	"strings"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// depends reads what a service waits for.
func (r *reader) depends(s *composeService) {
	depends, _ := s.f.take("depends_on").(model)
	rest := model{}
	for _, on := range s.f.at("depends_on").keys(depends) {
		d, _ := depends[on].(model)
		f := newFields(clone(d), s.f.at("depends_on").get(on))
		other := r.byName[on]
		condition := f.text("condition")
		if required, ok := f.m["required"].(bool); !ok || required {
			f.take("required")
		}
		if restart, ok := f.m["restart"].(bool); ok && !restart {
			f.take("restart")
		}
		switch {
		case other == s:
			r.report(diag.Error, r.dialect.Codes.Invalid, f.place, s.path, s.name+" waits for itself", "It never starts. Take it out.")
		case other == nil:
			f.keep("condition")
			if d["required"] != false && !r.provided[on] {
				r.report(diag.Error, r.dialect.Codes.Invalid, f.place, s.path, fmt.Sprintf("%s waits for %q, and there is no such service", s.name, on), "The services are "+strings.Join(sorted(r.model.m["services"].(model)), ", ")+".")
			}
		case other.main == s.main:
			r.within(s, other, condition, f)
		case s.role == ir.Sidecar, s.role == ir.Init && !r.firstInit(s):
			f.keep("condition")
		case other.main.cron != nil:
			f.keep("condition")
			r.report(diag.Warning, r.dialect.Codes.Order, f.place, s.path+".needs", fmt.Sprintf("%s is started by the clock, so that nothing can wait for it", on), "It stays as it is for "+r.dialect.Title+".")
		default:
			r.need(s, other, condition, f)
		}
		if left := f.rest(); len(left) > 0 {
			if other != nil {
				on = other.emitted()
			}
			rest[on] = left
		}
	}
	if len(rest) > 0 {
		s.rest["depends_on"] = rest
	}
}

// within weighs a wait between containers of one workload: init containers come before
// the others, and sidecars are restarted with the main one.
func (r *reader) within(s, other *composeService, condition string, f *fields) {
	switch {
	case other.role == ir.Init && condition == "service_completed_successfully":
	case s.role == ir.Sidecar && other == s.main && condition == "service_started":
		f.take("restart") // it is, since the network is gone otherwise
	default:
		f.keep("condition")
	}
}

func (r *reader) firstInit(s *composeService) bool {
	return len(s.w.Init) > 0 && s.w.Init[0].Key == s.container
}

func (r *reader) need(s, other *composeService, condition string, f *fields) {
	need := map[string]ir.Condition{"service_started": ir.Started, "service_healthy": ir.Ready, "service_completed_successfully": ir.Completed}[condition]
	switch {
	case need == "":
		f.keep("condition")
		return
	case need == ir.Completed && !(other.role == ir.Main && other.completed):
		need = ir.Started
		f.keep("condition")
	case need == ir.Ready && other.f.m["healthcheck"] == nil:
		f.keep("condition") // its image has the check, which nobody sees here
	case other.role != ir.Main:
		f.keep("condition")
	}
	path := ir.JoinPath(s.main.path+".needs", other.workload)
	if known, ok := s.w.Needs.Get(other.workload); !ok || known == ir.Started {
		s.w.Needs.Set(other.workload, need)
	}
	r.positions.Set(path, f.place.node())
}

// links turns links into needs, and their names into aliases.
func (r *reader) links() {
	for _, s := range r.services {
		links, _ := s.f.take("links").([]any)
		for i, link := range links {
			name, alias, _ := strings.Cut(scalar(link), ":")
			other := r.byName[name]
			if other == nil {
				r.report(diag.Error, r.dialect.Codes.Invalid, s.f.at("links").item(i, len(links)), s.path, fmt.Sprintf("%s is linked to %q, and there is no such service", s.name, name), "")
				continue
			}
			if s.role == ir.Main && other.main != s.main && !s.w.Needs.Has(other.workload) {
				if other.main.w.Kind == ir.Job || other.main.w.Kind != ir.Cron {
					s.w.Needs.Set(other.workload, ir.Started)
					r.positions.Set(ir.JoinPath(s.path+".needs", other.workload), s.f.at("links").item(i, len(links)).node())
				}
			}
			if alias != "" && alias != other.workload {
				r.alias(other, alias, s.f.at("links").item(i, len(links)))
			}
		}
	}
}

func (r *reader) alias(s *composeService, alias string, p place) {
	if !slices.Contains(s.w.Aliases, alias) {
		s.w.Aliases = append(s.w.Aliases, alias)
		r.positions.Set(fmt.Sprintf("%s.aliases[%d]", s.main.path, len(s.w.Aliases)-1), p.node())
	}
}
