package compose

import (
	"fmt"
	"strings"
	"testing"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/source"
)

// chained is a file of services that each wait for the one before.
func chained(n int) []byte {
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

func BenchmarkRead(b *testing.B) {
	for _, n := range []int{10, 100, 1000} {
		data := chained(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				file := source.NewFile("compose.yaml", data)
				reading, list := Read(backend.Source{Paths: []string{"compose.yaml"}, Files: []*source.File{file}})
				if reading.App == nil || len(reading.App.Workloads) != n {
					b.Fatal(list)
				}
			}
		})
	}
}
