package kubernetes

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/ir"
)

var update = flag.Bool("update", false, "write the golden files anew")

// defaults are the options of a compile without flags.
func defaults() backend.Options {
	passes, _ := New().SelectPasses("default")
	return backend.Options{Passes: passes}
}

// joined emits an app and writes its files one below the other.
func joined(t *testing.T, app *ir.App, o backend.Options) string {
	t.Helper()
	artifacts, list := emit(app, o)
	for _, d := range list {
		t.Logf("%s %s %s: %s %s", d.Severity, d.Code, d.Path, d.Summary, d.Detail)
	}
	if list.HasErrors() {
		t.Error("emit found errors")
	}
	var b bytes.Buffer
	for _, a := range artifacts {
		b.WriteString("==> " + a.Path + "\n")
		b.Write(a.Data)
	}
	if found := check(artifacts); len(found) > 0 {
		for _, d := range found {
			t.Errorf("check: %s %s: %s %s", d.Severity, d.Path, d.Summary, d.Detail)
		}
	}
	return b.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is not what was emitted; look at the difference and run go test -update", file)
	}
}

func TestShop(t *testing.T) {
	golden(t, "shop", joined(t, shop(), defaults()))
}
