package compose

import (
	"context"
	"regexp"
	"strings"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
)

var variablePattern = regexp.MustCompile(`\$\{([A-Za-z_][A-Za-z0-9_]*)|environment: ["']?([A-Za-z_][A-Za-z0-9_]*)`)

// Check has compose-go read the Compose file as Docker Compose would: schema,
// variables, references between the parts. Variables that the file asks for are
// given a stand-in.
func Check(artifacts []backend.Artifact) diag.List {
	for _, a := range artifacts {
		if a.Path != composeFile {
			continue
		}
		if err := load(a.Data); err != nil {
			return diag.List{{Severity: diag.Error, Code: CodeInvalidOutput, Target: Name,
				Summary: "compose-go does not take " + composeFile + ": " + firstLine(err.Error()),
				Detail:  "Look at the platform entries for compose first. Where there are none, this is a defect of decamp."}}
		}
	}
	return nil
}

func load(data []byte) error {
	environment := types.Mapping{}
	for _, match := range variablePattern.FindAllStringSubmatch(string(data), -1) {
		environment[match[1]+match[2]] = "given"
	}
	_, err := loader.LoadWithContext(context.Background(), types.ConfigDetails{
		WorkingDir:  "/",
		ConfigFiles: []types.ConfigFile{{Filename: composeFile, Content: data}},
		Environment: environment,
	}, func(o *loader.Options) {
		o.SkipResolveEnvironment = true
		o.ResolvePaths = false
		o.Profiles = []string{"*"}
	})
	return err
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}
