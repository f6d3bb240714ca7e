package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/support"
)

// fakes returns platforms that exist in scripts only: paper writes one YAML file,
// stone one for each workload, and wood a file that has two forms and, beside it,
// the configs as they are.
func fakes() backend.Set {
	return backend.Set{
		{
			Name: "paper", Doc: "Paper, which is patient\n\nOne file.", Version: "2.0", Emit: paper,
			Support: table(
				support.Row{Fact: "workload.scale", Level: support.Dropped, Means: "Choose the number of replicas."},
				support.Row{Fact: "container.stop", Level: support.Emulated, Means: "by waiting"},
				support.Row{Fact: "workload.replicas", Level: support.Native, Cases: []support.Case{
					{Below: "1.5", Level: support.Approximated, Means: "Old paper counts to one."},
				}},
			),
			Passes: []backend.Pass{
				{Name: "fold", Doc: "folds the paper", Debt: "a crease", Default: true},
				{Name: "tear", Doc: "tears the paper", Debt: "two pieces"},
			},
		},
		{
			Name: "stone", Doc: "Stone, which lasts", Version: "1.0", Emit: stone,
			Support: table(
				support.Row{Fact: "workload.egress", Level: support.Dropped, Means: "Put a wall around it."},
				support.Row{Fact: "container.log", Level: support.Approximated, Means: "stones are read slowly"},
			),
		},
		{
			Name: "wood", Doc: "Wood, which burns", Version: "3.1", Formats: []string{"hcl", "json"}, Emit: wood,
			Support: table(),
		},
	}
}

// table returns rows for every kind of fact, native unless another row says more.
func table(rows ...support.Row) support.Table {
	for _, root := range []string{"app", "workload", "container", "volume", "config", "secret", "network", "route", "endpoint"} {
		rows = append(rows, support.Row{Fact: root, Level: support.Native})
	}
	return rows
}

func describe(b *bytes.Buffer, name string, w *ir.Workload) {
	fmt.Fprintf(b, "%s: {image: %s", name, w.Image)
	if w.Replicas != nil {
		fmt.Fprintf(b, ", replicas: %d", *w.Replicas)
	}
	b.WriteString("}\n")
}

func paper(app *ir.App, o backend.Options) ([]backend.Artifact, diag.List) {
	var b bytes.Buffer
	var list diag.List
	fmt.Fprintf(&b, "# %s\napp: %s\n", o.Header(), app.Name)
	if o.Passes["fold"] {
		b.WriteString("folded: true\n")
	}
	if o.Passes["tear"] {
		b.WriteString("torn: true\n")
	}
	for _, w := range app.Workloads {
		if w.Value.Build != nil {
			fmt.Fprintf(&b, "build: %s\n", o.Folder)
		}
		describe(&b, w.Key, &w.Value)
	}
	for _, s := range app.Secrets {
		list = append(list, diag.Diagnostic{
			Severity: diag.Note, Code: "secret-needed", Summary: "secret " + s.Key + " has to be there",
			Detail: "Write it down: pen " + s.Key,
		})
	}
	return []backend.Artifact{{Path: "paper.yaml", Data: b.Bytes()}}, list
}

func stone(app *ir.App, o backend.Options) ([]backend.Artifact, diag.List) {
	var all []backend.Artifact
	for _, w := range app.Workloads {
		var b bytes.Buffer
		fmt.Fprintf(&b, "# %s\n", o.Header())
		describe(&b, w.Key, &w.Value)
		all = append(all, backend.Artifact{Path: w.Key + ".yaml", Data: b.Bytes()})
	}
	return all, nil
}

func wood(app *ir.App, o backend.Options) ([]backend.Artifact, diag.List) {
	artifact := backend.Artifact{Path: "wood.hcl", Data: []byte("// " + o.Header() + "\napp = \"" + app.Name + "\"\n")}
	if o.Format == "json" {
		artifact = backend.Artifact{Path: "wood.json", Data: []byte("{\"app\": \"" + app.Name + "\"}\n"), Unmarked: true}
	}
	all := []backend.Artifact{artifact}
	for _, c := range app.Configs {
		text, _ := c.Value.Content.Plain()
		all = append(all, backend.Artifact{Path: "configs/" + c.Key, Data: []byte(text), Unmarked: true})
	}
	return all, nil
}

// clay is a platform outside of decamp: a program that reads a request and writes an
// answer.
func clay() {
	var request struct {
		Version int
		App     struct{ Name string }
		Options struct{ Header string }
	}
	if err := json.NewDecoder(os.Stdin).Decode(&request); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if strings.HasPrefix(request.App.Name, "broken") {
		fmt.Fprintln(os.Stderr, "the clay is dry")
		os.Exit(1)
	}
	answer := map[string]any{
		"version":     1,
		"artifacts":   []any{map[string]any{"path": "clay.txt", "text": "# " + request.Options.Header + "\nclay of " + request.App.Name + "\n"}},
		"diagnostics": []any{map[string]any{"severity": "warning", "code": "soft", "summary": "clay is soft"}},
	}
	_ = json.NewEncoder(os.Stdout).Encode(answer)
}
