package kubernetes

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/source"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// kustomizationFiles are the names by which kustomize finds its instructions in a folder; few of them say what kind they are.
var kustomizationFiles = []string{"kustomization.yaml", "kustomization.yml", "Kustomization"}

// listing are the fields of a kustomization that change no object.
var listing = []string{"apiVersion", "kind", "metadata", "resources", "bases", "crds", "openapi", "buildMetadata", "sortOptions"}

func isKustomization(f *source.File, n *tree.Node) bool {
	version := n.Get("apiVersion")
	return version != nil && strings.HasPrefix(version.Value, "kustomize.config.k8s.io/") ||
		version == nil && slices.Contains(kustomizationFiles, path.Base(f.Name)) && n.Kind == tree.Mapping
}

// kustomization passes over the instructions for kustomize where they only list files that are read here too. What they
// change or add is in none of the files, which then are not what is applied: that is an error.
func (r *sourceReader) kustomization(at string, n *tree.Node) {
	advice := fmt.Sprintf("Build it first, and read what comes of it: `kubectl kustomize %s | decamp import --from kubernetes -`.", path.Dir(n.Range().Name()))
	var changes []string
	var first *tree.Node
	for _, p := range n.Pairs {
		if !slices.Contains(listing, p.Key.Value) && !p.Value.IsNull() {
			changes = append(changes, p.Key.Value)
			if first == nil {
				first = p.Key
			}
		}
	}
	if first != nil {
		r.report(diag.Error, codeKustomization, first, "", "kustomize makes other objects of these files: "+strings.Join(changes, ", "), advice)
		return
	}
	for _, resource := range append(n.Get("resources").Elements(), n.Get("bases").Elements()...) {
		if !r.reads(path.Join(path.Dir(at), resource.Value)) {
			r.report(diag.Error, codeKustomization, resource, "", fmt.Sprintf("kustomize adds %s, which is not among these files", resource.Value), advice)
			return
		}
	}
	r.report(diag.Note, codeKustomization, n, "", "a kustomization was passed over", "It only lists files, which are read.")
}

// toBuild reports whether a kustomization has to be built; what else is found in its files is then of no use, and taken back.
func (r *sourceReader) toBuild() bool {
	only := slices.DeleteFunc(slices.Clone(r.list), func(d diag.Diagnostic) bool { return d.Code != codeKustomization || d.Severity != diag.Error })
	if len(only) > 0 {
		r.list = only
	}
	return len(only) > 0
}

// reads reports whether a file, or something in a folder, is among the files that are read.
func (r *sourceReader) reads(name string) bool {
	return slices.ContainsFunc(r.source.Paths, func(p string) bool { return p == name || strings.HasPrefix(p, name+"/") })
}
