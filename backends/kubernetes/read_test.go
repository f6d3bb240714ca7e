package kubernetes

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/source"
)

// sources makes a source of texts by name.
func sources(texts ...string) backend.Source {
	s := backend.Source{Name: "app"}
	for i, text := range texts {
		name := fmt.Sprintf("file-%d.yaml", i)
		s.Paths = append(s.Paths, name)
		s.Files = append(s.Files, source.NewFile(name, []byte(text)))
	}
	return s
}

// returned reads what is emitted for an app, without passes, and returns all in which
// it differs from what the app was read from.
func returned(r *sourceReader) []string {
	artifacts, list := emit(r.app, backend.Options{Passes: backend.Passes{}})
	var problems []string
	for _, d := range list {
		if d.Severity == diag.Error {
			problems = append(problems, fmt.Sprintf("%s: %s %s", d.Code, d.Path, d.Summary))
		}
	}
	again := newSourceReader(backend.Source{})
	for _, a := range artifacts {
		again.file("again.yaml", source.NewFile(a.Path, a.Data))
	}
	for _, o := range r.objects {
		if o.kind == "Secret" || o.typed != nil && len(o.typed.GetOwnerReferences()) > 0 {
			continue
		}
		there := again.byKey[o.key()]
		switch {
		case there == nil:
			problems = append(problems, fmt.Sprintf("%s %s is not emitted", o.kind, o.name))
		case o.typed == nil || there.typed == nil:
			if !verbatim(o.node).Equal(verbatim(there.node)) {
				problems = append(problems, fmt.Sprintf("%s %s is carried and differs", o.kind, o.name))
			}
		default:
			var b bytes.Buffer
			value := documentOf(there)
			if patch := r.difference(&object{value: value, kind: o.kind, name: o.name}, o); patch != nil {
				_ = document.PrintYAML(&b, patch, document.YAMLOptions{})
				problems = append(problems, fmt.Sprintf("%s %s differs:\n%s", o.kind, o.name, b.String()))
			}
		}
		delete(again.byKey, o.key())
	}
	for key := range again.byKey {
		problems = append(problems, key+" is emitted and not in the files")
	}
	slices.Sort(problems)
	return problems
}

func documentOf(o *sourceObject) *document.Value { return document.Carried(verbatim(o.node)) }

// corpus is the folder of real files; the test is skipped without it, but for CI.
func corpus(t *testing.T) string {
	root := os.Getenv("SHARED_DIR")
	if root == "" {
		root = "../../../shared"
	}
	folder := filepath.Join(root, "corpus", "k8s")
	if _, err := os.Stat(folder); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip("the corpus is not there")
	}
	return folder
}

// apps are the folders of the corpus that are one app each.
var apps = []string{
	"sock-shop/deploy/kubernetes/manifests", "sock-shop/deploy/kubernetes/complete-demo.yaml", "sock-shop/deploy/kubernetes/manifests-policy", "sock-shop/deploy/kubernetes/autoscaling",
	"example-voting-app/k8s-specifications", "online-boutique/release/kubernetes-manifests.yaml", "online-boutique/kubernetes-manifests",
	"robot-shop/K8s", "DeathStarBench/hotelReservation", "DeathStarBench/socialNetwork",
}

func manifests(t *testing.T, folder string) backend.Source {
	s := backend.Source{Name: strings.ToLower(filepath.Base(folder))}
	_ = filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
		ending := filepath.Ext(path)
		if err == nil && !d.IsDir() && (ending == ".yaml" || ending == ".yml" || ending == ".json") {
			if data, err := os.ReadFile(path); err == nil {
				s.Paths = append(s.Paths, path)
				s.Files = append(s.Files, source.NewFile(path, data))
			}
		}
		return nil
	})
	return s
}

func TestReturnOfApps(t *testing.T) {
	folder := corpus(t)
	for _, app := range apps {
		t.Run(app, func(t *testing.T) {
			r := newSourceReader(manifests(t, filepath.Join(folder, app)))
			ok := r.read()
			for _, d := range r.list {
				if d.Severity == diag.Error {
					t.Logf("%s %s %s", d.Subject.File.Name, d.Summary, d.Detail)
				}
			}
			if !ok {
				return
			}
			for _, p := range ir.Verify(r.app) {
				t.Errorf("verify: %s %s: %s", p.Code, p.Path, p.Summary)
			}
			for _, p := range returned(r) {
				t.Error(p)
			}
		})
	}
}

// TestReturnOfFiles reads every file of the corpus by itself.
func TestReturnOfFiles(t *testing.T) {
	folder := corpus(t)
	count := map[string]int{}
	_ = filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
		ending := filepath.Ext(path)
		if err != nil || d.IsDir() || ending != ".yaml" && ending != ".yml" && ending != ".json" {
			return nil
		}
		name, _ := filepath.Rel(folder, path)
		s := manifests(t, path)
		if detect(s.Files[0]) == backend.No {
			count["not of Kubernetes"]++
			return nil
		}
		r := newSourceReader(s)
		if !r.read() || r.list.HasErrors() {
			count["refused"]++
			for _, d := range r.list {
				if d.Severity == diag.Error {
					t.Logf("%s: refused: %s: %s", name, d.Summary, d.Detail)
				}
			}
			return nil
		}
		if len(r.list) == 0 {
			count["clean"]++
		} else {
			count["with findings"]++
		}
		for _, p := range ir.Verify(r.app) {
			if p.Code == ir.CodeMissing { // a patch of kustomize: half an object
				count["refused"]++
				count["with findings"]--
				return nil
			}
			t.Errorf("%s: verify: %s %s: %s", name, p.Code, p.Path, p.Summary)
		}
		for _, p := range returned(r) {
			t.Errorf("%s: %s", name, p)
		}
		artifacts, list := emit(r.app, defaults())
		for _, d := range append(list, check(artifacts)...) {
			asItWas := strings.Contains(d.Detail, "platform.yaml") // carried, and wrong in the file too
			if d.Severity == diag.Error && !asItWas {
				t.Errorf("%s: with the default passes: %s %s: %s", name, d.Code, d.Summary, d.Detail)
			}
		}
		return nil
	})
	t.Log(count)
}
