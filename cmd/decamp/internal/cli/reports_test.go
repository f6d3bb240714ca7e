package cli_test

import (
	"bytes"
	"context"
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
	program := cli.Program{Backends: backends.All(), In: strings.NewReader(""), Out: &out, Err: &problems}
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
			for _, form := range []string{"text", "json", "markdown", "sarif", "github"} {
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
