package kubernetes

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	metavalidation "k8s.io/apimachinery/pkg/apis/meta/v1/validation"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
	strictjson "sigs.k8s.io/json"
	"sigs.k8s.io/yaml"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
)

// check reads every document back, strictly, into the types of the API, and asks the
// API's own library about names and labels. What only a server knows, it leaves to
// the server.
func check(artifacts []backend.Artifact) diag.List {
	c := &checker{seen: names{}}
	for _, a := range artifacts {
		for n, document := range bytes.Split(append([]byte("\n"), a.Data...), []byte("\n---\n")) {
			c.place = fmt.Sprintf("%s, document %d", a.Path, n+1)
			c.document(document)
		}
	}
	return c.list
}

type checker struct {
	scheme *runtime.Scheme
	list   diag.List
	place  string
	seen   names
}

// newScheme knows the groups that are emitted. It is made when it is needed: making
// it takes longer than starting a program should.
func newScheme() *runtime.Scheme {
	s := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{
		corev1.AddToScheme, appsv1.AddToScheme, batchv1.AddToScheme, autoscalingv2.AddToScheme,
		networkingv1.AddToScheme, policyv1.AddToScheme, rbacv1.AddToScheme, schedulingv1.AddToScheme,
	} {
		if err := add(s); err != nil {
			continue // the type is then unknown, and that is said
		}
	}
	return s
}

func (c *checker) report(s diag.Severity, code diag.Code, summary, detail string) {
	c.list = append(c.list, diag.Diagnostic{Severity: s, Code: code, Summary: summary, Detail: c.place + ": " + detail, Target: Name})
}

func (c *checker) document(text []byte) {
	data, err := yaml.YAMLToJSONStrict(text)
	if err != nil {
		c.report(diag.Error, codeInvalid, "a document is not YAML", err.Error())
		return
	}
	if string(data) == "null" {
		return // comments only
	}
	head := struct {
		metav1.TypeMeta
		Metadata struct{ Name string }
	}{}
	if err := strictjson.UnmarshalCaseSensitivePreserveInts(data, &head); err != nil || head.Kind == "" || head.APIVersion == "" {
		c.report(diag.Error, codeInvalid, "a document is no object of Kubernetes", "it needs apiVersion, kind and metadata")
		return
	}
	kind := schema.FromAPIVersionAndKind(head.APIVersion, head.Kind)
	if c.scheme == nil {
		c.scheme = newScheme()
	}
	object, err := c.scheme.New(kind)
	if err != nil {
		if c.scheme.IsGroupRegistered(kind.Group) {
			c.report(diag.Error, codeInvalid, fmt.Sprintf("Kubernetes has no %s in %s", kind.Kind, head.APIVersion), "the group has no such kind in this version")
			return
		}
		c.report(diag.Note, codeUnknownObject, fmt.Sprintf("%s %s is not checked", head.Kind, head.Metadata.Name), head.APIVersion+" is not built into Kubernetes")
		return
	}
	strict, err := strictjson.UnmarshalStrict(data, object)
	if err != nil {
		strict = append(strict, err)
	}
	for _, err := range strict {
		c.report(diag.Error, codeInvalid, fmt.Sprintf("%s %s cannot be read by Kubernetes", head.Kind, head.Metadata.Name), err.Error())
	}
	if len(strict) == 0 {
		c.object(kind, object)
	}
}

// object checks the metadata of an object and of the pods in it.
func (c *checker) object(kind schema.GroupVersionKind, object runtime.Object) {
	meta, ok := object.(metav1.Object)
	if !ok {
		return
	}
	if secret, ok := object.(*corev1.Secret); ok && len(secret.Data)+len(secret.StringData) > 0 {
		c.report(diag.Error, codeSecretValue, "a secret's value would be written into a file", "Declare the secret under secrets and create it on the cluster.")
	}
	key := kind.GroupKind().String() + "/" + meta.GetNamespace() + "/" + meta.GetName()
	if other, taken := c.seen[key]; taken {
		c.report(diag.Error, codeInvalid, fmt.Sprintf("%s %s is emitted twice", kind.Kind, meta.GetName()), "the other one is in "+other)
	}
	c.seen[key] = c.place
	var problems []string
	switch object.(type) {
	case *corev1.Service:
		problems = validation.IsDNS1035Label(meta.GetName())
	case *rbacv1.Role, *rbacv1.RoleBinding, *rbacv1.ClusterRole, *rbacv1.ClusterRoleBinding: // any name
	default:
		problems = validation.IsDNS1123Subdomain(meta.GetName())
	}
	problems = append(problems, metadataProblems(meta.GetLabels(), meta.GetAnnotations(), field.NewPath("metadata"))...)
	if t := templateOf(object); t != nil {
		problems = append(problems, metadataProblems(t.Labels, t.Annotations, field.NewPath("spec", "template", "metadata"))...)
	}
	for _, p := range problems {
		c.report(diag.Error, codeInvalid, fmt.Sprintf("Kubernetes would refuse %s %s", kind.Kind, meta.GetName()), p)
	}
}

// maxAnnotations is how much all annotations of an object may hold.
const maxAnnotations = 256 << 10

func metadataProblems(labels, annotations map[string]string, at *field.Path) []string {
	var problems []string
	for _, err := range metavalidation.ValidateLabels(labels, at.Child("labels")) {
		problems = append(problems, err.Error())
	}
	size := 0
	for _, key := range slices.Sorted(maps.Keys(annotations)) {
		size += len(key) + len(annotations[key])
		for _, p := range validation.IsQualifiedName(strings.ToLower(key)) {
			problems = append(problems, at.Child("annotations").Key(key).String()+": "+p)
		}
	}
	if size > maxAnnotations {
		problems = append(problems, fmt.Sprintf("%s: %d bytes, and at most %d are taken", at.Child("annotations"), size, maxAnnotations))
	}
	return problems
}

func templateOf(object runtime.Object) *corev1.PodTemplateSpec {
	switch o := object.(type) {
	case *appsv1.Deployment:
		return &o.Spec.Template
	case *appsv1.StatefulSet:
		return &o.Spec.Template
	case *appsv1.DaemonSet:
		return &o.Spec.Template
	case *batchv1.Job:
		return &o.Spec.Template
	case *batchv1.CronJob:
		return &o.Spec.JobTemplate.Spec.Template
	}
	return nil
}
