//go:build conformance

package judge

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// Kubernetes hands all documents of the files to a kube-apiserver as a dry run with strict field validation: unlike a
// schema it refuses `replicas: -1` or a selector that does not match its own template. Nothing is stored but a namespace.
func Kubernetes(t testing.TB, files ...string) Verdict {
	t.Helper()
	requirePlatform(t, "Kubernetes", "PLATFORMS_APISERVER_KUBECONFIG", "kubectl-dry", "get", "--raw", "/readyz")
	// No controller runs that would finish a deletion, so the namespace stays until the server goes; hence a random name.
	fresh := "judge-" + strings.ToLower(rand.Text()[:10])
	groups := map[string]string{} // kubectl wants one namespace a call
	var order []string
	for _, file := range files {
		documents, err := kubernetesDocuments(file)
		if err != nil {
			return Verdict{Output: file + ": " + err.Error()}
		}
		for _, d := range documents {
			namespace := d.Metadata.Namespace
			if groups[namespace] == "" {
				order = append(order, namespace)
			}
			groups[namespace] += "---\n" + d.text
		}
	}
	if len(order) == 0 {
		return Verdict{Output: strings.Join(files, ", ") + ": not one document"}
	}
	verdict := Verdict{Accepted: true}
	for _, namespace := range order {
		r := dryRun(t, namespace, fresh, groups[namespace])
		verdict.Accepted = verdict.Accepted && r.code == 0
		verdict.Output += r.output()
		for line := range strings.Lines(r.stderr) {
			if warning, found := strings.CutPrefix(line, "Warning: "); found {
				verdict.Warnings = append(verdict.Warnings, warning)
			}
		}
	}
	verdict.Warnings = distinct(verdict.Warnings)
	return verdict
}

// dryRun applies documents of one namespace, or of none, which then means the fresh one. The namespace has to exist:
// a dry run does not make the one that it reads about.
func dryRun(t testing.TB, namespace, fresh, documents string) result {
	t.Helper()
	if namespace == "" {
		namespace = fresh
	}
	if (command{words: []string{"kubectl-dry", "get", "namespace", namespace}}).run(t).code != 0 {
		// --save-config: else an apply that names this namespace as an object warns about the way it was made
		r := command{words: []string{"kubectl-dry", "create", "namespace", namespace, "--save-config"}}.run(t)
		if r.code != 0 {
			t.Fatalf("namespace %s: %s", namespace, r.output())
		}
	}
	return command{input: documents, words: []string{"kubectl-dry", "apply", "--namespace", namespace,
		"--dry-run=server", "--validate=strict", "--filename=-"}}.run(t)
}

type kubernetesDocument struct {
	Metadata struct{ Namespace string }
	text     string
}

// kubernetesDocuments splits a file at its document marks. The text itself is passed on as it is: what is judged are
// the bytes that were emitted, not what this parser makes of them.
func kubernetesDocuments(file string) ([]kubernetesDocument, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var documents []kubernetesDocument
	for _, part := range bytes.Split(append([]byte("\n"), text...), []byte("\n---")) {
		d := kubernetesDocument{text: string(part) + "\n"}
		err := yaml.NewDecoder(bytes.NewReader(part)).Decode(&d)
		if errors.Is(err, io.EOF) { // comments only
			continue
		}
		if err != nil {
			return nil, err
		}
		documents = append(documents, d)
	}
	return documents, nil
}
