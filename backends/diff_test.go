package backends_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"go.yaml.in/yaml/v3"

	"github.com/decamp-dev/decamp/backends"
	"github.com/decamp-dev/decamp/compiler"
	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diff"
	"github.com/decamp-dev/decamp/testdata/corpus"
)

// sideOf reads a unit; false where it cannot be read.
func sideOf(set backend.Set, request compiler.ReadRequest) (diff.Side, bool) {
	reading, from, list := compiler.Read(set, request)
	return diff.Side{App: reading.App, Platform: from}, reading.App != nil && from != nil && !list.HasErrors()
}

// Every file of the corpus says the same as itself when it is read twice, and when it
// is laid out anew: with other indentation, other quotes, and blocks for braces.
func TestCorpusIsTheSameAsItself(t *testing.T) {
	root := corpus.Root(t)
	set := backends.All()
	for _, b := range set.Readers() {
		read, laidOut := 0, 0
		for _, u := range corpus.Units(t, root, b.Name) {
			request, err := u.Request(root, b.Name)
			if err != nil {
				continue
			}
			corpus.GiveVariables(set, &request)
			first, ok := sideOf(set, request)
			if !ok {
				continue
			}
			read++
			second, _ := sideOf(set, request)
			if changes := compiler.Diff(set, first, second, compiler.Request{}, nil).Changes; len(changes) > 0 {
				t.Errorf("%s: it differs from itself: %s", u.Path, summaryOf(changes))
			}
			files, ok := laidOutAnew(request)
			if !ok {
				continue
			}
			request.FS = files
			second, ok = sideOf(set, request)
			if !ok {
				t.Errorf("%s: it cannot be read once it is laid out anew", u.Path)
				continue
			}
			laidOut++
			if changes := compiler.Diff(set, first, second, compiler.Request{}, nil).Changes; len(changes) > 0 {
				t.Errorf("%s: layout makes a difference: %s", u.Path, summaryOf(changes))
			}
		}
		t.Logf("%s: %d units were read, %d of them laid out anew", b.Name, read, laidOut)
		if units := len(corpus.Units(t, root, b.Name)); units > 0 && (read < min(40, units*2/3) || laidOut < read/2) {
			t.Errorf("%s: only %d units were read, and %d laid out anew", b.Name, read, laidOut)
		}
	}
}

func summaryOf(changes []diff.Change) string {
	var lines []string
	for i, c := range changes {
		if i == 3 {
			lines = append(lines, fmt.Sprintf("and %d more", len(changes)-i))
			break
		}
		lines = append(lines, fmt.Sprintf("%s %s: %q → %q", c.Sort, c.Path, c.A, c.B))
	}
	return strings.Join(lines, "; ")
}

// overlaid is a file system with some files replaced.
type overlaid struct {
	fs.FS
	over fstest.MapFS
}

// Open implements fs.FS.
func (o overlaid) Open(name string) (fs.File, error) {
	if _, ok := o.over[name]; ok {
		return o.over.Open(name)
	}
	return o.FS.Open(name)
}

// laidOutAnew writes the files of a request in another layout.
func laidOutAnew(request compiler.ReadRequest) (fs.FS, bool) {
	over := fstest.MapFS{}
	for _, name := range request.Paths {
		data, err := fs.ReadFile(request.FS, name)
		if err != nil {
			return nil, false
		}
		other, ok := anew(name, data)
		if !ok {
			return nil, false
		}
		over[name] = &fstest.MapFile{Data: other}
	}
	return overlaid{request.FS, over}, true
}

// anew lays out a text: YAML and JSON as YAML, HCL as its own formatter does, each with
// comments.
func anew(name string, data []byte) ([]byte, bool) {
	if strings.HasSuffix(name, ".hcl") || strings.HasSuffix(name, ".nomad") {
		if bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")) {
			return nil, false
		}
		return append([]byte("# laid out anew\n\n\n"), hclwrite.Format(data)...), true
	}
	var out bytes.Buffer
	decoder, encoder := yaml.NewDecoder(bytes.NewReader(data)), yaml.NewEncoder(&out)
	encoder.SetIndent(7)
	for {
		var n yaml.Node
		err := decoder.Decode(&n)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, false
		}
		restyle(&n)
		if encoder.Encode(&n) != nil {
			return nil, false
		}
	}
	return out.Bytes(), encoder.Close() == nil && out.Len() > 0 && !strings.HasSuffix(name, ".json")
}

// restyle changes how a node is written and not what it says.
func restyle(n *yaml.Node) {
	switch n.Kind {
	case yaml.MappingNode, yaml.SequenceNode:
		n.Style ^= yaml.FlowStyle
		if n.Style&yaml.FlowStyle != 0 && holdsLines(n) {
			n.Style &^= yaml.FlowStyle
		}
	case yaml.ScalarNode:
		if n.Tag == "!!null" {
			n.Value = "null" // the library writes an empty one as a text
		}
		if n.Style == yaml.FoldedStyle {
			n.Style = yaml.DoubleQuotedStyle // the library folds some lines wrongly
		}
		if n.Style == yaml.DoubleQuotedStyle && !strings.ContainsAny(n.Value, "\n") {
			n.Style = yaml.SingleQuotedStyle
		} else if n.Style == yaml.SingleQuotedStyle {
			n.Style = yaml.DoubleQuotedStyle
		}
	}
	n.HeadComment, n.LineComment, n.FootComment = "", "", ""
	for _, c := range n.Content {
		restyle(c)
	}
}

// holdsLines reports whether braces would have to hold what they cannot: texts of
// several lines, anchors, much.
func holdsLines(n *yaml.Node) bool {
	if len(n.Content) > 8 {
		return true
	}
	for _, c := range n.Content {
		if c.Kind == yaml.AliasNode || c.Anchor != "" || strings.Contains(c.Value, "\n") || strings.ContainsAny(c.Value, ",{}[]#") || holdsLines(c) {
			return true
		}
	}
	return false
}
