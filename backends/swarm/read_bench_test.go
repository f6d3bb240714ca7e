package swarm

import (
	"fmt"
	"strings"
	"testing"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/source"
)

// BenchmarkRead reads stacks of services that each have a volume, a network and labels.
func BenchmarkRead(b *testing.B) {
	for _, n := range []int{10, 100, 1000} {
		var text strings.Builder
		text.WriteString("services:\n")
		for i := range n {
			fmt.Fprintf(&text, "  s%d:\n    image: nginx:${TAG:-1.27}\n    environment: {NEXT: 's%d'}\n    ports: ['%d:80']\n    volumes: ['data%d:/data']\n    networks: [net%d]\n    deploy: {replicas: 2, labels: {a: b}}\n", i, i+1, 10000+i, i, i%50)
		}
		text.WriteString("volumes:\n")
		for i := range n {
			fmt.Fprintf(&text, "  data%d:\n", i)
		}
		text.WriteString("networks:\n")
		for i := range 50 {
			fmt.Fprintf(&text, "  net%d:\n", i)
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				file := source.NewFile("stack.yaml", []byte(text.String()))
				reading, list := Read(backend.Source{Paths: []string{"stack.yaml"}, Files: []*source.File{file}})
				if reading.App == nil || len(reading.App.Workloads) != n {
					b.Fatal(list)
				}
			}
		})
	}
}
