//go:build conformance

package judge

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path"
	"strings"
	"sync"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"
)

// KubernetesObject is an object of a file, and what the API server makes of it in a dry run.
type KubernetesObject struct {
	Version, Kind, Namespace, Name string
	Written                        map[string]any // as the file says it
	Returned                       map[string]any // as the server returns it; nil when it refuses it
	Refusal                        error
}

// Key names an object among those of an app.
func (o *KubernetesObject) Key() string { return o.Kind + " " + path.Join(o.Namespace, o.Name) }

// KubernetesObjects splits files into objects and hands each to the API server as a dry run. Objects without a namespace
// are put into one of the tests' own.
func KubernetesObjects(t testing.TB, texts ...[]byte) []*KubernetesObject {
	t.Helper()
	server := kubernetesServer(t)
	var list []*KubernetesObject
	for _, text := range texts {
		for _, document := range splitDocuments(text) {
			list = append(list, objectsOf(document)...)
		}
	}
	for _, o := range list {
		o.Returned, o.Refusal = server.dryRun(o, "")
	}
	return list
}

// KubernetesAccepts hands the objects of files to the API server as KubernetesObjects does, with strict validation of their
// fields, and says whether it takes them all. Over its API that takes a tenth of the time that kubectl takes.
func KubernetesAccepts(t testing.TB, texts ...[]byte) Verdict {
	t.Helper()
	server := kubernetesServer(t)
	verdict := Verdict{Accepted: true}
	for _, text := range texts {
		for _, document := range splitDocuments(text) {
			for _, o := range objectsOf(document) {
				_, err := server.dryRun(o, "&fieldValidation=Strict")
				var refused apiError
				if errors.As(err, &refused) && refused.code == http.StatusConflict { // an object of that name is there
					err = nil
				}
				if err != nil {
					verdict.Accepted = false
					verdict.Output += o.Key() + ": " + err.Error() + "\n"
				}
			}
		}
	}
	return verdict
}

// objectsOf decodes a document: an object, or a list of them.
func objectsOf(text []byte) []*KubernetesObject {
	var written map[string]any
	if err := yaml.Unmarshal(text, &written); err != nil || written == nil {
		return nil
	}
	var list []*KubernetesObject
	var add func(written map[string]any)
	add = func(written map[string]any) {
		if items, ok := written["items"].([]any); ok && strings.HasSuffix(fmt.Sprint(written["kind"]), "List") {
			for _, item := range items {
				if object, ok := item.(map[string]any); ok {
					add(object)
				}
			}
			return
		}
		metadata, _ := written["metadata"].(map[string]any)
		o := &KubernetesObject{Written: written}
		for key, into := range map[string]*string{"apiVersion": &o.Version, "kind": &o.Kind} {
			*into, _ = written[key].(string)
		}
		for key, into := range map[string]*string{"namespace": &o.Namespace, "name": &o.Name} {
			*into, _ = metadata[key].(string)
		}
		list = append(list, o)
	}
	add(written)
	return list
}

func splitDocuments(text []byte) [][]byte {
	parts := bytes.Split(append([]byte("\n"), bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))...), []byte("\n---"))
	for i := range len(parts) - 1 {
		parts[i] = append(bytes.Clone(parts[i]), '\n') // the last text of a document ends with its line
	}
	return parts
}

// apiServer is the server of `testdata/platforms/up apiserver-only`.
type apiServer struct {
	address, token string
	client         *http.Client
	resources      map[string]apiResource // by version and kind
	namespaces     map[string]bool        // that are there
}

type apiResource struct {
	path       string
	namespaced bool
}

var (
	serverOnce sync.Once
	server     *apiServer
	errServer  error
)

func kubernetesServer(t testing.TB) *apiServer {
	t.Helper()
	requirePlatformOnce(t)
	serverOnce.Do(func() { server, errServer = newAPIServer(os.Getenv("PLATFORMS_APISERVER_KUBECONFIG")) })
	if errServer != nil {
		t.Fatal(errServer)
	}
	return server
}

var apiServerAnswers bool

func requirePlatformOnce(t testing.TB) {
	t.Helper()
	if apiServerAnswers {
		return
	}
	requirePlatform(t, "Kubernetes", "PLATFORMS_APISERVER_KUBECONFIG", "kubectl-dry", "get", "--raw", "/readyz")
	apiServerAnswers = true
}

func newAPIServer(kubeconfig string) (*apiServer, error) {
	text, err := os.ReadFile(kubeconfig)
	if err != nil {
		return nil, err
	}
	var config struct {
		Clusters []struct {
			Cluster struct {
				Server    string
				Authority string `yaml:"certificate-authority"`
			}
		}
		Users []struct{ User struct{ Token string } }
	}
	if err := yaml.Unmarshal(text, &config); err != nil || len(config.Clusters) == 0 || len(config.Users) == 0 {
		return nil, fmt.Errorf("%s: no cluster or no user (%v)", kubeconfig, err)
	}
	certificate, err := os.ReadFile(config.Clusters[0].Cluster.Authority)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(certificate)
	s := &apiServer{
		address: config.Clusters[0].Cluster.Server, token: config.Users[0].User.Token,
		client:    &http.Client{Timeout: time.Minute, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}, // without a proxy
		resources: map[string]apiResource{}, namespaces: map[string]bool{},
	}
	return s, s.discover()
}

// discover learns under which path the server has each kind.
func (s *apiServer) discover() error {
	type resourceList struct {
		GroupVersion string
		Resources    []struct {
			Name, Kind string
			Namespaced bool
		}
	}
	var groups struct {
		Groups []struct {
			Versions []struct{ GroupVersion string }
		}
	}
	paths := []string{"/api/v1"}
	if err := s.call("GET", "/apis", nil, &groups); err != nil {
		return err
	}
	for _, g := range groups.Groups {
		for _, v := range g.Versions {
			paths = append(paths, "/apis/"+v.GroupVersion)
		}
	}
	for _, p := range paths {
		var list resourceList
		if err := s.call("GET", p, nil, &list); err != nil {
			return err
		}
		for _, r := range list.Resources {
			if !strings.Contains(r.Name, "/") {
				s.resources[list.GroupVersion+" "+r.Kind] = apiResource{p + "\n" + r.Name, r.Namespaced}
			}
		}
	}
	return nil
}

// ownNamespace is where objects go that name none.
const ownNamespace = "judge-objects"

func (s *apiServer) dryRun(o *KubernetesObject, more string) (map[string]any, error) {
	resource, known := s.resources[o.Version+" "+o.Kind]
	if !known {
		return nil, fmt.Errorf("the server has no %s %s", o.Version, o.Kind)
	}
	folder, name, _ := strings.Cut(resource.path, "\n")
	at := folder + "/" + name
	if resource.namespaced {
		namespace := o.Namespace
		if namespace == "" {
			namespace = ownNamespace
		}
		if err := s.namespace(namespace); err != nil {
			return nil, err
		}
		at = folder + "/namespaces/" + namespace + "/" + name
	}
	written, back := o.Written, func(map[string]any) {}
	if o.Kind == "Namespace" {
		written, back = beside(o)
	}
	var returned map[string]any
	err := s.call("POST", at+"?dryRun=All"+more, written, &returned)
	if err == nil {
		back(returned)
	}
	return returned, err
}

// beside gives a namespace a name that is not taken, since objects in it need it for real, and says how the answer gets its own
// name back.
func beside(o *KubernetesObject) (written map[string]any, back func(map[string]any)) {
	metadata, _ := o.Written["metadata"].(map[string]any)
	metadata, written = maps.Clone(metadata), maps.Clone(o.Written)
	if metadata == nil {
		return written, func(map[string]any) {}
	}
	metadata["name"] = o.Name + "-judged"
	written["metadata"] = metadata
	return written, func(returned map[string]any) {
		metadata, _ := returned["metadata"].(map[string]any)
		metadata["name"] = o.Name
		if labels, ok := metadata["labels"].(map[string]any); ok {
			labels["kubernetes.io/metadata.name"] = o.Name
		}
	}
}

// namespace makes one for real: a dry run needs it.
func (s *apiServer) namespace(name string) error {
	if s.namespaces[name] {
		return nil
	}
	err := s.call("POST", "/api/v1/namespaces", map[string]any{"apiVersion": "v1", "kind": "Namespace", "metadata": map[string]any{"name": name}}, nil)
	var refused apiError
	if err != nil && (!errors.As(err, &refused) || refused.code != http.StatusConflict) {
		return err
	}
	s.namespaces[name] = true
	return nil
}

type apiError struct {
	code    int
	message string
}

func (e apiError) Error() string { return e.message }

func (s *apiServer) call(method, at string, body, answer any) error {
	var text bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&text).Encode(body); err != nil {
			return err
		}
	}
	request, err := http.NewRequest(method, s.address+at, &text)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+s.token)
	request.Header.Set("Content-Type", "application/json")
	response, err := s.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode >= 300 {
		var status struct{ Message string }
		_ = json.Unmarshal(data, &status)
		return apiError{response.StatusCode, status.Message}
	}
	if answer == nil {
		return nil
	}
	return json.Unmarshal(data, answer)
}
