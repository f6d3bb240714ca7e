package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/decamp-dev/decamp/backends"
	"github.com/decamp-dev/decamp/cmd/decamp/internal/cli"
)

// session runs commands as a reader would, in a folder that holds the examples and
// nothing else.
type session struct{ folder, before string }

func newSession(root string) (*session, error) {
	before, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "decamp-docs-")
	if err != nil {
		return nil, err
	}
	s := &session{folder, before}
	if err := os.CopyFS(filepath.Join(folder, "examples"), os.DirFS(filepath.Join(root, "examples"))); err != nil {
		s.close()
		return nil, err
	}
	if err := os.Chdir(folder); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *session) close() {
	_ = os.Chdir(s.before)
	_ = os.RemoveAll(s.folder)
}

// run returns a command line with what it prints, of which at most n lines when n is
// not 0. `; echo $?` at its end shows the exit code.
func (s *session) run(command string, n int) (string, error) {
	line, showCode := strings.CutSuffix(command, "; echo $?")
	words := strings.Fields(line)
	if len(words) == 0 || words[0] != "decamp" {
		return "", fmt.Errorf("only decamp can be run")
	}
	var out bytes.Buffer
	program := cli.Program{Backends: backends.All, In: strings.NewReader(""), Out: &out, Err: &out}
	code := program.Run(context.Background(), words[1:])
	if code != 0 && !showCode {
		return "", fmt.Errorf("exit code %d\n%s", code, out.String())
	}
	if showCode {
		fmt.Fprintf(&out, "%d\n", code)
	}
	text := out.String()
	if lines := strings.SplitAfter(text, "\n"); n > 0 && len(lines) > n {
		text = strings.Join(lines[:n], "") + "…\n"
	}
	return "```console\n$ " + command + "\n" + text + "```", nil
}

// show returns a file, fenced.
func (s *session) show(path, language string) (string, error) {
	data, err := os.ReadFile(filepath.Join(s.folder, path))
	if err != nil {
		return "", err
	}
	return "```" + language + "\n" + strings.TrimRight(string(data), "\n") + "\n```", nil
}
