package composeread

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/pattern"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// ownStack is what is known of files that the platform's backend has written itself.
type ownStack struct {
	name   string
	waves  map[string]int // service → number of the file that it stands in
	labels ir.Map[string] // that everything of the stack has

	messages ir.Map[string] // secret → what is said where its value is asked for
}

// findOwn finds out whether the files are the backend's own.
func (r *reader) findOwn() {
	if r.dialect.Stack == nil {
		return
	}
	own := &ownStack{waves: map[string]int{}}
	for _, f := range r.source.Files {
		if path.Base(f.Name) == CrontabFile {
			continue
		}
		name := r.dialect.Stack.Own(string(f.Data))
		if name == "" || own.name != "" && name != own.name {
			return
		}
		own.name = name
	}
	if own.name != "" {
		r.own = own
	}
}

// noteWaves notes in which of the backend's own files each service stands.
func (r *reader) noteWaves() {
	if r.own == nil {
		return
	}
	for i, root := range r.documents {
		for _, services := range root.Get("services").Elements() {
			for _, service := range services.Keys() {
				r.own.waves[service] = i
			}
		}
	}
}

// commonLabels are the labels that all services, networks, volumes and configs of the
// backend's own files have: the app's.
func (r *reader) commonLabels() {
	if r.own == nil {
		return
	}
	first := true
	common := func(labels any) {
		list := pairs(labels, place{})
		if first {
			for _, l := range list {
				r.own.labels.Set(l.key, l.value)
			}
			first = false
			return
		}
		r.own.labels = slices.DeleteFunc(r.own.labels, func(item ir.Item[string]) bool {
			return !slices.ContainsFunc(list, func(p pair) bool { return p.key == item.Key && p.value == item.Value })
		})
	}
	for _, s := range r.services {
		deploy, _ := s.f.m["deploy"].(model)
		common(deploy["labels"])
	}
	for _, section := range []string{"networks", "volumes", "configs"} {
		all, _ := r.model.m[section].(model)
		for _, name := range sorted(all) {
			// networks of the plan, and of the node, have none
			if o, _ := all[name].(model); o["external"] != true && (section != "networks" || o["labels"] != nil) {
				common(o["labels"])
			}
		}
	}
	for _, l := range r.own.labels {
		r.app.Labels.Set(l.Key, l.Value)
	}
}

// listening is the comment above a service of the backend's own files: for people, and the
// only place that says how ports are called that are open to the stack alone.
var listening = pattern.New(`(?m)^listens on (.+)$`)

var listeningPort = pattern.New(`^([a-z0-9-]+) (\d+)(?:/(udp|sctp))?(?: \(([a-z0-9]+)\))?$`)

// declaredPorts takes ports from the comment of a service, which is then none of the app's.
func (r *reader) declaredPorts(s *composeService) {
	comment := r.reading.Comments[s.path]
	m := listening().FindStringSubmatch(comment)
	if r.own == nil || m == nil {
		return
	}
	for _, entry := range strings.Split(m[1], ", ") {
		p := listeningPort().FindStringSubmatch(entry)
		if p == nil {
			return
		}
		number, _ := strconv.Atoi(p[2])
		port := ir.Port{Port: number, Protocol: p[3], App: p[4]}
		s.c.Ports.Set(p[1], port)
		r.positions.Set(ir.JoinPath(s.path+".ports", p[1]), s.f.place.node())
	}
	if rest := strings.TrimSpace(listening().ReplaceAllString(comment, "")); rest != "" {
		r.reading.Comments[s.path] = rest
	} else {
		delete(r.reading.Comments, s.path)
	}
}

// isCommon reports a label that the app has already.
func (r *reader) isCommon(l pair) bool {
	if r.own == nil {
		return false
	}
	value, has := r.own.labels.Get(l.key)
	return has && value == l.value
}

// readOver takes out what a stack reads over, and says so.
func (r *reader) readOver(s *composeService) {
	if r.dialect.Stack == nil {
		return
	}
	for _, key := range s.f.place.keys(s.f.m) {
		means, ignored := r.dialect.Stack.Ignored[key]
		if !ignored || key == "depends_on" && r.waits(s) || key == "restart" && !r.restartIgnored(s) {
			continue
		}
		what := key
		if list := texts(basicText(s.f.m[key])); len(list) > 0 {
			what += " (" + strings.ReplaceAll(strings.Join(list, ", "), secretMark, "") + ")"
		}
		delete(s.f.m, key)
		r.report(diag.Warning, r.dialect.Codes.Ignored, s.f.place.pair(key), s.path, "docker stack deploy ignores "+what, means)
		r.usedIn(s.f.at(key))
	}
}

// basicText gives what has a short form as the text or the list that it was: names of a
// mapping, and one value.
func basicText(v any) any {
	switch v := v.(type) {
	case model:
		var names []any
		for _, name := range sorted(v) {
			names = append(names, name)
		}
		return names
	case []any:
		return v
	case nil:
		return nil
	}
	return scalar(v)
}

// usedIn counts the variables of what is read over as used: they are in no number.
func (r *reader) usedIn(p place) {
	used := r.variables.written
	for _, n := range p.nodes {
		below := map[*tree.Node]bool{}
		collect(n, below)
		for inner := range below {
			if w := used[inner]; w != nil {
				w.used = true
			}
		}
	}
}

// waits reports whether the order of a service is kept: by the files that the backend
// has written, one after the other.
func (r *reader) waits(s *composeService) bool {
	depends, _ := s.f.m["depends_on"].(model)
	if r.own == nil || len(depends) == 0 {
		return false
	}
	for on := range depends {
		if other := r.byName[on]; other == nil || r.own.waves[on] >= r.own.waves[s.name] {
			return false
		}
	}
	return true
}

// awaited is for what a service waits that stands in a later file than another one: all
// of it is up, and well, or has ended.
func awaited(other *composeService) string {
	deploy, _ := other.f.m["deploy"].(model)
	switch {
	case strings.HasSuffix(scalar(deploy["mode"]), "-job"):
		return "service_completed_successfully"
	case other.f.m["healthcheck"] != nil:
		return "service_healthy"
	}
	return "service_started"
}

// stackWaits gives waits of the backend's own files the conditions that the files keep.
func (r *reader) stackWaits() {
	for _, s := range r.services {
		if r.dialect.Stack == nil {
			return
		}
		depends, _ := s.f.m["depends_on"].(model)
		deploy, _ := s.f.m["deploy"].(model)
		s.completed = strings.HasSuffix(scalar(deploy["mode"]), "-job")
		if !r.waits(s) {
			continue
		}
		for on := range depends {
			if d, ok := depends[on].(model); ok {
				d["condition"] = awaited(r.byName[on])
			}
		}
	}
}

// stackName is the name under which Docker has an object of the stack.
func (r *reader) stackName(name string) string {
	if r.own != nil {
		return r.own.name + "_" + name
	}
	return r.app.Name + "_" + name
}

// numbered reads the name of a volume of which each replica has one.
func (r *reader) numbered(name string) (string, bool) {
	if r.dialect.Stack == nil {
		return name, false
	}
	return strings.CutSuffix(name, "-"+r.dialect.Stack.Slot)
}

// configName takes the name of a config that the backend makes of its content.
func (r *reader) configName(name string, f *fields) {
	if s := r.dialect.Stack; s != nil && r.own != nil && s.ObjectName(r.own.name, name, scalar(f.m["name"])) {
		f.take("name")
	}
}

// hostNetwork reports the network of the node, under whatever key.
func (r *reader) hostNetwork(key string) bool {
	if r.dialect.Stack == nil {
		return false
	}
	declared, _ := r.model.m["networks"].(model)
	n, _ := declared[key].(model)
	name := scalar(n["name"])
	return n["external"] == true && (name == "host" || name == "" && key == "host")
}

// granted are the files of secrets that the templates of a service's configs read: they
// come with the config.
func (r *reader) granted(s *composeService) map[string]bool {
	list := map[string]bool{}
	configs, _ := s.f.m["configs"].([]any)
	for _, entry := range configs {
		m, _ := entry.(model)
		for _, part := range r.configParts(scalar(m["source"])) {
			if part.Secret != "" {
				list[part.Secret] = true
			}
		}
	}
	return list
}

// configParts reads a config that the node fills in; nil where only the node can.
func (r *reader) configParts(name string) []ConfigPart {
	declared, _ := r.model.m["configs"].(model)
	m, _ := declared[name].(model)
	if r.dialect.Stack == nil || m["template_driver"] != "golang" || m["file"] == nil {
		return nil
	}
	data, err := r.data(path.Join(r.folder, scalar(m["file"])))
	if err != nil {
		return nil
	}
	parts, ok := r.dialect.Stack.PlainConfig(string(data))
	secrets, _ := r.model.m["secrets"].(model)
	for _, part := range parts {
		if _, declared := secrets[part.Secret]; part.Secret != "" && !declared {
			ok = false
		}
	}
	if !ok {
		return nil
	}
	return parts
}

// templateConfig gives a config that the node fills in as a text with references.
func (r *reader) templateConfig(name string) (t ir.Text, ok bool) {
	parts := r.configParts(name)
	for _, part := range parts {
		if part.Secret != "" {
			t = append(t, ir.Part{Ref: ir.Ref{Kind: ir.RefSecret, Name: r.names.secrets.Name(part.Secret)}})
		} else if part.Literal != "" {
			t = append(t, ir.Part{Literal: part.Literal})
		}
	}
	return t, parts != nil
}
