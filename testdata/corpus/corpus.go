// Package corpus finds the real files that tests run over: those of public repositories, which are not in this one.
// They are in ../shared/corpus beside the module, or below $SHARED_DIR.
package corpus

import (
	_ "embed"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/decamp-dev/decamp/compiler"
	"github.com/decamp-dev/decamp/compiler/backend"
)

// Unit is what one would name to decamp convert: a file, or a folder whose files are one app.
type Unit struct {
	Path   string // within the corpus, with a slash at its end for a folder
	Sample bool   // an app or an example, not an input of somebody's tests
}

// section is a part of the corpus' index: which platform's files it lists.
type section struct {
	platform, title string
	endings         []string
	least           int // fewer units say that the index is not understood any more
}

var sections = []section{
	{"compose", "Compose", []string{".yaml", ".yml"}, 300},
	{"kubernetes", "Kubernetes", []string{".yaml", ".yml", ".json", "/"}, 170},
	{"nomad", "Nomad", []string{".nomad", ".hcl", ".json"}, 260},
	{"swarm", "Swarm stacks", []string{".yaml", ".yml"}, 25},
	{"score", "Score", []string{".yaml", ".yml"}, 60},
}

// Root returns the folder of the corpus. Without one the test is left out, in CI it fails.
func Root(t testing.TB) string {
	t.Helper()
	root, err := find()
	switch {
	case err == nil:
	case os.Getenv("CI") != "":
		t.Fatalf("the corpus is not there: %v", err)
	default:
		t.Skipf("the corpus is not there: %v", err)
	}
	return root
}

func find() (string, error) {
	shared := os.Getenv("SHARED_DIR")
	if shared == "" {
		folder, err := os.Getwd() // tests run in the folder of their package
		if err != nil {
			return "", err
		}
		for {
			if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
				break
			}
			if folder == filepath.Dir(folder) {
				return "", fmt.Errorf("no go.mod above %s", folder)
			}
			folder = filepath.Dir(folder)
		}
		shared = filepath.Join(filepath.Dir(folder), "shared")
	}
	root := filepath.Join(shared, "corpus")
	_, err := os.Stat(root)
	return root, err
}

// indexRow is the path and the class of a row.
var indexRow = regexp.MustCompile(`(?m)^\| (\S+?)(?: \(\d+ files\))? \|[^|]*\|[^|]*\| ([^|]*) \|`)

// Units returns the units of a platform, as the index lists them.
func Units(t testing.TB, root, platform string) []Unit {
	t.Helper()
	index, err := os.ReadFile(filepath.Join(root, "INDEX.md"))
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(sections, func(s section) bool { return s.platform == platform })
	if at < 0 {
		return nil
	}
	s := sections[at]
	_, text, _ := strings.Cut(string(index), "\n## "+s.title+" (")
	text, _, _ = strings.Cut(text, "\n## ")
	var units []Unit
	for _, row := range indexRow.FindAllStringSubmatch(text, -1) {
		if slices.ContainsFunc(s.endings, func(end string) bool { return strings.HasSuffix(row[1], end) }) {
			units = append(units, Unit{row[1], slices.Contains([]string{"real", "example", "demo"}, row[2])})
		}
	}
	if len(units) < s.least {
		t.Fatalf("the index has only %d units of %s", len(units), platform)
	}
	return units
}

// Request names the files of a unit as decamp import --allow-outside would.
func (u Unit) Request(root, from string) (compiler.ReadRequest, error) {
	request := compiler.ReadRequest{FS: os.DirFS(root), From: from, Root: path.Dir(u.Path), Name: "app"}
	if !strings.HasSuffix(u.Path, "/") {
		request.Paths = []string{u.Path}
		return request, nil
	}
	request.Root, request.Found = path.Clean(u.Path), map[string]bool{}
	entries, err := fs.ReadDir(request.FS, request.Root)
	if err != nil {
		return request, err
	}
	for _, e := range entries {
		if name := path.Join(request.Root, e.Name()); slices.Contains([]string{".yaml", ".yml", ".json"}, path.Ext(name)) {
			request.Paths = append(request.Paths, name)
			request.Found[name] = true
		}
	}
	if len(request.Paths) == 0 {
		return request, fmt.Errorf("the folder has no files")
	}
	return request, nil
}

// GivenValue is the value of each variable that has no default: one that may stand for a name, a tag, a number and a
// port.
const GivenValue = "8080"

// GiveVariables gives each variable without a default a value, as who converts has to.
func GiveVariables(set backend.Set, request *compiler.ReadRequest) {
	reading, _, _ := compiler.Read(set, *request)
	for _, v := range reading.Vars {
		if v.Value.HasDefault {
			continue
		}
		if request.Variables == nil {
			request.Variables = map[string]string{}
		}
		request.Variables[v.Value.NameOr(v.Key)] = GivenValue
	}
}

// Refusal is a unit that decamp converts and whose files the platform itself refuses.
type Refusal struct {
	From, To, Path string
	Because        string
}

// Same reports whether two refusals are about the same unit on the same platform.
func (r Refusal) Same(other Refusal) bool {
	return r.From == other.From && r.To == other.To && r.Path == other.Path
}

//go:embed refused.txt
var refused string

// Refusals returns those that the platforms have pronounced, as the conformance tests found them: lines "FROM TO PATH:
// reason".
func Refusals(t testing.TB) []Refusal {
	t.Helper()
	var list []Refusal
	for line := range strings.Lines(refused) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		what, why, ok := strings.Cut(line, ": ")
		words := strings.Fields(what)
		if !ok || len(words) != 3 || why == "" {
			t.Fatalf("refused.txt: %q is not FROM TO PATH: reason", line)
		}
		list = append(list, Refusal{words[0], words[1], words[2], why})
	}
	return list
}
