package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestCommands runs every decamp command that the pages show: those without a folder
// of their own in examples/shop.
func TestCommands(t *testing.T) {
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	s, err := newSession(root)
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	count := 0
	for _, pattern := range partly {
		paths, _ := filepath.Glob(filepath.Join(root, pattern))
		for _, path := range paths {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, command := range commands(string(data)) {
				count++
				if err := os.Chdir(filepath.Join(s.folder, folderOf(filepath.Base(path), command))); err != nil {
					t.Fatal(err)
				}
				if _, err := s.run(strings.ReplaceAll(command, " /tmp/", " "+t.TempDir()+"/"), 0); err != nil {
					t.Errorf("%s: $ %s\n%v", filepath.Base(path), command, err)
				}
			}
		}
	}
	if count < 10 {
		t.Errorf("only %d commands are found", count)
	}
}

// commands returns the command lines of decamp in the console blocks of a page, each
// once, without what they are piped into.
func commands(page string) []string {
	var list []string
	seen := map[string]bool{}
	for _, line := range strings.Split(page, "\n") {
		line = strings.Replace(line, "$ go run ./cmd/decamp ", "$ decamp ", 1)
		if !strings.HasPrefix(line, "$ decamp ") {
			continue
		}
		for _, end := range []string{" | ", "  #", " && "} {
			line, _, _ = strings.Cut(line, end)
		}
		command := strings.TrimSpace(strings.TrimPrefix(line, "$ "))
		if !seen[command] {
			seen[command] = true
			list = append(list, command)
		}
	}
	return list
}

// folderOf returns the folder in which a reader of a page would run a command.
func folderOf(page, command string) string {
	verb := strings.Fields(command)[1]
	if strings.HasPrefix(page, "moving-") || strings.Contains(command, "examples/") || verb != "compile" && verb != "validate" {
		return "."
	}
	return "examples/shop"
}
