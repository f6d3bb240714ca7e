package kubernetes

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/decamp-dev/decamp/backends/internal/naming"
	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// sourceReader makes an app of manifests. It takes the facts that an app can hold,
// emits the app, and puts what the emitted objects lack into the ledger: so nothing
// of an object can be forgotten.
type sourceReader struct {
	source    backend.Source
	list      diag.List
	app       *ir.App
	positions backend.Positions
	comments  map[string]string

	objects []*sourceObject
	byKey   map[string]*sourceObject

	workloads     []*sourceWorkload
	services      map[string]*sourceService       // by key of the Service
	hosts         map[string]*sourceService       // by every name under which it is reached
	configs       map[string]*sourceConfig        // by key of the ConfigMap
	secrets       map[string]string               // key of the Secret → name in the app
	claims        map[string]string               // key of the claim → volume
	ingresses     ir.Map[[]string]                // Ingress → its routes
	serverSaid    bool                            // the note about fields of the server is written
	published     map[string]string               // number outside → workload
	renamedClaims map[string]string               // volume → claim
	byLabel       map[[3]string][]*sourceWorkload // by namespace, key and value
	usedConfigs   map[string]bool                 // keys of the ConfigMaps that workloads refer to
	own           bool                            // decamp has written the files
	names         struct{ workloads, configs, secrets, volumes, routes, endpoints naming.Names }
}

// sourceWorkload is an object that runs containers, and what belongs to it.
type sourceWorkload struct {
	*sourceObject
	name                   string
	path                   string
	kind                   ir.Kind
	template               *corev1.PodTemplateSpec
	pod                    *tree.Node // the template's spec
	selector               map[string]string
	result                 ir.Workload
	id                     identity
	claims                 map[string]string // claim template → volume
	services               []*sourceService
	scaler, budget, policy *sourceObject
	main                   int // the main container

	helpers     []string // init containers that decamp writes by itself
	segments    []string // networks that labels name
	recommended bool     // the selector is that of decamp

	ports     map[portKey]string // names of the ports that containers have
	portNames map[string]bool
	foretold  map[portKey]string
	own       *sourceService // under whose name it is reached
	public    *sourceService // by which it is published
}

func read(s backend.Source) (backend.Reading, diag.List) {
	r := newSourceReader(s)
	if !r.read() {
		return backend.Reading{}, r.list
	}
	return backend.Reading{App: r.app, Comments: r.comments}, r.list
}

func newSourceReader(s backend.Source) *sourceReader {
	r := &sourceReader{
		source: s, app: &ir.App{}, positions: backend.Positions{}, comments: map[string]string{},
		byKey: map[string]*sourceObject{}, services: map[string]*sourceService{}, hosts: map[string]*sourceService{},
		configs: map[string]*sourceConfig{}, secrets: map[string]string{}, claims: map[string]string{},
		published: map[string]string{}, renamedClaims: map[string]string{},
	}
	r.app.Locator = r.positions
	return r
}

// read makes the app; false when the files hold nothing.
func (r *sourceReader) read() bool {
	for i, f := range r.source.Files {
		r.file(r.source.Paths[i], f)
	}
	if r.toBuild() {
		return false
	}
	if len(r.objects) == 0 {
		if !r.list.HasErrors() {
			r.report(diag.Error, codeNoObjects, nil, "", "the files hold no object of Kubernetes", "An object has apiVersion, kind and metadata.")
		}
		return false
	}
	r.findWorkloads()
	r.nameApp()
	r.findServices()
	r.findStorage()
	for _, w := range r.workloads {
		r.workload(w)
	}
	r.finishConfigs()
	r.normalSecrets()
	r.appLabels()
	r.joinSegments()
	r.scalers()
	r.budgets()
	for _, w := range r.workloads {
		r.app.Workloads = append(r.app.Workloads, ir.Item[ir.Workload]{Key: w.name, Value: w.result})
	}
	r.routes()
	r.policies()
	r.internalNetworks()
	r.shareVolumes()
	r.dropPassFacts()
	r.keep()
	return true
}

// findWorkloads finds what runs containers, and gives it names.
func (r *sourceReader) findWorkloads() {
	for _, o := range r.objects {
		if w := r.asWorkload(o); w != nil {
			r.workloads = append(r.workloads, w)
			r.names.workloads.Reserve(o.name)
		}
	}
	taken := map[string]*sourceWorkload{}
	for _, w := range r.workloads {
		key := r.plainName(w.sourceObject.kind, w.sourceObject.name)
		if taken[key] != nil {
			key += "-" + strings.ToLower(w.sourceObject.kind)
			if taken[w.sourceObject.name].namespace != w.namespace {
				key = w.sourceObject.name + "-" + w.namespace
			}
		}
		w.name = r.names.workloads.Name(key)
		for n := 2; taken[w.name] != nil; n++ {
			w.name = r.names.workloads.Name(fmt.Sprintf("%s-%d", key, n))
		}
		taken[w.name] = w
		if taken[w.sourceObject.name] == nil {
			taken[w.sourceObject.name] = w
		}
		w.path = ir.JoinPath("workloads", w.name)
		r.positions.Set(w.path, w.node)
		r.comment(w.path, w.node)
		if w.name != r.plainName(w.sourceObject.kind, w.sourceObject.name) {
			r.report(diag.Note, codeRenamed, w.node.Get("metadata"), w.path, fmt.Sprintf("%s %s is the workload %s", w.sourceObject.kind, w.sourceObject.name, w.name),
				"Names of workloads are DNS labels, each once in an app. The object keeps its own name on Kubernetes.")
		}
	}
}

// nameApp takes the name that the objects, the user or the namespace give.
func (r *sourceReader) nameApp() {
	parts, namespaces := map[string]bool{}, map[string]bool{}
	for _, w := range r.workloads {
		parts[w.labels()[labelPartOf]] = true
		namespaces[w.namespace] = true
	}
	only := func(set map[string]bool) string {
		for name := range set {
			if len(set) == 1 {
				return name
			}
		}
		return ""
	}
	delete(namespaces, "default")
	name := or(only(parts), or(only(namespaces), or(r.source.Name, r.objects[0].name)))
	r.app.Name = naming.Label(name)
	r.positions.Set("name", r.objects[0].node)
}

// report adds a finding at a node.
func (r *sourceReader) report(severity diag.Severity, code diag.Code, n *tree.Node, path, summary, detail string) *diag.Diagnostic {
	r.list = append(r.list, diag.Diagnostic{Severity: severity, Code: code, Subject: n.Range(), Path: path, Summary: summary, Detail: detail})
	return &r.list[len(r.list)-1]
}

// comment keeps what is written above the first key of a mapping. A licence is no
// comment on an object.
func (r *sourceReader) comment(path string, n *tree.Node) {
	if n == nil || n.Kind != tree.Mapping || len(n.Pairs) == 0 || n.Pairs[0].Key.Comments == nil {
		return
	}
	var lines []string
	for line := range strings.Lines(n.Pairs[0].Key.Comments.Head) {
		line = strings.TrimPrefix(strings.TrimPrefix(strings.TrimRight(line, "\r\n"), "#"), " ")
		if strings.Contains(line, "Copyright") || strings.Contains(line, "License") {
			return
		}
		if strings.Trim(line, "-= ") != "" {
			lines = append(lines, line)
		}
	}
	if len(lines) > 0 {
		r.comments[path] = strings.Join(lines, "\n")
	}
}

// dig returns what is below a node, by keys and indices; nil when it is not there.
func dig(n *tree.Node, path ...any) *tree.Node {
	for _, p := range path {
		switch p := p.(type) {
		case string:
			n = n.Get(p)
		case int:
			if n == nil || p >= len(n.Items) {
				return nil
			}
			n = n.Items[p]
		}
	}
	return n
}
