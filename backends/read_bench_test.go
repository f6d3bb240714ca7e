package backends_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/decamp-dev/decamp/backends"
	"github.com/decamp-dev/decamp/compiler"
)

// chain writes a Compose file of services that each wait for the one before: what compose-go's loader follows link by link.
func chain(n int) []byte {
	var b strings.Builder
	b.WriteString("services:\n")
	for i := range n {
		fmt.Fprintf(&b, "  s%d:\n    image: nginx:${TAG:-1.27}\n    environment: {A: b, NEXT: 's%d'}\n    ports: ['%d:80']\n    volumes: ['data%d:/data']\n", i, i+1, 10000+i, i)
		if i > 0 {
			fmt.Fprintf(&b, "    depends_on: [s%d]\n", i-1)
		}
	}
	b.WriteString("volumes:\n")
	for i := range n {
		fmt.Fprintf(&b, "  data%d:\n", i)
	}
	return []byte(b.String())
}

// scores are n workloads of Score that refer to each other.
func scores(n int) fstest.MapFS {
	files := fstest.MapFS{}
	for i := range n {
		files[fmt.Sprintf("w%04d/score.yaml", i)] = &fstest.MapFile{Data: fmt.Appendf(nil, `apiVersion: score.dev/v1b1
metadata: {name: service-%04[1]d}
service: {ports: {http: {port: 80, targetPort: 8080}}}
containers:
  main:
    image: service:%04[1]d
    variables: {NEXT: "http://${resources.service-%04[2]d.name}:80", DB: "${resources.db.host}:${resources.db.port}"}
    files: {/etc/app/app.conf: {content: "level: info of ${metadata.name}\n"}}
    volumes: {/data: {source: "${resources.data}"}}
    livenessProbe: {httpGet: {path: /healthz, port: 8080}}
resources:
  service-%04[2]d: {type: service}
  db: {type: postgres}
  data: {type: volume}
`, i, (i+1)%n)}
	}
	return files
}

// BenchmarkRead reads files of each platform: those that a spec of ordinary workloads becomes, and a long chain. Compare
// 1,000 workloads with 100.
func BenchmarkRead(b *testing.B) {
	set := backends.All()
	sources := func(platform string, n int) fstest.MapFS {
		switch platform {
		case "score":
			return scores(n)
		case "compose-chain":
			return fstest.MapFS{"compose.yaml": {Data: chain(n)}}
		}
		files := fstest.MapFS{}
		result, list := compiler.Compile(set, request(largeSpec(n), platform))
		if list.HasErrors() {
			b.Fatal(list[0])
		}
		for _, a := range result.Outputs[0].Artifacts {
			files[a.Path] = &fstest.MapFile{Data: a.Data}
		}
		return files
	}
	for _, platform := range []string{"compose", "compose-chain", "kubernetes", "nomad", "score"} {
		for _, n := range []int{100, 1000} {
			from, _, _ := strings.Cut(platform, "-")
			files := sources(platform, n)
			r := compiler.ReadRequest{FS: files, From: from, Name: "large"}
			for path := range files {
				if !strings.HasPrefix(path, "configs/") { // which a file of Compose refers to
					r.Paths = append(r.Paths, path)
				}
			}
			b.Run(fmt.Sprintf("%s/%d", platform, n), func(b *testing.B) {
				b.ReportAllocs()
				begin := processTime(b)
				defer func() { b.ReportMetric(float64(processTime(b)-begin)/float64(b.N), "cpu-ns/op") }()
				for b.Loop() {
					reading, _, list := compiler.Read(set, r)
					if list.HasErrors() || len(reading.App.Workloads) != n {
						b.Fatal(list[0])
					}
				}
			})
		}
	}
}
