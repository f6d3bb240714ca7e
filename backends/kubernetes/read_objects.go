package kubernetes

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	strictjson "sigs.k8s.io/json"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/pattern"
	"github.com/decamp-dev/decamp/compiler/source"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// sourceObject is one object of the files.
type sourceObject struct {
	node            *tree.Node // as it is today: old versions are upgraded
	version, kind   string
	name, namespace string
	typed           metav1.Object // nil for kinds that are carried
	taken           bool          // an emitted object stands for it
	unmapped        string        // why it is carried although its kind can be mapped
}

func (o *sourceObject) key() string { return objectKey(o.kind, o.namespace, o.name) }

func objectKey(kind, namespace, name string) string { return kind + "/" + namespace + "/" + name }

func (o *sourceObject) labels() map[string]string {
	if o.typed == nil {
		return nil
	}
	return o.typed.GetLabels()
}

// detect looks for the fields that every object has.
func detect(f *source.File) backend.Confidence {
	if slices.Contains(kustomizationFiles, path.Base(f.Name)) {
		return backend.Sure
	}
	if !bytes.Contains(f.Data, []byte("apiVersion")) || !bytes.Contains(f.Data, []byte("kind")) {
		return backend.No
	}
	if isTemplate(f.Data) {
		return backend.Maybe
	}
	documents, _ := tree.ParseAll(f, tree.Limits{})
	for _, d := range documents {
		version, kind := d.Get("apiVersion"), d.Get("kind")
		if version != nil && kind != nil && !strings.HasPrefix(version.Value, "score.dev/") {
			return backend.Sure
		}
	}
	return backend.No
}

var templateAction = pattern.New(`(?m)\{\{-?\s*(?:[.$"(]|if |include |range |with |template |define |end\b|toYaml |-?\s*/\*)|\{%-?\s*\w+`)

func isTemplate(data []byte) bool { return templateAction().Match(data) }

// file reads the objects of the file at a path.
func (r *sourceReader) file(at string, f *source.File) {
	documents, list := tree.ParseAll(f, tree.Limits{})
	if isTemplate(f.Data) && (list.HasErrors() || !wholeObjects(documents)) {
		r.list = append(r.list, diag.Diagnostic{
			Severity: diag.Error, Code: codeTemplate, Subject: source.Range{File: f}, Summary: "the file is a template and no manifest yet",
			Detail: "Render it first, for instance `helm template NAME CHART | decamp import --from kubernetes -`, or `kustomize build DIR`.",
		})
		return
	}
	r.list = append(r.list, list...)
	r.findOwn(f)
	for _, d := range documents {
		if isKustomization(f, d) {
			r.kustomization(at, d)
		} else {
			r.document(d)
		}
	}
}

// wholeObjects reports whether every document says what it is in plain words.
func wholeObjects(documents []*tree.Node) bool {
	for _, d := range documents {
		name := dig(d, "metadata", "name")
		if d.Get("kind") == nil || name == nil || name.Kind != tree.String || strings.Contains(name.Value, "{{") {
			return false
		}
	}
	return len(documents) > 0
}

func (r *sourceReader) document(n *tree.Node) {
	if n.IsNull() {
		return
	}
	version, kind := n.Get("apiVersion"), n.Get("kind")
	if n.Kind != tree.Mapping || version == nil || kind == nil || version.Value == "" || kind.Value == "" {
		r.report(diag.Error, codeNoObject, n, "", "a document is no object of Kubernetes", "It needs apiVersion, kind and metadata. Leave it out, or import it from its own platform.")
		return
	}
	if strings.HasSuffix(kind.Value, "List") && n.Get("items") != nil && n.Get("spec") == nil {
		for _, item := range n.Get("items").Elements() {
			if item.Get("kind") == nil && kind.Value != "List" { // a typed list says it once
				item = cloneNode(item)
				item.Pairs = append([]tree.Pair{
					{Key: version, Value: version}, {Key: kind, Value: with(kind, strings.TrimSuffix(kind.Value, "List"))},
				}, item.Pairs...)
				item.Pairs[0].Key, item.Pairs[1].Key = with(version, "apiVersion"), with(kind, "kind")
			}
			r.document(item)
		}
		return
	}
	o := &sourceObject{node: n, version: version.Value, kind: kind.Value}
	r.upgrade(o)
	r.dropServerFields(o)
	if name := dig(o.node, "metadata", "name"); name != nil {
		o.name = name.Value
	}
	if namespace := dig(o.node, "metadata", "namespace"); namespace != nil {
		o.namespace = namespace.Value
	}
	if o.name == "" {
		if prefix := dig(o.node, "metadata", "generateName"); prefix != nil {
			o.unmapped = "Kubernetes makes its name"
			o.name = prefix.Value
		} else {
			r.report(diag.Error, codeNoObject, n, "", fmt.Sprintf("a %s has no name", o.kind), "Add metadata: {name: …}.")
			return
		}
	}
	if o.unmapped == "" {
		r.decode(o)
	}
	if first := r.byKey[o.key()]; first != nil {
		d := r.report(diag.Warning, codeTwice, o.node, "", fmt.Sprintf("%s %s is there twice", o.kind, o.name), "The last one counts, as when both are applied.")
		d.Related = []diag.Related{{Range: first.node.Range(), Message: "the first is here"}}
		r.objects = slices.DeleteFunc(r.objects, func(have *sourceObject) bool { return have == first })
	}
	r.byKey[o.key()] = o
	r.objects = append(r.objects, o)
}

// newTyped makes the empty value of each kind that can be mapped, by its version of
// today.
func newTyped(version, kind string) metav1.Object {
	switch version + " " + kind {
	case "apps/v1 Deployment":
		return &appsv1.Deployment{}
	case "apps/v1 StatefulSet":
		return &appsv1.StatefulSet{}
	case "apps/v1 DaemonSet":
		return &appsv1.DaemonSet{}
	case "batch/v1 Job":
		return &batchv1.Job{}
	case "batch/v1 CronJob":
		return &batchv1.CronJob{}
	case "v1 Service":
		return &corev1.Service{}
	case "v1 ConfigMap":
		return &corev1.ConfigMap{}
	case "v1 Secret":
		return &corev1.Secret{}
	case "v1 ServiceAccount":
		return &corev1.ServiceAccount{}
	case "v1 PersistentVolumeClaim":
		return &corev1.PersistentVolumeClaim{}
	case "networking.k8s.io/v1 Ingress":
		return &networkingv1.Ingress{}
	case "networking.k8s.io/v1 NetworkPolicy":
		return &networkingv1.NetworkPolicy{}
	case "autoscaling/v2 HorizontalPodAutoscaler":
		return &autoscalingv2.HorizontalPodAutoscaler{}
	case "policy/v1 PodDisruptionBudget":
		return &policyv1.PodDisruptionBudget{}
	}
	return nil
}

var strictError = pattern.New(`^(unknown|duplicate) field "(.*)"$`)

// decode reads an object into its type, strictly.
func (r *sourceReader) decode(o *sourceObject) {
	typed := newTyped(o.version, o.kind)
	if typed == nil {
		return
	}
	var b bytes.Buffer
	writeJSON(&b, o.node)
	strict, err := strictjson.UnmarshalStrict(b.Bytes(), typed)
	if err != nil {
		d := r.report(diag.Error, codeSourceInvalid, o.node, "", fmt.Sprintf("Kubernetes would refuse %s %s", o.kind, o.name), strings.TrimPrefix(err.Error(), "json: "))
		d.Redact = o.kind == "Secret"
		o.unmapped = "it cannot be read"
		return
	}
	for _, err := range strict {
		match := strictError().FindStringSubmatch(err.Error())
		if match == nil {
			continue
		}
		at := nearest(o.node, match[2])
		r.report(diag.Warning, codeUnknownField, at, "", fmt.Sprintf("Kubernetes does not know the field %s", match[2]),
			"A cluster drops it, or refuses the object. It is left out.")
	}
	o.typed = typed
}

var pathStep = pattern.New(`[^.\[\]]+|\[\d+\]`)

// nearest finds the node of a path such as spec.containers[0].name, or what holds it.
func nearest(n *tree.Node, path string) *tree.Node {
	for _, step := range pathStep().FindAllString(path, -1) {
		var next *tree.Node
		if index, ok := strings.CutPrefix(step, "["); ok {
			i, _ := strconv.Atoi(strings.TrimSuffix(index, "]"))
			next = dig(n, i)
		} else {
			next = n.Get(step)
		}
		if next == nil {
			return n
		}
		n = next
	}
	return n
}

// writeJSON writes a node as Kubernetes reads it: by YAML 1.1, where a number with a
// leading zero is octal.
func writeJSON(b *bytes.Buffer, n *tree.Node) {
	if n.IsNull() {
		b.WriteString("null")
		return
	}
	switch n.Kind {
	case tree.Mapping:
		b.WriteByte('{')
		for i, p := range n.Pairs {
			if i > 0 {
				b.WriteByte(',')
			}
			writeString(b, p.Key.Value)
			b.WriteByte(':')
			writeJSON(b, p.Value)
		}
		b.WriteByte('}')
	case tree.Sequence:
		b.WriteByte('[')
		for i, item := range n.Items {
			if i > 0 {
				b.WriteByte(',')
			}
			writeJSON(b, item)
		}
		b.WriteByte(']')
	default:
		kind, text := scalarOf(n)
		if kind == tree.String {
			writeString(b, text)
		} else {
			b.WriteString(text)
		}
	}
}

func writeString(b *bytes.Buffer, s string) {
	encoded, err := json.Marshal(s)
	if err != nil {
		encoded = []byte(`""`)
	}
	b.Write(encoded)
}

var (
	octalNumber = pattern.New(`^[-+]?0o?[0-7]+$`)
	jsonNumber  = pattern.New(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$`)
)

// scalarOf returns a scalar as Kubernetes takes it.
func scalarOf(n *tree.Node) (tree.Kind, string) {
	if n.Style != tree.Plain || n.Tag != "" && n.Kind == tree.String {
		return n.Kind, n.Value
	}
	switch strings.ToLower(n.Value) {
	case "yes", "on", "true":
		return tree.Bool, "true"
	case "no", "off", "false":
		return tree.Bool, "false"
	}
	switch {
	case octalNumber().MatchString(n.Value) && len(n.Value) > 1:
		v, err := strconv.ParseInt(strings.Replace(n.Value, "o", "", 1), 8, 64)
		if err == nil {
			return tree.Int, strconv.FormatInt(v, 10)
		}
	case n.Kind == tree.Int:
		if v, err := strconv.ParseInt(strings.ReplaceAll(n.Value, "_", ""), 0, 64); err == nil {
			return tree.Int, strconv.FormatInt(v, 10)
		}
	case n.Kind == tree.Float:
		if v, err := strconv.ParseFloat(n.Value, 64); err == nil && !jsonNumber().MatchString(n.Value) {
			if encoded, err := json.Marshal(v); err == nil {
				return tree.Float, string(encoded)
			}
			return tree.String, n.Value // an infinity
		}
	}
	if n.Kind != tree.String && n.Kind != tree.Bool && !jsonNumber().MatchString(n.Value) {
		return tree.String, n.Value
	}
	return n.Kind, n.Value
}

// cloneNode copies the node itself, so that its members can be changed.
func cloneNode(n *tree.Node) *tree.Node {
	c := *n
	c.Pairs = slices.Clone(n.Pairs)
	c.Items = slices.Clone(n.Items)
	return &c
}

// with returns a string in a node's place.
func with(n *tree.Node, value string) *tree.Node {
	c := *n
	c.Kind, c.Value, c.Style, c.Pairs, c.Items = tree.String, value, tree.Plain, nil, nil
	return &c
}
