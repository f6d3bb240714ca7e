package document_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	compose "github.com/compose-spec/compose-go/v2/types"
	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	yaml3 "go.yaml.in/yaml/v3"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	kyaml "sigs.k8s.io/yaml"
)

var kubernetesOptions = document.StructOptions{Tag: "json", First: []string{"apiVersion", "kind"}}

func fromStruct(t testing.TB, v any, o document.StructOptions) *document.Value {
	t.Helper()
	d, err := document.FromStruct(v, o)
	if err != nil {
		t.Fatalf("FromStruct: %v", err)
	}
	return d
}

func deployment() *appsv1.Deployment {
	return &appsv1.Deployment{
		TypeMeta:   metav1.TypeMeta{Kind: "Deployment", APIVersion: "apps/v1"},
		ObjectMeta: metav1.ObjectMeta{Name: "web", Labels: map[string]string{"b": "2", "a": "yes"}},
		Spec: appsv1.DeploymentSpec{
			Replicas: new(int32(0)),
			Selector: &metav1.LabelSelector{MatchLabels: map[string]string{"app": "web"}},
			Template: corev1.PodTemplateSpec{
				Spec: corev1.PodSpec{
					Containers: []corev1.Container{{
						Name:  "web",
						Image: "nginx:1.27",
						Args:  []string{"--port=8080"},
						Env:   []corev1.EnvVar{{Name: "EMPTY"}, {Name: "A", Value: "1"}},
						Resources: corev1.ResourceRequirements{
							Limits: corev1.ResourceList{"memory": resource.MustParse("512Mi"), "cpu": resource.MustParse("0.5")},
						},
						ReadinessProbe: &corev1.Probe{ProbeHandler: corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Path: "/", Port: intstr.FromString("http")}}},
						LivenessProbe:  &corev1.Probe{ProbeHandler: corev1.ProbeHandler{TCPSocket: &corev1.TCPSocketAction{Port: intstr.FromInt32(80)}}},
						SecurityContext: &corev1.SecurityContext{
							ReadOnlyRootFilesystem: new(true), AllowPrivilegeEscalation: new(false),
						},
					}},
					Volumes: []corev1.Volume{{Name: "tmp", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}},
				},
			},
		},
	}
}

func TestFromStructKubernetes(t *testing.T) {
	got := printYAML(t, fromStruct(t, deployment(), kubernetesOptions), document.YAMLOptions{})
	want := `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels:
    a: "yes"
    b: "2"
spec:
  replicas: 0
  selector:
    matchLabels:
      app: web
  template:
    spec:
      volumes:
      - name: tmp
        emptyDir: {}
      containers:
      - name: web
        image: nginx:1.27
        args:
        - --port=8080
        env:
        - name: EMPTY
        - name: A
          value: "1"
        resources:
          limits:
            cpu: 500m
            memory: 512Mi
        livenessProbe:
          tcpSocket:
            port: 80
        readinessProbe:
          httpGet:
            path: /
            port: http
        securityContext:
          readOnlyRootFilesystem: true
          allowPrivilegeEscalation: false
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Deployment (-want +got):\n%s", diff)
	}
}

func TestFromStructKeep(t *testing.T) {
	policy := networkingv1.NetworkPolicySpec{
		Ingress: []networkingv1.NetworkPolicyIngressRule{},
		Egress:  []networkingv1.NetworkPolicyEgressRule{{To: []networkingv1.NetworkPolicyPeer{{PodSelector: &metav1.LabelSelector{}}}}},
	}
	o := document.StructOptions{Tag: "json", Keep: []string{"podSelector", "NetworkPolicySpec.Ingress"}}
	got := printYAML(t, fromStruct(t, policy, o), document.YAMLOptions{})
	want := "podSelector: {}\ningress: []\negress:\n- to:\n  - podSelector: {}\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("NetworkPolicySpec (-want +got):\n%s", diff)
	}
}

// TestKubernetesRoundTrip fills every field that a pod template, and so a
// Deployment, can have, and demands each of them back from the printed YAML.
func TestKubernetesRoundTrip(t *testing.T) {
	want := &appsv1.Deployment{}
	fill(reflect.ValueOf(want).Elem(), 0)
	text := printYAML(t, fromStruct(t, want, kubernetesOptions), document.YAMLOptions{})
	got := &appsv1.Deployment{}
	if err := kyaml.UnmarshalStrict([]byte(text), got); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	wantJSON, _ := json.Marshal(want)
	gotJSON, _ := json.Marshal(got)
	if diff := cmp.Diff(string(wantJSON), string(gotJSON)); diff != "" {
		t.Errorf("Deployment after a round trip (-want +got):\n%s", diff)
	}
	if len(text) < 10_000 {
		t.Errorf("only %d bytes: the test fills too little", len(text))
	}
}

func TestFromStructCompose(t *testing.T) {
	grace := compose.Duration(90 * time.Second)
	project := &compose.Project{
		Name: "shop",
		Services: compose.Services{
			"web": {
				Name: "web",
				ContainerSpec: compose.ContainerSpec{
					Image:           "nginx:1.27",
					Command:         compose.ShellCommand{},
					Environment:     compose.MappingWithEquals{"A": new("on"), "PASSED": nil},
					ExtraHosts:      compose.HostsList{"db": {"10.0.0.1"}},
					MemLimit:        compose.UnitBytes(1 << 20),
					StopGracePeriod: &grace,
					Ulimits:         map[string]*compose.UlimitsConfig{"nofile": {Single: 10}, "nproc": {Soft: 1, Hard: 2}},
					Init:            new(false),
					CPUS:            0.1,
					Networks:        map[string]*compose.ServiceNetworkConfig{"front": nil},
				},
				WorkloadSpec: compose.WorkloadSpec{
					HealthCheck: &compose.HealthCheckConfig{Test: compose.HealthCheckTest{"CMD", "true"}, Interval: &grace},
				},
				Extensions: compose.Extensions{"x-team": map[string]any{"b": 1, "a": []any{"x", nil}}},
			},
		},
		Volumes:    compose.Volumes{"data": {}},
		Extensions: compose.Extensions{"x-top": "y"},
	}
	hooks := map[reflect.Type]func(reflect.Value) (*document.Value, error){
		reflect.TypeFor[compose.Duration](): func(v reflect.Value) (*document.Value, error) {
			return document.Duration(time.Duration(v.Int())), nil
		},
	}
	got := printYAML(t, fromStruct(t, project, document.StructOptions{Tag: "yaml", Types: hooks}), document.YAMLOptions{IndentLists: true, BareNulls: true})
	want := `name: shop
services:
  web:
    cpus: 0.1
    command: []
    environment:
      A: "on"
      PASSED:
    extra_hosts:
      - db=10.0.0.1
    image: nginx:1.27
    init: false
    mem_limit: "1048576"
    networks:
      front:
    stop_grace_period: 1m30s
    ulimits:
      nofile: 10
      nproc:
        soft: 1
        hard: 2
    healthcheck:
      test:
        - CMD
        - "true"
      interval: 1m30s
    x-team:
      a:
        - x
        - null
      b: 1
volumes:
  data: {}
x-top: "y"
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Project (-want +got):\n%s", diff)
	}
}

// TestComposeFieldsAgree fills a whole Project and compares with what the
// library itself prints.
func TestComposeFieldsAgree(t *testing.T) {
	project := &compose.Project{}
	fill(reflect.ValueOf(project).Elem(), 0)
	library, err := project.MarshalYAML()
	if err != nil {
		t.Fatal(err)
	}
	var want, got any
	if err := yaml3.Unmarshal(library, &want); err != nil {
		t.Fatal(err)
	}
	text := printYAML(t, fromStruct(t, project, document.StructOptions{Tag: "yaml"}), document.YAMLOptions{})
	if err := yaml3.Unmarshal([]byte(text), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(normal(want), normal(got), cmpopts.EquateApprox(1e-6, 0)); diff != "" {
		t.Errorf("Project (-library +document):\n%s", diff)
	}
}

func TestFromStructRules(t *testing.T) {
	type Inner struct {
		Deep string `json:"deep,omitempty"`
		Same string `json:"same,omitempty"`
	}
	type outer struct {
		Inner
		Same     string         `json:"same"`
		Text     int            `json:"text,string"`
		Zero     int            `json:"zero,omitzero"`
		Plain    int            `json:"plain"`
		Skipped  string         `json:"-"`
		Unnamed  bool           `json:",omitempty"`
		Bytes    []byte         `json:"bytes"`
		Struct   Inner          `json:"struct"`
		Pointer  *Inner         `json:"pointer"`
		Nothing  *Inner         `json:"nothing"`
		Any      any            `json:"any"`
		Map      map[int]string `json:"map"`
		Empty    []string       `json:"empty"`
		When     time.Time      `json:"when"`
		hidden   int
		Raw      json.RawMessage `json:"raw,omitempty"`
		Duration time.Duration   `json:"duration,omitempty"`
	}
	v := outer{
		Inner: Inner{Deep: "d", Same: "hidden"}, Same: "s", Text: 7, Unnamed: true, Bytes: []byte("hi"),
		Pointer: &Inner{}, Map: map[int]string{2: "b", 1: "a"}, hidden: 1,
		Raw: json.RawMessage(`{"z":1,"a":["x\n"]}`), Any: []any{1.5, 1e21, float32(0.1), nil, uint8(3)}, Duration: 5,
	}
	got := printYAML(t, fromStruct(t, &v, document.StructOptions{Tag: "json"}), document.YAMLOptions{})
	want := `deep: d
same: s
text: "7"
plain: 0
Unnamed: true
bytes: aGk=
pointer: {}
any:
- 1.5
- 1.0e+21
- 0.1
- null
- 3
map:
  "1": a
  "2": b
raw:
  z: 1
  a:
  - |
    x
duration: 5
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestFromStructErrors(t *testing.T) {
	type cycle struct {
		Next *cycle `json:"next"`
	}
	loop := &cycle{}
	loop.Next = loop
	tests := []struct {
		value any
		path  string
	}{
		{map[string]any{"a": []any{func() {}}}, "a[0]"},
		{map[string]any{"a": json.RawMessage(`{"b":`)}, "a.b"},
		{map[string]any{"a": map[bool]int{true: 1}}, "a"},
		{loop, strings.Repeat("next.", 499) + "next"},
	}
	for _, test := range tests {
		_, err := document.FromStruct(test.value, document.StructOptions{Tag: "json"})
		at, ok := errors.AsType[*document.PathError](err)
		if !ok || !strings.HasPrefix(at.Path, test.path) {
			t.Errorf("error %v, want one at %s", err, test.path)
		}
	}
}

func TestStructReaderIsConcurrent(t *testing.T) {
	r := document.NewStructReader(kubernetesOptions)
	want := fromStruct(t, deployment(), kubernetesOptions)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 20 {
				got, err := r.Read(deployment())
				if err != nil || !got.Equal(want) {
					t.Errorf("Read differs: %v", err)
				}
			}
		})
	}
	group.Wait()
}

// fill sets everything that can be set, three levels deep where types recur.
func fill(v reflect.Value, depth int) {
	switch x := v.Addr().Interface().(type) {
	case *resource.Quantity:
		*x = resource.MustParse("10Mi")
		return
	case *intstr.IntOrString:
		*x = intstr.FromString("http")
		return
	case *metav1.Time:
		*x = metav1.Unix(1700000000, 0)
		return
	case *metav1.FieldsV1:
		x.Raw = []byte(`{"f:a":{}}`)
		return
	}
	if depth > 14 {
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), depth+1)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(v.Field(i), depth+1)
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), depth+1)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		key.SetString("x-key")
		fill(value, depth+1)
		v.SetMapIndex(key, value)
	case reflect.Interface:
		v.Set(reflect.ValueOf("any"))
	case reflect.String:
		v.SetString("text")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(7)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(7)
	case reflect.Float32, reflect.Float64:
		v.SetFloat(0.25)
	}
}

func BenchmarkReadDeployment(b *testing.B) {
	r := document.NewStructReader(kubernetesOptions)
	d := deployment()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.Read(d); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkFirstDeployment is a read that knows no types yet.
func BenchmarkFirstDeployment(b *testing.B) {
	d := deployment()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := document.FromStruct(d, kubernetesOptions); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkReadProject reads a Compose project of 1,000 services.
func BenchmarkReadProject(b *testing.B) {
	project := &compose.Project{Name: "shop", Services: compose.Services{}}
	for i := range 1000 {
		project.Services[fmt.Sprint("service-", i)] = compose.ServiceConfig{
			ContainerSpec: compose.ContainerSpec{
				Image:       "nginx:1.27",
				Command:     compose.ShellCommand{"serve", "--port=80"},
				Environment: compose.MappingWithEquals{"A": new("on"), "B": new("2"), "C": nil},
				MemLimit:    compose.UnitBytes(1 << 20),
				Volumes:     []compose.ServiceVolumeConfig{{Type: "volume", Source: "data", Target: "/data"}},
			},
			WorkloadSpec: compose.WorkloadSpec{
				Ports:       []compose.ServicePortConfig{{Mode: "ingress", Target: 80, Published: "8080", Protocol: "tcp"}},
				HealthCheck: &compose.HealthCheckConfig{Test: compose.HealthCheckTest{"CMD", "true"}},
			},
		}
	}
	r := document.NewStructReader(document.StructOptions{Tag: "yaml"})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.Read(project); err != nil {
			b.Fatal(err)
		}
	}
}
