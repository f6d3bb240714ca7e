package backends_test

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"

	"go.yaml.in/yaml/v3"

	"github.com/decamp-dev/decamp/backends"
	"github.com/decamp-dev/decamp/compiler"
)

// largeSpec writes a spec of n workloads that say what ordinary workloads say: a
// chain of services, each with ports, variables, probes, files, limits and needs.
func largeSpec(n int) []byte {
	var b strings.Builder
	b.WriteString("decamp: v1\nname: large\nvars:\n  tag: {default: \"1.4.2\"}\nsecrets:\n  db-password: {description: password of the database}\n")
	b.WriteString("configs:\n  settings: {text: \"level: info\\n\"}\nworkloads:\n")
	for i := range n {
		fmt.Fprintf(&b, `  service-%04[1]d:
    image: ghcr.io/acme/service-%04[1]d:${vars.tag}
    labels: {tier: backend, team: storefront}
    replicas: 2
    ports: {http: 8080, metrics: 9090}
    env:
      LOG_LEVEL: info
      SERVICE_NAME: service-%04[1]d
      DATABASE_URL: postgres://app:${secrets.db-password}@db.example.com:5432/service_%04[1]d
    files:
      /etc/service/settings.yaml: ${configs.settings}
    mounts:
      /tmp: {memory: 64Mi}
    health:
      startup: {http: {port: http, path: /healthz}, every: 2s, failures: 30}
      ready: {http: {port: http, path: /ready}, every: 5s, timeout: 2s}
      live: {http: {port: http, path: /healthz}, every: 10s, failures: 3}
    resources: {cpu: 250m, memory: 256Mi, limits: {cpu: 1, memory: 512Mi}}
    stop: {grace: 20s}
    update: {order: start-first, parallel: 1}
    security: {user: 1000, group: 1000, readOnlyRoot: true, capabilities: {drop: [ALL]}}
`, i)
		if i > 0 {
			fmt.Fprintf(&b, "    needs: {service-%04d: ready}\n", i-1)
		}
	}
	return []byte(b.String())
}

var sizes = []int{1, 10, 100, 1000}

func request(spec []byte, targets ...string) compiler.Request {
	r := compiler.Request{FS: fstest.MapFS{"decamp.yaml": {Data: spec}}, Path: "decamp.yaml", Targets: targets}
	r.Policy.Allow = []string{"all"}
	return r
}

// processTime returns the processor time of this process so far, in nanoseconds: on
// a busy machine it says more than the clock.
func processTime(b *testing.B) int64 {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return usage.Utime.Nano() + usage.Stime.Nano()
}

// BenchmarkCompile compiles for all targets; compare 1,000 workloads with 100, and
// with BenchmarkParseYAML.
func BenchmarkCompile(b *testing.B) {
	set := backends.All()
	for _, targets := range [][]string{set.Emitters().Names(), {"compose"}, {"kubernetes"}, {"nomad"}, {}} {
		name := strings.Join(targets, "+")
		if name == "" {
			name = "none"
		}
		for _, n := range sizes {
			spec := largeSpec(n)
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				b.ReportAllocs()
				begin := processTime(b)
				defer func() { b.ReportMetric(float64(processTime(b)-begin)/float64(b.N), "cpu-ns/op") }()
				for b.Loop() {
					result, list := compiler.Compile(set, request(spec, targets...))
					if list.HasErrors() || len(result.Outputs) != len(targets) {
						b.Fatal(list[0])
					}
				}
			})
		}
	}
}

// BenchmarkParseYAML is what the others are measured against: the same text, made
// into nodes and nothing more.
func BenchmarkParseYAML(b *testing.B) {
	for _, n := range sizes {
		spec := largeSpec(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.SetBytes(int64(len(spec)))
			b.ReportAllocs()
			begin := processTime(b)
			defer func() { b.ReportMetric(float64(processTime(b)-begin)/float64(b.N), "cpu-ns/op") }()
			for b.Loop() {
				var node yaml.Node
				if err := yaml.Unmarshal(spec, &node); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
