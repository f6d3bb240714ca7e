package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// emptyProgram is what the start of decamp is measured against: a command line with
// one verb, and nothing behind it.
const emptyProgram = `package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

func main() {
	root := &cobra.Command{Use: "empty"}
	root.AddCommand(&cobra.Command{Use: "version", Run: func(*cobra.Command, []string) { fmt.Println("0") }})
	_ = root.Execute()
}
`

// BenchmarkStart runs "version" of decamp and of an empty program with the same
// library for command lines; the ratio of the two is what docs/performance.md says.
func BenchmarkStart(b *testing.B) {
	folder, err := os.MkdirTemp(".", "empty-") // within the module, for its versions
	if err != nil {
		b.Fatal(err)
	}
	defer os.RemoveAll(folder)
	if err := os.WriteFile(filepath.Join(folder, "main.go"), []byte(emptyProgram), 0o644); err != nil {
		b.Fatal(err)
	}
	for name, source := range map[string]string{"decamp": ".", "empty": "./" + folder} {
		program := filepath.Join(b.TempDir(), name)
		if out, err := exec.Command("go", "build", "-o", program, source).CombinedOutput(); err != nil {
			b.Fatalf("%v\n%s", err, out)
		}
		b.Run(name, func(b *testing.B) {
			var cpu float64
			for b.Loop() {
				c := exec.Command(program, "version")
				if err := c.Run(); err != nil {
					b.Fatal(err)
				}
				cpu += float64(c.ProcessState.UserTime() + c.ProcessState.SystemTime())
			}
			b.ReportMetric(cpu/float64(b.N), "cpu-ns/op")
		})
	}
}
