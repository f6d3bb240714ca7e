package tree

import (
	"bytes"
	"encoding/json"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/decamp-dev/decamp/compiler/source"
)

// megabyte returns about 1 MB of a text as people write it.
func megabyte() []byte {
	var text strings.Builder
	text.WriteString("# A large application\nname: shop\nworkloads:\n")
	for i := 0; text.Len() < 1<<20; i++ {
		fmt.Fprintf(&text, `  service-%d:
    image: registry.example.com/team/service-%d:1.%d.0 # pinned
    command: ["/bin/serve", "--port", "8080"]
    # Plain settings
    env:
      LOG_LEVEL: info
      DATABASE_URL: "postgres://db-%d.internal:5432/app"
      WORKERS: 4
    ports:
      - name: http
        port: 8080
      - name: metrics
        port: 9090
    resources: {cpu: 250m, memory: 512MiB}
    health:
      ready: {http: {path: /ready, port: 8080}, interval: 10s}
    scale:
      min: 2
      max: 8
`, i, i, i%50, i%7)
	}
	return []byte(text.String())
}

func BenchmarkParse(b *testing.B) {
	data := megabyte()
	b.Run("tree", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for b.Loop() {
			if _, list := Parse(source.NewFile("app.yaml", data), Limits{}); len(list) > 0 {
				b.Fatal(list)
			}
		}
	})
	b.Run("yaml", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for b.Loop() {
			var node yaml.Node
			if err := yaml.NewDecoder(bytes.NewReader(data)).Decode(&node); err != nil {
				b.Fatal(err)
			}
		}
	})
	var value any
	if err := yaml.Unmarshal(data, &value); err != nil {
		b.Fatal(err)
	}
	asJSON, err := json.Marshal(value)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("json", func(b *testing.B) {
		b.SetBytes(int64(len(asJSON)))
		b.ReportAllocs()
		for b.Loop() {
			if _, list := Parse(source.NewFile("app.json", asJSON), Limits{}); len(list) > 0 {
				b.Fatal(list)
			}
		}
	})
}

// BenchmarkKept reports the heap that a parsed tree keeps, as a multiple of its text.
func BenchmarkKept(b *testing.B) {
	data := megabyte()
	for _, reader := range []struct {
		name string
		read func() any
	}{
		{"tree", func() any { n, _ := Parse(source.NewFile("app.yaml", data), Limits{}); return n }},
		{"yaml", func() any {
			var node yaml.Node
			if err := yaml.Unmarshal(data, &node); err != nil {
				b.Fatal(err)
			}
			return &node
		}},
	} {
		b.Run(reader.name, func(b *testing.B) {
			var kept uint64
			for b.Loop() {
				before := heap()
				value := reader.read()
				kept = heap() - before
				runtime.KeepAlive(value)
			}
			b.ReportMetric(float64(kept), "kept-bytes")
			b.ReportMetric(float64(kept)/float64(len(data)), "kept/text")
		})
	}
}

func heap() uint64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}
