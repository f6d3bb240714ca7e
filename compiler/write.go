package compiler

import (
	"path"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/internal/writing"
)

// The plan for writing outputs, and its parts.
type (
	Plan   = writing.Plan   // what has to change for the outputs to be there
	Change = writing.Change // one file of it
	Action = writing.Action // what happens to the file
)

// The actions of a change.
const (
	Create = writing.Create
	Update = writing.Update
	Remove = writing.Remove
)

// OutputFolder returns where the files of a target belong, below the output folder.
// The stage is empty where the spec has none, the app where only one is compiled.
func OutputFolder(app, stage, target string) string { return path.Join(app, stage, target) }

// PlanWrite compares outputs with what is in the folder dir, without writing. The
// plan is applied and has to be closed; with errors in the list there is none.
// Where byApp is set, every app has a folder of its own.
func PlanWrite(dir string, outputs []Output, byApp bool) (*Plan, diag.List) {
	folders := make([]writing.Folder, len(outputs))
	for i, output := range outputs {
		app := ""
		if byApp {
			app = output.App
		}
		folder := writing.Folder{Path: OutputFolder(app, output.Stage, output.Target)}
		for _, artifact := range output.Artifacts {
			folder.Files = append(folder.Files, writing.File(artifact))
		}
		folders[i] = folder
	}
	return writing.PlanFolder(dir, folders)
}

// WriteFile replaces one file, or leaves it whole when that fails.
func WriteFile(name string, data []byte) error { return writing.ReplaceFile(name, data) }

// IsWritten reports whether a folder holds a file that says that decamp wrote it.
func IsWritten(folder string) bool { return writing.IsWritten(folder) }
