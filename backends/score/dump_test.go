package score_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/decamp-dev/decamp/backends/score"
	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/source"
	"github.com/decamp-dev/decamp/compiler/spec"
)

func TestDump(t *testing.T) {
	pat := os.Getenv("DUMP")
	if pat == "" {
		t.Skip()
	}
	files, _ := filepath.Glob(pat)
	s := backend.Source{FS: os.DirFS("/"), Name: "app"}
	for _, f := range files {
		data, _ := os.ReadFile(f)
		s.Paths = append(s.Paths, f[1:])
		s.Files = append(s.Files, source.NewFile(f, data))
	}
	reading, list := score.New().Read(s)
	for _, d := range list.Normalize() {
		fmt.Println(d.Severity, d.Code, d.Subject, d.Path, d.Summary, "|", d.Detail)
	}
	if reading.App == nil {
		return
	}
	for _, p := range ir.Verify(reading.App) {
		fmt.Println("VERIFY", p.Code, p.Path, p.Summary)
	}
	extras := spec.Extras{Comments: reading.Comments, Written: reading.Expressions}
	for _, v := range reading.Vars {
		value := spec.Var{Description: v.Value.Description}
		if v.Value.HasDefault {
			value.Default = &v.Value.Default
		}
		extras.Vars.Set(v.Key, value)
	}
	printed, list := spec.Print(reading.App, extras)
	fmt.Println(string(printed.Text))
	for _, d := range list {
		fmt.Println("PRINT", d.Path, d.Summary, d.Detail)
	}
}
