package compose

import (
	"slices"
	"strings"

	"github.com/decamp-dev/decamp/backends/internal/composeread"
	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/source"
)

// Check reads the Compose file as Docker Compose would, with compose-go's parts for
// each step: variables, schema, canonical form, rules beyond the schema; and then
// follows what the parts say of each other. The tests ask compose-go's whole loader as
// well, which is left out of the program since it makes every start slower.
func Check(artifacts []backend.Artifact) diag.List {
	var list diag.List
	for _, a := range artifacts {
		if a.Path != composeFile {
			continue
		}
		for _, problem := range invalid(a.Data) {
			list = append(list, diag.Diagnostic{Severity: diag.Error, Code: CodeInvalidOutput, Target: Name,
				Summary: "Compose would not take " + composeFile + ": " + problem,
				Detail:  "Look at the platform entries for compose first. Where there are none, this is a defect of decamp."})
		}
	}
	return list
}

// invalid returns what is wrong with the text of a Compose file.
func invalid(data []byte) (problems []string) {
	merged, problems := composeread.Model(dialect(), source.NewFile(composeFile, data))
	if len(problems) > 0 {
		return problems
	}
	return dangling(merged)
}

// model is Compose's dictionary of a project.
type model = map[string]any

// dangling lists the names that services refer to and that the file does not have.
func dangling(m model) (problems []string) {
	services, _ := m["services"].(model)
	for _, name := range sortedNames(services) {
		service, _ := services[name].(model)
		for _, reference := range references(service) {
			section, target := reference[0], reference[1]
			if has, _ := m[section].(model); has[target] == nil {
				if _, declared := has[target]; !declared && !(section == "networks" && target == "default") {
					problems = append(problems, "services."+name+" refers to "+section+"."+target+", which is not there")
				}
			}
		}
	}
	return problems
}

// references returns the section and name of each thing that a service refers to.
func references(service model) (list [][2]string) {
	for _, key := range []string{"networks", "depends_on"} {
		section := map[string]string{"networks": "networks", "depends_on": "services"}[key]
		named, _ := service[key].(model)
		for _, name := range sortedNames(named) {
			list = append(list, [2]string{section, name})
		}
	}
	for _, key := range []string{"volumes", "configs", "secrets"} {
		items, _ := service[key].([]any)
		for _, item := range items {
			mount, _ := item.(model)
			name, _ := mount["source"].(string)
			if name != "" && (key != "volumes" || mount["type"] == "volume") {
				list = append(list, [2]string{key, name})
			}
		}
	}
	if mode, _ := service["network_mode"].(string); strings.HasPrefix(mode, "service:") {
		list = append(list, [2]string{"services", strings.TrimPrefix(mode, "service:")})
	}
	return list
}

func sortedNames(m model) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}
