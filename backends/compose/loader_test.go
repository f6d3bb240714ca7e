package compose

import (
	"context"
	"regexp"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
)

var variablePattern = regexp.MustCompile(`\$\{([A-Za-z_][A-Za-z0-9_]*)|environment: ["']?([A-Za-z_][A-Za-z0-9_]*)`)

// judged is the backend, whose output compose-go's loader judges as well.
func judged() *backend.Backend {
	b := New()
	own := b.Check
	b.Check = func(artifacts []backend.Artifact) diag.List { return append(own(artifacts), loadable(artifacts)...) }
	return b
}

// loadable has compose-go read the Compose file as Docker Compose would: schema,
// variables, references between the parts. Variables that the file asks for are
// given a stand-in.
func loadable(artifacts []backend.Artifact) diag.List {
	for _, a := range artifacts {
		if a.Path != composeFile {
			continue
		}
		if err := load(a.Data); err != nil {
			return diag.List{{Severity: diag.Error, Code: CodeInvalidOutput, Target: Name, Summary: "compose-go does not take " + composeFile + ": " + firstLine(err.Error())}}
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
