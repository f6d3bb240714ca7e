package composeread

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/override"
	composetree "github.com/compose-spec/compose-go/v2/tree"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// include reads the files that a document includes, and adds what they declare.
func (l *merger) include(m model, d *yamlDocument, name, folder string) error {
	entries, _ := m["include"].([]any)
	delete(m, "include")
	for i, entry := range entries {
		at := item(d.root.Get("include"), i)
		names, projectFolder := included(entry)
		for j := range names {
			names[j] = path.Join(folder, names[j])
		}
		if len(names) == 0 {
			continue
		}
		inner := path.Dir(names[0])
		if projectFolder != "" {
			inner = path.Join(folder, projectFolder)
		}
		if err := l.includeFiles(m, d, at, names, name, folder, inner, environmentFiles(entry)); err != nil {
			return err
		}
	}
	return nil
}

func (l *merger) includeFiles(m model, d *yamlDocument, at *tree.Node, names []string, from, folder, inner string, environment []string) error {
	if slices.Contains(l.including, names[0]) || names[0] == from {
		return refuse(at, l.r.dialect.Codes.Invalid, "files include each other in a circle: "+strings.Join(append(append(l.including, from), names[0]), " → "), "Take one of the includes out.")
	}
	for _, n := range names {
		if !l.r.exists(n) {
			l.r.report(diag.Error, codeFileMissing, at, "", "an included file is missing: "+n, "Name it so that it is found from here, or take it out of include.")
			return nil
		}
	}
	l.including = append(l.including, from)
	restore := l.r.variables.include(l.r, folder, inner, environment)
	imported, err := (&merger{r: l.r, bases: map[string]*extendBase{}, including: l.including}).files(names, inner, relativeTo(folder, inner))
	restore()
	l.including = l.including[:len(l.including)-1]
	if err != nil {
		return err
	}
	for _, section := range []string{"services", "volumes", "networks", "secrets", "configs", "models"} {
		if err := l.importSection(m, d, imported, section); err != nil {
			return err
		}
	}
	return nil
}

func (l *merger) importSection(m model, d *yamlDocument, imported model, section string) error {
	from, _ := imported[section].(model)
	if from == nil {
		return nil
	}
	into, _ := m[section].(model)
	if into == nil {
		into = model{}
	}
	for _, name := range slices.Sorted(maps.Keys(from)) {
		own, conflict := into[name]
		if !conflict {
			into[name] = from[name]
			continue
		}
		d.reset(model{section: model{name: from[name]}})
		merged, err := override.MergeYaml(from[name], own, composetree.NewPath(section, name))
		if err != nil {
			return l.r.explain(err, l.r.dialect.Codes.Invalid)
		}
		into[name] = merged
	}
	m[section] = into
	return nil
}

// included returns the files of an entry of include, and the folder of their project.
func included(entry any) (names []string, folder string) {
	switch v := entry.(type) {
	case string:
		return []string{v}, ""
	case model:
		folder, _ = v["project_directory"].(string)
		return texts(v["path"]), folder
	}
	return nil, ""
}

func environmentFiles(entry any) []string {
	m, _ := entry.(model)
	return texts(m["env_file"])
}
