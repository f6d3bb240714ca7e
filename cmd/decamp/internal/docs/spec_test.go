package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/decamp-dev/decamp/backends"
	"github.com/decamp-dev/decamp/compiler"
)

var yamlBlock = regexp.MustCompile("(?ms)^```yaml\n(.*?)^```$")

// TestSpecExamples loads every example of docs/spec.md.
func TestSpecExamples(t *testing.T) {
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(root, "docs/spec.md"))
	if err != nil {
		t.Fatal(err)
	}
	blocks := yamlBlock.FindAllStringSubmatch(string(data), -1)
	if len(blocks) < 10 {
		t.Fatalf("only %d examples are found", len(blocks))
	}
	for _, block := range blocks {
		files := fstest.MapFS{
			"decamp.yaml":            {Data: []byte("decamp: v1\nname: shop\n" + block[1])},
			"config/web.yaml":        {Data: []byte("listen: 8080\n")},
			"config/web.env":         {Data: []byte("FEATURES=search\n")},
			"config/legal/terms.txt": {Data: []byte("terms\n")},
		}
		_, list := compiler.Load(backends.All(), compiler.Request{FS: files, Path: "decamp.yaml"})
		if list.HasErrors() {
			first, _, _ := strings.Cut(block[1], "\n\n")
			t.Errorf("%s\n%v", first, list)
		}
	}
}
