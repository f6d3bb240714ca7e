package composeread

import (
	"fmt"
	"strings"

	"github.com/decamp-dev/decamp/backends/internal/composefile"
	"github.com/decamp-dev/decamp/backends/internal/naming"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
)

// composeService is a service of the files, and what becomes of it.
type composeService struct {
	name string
	f    *fields

	main      *composeService // the one whose network it joins, or that waits for it alone; itself otherwise
	role      ir.Role
	workload  string // name of the workload
	container string // name within it, of a sidecar or init container
	completed bool   // others wait for its end
	cron      *cronLine

	path string // in the app
	w    *ir.Workload
	c    *ir.Container
	rest model // what is carried besides what was not read

	names   *names
	foreign func(config string) bool
}

func (r *reader) readServices() {
	list, all := r.section("services")
	r.model.take("services")
	for _, name := range list {
		m, _ := all[name].(model)
		if m["provider"] != nil {
			r.provided[name] = true
			r.topRest = append(r.topRest, carriedPart{"services", model{name: m}, r.at("services", name)})
			continue
		}
		s := &composeService{name: name, f: newFields(m, r.at("services", name)), role: ir.Main, rest: model{}, names: &r.names, foreign: r.foreignConfig}
		s.main = s
		r.services = append(r.services, s)
		r.byName[name] = s
	}
	r.roles()
	r.stackWaits()
	r.commonLabels()
	r.crontab()
	for _, s := range r.services {
		if s.role == ir.Main {
			s.workload = r.names.workloads.Name(s.name)
			s.path = ir.JoinPath("workloads", s.workload)
			r.app.Workloads = append(r.app.Workloads, ir.Item[ir.Workload]{Key: s.workload})
		}
	}
	for i := range r.services {
		r.placeService(r.services[i])
	}
	workloads := map[string]*ir.Workload{}
	for i := range r.app.Workloads {
		workloads[r.app.Workloads[i].Key] = &r.app.Workloads[i].Value
	}
	r.makeContainers(workloads)
	for _, s := range r.services {
		r.service(s)
	}
	r.links()
	r.containerNames()
	for _, s := range r.services {
		r.carryService(s)
	}
}

// placeService names a sidecar or init container within its workload.
func (r *reader) placeService(s *composeService) {
	if s.role == ir.Main {
		return
	}
	main := s.main
	s.workload = main.workload
	s.container = strings.TrimPrefix(naming.Label(s.name), main.workload+"-")
	for n := 2; s.container == s.workload || r.containerTaken(s); n++ {
		s.container = naming.Label(s.name) + fmt.Sprint("-", n)
	}
	section := ".sidecars"
	if s.role == ir.Init {
		section = ".init"
	}
	s.path = ir.JoinPath(main.path+section, s.container)
	if emitted := composefile.ServiceName(s.workload, s.container); emitted != s.name {
		r.report(diag.Note, codeRenamed, s.f.place, s.path, fmt.Sprintf("%s is called %s", s.name, emitted),
			"It is a container of the workload "+s.workload+", whose network it joins, and is called after it.")
	}
}

func (r *reader) containerTaken(s *composeService) bool {
	for _, o := range r.services {
		if o == s {
			return false
		}
		if o.main == s.main && o.container == s.container {
			return true
		}
	}
	return false
}

// makeContainers gives each service its place in the app; none of them moves later.
func (r *reader) makeContainers(workloads map[string]*ir.Workload) {
	for _, s := range r.services {
		w := workloads[s.workload]
		switch s.role {
		case ir.Sidecar:
			w.Sidecars = append(w.Sidecars, ir.Item[ir.Container]{Key: s.container})
		case ir.Init:
			w.Init = append(w.Init, ir.Item[ir.Container]{Key: s.container})
		}
	}
	for _, s := range r.services {
		s.w = workloads[s.workload]
		switch s.role {
		case ir.Sidecar:
			s.c = s.w.Sidecars.Ref(s.container)
		case ir.Init:
			s.c = s.w.Init.Ref(s.container)
		default:
			s.c = &s.w.Container
		}
	}
}

// roles finds out which services are containers of another one's workload.
func (r *reader) roles() {
	if r.dialect.Stack != nil {
		return // each service stands alone
	}
	waiting := map[string][]*composeService{} // service → who waits for its end
	otherwise := map[string]bool{}            // services that somebody waits for in another way
	for _, s := range r.services {
		depends, _ := s.f.m["depends_on"].(model)
		for _, on := range sorted(depends) {
			d, _ := depends[on].(model)
			if d["condition"] == "service_completed_successfully" {
				waiting[on] = append(waiting[on], s)
			}
			otherwise[on] = otherwise[on] || d["condition"] != "service_completed_successfully" || d["required"] == false
		}
	}
	for _, s := range r.services {
		s.completed = len(waiting[s.name]) > 0
		if host := r.networkHost(s); host != nil {
			s.main, s.role = host, ir.Sidecar
		}
	}
	for _, s := range r.services {
		if s.role != ir.Main || !s.completed || otherwise[s.name] {
			continue
		}
		if main := r.waitsAlone(s, waiting, 0); main != nil && main != s {
			s.main, s.role = main, ir.Init
		}
	}
}

// networkHost returns the service whose network a service joins, at the end of the
// chain.
func (r *reader) networkHost(s *composeService) *composeService {
	host := s
	for range r.services {
		mode, _ := host.f.m["network_mode"].(string)
		name, joins := strings.CutPrefix(mode, "service:")
		next := r.byName[name]
		if mode == "host" {
			next = r.besideOnHost(host)
			joins = next != nil
		}
		if !joins || next == nil {
			break
		}
		if next == s {
			return nil
		}
		host = next
	}
	if host == s {
		return nil
	}
	return host
}

// besideOnHost returns the service that another one is started again with and is called
// after, both in the network of the host: the form of a sidecar there.
func (r *reader) besideOnHost(s *composeService) *composeService {
	depends, _ := s.f.m["depends_on"].(model)
	for _, on := range sorted(depends) {
		d, _ := depends[on].(model)
		main := r.byName[on]
		if main != nil && d["restart"] == true && main.f.m["network_mode"] == "host" && strings.HasPrefix(s.name, main.name+"-") {
			return main
		}
	}
	return nil
}

// waitsAlone returns the one workload that waits for the end of a service that is
// called after it: a service of the form in which init containers are written here.
func (r *reader) waitsAlone(s *composeService, waiting map[string][]*composeService, depth int) *composeService {
	if policy := scalar(s.f.m["restart"]); depth > len(r.services) || !strings.HasPrefix(policy, "on-failure") && policy != "no" {
		return nil
	}
	var main *composeService
	for _, w := range waiting[s.name] {
		m := w
		if w.role == ir.Sidecar {
			continue
		}
		if len(waiting[w.name]) > 0 {
			if inner := r.waitsAlone(w, waiting, depth+1); inner != nil {
				m = inner // an init container too, which comes after this one
			}
		}
		if main != nil && main != m {
			return nil
		}
		main = m
	}
	if main == nil || !strings.HasPrefix(s.name, main.name+"-") {
		return nil
	}
	return main
}

// service reads one service into its place.
func (r *reader) service(s *composeService) {
	r.positions.Set(s.path, s.f.place.node())
	r.comments(s.path, r.at("services"), s.name)
	r.readOver(s)
	r.declaredPorts(s)
	r.process(s)
	r.environment(s)
	r.ports(s)
	r.mounts(s)
	r.files(s)
	r.health(s)
	r.lifecycle(s)
	r.security(s)
	r.limits(s)
	r.deploy(s)
	r.restart(s)
	r.labels(s)
	r.network(s)
	r.depends(s)
}

// keepWhole carries a key as the files have it, whatever else is emitted for it.
func (s *composeService) keepWhole(keys ...string) {
	for _, key := range keys {
		s.f.keep(key)
		s.rest[key] = s.renamed(key, s.f.m[key]) // nil takes out what is emitted
	}
}

// renamed gives what a list refers to its name in the app.
func (s *composeService) renamed(key string, v any) any {
	of := map[string]func(string) string{"volumes": s.names.volumes.Name, "secrets": s.names.secrets.Name, "configs": s.names.configs.Name}[key]
	list, ok := v.([]any)
	if of == nil || !ok {
		return v
	}
	list = clone(list).([]any)
	for _, entry := range list {
		m, _ := entry.(model)
		if source := scalar(m["source"]); source != "" && !(key == "volumes" && m["type"] != "volume") && !(key == "configs" && s.foreign(source)) {
			if m["source"] = of(source); m["target"] == nil && key != "volumes" && m["source"] != source {
				m["target"] = map[string]string{"configs": "/", "secrets": "/run/secrets/"}[key] + source // where it is when nothing is said
			}
		}
	}
	return list
}

// emitted is the name of the service that is made of it.
func (s *composeService) emitted() string { return composefile.ServiceName(s.workload, s.container) }
