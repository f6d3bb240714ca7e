package cli_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/decamp-dev/decamp/backends"
	"github.com/decamp-dev/decamp/cmd/decamp/internal/cli"
	"github.com/decamp-dev/decamp/schema"
)

// run runs the program and returns what it writes to standard output. Exit codes
// above 1 fail the test.
func run(t *testing.T, args ...string) []byte {
	t.Helper()
	var out, problems bytes.Buffer
	program := cli.Program{Backends: backends.All, In: strings.NewReader(""), Out: &out, Err: &problems}
	if code := program.Run(context.Background(), args); code > 1 {
		t.Fatalf("decamp %s: exit code %d\n%s", strings.Join(args, " "), code, &problems)
	}
	return out.Bytes()
}

// specs returns the folders of all examples and test apps.
func specs(t *testing.T) []string {
	t.Helper()
	var folders []string
	for _, pattern := range []string{"../../../../examples/*/decamp.yaml", "../../../../testdata/apps/*/decamp.yaml"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			folders = append(folders, filepath.Dir(file))
		}
	}
	if len(folders) < 5 {
		t.Fatalf("only %d specs were found", len(folders))
	}
	return folders
}

func fits(t *testing.T, text, schemaText []byte) {
	t.Helper()
	parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(schemaText))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", parsed); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if err := s.Validate(value); err != nil {
		t.Error(err)
	}
}

// The JSON of an audit fits its schema, and two runs give the same bytes in every
// form.
func TestAuditForms(t *testing.T) {
	for _, folder := range specs(t) {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			fits(t, run(t, "audit", folder, "--format", "json", "-v"), schema.Audit())
			for _, form := range []string{"text", "json", "markdown", "html", "sarif", "github"} {
				if !bytes.Equal(run(t, "audit", folder, "--format", form), run(t, "audit", folder, "--format", form)) {
					t.Errorf("two audits differ as %s", form)
				}
			}
		})
	}
}

// The markdown of an audit keeps to its size, whatever that is.
func TestMarkdownSize(t *testing.T) {
	folder := "../../../../testdata/apps/maximal"
	whole := len(run(t, "audit", folder, "--format", "markdown", "--max-size", "0"))
	for _, limit := range []int{4000, 10000, 30000} {
		out := run(t, "audit", folder, "--format", "markdown", "--max-size", strconv.Itoa(limit))
		if len(out) > limit || len(out) == whole {
			t.Errorf("--max-size %d gives %d bytes, of %d", limit, len(out), whole)
		}
		if strings.Count(string(out), "<details>") != strings.Count(string(out), "</details>") {
			t.Errorf("--max-size %d leaves a fold open", limit)
		}
	}
}

// Every spec is the same as itself at every stage, also when it is laid out anew, and
// stages compared with each other fit the schema.
func TestDiffOfSpecs(t *testing.T) {
	for _, folder := range specs(t) {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join(folder, "decamp.yaml"))
			if err != nil {
				t.Fatal(err)
			}
			copied := t.TempDir()
			if err := os.CopyFS(copied, os.DirFS(folder)); err != nil {
				t.Fatal(err)
			}
			// Widening the indentation of flow collections is left to fmt: it writes its own layout.
			wide := bytes.ReplaceAll(text, []byte(": {"), []byte(":   { "))
			if err := os.WriteFile(filepath.Join(copied, "decamp.yaml"), wide, 0o644); err != nil {
				t.Fatal(err)
			}
			stages := stagesOf(text)
			compare := func() {
				for _, stage := range stages {
					out := string(run(t, "diff", folder+stage, copied+stage, "--allow-outside"))
					if !strings.Contains(out, "\nno difference\n") {
						t.Errorf("%s%s:\n%s", folder, stage, out)
					}
				}
			}
			compare()
			run(t, "fmt", copied)
			compare()
			for _, stage := range stages {
				fits(t, run(t, "diff", folder+stages[0], folder+stage, "--format", "json"), schema.Diff())
			}
			fits(t, run(t, "parity", folder, "--format", "json"), schema.Parity())
		})
	}
}

// stagesOf returns the stages of a spec as a diff wants them: "@dev".
func stagesOf(text []byte) []string {
	_, below, ok := strings.Cut(string(text), "\nstages:\n")
	if !ok {
		return []string{""}
	}
	var stages []string
	for line := range strings.Lines(below) {
		if !strings.HasPrefix(line, " ") && strings.TrimSpace(line) != "" && line[0] != '#' {
			break
		}
		if name, _, ok := strings.Cut(strings.TrimPrefix(line, "  "), ":"); ok && name != "" && name[0] != ' ' && name[0] != '#' {
			stages = append(stages, "@"+name)
		}
	}
	return stages
}
