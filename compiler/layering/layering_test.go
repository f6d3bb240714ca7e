package layering

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The layering of the module, as data. A test that fails is right: change the code that it names, not this table. The
// words of compiler/README.md say the same.

const module = "github.com/decamp-dev/decamp"

// mayImport says which packages of the module a part of it may import, and why no others. The first entry that fits a
// package holds; a part may always import what is below itself.
var mayImport = []struct {
	from string
	to   []string
	why  string
}{
	{"cmd/...", []string{"cmd/...", "backends", "compiler", "compiler/...", "schema"}, "the program is a thin shell: it asks the list of backends, never one of them"},
	{"schema/internal/generate", []string{"schema", "compiler", "compiler/..."}, "the generator reads the types and writes the schemas; it is run by go generate and imported by nobody"},
	{"schema", nil, "schemas are data, and whoever embeds them must not draw in the compiler"},
	{"compiler/pattern", nil, "patterns of all parts stand on nothing"},
	{"compiler/ir", []string{"compiler/source"}, "the description of an app stands alone, so that everything else can stand on it"},
	{"compiler/source", nil, "files and positions are the ground floor"},
	{"compiler/diag", []string{"compiler/source"}, "a finding can be made anywhere, so it stands on nothing that makes one"},
	{"compiler/tree", []string{"compiler/source", "compiler/diag"}, "a tree of YAML knows nothing of apps"},
	{"compiler/...", []string{"compiler", "compiler/..."}, "the core knows no platform, and no program that uses it"},
	{"backends", []string{"backends/...", "compiler/backend"}, "the list of backends lists, and does nothing"},
	{"backends/internal/...", kit, "helpers by concept are below every backend"},
	{"backends/...", kit, "a backend knows the seam and its own platform: not the phases of the compiler, and no other backend"},
}

// kit is what a backend may use of the module.
var kit = []string{
	"compiler/backend", "compiler/support", "compiler/ir", "compiler/tree", "compiler/diag", "compiler/source", "compiler/pattern", "backends/internal/...",
}

// libraries says where a platform's own libraries may be imported: in the folder of its backend, and what two platforms
// share, in the folder that both use.
var libraries = []struct {
	prefix string
	only   []string
}{
	{"github.com/compose-spec/", []string{"backends/compose", "backends/internal/composeread"}},
	{"github.com/docker/", []string{"backends/compose", "backends/internal/composeread"}},
	{"k8s.io/", []string{"backends/kubernetes"}},
	{"sigs.k8s.io/", []string{"backends/kubernetes"}},
	{"github.com/hashicorp/nomad", []string{"backends/nomad"}},
}

// platforms are further names that the core must not know, besides the folders of backends.
var platforms = []string{"compose", "kubernetes", "nomad", "docker", "k8s", "kubectl", "helm", "podman", "swarm", "openshift"}

// programs are the packages that own a process: they write, exit, and read the environment.
var programs = []string{"cmd", "schema/internal/generate"}

// reserved lists what only the program may do, by import path and name; a star stands for all of it.
var reserved = []struct{ pkg, name, why string }{
	{"os", "Exit", "only cmd exits"},
	{"os", "Getenv", "only cmd reads the environment"},
	{"os", "LookupEnv", "only cmd reads the environment"},
	{"os", "Environ", "only cmd reads the environment"},
	{"os", "ExpandEnv", "only cmd reads the environment"},
	{"os", "Stdin", "only cmd owns the standard streams"},
	{"os", "Stdout", "only cmd owns the standard streams"},
	{"os", "Stderr", "only cmd owns the standard streams"},
	{"os", "Args", "only cmd reads its arguments"},
	{"syscall", "Exit", "only cmd exits"},
	{"runtime", "Goexit", "only cmd exits"},
	{"time", "Now", "only cmd reads the clock"},
	{"time", "Since", "only cmd reads the clock"},
	{"time", "Until", "only cmd reads the clock"},
	{"fmt", "Print", "only cmd writes to standard output"},
	{"fmt", "Printf", "only cmd writes to standard output"},
	{"fmt", "Println", "only cmd writes to standard output"},
	{"log", "*", "what is found is returned, never logged"},
	{"log/slog", "*", "what is found is returned, never logged"},
	{"math/rand", "*", "the same input gives the same bytes"},
	{"math/rand/v2", "*", "the same input gives the same bytes"},
	{"flag", "*", "only cmd reads its arguments"},
}

// sourceFile is one Go file of the module that is no test.
type sourceFile struct {
	pkg  string // folder within the module: "compiler/ir"
	name string
	ast  *ast.File
	set  *token.FileSet
}

func (f *sourceFile) at(n ast.Node) string {
	return fmt.Sprintf("%s:%d", path.Join(f.pkg, f.name), f.set.Position(n.Pos()).Line)
}

// TestImportLaw holds every package to the layering. make check asks for it by name.
func TestImportLaw(t *testing.T) {
	files := moduleFiles(t)
	if len(files) < 50 {
		t.Fatalf("only %d files were found: the test reads the wrong folder", len(files))
	}
	for _, f := range files {
		for _, breach := range breaches(f) {
			t.Error(breach)
		}
	}
}

func moduleFiles(t *testing.T) (files []*sourceFile) {
	t.Helper()
	for _, top := range []string{"cmd", "compiler", "backends", "schema"} {
		root := filepath.Join("..", "..", top)
		if _, err := os.Stat(root); err != nil {
			continue // not begun yet
		}
		err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
			if err != nil || (entry.IsDir() && entry.Name() == "testdata") {
				return orElse(err, fs.SkipDir)
			}
			if entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
				return nil
			}
			text, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			f, err := parseSource(strings.TrimPrefix(filepath.ToSlash(name), "../../"), string(text))
			files = append(files, f)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// orElse returns the error that there is.
func orElse(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

func parseSource(name, text string) (*sourceFile, error) {
	f := &sourceFile{pkg: path.Dir(name), name: path.Base(name), set: token.NewFileSet()}
	var err error
	f.ast, err = parser.ParseFile(f.set, name, text, parser.SkipObjectResolution)
	return f, err
}

// breaches lists what a file does against the law.
func breaches(f *sourceFile) []string {
	list := importBreaches(f)
	if !slices.ContainsFunc(programs, func(p string) bool { return within(f.pkg, p) }) {
		list = append(list, reservedBreaches(f)...)
	}
	if within(f.pkg, "compiler") {
		list = append(list, platformBreaches(f)...)
	}
	return list
}

func importBreaches(f *sourceFile) (list []string) {
	for _, spec := range f.ast.Imports {
		target, _ := strconv.Unquote(spec.Path.Value)
		if inside, ok := strings.CutPrefix(target, module+"/"); ok {
			if why := forbidden(f.pkg, inside); why != "" {
				list = append(list, fmt.Sprintf("%s: %s must not import %s: %s", f.at(spec), f.pkg, inside, why))
			}
			continue
		}
		for _, l := range libraries {
			if strings.HasPrefix(target, l.prefix) && !slices.ContainsFunc(l.only, func(folder string) bool { return within(f.pkg, folder) }) {
				list = append(list, fmt.Sprintf("%s: %s must not import %s: a platform's library belongs to %s alone", f.at(spec), f.pkg, target, strings.Join(l.only, ", ")))
			}
		}
	}
	return list
}

// forbidden returns the reason why a package may not import another, "" when it may.
func forbidden(from, to string) string {
	for _, rule := range mayImport {
		if !fits(from, rule.from) {
			continue
		}
		below := from // a backend's own folders, down and up, are one platform's
		if within(from, "backends") && from != "backends" {
			below = strings.Join(strings.Split(from, "/")[:2], "/")
		}
		if within(to, below) && to != from && below != "backends" || slices.ContainsFunc(rule.to, func(p string) bool { return fits(to, p) }) {
			return ""
		}
		return rule.why
	}
	return "it has no place in the layering: give it one in layering_test.go"
}

// fits reports whether a package is meant by a pattern: "compiler/ir", or
// "compiler/..." for all below compiler and compiler itself.
func fits(pkg, pattern string) bool {
	if prefix, ok := strings.CutSuffix(pattern, "/..."); ok {
		return within(pkg, prefix)
	}
	return pkg == pattern
}

func within(pkg, folder string) bool { return pkg == folder || strings.HasPrefix(pkg, folder+"/") }

func reservedBreaches(f *sourceFile) (list []string) {
	names := map[string]string{} // local name → import path
	for _, spec := range f.ast.Imports {
		target, _ := strconv.Unquote(spec.Path.Value)
		local := path.Base(target)
		if spec.Name != nil {
			local = spec.Name.Name
		}
		names[local] = target
		for _, r := range reserved {
			if r.pkg == target && (r.name == "*" || local == ".") {
				list = append(list, fmt.Sprintf("%s: import of %s: %s", f.at(spec), target, r.why))
			}
		}
	}
	ast.Inspect(f.ast, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Recv == nil && n.Name.Name == "init" {
				list = append(list, fmt.Sprintf("%s: init(): nothing registers itself, and starting costs nothing", f.at(n)))
			}
		case *ast.CallExpr:
			if id, ok := n.Fun.(*ast.Ident); ok && (id.Name == "print" || id.Name == "println") {
				list = append(list, fmt.Sprintf("%s: %s: only cmd writes", f.at(n), id.Name))
			}
		case *ast.SelectorExpr:
			if id, ok := n.X.(*ast.Ident); ok {
				for _, r := range reserved {
					if names[id.Name] == r.pkg && n.Sel.Name == r.name {
						list = append(list, fmt.Sprintf("%s: %s.%s: %s", f.at(n), r.pkg, r.name, r.why))
					}
				}
			}
		}
		return true
	})
	return list
}

var (
	platformWord = regexp.MustCompile(`(?i)\b(` + strings.Join(platforms, "|") + `)\b`)
	camelWord    = regexp.MustCompile(`[A-Z]?[a-z0-9]+|[A-Z]+`)
)

// platformBreaches finds names of platforms in strings and identifiers. Comments may explain with examples.
func platformBreaches(f *sourceFile) (list []string) {
	add := func(n ast.Node, word string) {
		list = append(list, fmt.Sprintf("%s: %q: the core names no platform", f.at(n), word))
	}
	ast.Inspect(f.ast, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			if n.Kind == token.STRING {
				if word := platformWord.FindString(n.Value); word != "" {
					add(n, word)
				}
			}
		case *ast.Ident:
			for _, word := range camelWord.FindAllString(n.Name, -1) {
				if slices.Contains(platforms, strings.ToLower(word)) {
					add(n, n.Name)
				}
			}
		}
		return true
	})
	return list
}

// TestImportLawBites feeds the law files that break it, and files that do not.
func TestImportLawBites(t *testing.T) {
	imports := func(list ...string) string {
		text := ""
		for _, i := range list {
			text += fmt.Sprintf("import _ %q\n", i)
		}
		return text
	}
	own := func(p string) string { return module + "/" + p }
	for _, c := range []struct{ name, body, want string }{
		{"compiler/ir/x.go", imports(own("compiler/diag")), "compiler/ir must not import compiler/diag"},
		{"compiler/ir/x.go", imports(own("compiler/source")), ""},
		{"compiler/x.go", imports(own("backends")), "compiler must not import backends: the core knows no platform"},
		{"compiler/support/x.go", imports(own("backends/compose")), "must not import backends/compose"},
		{"compiler/support/x.go", imports("k8s.io/api/core/v1"), "a platform's library belongs to backends/kubernetes alone"},
		{"compiler/x.go", imports(own("compiler/spec")), ""},
		{"backends/compose/x.go", imports(own("backends/nomad")), "must not import backends/nomad"},
		{"backends/compose/x.go", imports(own("compiler/spec")), "must not import compiler/spec"},
		{"backends/compose/x.go", imports(own("compiler")), "must not import compiler"},
		{"backends/compose/x.go", imports(own("backends")), "must not import backends"},
		{"backends/compose/x.go", imports(own("compiler/backend"), own("compiler/ir"), own("backends/internal/document"), own("backends/compose/schema"), "github.com/compose-spec/compose-go/v2/types"), ""},
		{"backends/compose/x.go", imports("github.com/hashicorp/nomad/api"), "belongs to backends/nomad alone"},
		{"backends/internal/document/x.go", imports(own("backends/compose")), "must not import backends/compose"},
		{"backends/all.go", imports(own("backends/compose"), own("compiler/backend")), ""},
		{"backends/all.go", imports(own("compiler/spec")), "backends must not import compiler/spec"},
		{"schema/x.go", imports(own("compiler/ir")), "schema must not import compiler/ir"},
		{"cmd/decamp/main.go", imports(own("backends/compose")), "cmd/decamp must not import backends/compose"},
		{"cmd/decamp/main.go", imports(own("backends"), own("cmd/decamp/internal/cli"), "os", "log"), ""},
		{"tools/x.go", imports(own("compiler")), "it has no place in the layering"},
		{"compiler/x.go", "import \"os\"\nfunc f() { os.Exit(1) }", "os.Exit: only cmd exits"},
		{"compiler/x.go", "import system \"os\"\nvar x = system.Getenv(\"X\")", "os.Getenv: only cmd reads the environment"},
		{"compiler/x.go", "import \"time\"\nvar x = time.Now()", "time.Now: only cmd reads the clock"},
		{"compiler/x.go", "import \"fmt\"\nfunc f() { fmt.Println() }", "fmt.Println"},
		{"compiler/x.go", "import \"fmt\"\nvar x = fmt.Sprint(1)", ""},
		{"compiler/x.go", imports("log/slog"), "import of log/slog"},
		{"compiler/x.go", "func f() { println(1) }", "println: only cmd writes"},
		{"backends/compose/x.go", "func init() {}", "init(): nothing registers itself"},
		{"backends/compose/x.go", "type t int\nfunc (t) init() {}", ""},
		{"compiler/x.go", "var x = `for Kubernetes only`", `"Kubernetes": the core names no platform`},
		{"compiler/x.go", "var composeFile = 1", `"composeFile": the core names no platform`},
		{"compiler/x.go", "// as compose does\nvar decomposed = `Dockerfile decomposes`", ""},
		{"backends/nomad/x.go", "var x = `nomad`", ""},
	} {
		f, err := parseSource(c.name, "package x\n"+c.body)
		if err != nil {
			t.Fatal(err)
		}
		found := strings.Join(breaches(f), "\n")
		if (c.want == "") != (found == "") || !strings.Contains(found, c.want) {
			t.Errorf("%s with\n%s\nfound %q, wanted %q", c.name, c.body, found, c.want)
		}
	}
}
