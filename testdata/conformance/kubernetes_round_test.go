//go:build conformance

package conformance

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/decamp-dev/decamp/backends"
	"github.com/decamp-dev/decamp/testdata/conformance/judge"
	"github.com/decamp-dev/decamp/testdata/corpus"
)

// objectsThatChange are objects whose way through an app and back is not the same to the API server, by unit and object,
// each with the reason.
var objectsThatChange = map[string]string{}

// TestKubernetesRoundTrip reads every unit of manifests of the corpus, writes the app as manifests again, and hands the
// objects of both to the API server: those that it takes of the first have to come back the same of the second.
func TestKubernetesRoundTrip(t *testing.T) {
	root := corpus.Root(t)
	set := backends.All()
	kubernetes := set.Lookup("kubernetes")
	counts := map[string]int{}
	for _, u := range corpus.Units(t, root, kubernetes.Name) {
		request, err := u.Request(root, kubernetes.Name)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(u.Path, func(t *testing.T) {
			folder := t.TempDir()
			c := corpusRun{set: set, root: root, from: kubernetes, to: kubernetes, optimize: "none"}
			if list := c.convertRequest(t, request, folder); list.HasErrors() {
				counts["units refused by decamp"]++
				t.Logf("it cannot be read: %v", list)
				return
			}
			counts["units"]++
			first := judge.KubernetesObjects(t, texts(t, root, request.Paths)...)
			again := judge.KubernetesObjects(t, texts(t, folder, below(t, folder))...)
			judge.KubernetesNormal(first)
			judge.KubernetesNormal(again)
			byKey := map[string]*judge.KubernetesObject{}
			for _, o := range again {
				byKey[o.Key()] = o
			}
			for i, o := range first {
				if slices.ContainsFunc(first[i+1:], func(later *judge.KubernetesObject) bool { return later.Key() == o.Key() }) {
					counts["objects: said again by a later file"]++
					continue
				}
				what, changes := compared(o, byKey)
				why := objectsThatChange[u.Path+" "+o.Key()]
				switch {
				case len(changes) == 0 && why != "":
					t.Errorf("%s: nothing changes: take it out of the list", o.Key())
				case len(changes) > 0 && why != "":
					what = "another, with a reason"
				case len(changes) > 0:
					what = "another"
					t.Errorf("%s is another:\n%s", o.Key(), strings.Join(changes, "\n"))
				}
				counts["objects: "+what]++
			}
		})
	}
	for _, what := range slices.Sorted(maps.Keys(counts)) {
		t.Logf("%d %s", counts[what], what)
	}
}

// compared says what becomes of an object, and in what it is another.
func compared(o *judge.KubernetesObject, again map[string]*judge.KubernetesObject) (what string, changes []string) {
	if o.Refusal != nil {
		return "refused by the server as they are", nil
	}
	if o.Kind == "Secret" {
		return "Secrets, whose values are not copied", nil
	}
	as, a, b := "the same", o, again[o.Key()]
	if b == nil {
		switch o.Kind {
		case "Pod", "ReplicationController", "ReplicaSet":
			b = cmp.Or(again[strings.Replace(o.Key(), o.Kind, "Deployment", 1)], again[strings.Replace(o.Key(), o.Kind, "Job", 1)])
			as = "the same pods, kept by a Deployment or a Job"
		}
		if b == nil || b.Returned == nil {
			return "", []string{"it is not there again"}
		}
		a, b = judge.KubernetesPods(o, o), judge.KubernetesPods(b, o)
	}
	if b.Refusal != nil {
		return "", []string{fmt.Sprintf("the server refuses it: %v", b.Refusal)}
	}
	return as, judge.KubernetesDifferences(a, b)
}

func texts(t *testing.T, root string, paths []string) [][]byte {
	t.Helper()
	var list [][]byte
	for _, p := range paths {
		text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(p)))
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, text)
	}
	return list
}

// below lists the manifests of a folder, relative to it.
func below(t *testing.T, folder string) []string {
	t.Helper()
	var list []string
	for _, file := range emitted(t, folder, "*.yaml", "*.yml", "*.json") {
		p, err := filepath.Rel(folder, file)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, filepath.ToSlash(p))
	}
	return list
}
