package cli

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/decamp-dev/decamp/compiler"
	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
)

// printOutput prints the files of the one target to standard output.
func (p *Program) printOutput(results []compiler.Result, list diag.List, o *compileOptions) error {
	all := outputs(results)
	if len(results) == 1 && len(all) > 1 && !severalTargets(all) {
		return severalStages(results)
	}
	if len(all) != 1 {
		return wrong("standard output takes one target of one app: write %s with --out, as in --out deploy", count(len(all), "output"))
	}
	text, err := joined(all[0])
	if err != nil {
		return err
	}
	if err := p.report(p.Err, list, o.report); err != nil {
		return err
	}
	_, err = p.Out.Write(text)
	return err
}

// printIR prints the one app as JSON to standard output.
func (p *Program) printIR(results []compiler.Result, list diag.List, o *compileOptions) error {
	if len(results) != 1 {
		return wrong("--emit-ir prints one app: name one of the %d specs", len(results))
	}
	if len(results[0].Apps) > 1 {
		return severalStages(results)
	}
	var text bytes.Buffer
	if err := compiler.PrintIR(&text, results[0].Apps[0]); err != nil {
		return err
	}
	if err := p.report(p.Err, list, o.report); err != nil {
		return err
	}
	_, err := p.Out.Write(text.Bytes())
	return err
}

func severalStages(results []compiler.Result) error {
	stages := stagesOf(results)
	return wrong("the spec has the stages %s, and standard output takes one: say which, as in -s %s, or write all with --out",
		strings.Join(stages, ", "), stages[0])
}

func severalTargets(all []compiler.Output) bool {
	return slices.ContainsFunc(all, func(o compiler.Output) bool { return o.Target != all[0].Target })
}

// joined returns the files of an output as one stream: the one file as it is, or
// several YAML files as documents. Other files mean something by their names.
func joined(output compiler.Output) ([]byte, error) {
	if len(output.Artifacts) == 1 {
		return output.Artifacts[0].Data, nil
	}
	if slices.ContainsFunc(output.Artifacts, func(a backend.Artifact) bool { return a.Unmarked || !isYAML(a.Path) }) || len(output.Artifacts) == 0 {
		return nil, wrong("%s needs %s that cannot be one stream (%s): write them with --out, as in --out deploy",
			output.Target, count(len(output.Artifacts), "file"), names(output.Artifacts))
	}
	var out bytes.Buffer
	for i, artifact := range output.Artifacts {
		if i > 0 && !bytes.HasPrefix(artifact.Data, []byte("---\n")) {
			out.WriteString("---\n")
		}
		out.Write(artifact.Data)
		if !bytes.HasSuffix(artifact.Data, []byte("\n")) {
			out.WriteByte('\n')
		}
	}
	return out.Bytes(), nil
}

func isYAML(name string) bool {
	extension := path.Ext(name)
	return extension == ".yaml" || extension == ".yml"
}

const namesShown = 5

func names(artifacts []backend.Artifact) string {
	var all []string
	for _, a := range artifacts {
		all = append(all, a.Path)
	}
	if len(all) > namesShown {
		all = append(all[:namesShown], "…")
	}
	return strings.Join(all, ", ")
}
