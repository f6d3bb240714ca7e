package kubernetes

import (
	"strings"
	"testing"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/source"
)

// A kustomization that only lists what is read is passed over; one that changes or adds something has to be built first.
func TestReadKustomization(t *testing.T) {
	const manifest = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  selector: {matchLabels: {app: web}}\n" +
		"  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: nginx}]}}\n"
	for _, c := range []struct{ name, kustomization, problem string }{
		{"a list", "resources: [web.yaml]\n", ""},
		{"a list with its kind", "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [./web.yaml]\n", ""},
		{"patches", "resources: [web.yaml]\npatches: [{path: more.yaml}]\nnamePrefix: prod-\n", "other objects of these files: patches, namePrefix"},
		{"from elsewhere", "resources: [web.yaml, ../base]\n", "adds ../base, which is not among these files"},
		{"a component", "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches: [{path: more.yaml}]\n", "other objects of these files: patches"},
	} {
		s := backend.Source{Paths: []string{"app/kustomization.yaml", "app/web.yaml"}}
		for i, text := range []string{c.kustomization, manifest} {
			s.Files = append(s.Files, source.NewFile(s.Paths[i], []byte(text)))
		}
		reading, list := read(s)
		if c.problem == "" {
			if list.HasErrors() || reading.App == nil || !reading.App.Workloads.Has("web") {
				t.Errorf("%s is not read: %v", c.name, list)
			}
			continue
		}
		if len(list) != 1 || list[0].Severity != diag.Error || list[0].Code != codeKustomization || !strings.Contains(list[0].Summary, c.problem) ||
			!strings.Contains(list[0].Detail, "kubectl kustomize app |") {
			t.Errorf("%s is not told: %v", c.name, list)
		}
	}
}
