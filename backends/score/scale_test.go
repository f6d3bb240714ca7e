package score

import (
	"fmt"
	"testing"
	"testing/fstest"

	"github.com/decamp-dev/decamp/compiler/backend/backendtest"
)

// manyWorkloads are n files that refer to each other, each with files and resources.
func manyWorkloads(n int) backendtest.Sources {
	files := fstest.MapFS{}
	var paths []string
	for i := range n {
		path := fmt.Sprintf("w%04d/score.yaml", i)
		files[path] = &fstest.MapFile{Data: fmt.Appendf(nil, `apiVersion: score.dev/v1b1
metadata: {name: service-%04[1]d}
service: {ports: {http: {port: 80, targetPort: 8080}}}
containers:
  main:
    image: service:%04[1]d
    variables:
      NEXT: http://${resources.service-%04[2]d.name}:80
      DB: ${resources.db.host}:${resources.db.port}/${resources.db.name}
      CACHE: ${resources.cache.host}
    files:
      /etc/app/app.conf: {content: "level: info of ${metadata.name}\n"}
      /etc/app/other.conf: {content: "port: 8080\n"}
    volumes:
      /data: {source: "${resources.data}"}
    livenessProbe: {httpGet: {path: /healthz, port: 8080}}
resources:
  service-%04[2]d: {type: service}
  db: {type: postgres}
  cache: {type: redis, id: shared-cache}
  data: {type: volume}
`, i, (i+1)%n)}
		paths = append(paths, path)
	}
	return backendtest.Sources{FS: files, Paths: paths, Name: "many"}
}

func BenchmarkRead(b *testing.B) {
	for _, n := range []int{1, 10, 100, 1000} {
		sources := manyWorkloads(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				if reading, list := sources.Read(New()); list.HasErrors() || len(reading.App.Workloads) != n {
					b.Fatal(list)
				}
			}
		})
	}
}
