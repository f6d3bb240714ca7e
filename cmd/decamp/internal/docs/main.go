// Command docs writes the generated parts of the documentation: whole pages, and what
// stands in the others between a line `<!-- generated: WHAT -->` and a line
// `<!-- end -->`. It is run by go generate.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

//go:generate go run .

func main() {
	root, err := moduleRoot()
	if err == nil {
		err = write(root)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "docs:", err)
		os.Exit(1)
	}
}

// moduleRoot returns the folder of go.mod, above the current one.
func moduleRoot() (string, error) {
	folder, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder, nil
		}
		if folder == filepath.Dir(folder) {
			return "", fmt.Errorf("no go.mod above the current folder")
		}
		folder = filepath.Dir(folder)
	}
}

func write(root string) error {
	pages, err := generate(root)
	if err != nil {
		return err
	}
	for _, p := range pages {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(root, p.path)), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(root, p.path), []byte(p.text), 0o644); err != nil {
			return err
		}
	}
	return nil
}
