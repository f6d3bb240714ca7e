package cli

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/source"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// varPrefix is what the names of variables begin with that give values to vars.
const varPrefix = "DECAMP_VAR_"

// vars collects the values given for vars: flags win over files, files over the
// environment, and later files over earlier ones.
func (p *Program) vars(flags, files []string) (map[string]string, diag.List, error) {
	values := map[string]string{}
	for _, entry := range p.Environ {
		name, value, _ := strings.Cut(entry, "=")
		if rest, ok := strings.CutPrefix(name, varPrefix); ok && rest != "" {
			values[strings.ReplaceAll(strings.ToLower(rest), "_", "-")] = value
		}
	}
	var list diag.List
	for _, file := range files {
		read, problems := readVars(file)
		maps.Copy(values, read)
		list = append(list, problems...)
	}
	for _, flag := range flags {
		name, value, ok := strings.Cut(flag, "=")
		if !ok || name == "" {
			return nil, nil, wrong("--var %s: want NAME=VALUE, as in --var tag=1.4.2", name)
		}
		values[name] = value
	}
	return values, list, nil
}

// readVars reads a file of values: one mapping from names to single values.
func readVars(name string) (map[string]string, diag.List) {
	shown := filepath.ToSlash(name)
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, diag.List{{Severity: diag.Error, Code: codeVarsFile, Summary: "the file of vars cannot be read: " + err.Error()}}
	}
	root, list := tree.Parse(source.NewFile(shown, data), tree.Limits{})
	if list.HasErrors() || root.IsNull() {
		return nil, list
	}
	problem := func(at *tree.Node, path, summary string) {
		list = append(list, diag.Diagnostic{
			Severity: diag.Error, Code: codeVarsFile, Summary: summary, Subject: at.Range(), Path: path,
			Detail: `A file of vars holds one mapping from names to single values, such as "tag: 1.4.2".`,
		})
	}
	if root.Kind != tree.Mapping {
		problem(root, "", fmt.Sprintf("a %s stands where the vars belong", root.Kind))
		return nil, list
	}
	values := make(map[string]string, len(root.Pairs))
	for _, pair := range root.Pairs {
		if !pair.Value.Kind.IsScalar() || pair.Value.IsNull() {
			problem(pair.Value, pair.Key.Value, fmt.Sprintf("a %s stands where a single value belongs", pair.Value.Kind))
			continue
		}
		values[pair.Key.Value] = pair.Value.Value
	}
	return values, list
}
