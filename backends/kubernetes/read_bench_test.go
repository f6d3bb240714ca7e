package kubernetes

import (
	"fmt"
	"strings"
	"testing"
)

// manyManifests is an app of n workloads, each with a Service, a ConfigMap and a neighbour.
func manyManifests(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `---
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
`, i, (i+1)%n)
	}
	return b.String()
}

func BenchmarkRead(b *testing.B) {
	for _, n := range []int{10, 100, 1000} {
		text := manyManifests(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r := newSourceReader(sources(text))
				if !r.read() || r.list.HasErrors() {
					b.Fatal(r.list)
				}
			}
		})
	}
}
