package backends_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/decamp-dev/decamp/backends"
	"github.com/decamp-dev/decamp/compiler"
	"github.com/decamp-dev/decamp/compiler/backend"
)

// foreign are files as others write them, of n workloads that refer to each other: by platform, one text for each workload and
// what stands before and behind them all.
var foreign = map[string]struct{ path, head, each, tail string }{
	// each service waits for the one before: what compose-go's loader follows link by link
	"compose": {path: "compose.yaml", head: "services:\n", each: `  s%[1]d:
    image: nginx:${TAG:-1.27}
    environment: {A: b, NEXT: 's%[2]d'}
    depends_on: [s%[2]d]
    healthcheck: {test: [CMD, curl, "http://localhost:8080/health"], interval: 10s}
    volumes: ['data:/data']
    logging: {driver: local}
`, tail: "  s%[1]d: {image: 'nginx:1.27'}\nvolumes: {data: {}}\n"},
	"swarm": {path: "stack.yaml", head: "version: \"3.8\"\nservices:\n", each: `  s%[1]d:
    image: nginx:${TAG:-1.27}
    environment: {NEXT: 's%[2]d'}
    volumes: ['data:/data']
    networks: [net]
    deploy: {replicas: 2, labels: {a: b}, placement: {max_replicas_per_node: 1}}
`, tail: "  s%[1]d: {image: 'nginx:1.27'}\nvolumes: {data: {}}\nnetworks: {net: {}}\n"},
	"kubernetes": {path: "all.yaml", each: `---
apiVersion: apps/v1
kind: Deployment
metadata: {name: w%[1]d, labels: {app: w%[1]d}}
spec:
  selector: {matchLabels: {app: w%[1]d}}
  template:
    metadata: {labels: {app: w%[1]d}}
    spec:
      tolerations: [{key: spot, operator: Exists}]
      containers:
      - name: main
        image: acme/w:1
        ports: [{containerPort: 8080}]
        env: [{name: NEXT, value: "http://w%[2]d:80"}, {name: LEVEL, valueFrom: {configMapKeyRef: {name: c%[1]d, key: level}}}]
        readinessProbe: {httpGet: {path: /, port: 8080}}
---
apiVersion: v1
kind: Service
metadata: {name: w%[1]d, labels: {app: w%[1]d}}
spec: {selector: {app: w%[1]d}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c%[1]d}
data: {level: info}
`, tail: "---\napiVersion: v1\nkind: Pod\nmetadata: {name: w%[1]d}\nspec: {containers: [{name: main, image: acme/w:1}]}\n"},
	// the groups of one job
	"nomad": {path: "all.nomad.hcl", head: "job \"all\" {\n", each: `  group "g%[1]d" {
    task "main" {
      driver = "docker"
      config {
        image   = "nginx:1.27"
        runtime = "runsc"
      }
      env { NEXT = "g%[2]d" }
      resources { cpu = 100 }
    }
  }
`, tail: "  group \"g%[1]d\" {\n    task \"main\" {\n      driver = \"docker\"\n      config { image = \"nginx:1.27\" }\n    }\n  }\n}\n"},
	"score": {each: `apiVersion: score.dev/v1b1
metadata: {name: s%[1]d}
service: {ports: {http: {port: 80, targetPort: 8080}}}
containers:
  main:
    image: service:%[1]d
    variables: {NEXT: "http://${resources.s%[2]d.name}:80", DB: "${resources.db.host}:${resources.db.port}"}
    files: {/etc/app/app.conf: {content: "level: info of ${metadata.name}\n"}}
    volumes: {/data: {source: "${resources.data}"}}
    livenessProbe: {httpGet: {path: /healthz, port: 8080}}
resources:
  s%[2]d: {type: service}
  db: {type: postgres}
  data: {type: volume}
`, tail: "apiVersion: score.dev/v1b1\nmetadata: {name: s%[1]d}\ncontainers: {main: {image: 'service:1'}}\n"},
}

// foreignFiles writes n workloads; those of Score are a file each.
func foreignFiles(platform string, n int) fstest.MapFS {
	f, files := foreign[platform], fstest.MapFS{}
	var all strings.Builder
	all.WriteString(f.head)
	for i := range n {
		text := fmt.Sprintf(f.each, i, i+1)
		if i == n-1 {
			text = fmt.Sprintf(f.tail, i)
		}
		if f.path == "" {
			files[fmt.Sprintf("s%d/score.yaml", i)] = &fstest.MapFile{Data: []byte(text)}
		}
		all.WriteString(text)
	}
	if f.path != "" {
		files[f.path] = &fstest.MapFile{Data: []byte(all.String())}
	}
	return files
}

// BenchmarkRead reads files and prints the spec of them, as an import does: those of others, and those that a spec becomes here.
// Compare 1,000 workloads with 100.
func BenchmarkRead(b *testing.B) {
	set := backends.All()
	for _, reader := range set.Readers() {
		for _, n := range []int{100, 1000} {
			benchmarkRead(b, set, fmt.Sprintf("%s/foreign/%d", reader.Name, n), reader.Name, n, foreignFiles(reader.Name, n))
			if reader.Emit == nil {
				continue
			}
			files := fstest.MapFS{}
			result, list := compiler.Compile(set, request(largeSpec(n), reader.Name))
			if list.HasErrors() {
				b.Fatal(list[0])
			}
			for _, a := range result.Outputs[0].Artifacts {
				files[a.Path] = &fstest.MapFile{Data: a.Data}
			}
			benchmarkRead(b, set, fmt.Sprintf("%s/own/%d", reader.Name, n), reader.Name, n, files)
		}
	}
}

func benchmarkRead(b *testing.B, set backend.Set, name, from string, n int, files fstest.MapFS) {
	r := compiler.ReadRequest{FS: files, From: from, Name: "large"}
	for path := range files {
		if !strings.HasPrefix(path, "configs/") { // which a file of Compose refers to
			r.Paths = append(r.Paths, path)
		}
	}
	slices.Sort(r.Paths)
	b.Run(name, func(b *testing.B) {
		b.ReportAllocs()
		begin := processTime(b)
		defer func() { b.ReportMetric(float64(processTime(b)-begin)/float64(b.N), "cpu-ns/op") }()
		for b.Loop() {
			reading, _, list := compiler.Read(set, r)
			if list.HasErrors() || len(reading.App.Workloads) != n {
				b.Fatal(list)
			}
			if printed, list := compiler.Print(reading); list.HasErrors() || len(printed.Text) == 0 {
				b.Fatal(list)
			}
		}
	})
}
