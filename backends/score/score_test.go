package score

import (
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/backend/backendtest"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/source"
	"github.com/decamp-dev/decamp/compiler/spec"
	"github.com/decamp-dev/decamp/compiler/tree"
)

var update = flag.Bool("update", false, "write what comes out into the goldens")

// corpus returns a folder of the corpus of real files. Only where there is none, and
// no CI that promises one, the test is left out.
func corpus(t testing.TB, below string) string {
	t.Helper()
	shared := os.Getenv("SHARED_DIR")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "shared")
	}
	folder := filepath.Join(shared, "corpus", below)
	if _, err := os.Stat(folder); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("the corpus is not there: %v", err)
		}
		t.Skipf("the corpus is not there: %v", err)
	}
	return folder
}

// corpusFiles are the Score files of the corpus by their path in it. Two of them refer
// to files that the corpus has not.
func corpusFiles(t testing.TB) (fstest.MapFS, []string) {
	t.Helper()
	root := corpus(t, "score")
	files := fstest.MapFS{}
	var paths []string
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, name)
		files[filepath.ToSlash(rel)] = &fstest.MapFile{Data: data}
		if detect(source.NewFile(name, data)) == backend.Sure {
			paths = append(paths, filepath.ToSlash(rel))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) < 50 {
		t.Fatalf("only %d Score files in the corpus", len(paths))
	}
	for _, missing := range []string{"score-compose/examples/03-files/fileA.txt", "score-examples/specification/files/fileA.txt", "score-spec/samples/file.txt"} {
		files[missing] = &fstest.MapFile{Data: []byte("text of " + missing + "\n")}
	}
	return files, paths
}

// together returns the Score files that belong to one app: those of a folder's
// subfolders.
func together(paths []string) map[string][]string {
	apps := map[string][]string{}
	for _, p := range paths {
		for _, sample := range []string{"score-examples/samples/onlineboutique", "score-examples/samples/aks-store-demo", "score-examples/samples/traderx", "score-compose/examples/04-multiple-workloads", "score-compose/examples/06-resource-provisioning", "score-compose/examples/08-service-port-resource"} {
			if strings.HasPrefix(p, sample+"/") && !strings.HasSuffix(p, "score-ai.yaml") {
				apps[sample] = append(apps[sample], p)
			}
		}
	}
	return apps
}

func printed(t testing.TB, reading backend.Reading) spec.Printed {
	t.Helper()
	extras := spec.Extras{Comments: reading.Comments, Written: reading.Expressions}
	for _, v := range reading.Vars {
		declared := spec.Var{Description: v.Value.Description}
		if v.Value.HasDefault {
			text := v.Value.Default
			declared.Default = &text
		}
		extras.Vars.Set(v.Key, declared)
	}
	p, list := spec.Print(reading.App, extras)
	for _, d := range list {
		t.Errorf("%s: %s %s", d.Path, d.Summary, d.Detail)
	}
	return p
}

// again parses what was printed. Vars without a default get the value that the app has
// instead of them.
func again(t testing.TB, reading backend.Reading, p spec.Printed) *ir.App {
	t.Helper()
	files := fstest.MapFS{}
	for _, f := range p.Files {
		files[f.Path] = &fstest.MapFile{Data: f.Data}
	}
	document, list := spec.Parse(source.NewFile("decamp.yaml", p.Text), tree.Limits{})
	if document == nil {
		t.Fatalf("what was printed cannot be read: %v\n%s", list, p.Text)
	}
	values := map[string]string{}
	for _, v := range reading.Vars {
		if !v.Value.HasDefault {
			values[v.Key] = open(reading, v.Key)
		}
	}
	app, found := document.Decode(document.Root, spec.Environment{Files: files, Vars: values, Platforms: []string{Name}})
	for _, d := range append(list, found...) {
		if d.Severity == diag.Error {
			t.Errorf("what was printed has an error: %s %s %s\n%s", d.Path, d.Summary, d.Detail, p.Text)
		}
	}
	return app
}

// open returns the value of a var without default: what Score's reader puts in its
// place.
func open(reading backend.Reading, name string) string {
	if strings.HasSuffix(name, "-image") {
		return "."
	}
	return ""
}

// sameApp compares apps but for where their configs were read from.
func sameApp(t testing.TB, want, got *ir.App) {
	t.Helper()
	want, got = ir.Clone(want), ir.Clone(got)
	for _, app := range []*ir.App{want, got} {
		for i := range app.Configs {
			app.Configs[i].Value.Origin = ""
		}
	}
	if ir.Equal(want, got) {
		return
	}
	var a, b strings.Builder
	_ = ir.Print(&a, want)
	_ = ir.Print(&b, got)
	t.Errorf("the spec says something else than what was read:\n%s", cmp.Diff(a.String(), b.String()))
}

// TestRoundTrip: what is read from real files, printed as a spec and read again, is
// the same app.
func TestRoundTrip(t *testing.T) {
	files, paths := corpusFiles(t)
	apps := together(paths)
	for _, p := range paths {
		apps[p] = []string{p}
	}
	for name, paths := range apps {
		t.Run(name, func(t *testing.T) {
			reading, list := backendtest.Sources{FS: files, Paths: paths, Name: "app"}.Read(New())
			if list.HasErrors() {
				t.Fatal(list)
			}
			if problems := ir.Verify(reading.App); len(problems) > 0 {
				t.Fatal(problems)
			}
			sameApp(t, reading.App, again(t, reading, printed(t, reading)))
			for path := range allPaths(reading.App) {
				if r, ok := reading.App.Locator.Locate(path); !ok || r.Start.IsZero() {
					t.Errorf("%s comes from nowhere", path)
				}
			}
		})
	}
}

func allPaths(app *ir.App) map[string]bool {
	paths := map[string]bool{}
	ir.Walk(app, func(f *ir.Fact) { paths[f.Path()] = true })
	for _, e := range app.Platform {
		paths[e.Path] = true
	}
	return paths
}

// TestLineEnds: Windows line ends and a byte order mark change nothing.
func TestLineEnds(t *testing.T) {
	files, paths := corpusFiles(t)
	for _, p := range paths {
		want, _ := backendtest.Sources{FS: files, Paths: []string{p}, Name: "app"}.Read(New())
		changed := fstest.MapFS{p: {Data: []byte("\xef\xbb\xbf" + strings.ReplaceAll(string(files[p].Data), "\n", "\r\n"))}}
		for name, f := range files {
			if name != p {
				changed[name] = f
			}
		}
		got, list := backendtest.Sources{FS: changed, Paths: []string{p}, Name: "app"}.Read(New())
		if list.HasErrors() || got.App == nil {
			t.Errorf("%s: %v", p, list)
			continue
		}
		sameApp(t, want.App, got.App)
	}
}

// TestNothingIsLost changes every value of every real file.
func TestNothingIsLost(t *testing.T) {
	files, paths := corpusFiles(t)
	var total backendtest.LossCount
	for _, p := range paths {
		list, count := backendtest.SourceLoss(New(), backendtest.Sources{FS: files, Paths: []string{p}, Name: "app"}, lossOptions())
		for _, v := range list {
			t.Error(v)
		}
		total.Add(count[0])
	}
	t.Logf("%d leaves, %d silent, %d exempt", total.Leaves, total.Silent, total.Exempt)
	if total.Leaves < 750 {
		t.Errorf("only %d leaves were tried", total.Leaves)
	}
}

func lossOptions() backendtest.LossOptions {
	return backendtest.LossOptions{
		Exemptions: []backendtest.SourceExemption{
			{Path: "containers/*/files/*/noExpand", Because: "it matters only where the content has placeholders"},
			{Path: "containers/*/volumes/*/readOnly", Because: "false is what holds when nothing is said"},
		},
	}
}

// TestGoldens reads the files of each archive in testdata and compares the spec and
// the findings.
func TestGoldens(t *testing.T) {
	archives, err := filepath.Glob(filepath.Join("testdata", "*.txtar"))
	if err != nil || len(archives) == 0 {
		t.Fatal("no goldens", err)
	}
	for _, name := range archives {
		t.Run(filepath.Base(name), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, name, archive)
		})
	}
}

func golden(t *testing.T, name string, archive *txtar.Archive) {
	files := fstest.MapFS{}
	var paths []string
	var inputs []txtar.File
	for _, f := range archive.Files {
		if f.Name == "want.yaml" || f.Name == "findings" || strings.HasPrefix(f.Name, "want/") {
			continue
		}
		inputs = append(inputs, f)
		files[f.Name] = &fstest.MapFile{Data: f.Data}
		if strings.HasSuffix(f.Name, ".yaml") {
			paths = append(paths, f.Name)
		}
	}
	reading, list := backendtest.Sources{FS: files, Paths: paths, Name: "shop"}.Read(New())
	var findings strings.Builder
	for _, d := range list.Normalize() {
		fmt.Fprintf(&findings, "%s: %s[%s] %s: %s\n", d.Subject, d.Severity, d.Code, d.Path, d.Summary)
	}
	got := append(inputs, txtar.File{Name: "findings", Data: []byte(findings.String())})
	if reading.App != nil && !list.HasErrors() {
		for _, p := range ir.Verify(reading.App) {
			t.Errorf("%s: %s", p.Path, p.Summary)
		}
		p := printed(t, reading)
		sameApp(t, reading.App, again(t, reading, p))
		got = append(got, txtar.File{Name: "want.yaml", Data: p.Text})
		for _, f := range p.Files {
			got = append(got, txtar.File{Name: "want/" + f.Path, Data: f.Data})
		}
		lost, _ := backendtest.SourceLoss(New(), backendtest.Sources{FS: files, Paths: paths, Name: "shop"}, lossOptions())
		for _, v := range lost {
			t.Error(v)
		}
	}
	text := txtar.Format(&txtar.Archive{Comment: archive.Comment, Files: got})
	if *update {
		if err := os.WriteFile(name, text, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(txtar.Format(archive)), string(text)); diff != "" {
		t.Errorf("run with -update when this is right:\n%s", diff)
	}
}

// TestCensus holds the rows to the types, and the types to Score's schema: a new
// property fails until someone has decided what becomes of it.
func TestCensus(t *testing.T) {
	var have []string
	for _, row := range fields() {
		have = append(have, row.Field)
		if row.Because == "" || row.Verdict < backend.Mapped || row.Verdict > backend.Ignored {
			t.Errorf("%s: no verdict or no reason", row.Field)
		}
	}
	slices.Sort(have)
	want := fieldsOf(reflect.TypeFor[document](), "")
	slices.Sort(want)
	if diff := cmp.Diff(slices.Compact(want), have); diff != "" {
		t.Errorf("types and rows differ:\n%s", diff)
	}
}

// fieldsOf returns the properties of the types as rows call them.
func fieldsOf(t reflect.Type, path string) []string {
	switch {
	case t == scalarType || t == nodeType:
		return []string{path}
	case t.Kind() == reflect.Slice && strings.HasPrefix(t.Name(), "members["):
		f, _ := t.Elem().FieldByName("Value")
		return fieldsOf(f.Type, path)
	case t.Kind() == reflect.Slice || t.Kind() == reflect.Pointer:
		return fieldsOf(t.Elem(), path)
	}
	var all []string
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("score"), ",")
		below := name
		if path != "" {
			below = path + "." + name
		}
		if t.Field(i).Type == reflect.TypeFor[*probe]() {
			all = append(all, below)
			below = "probe"
		}
		all = append(all, fieldsOf(t.Field(i).Type, below)...)
	}
	return all
}

// TestSchema holds the types to Score's own schema.
func TestSchema(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(corpus(t, "schemas"), "score-spec", "score-v1b1.json"))
	if err != nil {
		t.Fatal(err)
	}
	var schema map[string]any
	if err := json.Unmarshal(data, &schema); err != nil {
		t.Fatal(err)
	}
	want := schemaFields(schema, schema, "")
	have := fieldsOf(reflect.TypeFor[document](), "")
	slices.Sort(want)
	slices.Sort(have)
	if diff := cmp.Diff(slices.Compact(want), slices.Compact(have)); diff != "" {
		t.Errorf("Score's schema and the types differ:\n%s", diff)
	}
}

// schemaFields returns the properties of a schema in the same words.
func schemaFields(root, at map[string]any, path string) []string {
	if ref, ok := at["$ref"].(string); ok {
		target := root["$defs"].(map[string]any)[filepath.Base(ref)].(map[string]any)
		if filepath.Base(ref) == "containerProbe" {
			return append([]string{path}, schemaFields(root, target, "probe")...)
		}
		return schemaFields(root, target, path)
	}
	var all []string
	properties, _ := at["properties"].(map[string]any)
	for name, p := range properties {
		below := name
		if path != "" {
			below = path + "." + name
		}
		all = append(all, schemaFields(root, p.(map[string]any), below)...)
	}
	if open, ok := at["additionalProperties"].(map[string]any); ok && len(properties) == 0 {
		return append(all, schemaFields(root, open, path)...)
	}
	if open, _ := at["additionalProperties"].(bool); open && len(properties) > 0 {
		all = append(all, path+".*")
	}
	if items, ok := at["items"].(map[string]any); ok {
		return append(all, schemaFields(root, items, path)...)
	}
	for _, key := range []string{"oneOf", "allOf"} {
		choices, _ := at[key].([]any)
		for _, c := range choices {
			choice := c.(map[string]any)
			if choice["$ref"] != nil || choice["items"] != nil || choice["additionalProperties"] != nil {
				all = append(all, schemaFields(root, choice, path)...)
			}
		}
	}
	if len(all) == 0 {
		return []string{path}
	}
	return all
}

// FuzzRead: reading never panics, and what is read without errors, printed and read
// again is the same app.
func FuzzRead(f *testing.F) {
	archives, _ := filepath.Glob(filepath.Join("testdata", "*.txtar"))
	for _, name := range archives {
		if archive, err := txtar.ParseFile(name); err == nil {
			for _, file := range archive.Files {
				if strings.HasSuffix(file.Name, ".yaml") && file.Name != "want.yaml" {
					f.Add(string(file.Data))
				}
			}
		}
	}
	if _, err := os.Stat(filepath.Join("..", "..", "..", "shared", "corpus")); err == nil || os.Getenv("SHARED_DIR") != "" {
		files, paths := corpusFiles(f)
		for _, p := range paths {
			f.Add(string(files[p].Data))
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<15 {
			return
		}
		files := fstest.MapFS{"score.yaml": {Data: []byte(text)}, "fileA.txt": {Data: []byte("a ${metadata.name}\n")}, "file.txt": {Data: []byte("\x00\xff")}}
		reading, list := backendtest.Sources{FS: files, Paths: []string{"score.yaml"}, Name: "app"}.Read(New())
		if reading.App == nil || list.HasErrors() || len(ir.Verify(reading.App)) > 0 {
			return
		}
		for _, v := range reading.Vars {
			if !v.Value.HasDefault && open(reading, v.Key) == "" {
				return // the app has nothing in its place
			}
		}
		sameApp(t, reading.App, again(t, reading, printed(t, reading)))
	})
}
