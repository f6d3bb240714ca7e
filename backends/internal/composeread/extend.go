package composeread

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/override"
	"github.com/compose-spec/compose-go/v2/paths"
	"github.com/compose-spec/compose-go/v2/transform"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// extendBase is a file whose services others extend.
type extendBase struct {
	services model
	root     *tree.Node
	document *yamlDocument
}

// extension is one step of a chain of extends.
type extension struct{ file, service string }

// extend lays the services of a document over those that they extend.
func (l *merger) extend(m model, d *yamlDocument, name, folder string) error {
	services, _ := m["services"].(model)
	for _, p := range d.root.Get("services").Elements() {
		for _, service := range p.Keys() {
			merged, _, err := l.extendService(service, services, d, d.root, name, folder, nil)
			if err != nil {
				return err
			}
			if merged != nil {
				services[service] = merged
			}
		}
	}
	return nil
}

// extendService returns a service over what it extends, and the nodes that it is made
// of, its own first.
func (l *merger) extendService(name string, services model, d *yamlDocument, root *tree.Node, file, folder string, trail []extension) (model, []*tree.Node, error) {
	service, _ := services[name].(model)
	node := root.Get("services").Get(name)
	own := []*tree.Node{node}
	extends, ok := service["extends"]
	if service == nil || !ok {
		return service, own, nil
	}
	at := node.Get("extends")
	step := extension{file, name}
	if slices.Contains(trail, step) {
		var names []string
		for _, s := range append(trail, step) {
			names = append(names, s.service)
		}
		return nil, nil, refuse(at, l.r.dialect.Codes.Invalid, "services extend each other in a circle: "+strings.Join(names, " → "), "Take one of the extends out.")
	}
	trail = append(slices.Clone(trail), step)
	target, from := extendTarget(extends)
	base, nodes, err := model(nil), []*tree.Node(nil), error(nil)
	if from == "" {
		if _, known := services[target]; !known {
			return nil, nil, l.unknownService(at, target, file, services)
		}
		base, nodes, err = l.extendService(target, services, d, root, file, folder, trail)
	} else {
		base, nodes, err = l.extendFrom(path.Join(folder, from), target, at, folder, trail)
	}
	if err != nil {
		return nil, nil, err
	}
	delete(service, "extends")
	if base == nil {
		return service, own, nil
	}
	base = clone(base).(model)
	d.reset(model{"services": model{name: base}})
	merged, err := override.ExtendService(base, service)
	if err != nil {
		return nil, nil, l.r.explain(err, l.r.dialect.Codes.Invalid)
	}
	services[name] = merged
	own = append(own, nodes...)
	l.r.bases[node] = own[1:]
	return merged, own, nil
}

func extendTarget(extends any) (service, file string) {
	switch v := extends.(type) {
	case string:
		return v, ""
	case model:
		service, _ = v["service"].(string)
		file, _ = v["file"].(string)
	}
	return service, file
}

func (l *merger) unknownService(at *tree.Node, name, file string, services model) error {
	detail := "The services of " + path.Base(file) + " are " + strings.Join(sorted(services), ", ") + "."
	if closest := diag.Closest(name, sorted(services)); closest != "" {
		detail = "Did you mean " + closest + "? " + detail
	}
	return refuse(at, l.r.dialect.Codes.Invalid, fmt.Sprintf("there is no service %q to extend", name), detail)
}

// extendFrom returns a service of another file, with paths as they are from here.
func (l *merger) extendFrom(file, target string, at *tree.Node, folder string, trail []extension) (model, []*tree.Node, error) {
	base := l.bases[file]
	if base == nil {
		if !l.r.exists(file) {
			l.r.report(diag.Error, codeFileMissing, at, "", "a file that a service extends is missing: "+file, "Name it so that it is found from here, or write the service out.")
			return nil, nil, nil
		}
		var err error
		if base, err = l.openBase(file, folder); err != nil {
			return nil, nil, err
		}
		l.bases[file] = base
	}
	if _, known := base.services[target]; !known {
		return nil, nil, l.unknownService(at, target, file, base.services)
	}
	return l.extendService(target, base.services, base.document, base.root, file, folder, trail)
}

func (l *merger) openBase(file, folder string) (*extendBase, error) {
	known := len(l.r.documents)
	documents, err := l.open(file)
	l.r.documents = l.r.documents[:known] // only what is extended is part of the app
	if err != nil {
		return nil, err
	}
	if len(documents) == 0 {
		return &extendBase{services: model{}, root: &tree.Node{Kind: tree.Mapping}, document: &yamlDocument{}}, nil
	}
	d := documents[0]
	m, err := transform.Canonical(d.model, false)
	if err != nil {
		return nil, l.r.explain(err, l.r.dialect.Codes.Invalid)
	}
	if relative := relativeTo(folder, path.Dir(file)); relative != "." {
		if err := paths.ResolveRelativePaths(m, relative, nil); err != nil {
			return nil, err
		}
	}
	services, _ := m["services"].(model)
	return &extendBase{services: services, root: d.root, document: d}, nil
}

func clone(v any) any {
	switch v := v.(type) {
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = clone(v[i])
		}
		return list
	case model:
		m := make(model, len(v))
		for k := range v {
			m[k] = clone(v[k])
		}
		return m
	}
	return v
}
