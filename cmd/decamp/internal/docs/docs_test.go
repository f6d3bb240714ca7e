package main

import (
	"os"
	"path/filepath"
	"testing"
)

// TestFresh fails when a page is not what would be generated: run go generate ./...
func TestFresh(t *testing.T) {
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	pages, err := generate(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pages {
		have, err := os.ReadFile(filepath.Join(root, p.path))
		if err != nil || string(have) != p.text {
			t.Errorf("%s is stale: run go generate ./... (%v)", p.path, err)
		}
	}
}
