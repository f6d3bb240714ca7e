package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/decamp-dev/decamp/compiler"
	"github.com/decamp-dev/decamp/compiler/diag"
)

// leftOver warns of files of stages that the spec does not have any more. They are
// not removed: nothing tells them from those of another app.
func leftOver(out string, results []compiler.Result) diag.List {
	var list diag.List
	for _, result := range results {
		stages := stagesOf([]compiler.Result{result})
		if len(result.Outputs) == 0 || slices.Contains(stages, "") {
			continue
		}
		app := ""
		if len(results) > 1 {
			app = result.Outputs[0].App
		}
		for _, folder := range strangers(filepath.Join(out, app), stages, targetsOf(result)) {
			list = append(list, diag.Diagnostic{
				Severity: diag.Warning, Code: codeLeftOver,
				Summary: fmt.Sprintf("%s holds files of decamp, and the spec has no such stage", filepath.ToSlash(folder)),
				Detail:  "The stages are " + strings.Join(stages, ", ") + ". Delete the folder, so that nobody deploys it.",
			})
		}
	}
	return list
}

// strangers returns the folders that look like a stage's output, or a target's
// without stage, and belong to none of the stages.
func strangers(parent string, stages, targets []string) []string {
	entries, err := os.ReadDir(parent)
	if err != nil {
		return nil // it is not there yet
	}
	var found []string
	for _, entry := range entries {
		folder := filepath.Join(parent, entry.Name())
		isTarget := slices.Contains(targets, entry.Name()) && compiler.IsWritten(folder)
		isStage := slices.ContainsFunc(targets, func(target string) bool {
			return compiler.IsWritten(filepath.Join(folder, target))
		})
		if entry.IsDir() && !slices.Contains(stages, entry.Name()) && (isTarget || isStage) {
			found = append(found, folder)
		}
	}
	return found
}

func targetsOf(result compiler.Result) []string {
	var names []string
	for _, output := range result.Outputs {
		if !slices.Contains(names, output.Target) {
			names = append(names, output.Target)
		}
	}
	return names
}
