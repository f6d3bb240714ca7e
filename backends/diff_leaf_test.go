package backends_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"go.yaml.in/yaml/v3"

	"github.com/decamp-dev/decamp/backends"
	"github.com/decamp-dev/decamp/compiler"
	"github.com/decamp-dev/decamp/compiler/diff"
	"github.com/decamp-dev/decamp/testdata/corpus"
)

// leaf is a single value of a file.
type leaf struct {
	path []string
	node *yaml.Node
	to   string
}

// handles are keys whose values are names: a change of one takes a thing away and puts
// another one there, with all that hangs on it.
var handles = []string{"name", "namespace", "kind", "apiVersion", "selector", "matchLabels", "labels", "app", "key", "image", "claimName", "serviceName", "serviceAccountName",
	"protocol", "port", "targetPort", "nodePort", "containerPort", "mountPath", "type", "clusterIP", "restartPolicy", "strategy", "depends_on", "networks", "volumes", "ports", "annotations", "accessModes", "build"}

// Each leaf of real files, changed, is one change of the app, at the place of that leaf;
// and the other way round the same. A leaf that says two things of an app (the test of a
// healthcheck is that of two probes) is a change of both, at one place. Names, and what is
// told by them, are left out: there a change of one word is a change of several things.
func TestEachLeafIsOneChange(t *testing.T) {
	root := corpus.Root(t)
	for _, test := range []struct{ from, path string }{
		{"compose", "compose/sock-shop/deploy/docker-compose/docker-compose.yml"},
		{"compose", "compose/example-voting-app/docker-compose.yml"},
		{"kubernetes", "k8s/sock-shop/deploy/kubernetes/manifests/09-front-end-dep.yaml"},
		{"kubernetes", "k8s/sock-shop/deploy/kubernetes/manifests/17-queue-master-dep.yaml"},
		{"kubernetes", "k8s/sock-shop/deploy/kubernetes/manifests/25-user-dep.yaml"},
	} {
		t.Run(test.path, func(t *testing.T) { eachLeaf(t, root, test.from, test.path) })
	}
}

func eachLeaf(t *testing.T, root, from, path string) {
	set := backends.All()
	text, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	side := func(text []byte) (diff.Side, bool) {
		files := fstest.MapFS{"file.yaml": &fstest.MapFile{Data: text}}
		return sideOf(set, compiler.ReadRequest{FS: files, From: from, Paths: []string{"file.yaml"}, Name: "app", Bake: true})
	}
	before, ok := side(text)
	if !ok {
		t.Fatal("it cannot be read")
	}
	var one, several, none, exact int
	for _, l := range leavesOf(t, text) {
		after, ok := side(replaced(text, l))
		if !ok {
			continue // it makes no sense any more, and that is said
		}
		changes := compiler.Diff(set, before, after, compiler.Request{}, nil).Changes
		switch len(changes) {
		case 0:
			none++
			continue
		case 1:
			one++
		default:
			several++
		}
		for _, c := range changes {
			at := c.AtB
			if c.Sort == diff.Removed {
				at = c.AtA
			}
			line := int32(l.node.Line)
			if at.Start.Line == line {
				exact++
			} else if c.Kind != "platform" && (at.File == nil || line < at.Start.Line || line > max(at.End.Line, at.Start.Line)) {
				t.Errorf("line %d, %s: the change of %s is said to be at %s", l.node.Line, strings.Join(l.path, "."), c.Path, at)
			}
		}
		if back := compiler.Diff(set, after, before, compiler.Request{}, nil).Changes; len(back) != len(changes) {
			t.Errorf("line %d, %s: %d changes, and %d the other way round", l.node.Line, strings.Join(l.path, "."), len(changes), len(back))
		}
	}
	t.Logf("%d leaves are one change, %d several; %d changes are at the very line; %d leaves say nothing of the app", one, several, exact, none)
	if one < 6 || several > one || none > one/2 || 2*exact < one {
		t.Errorf("%d leaves are one change, %d several, %d changes are at the very line, %d leaves say nothing", one, several, exact, none)
	}
}

// leavesOf returns the leaves of all documents that are no names.
func leavesOf(t *testing.T, text []byte) []leaf {
	t.Helper()
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	var leaves []leaf
	var walk func(n *yaml.Node, path []string)
	walk = func(n *yaml.Node, path []string) {
		switch n.Kind {
		case yaml.DocumentNode:
			walk(n.Content[0], path)
		case yaml.MappingNode:
			for i := 0; i+1 < len(n.Content); i += 2 {
				walk(n.Content[i+1], append(slices.Clone(path), n.Content[i].Value))
			}
		case yaml.SequenceNode:
			for i, c := range n.Content {
				walk(c, append(slices.Clone(path), strconv.Itoa(i)))
			}
		case yaml.ScalarNode:
			if slices.ContainsFunc(path, func(key string) bool { return slices.Contains(handles, key) }) {
				return
			}
			if to := otherValue(n); to != "" {
				leaves = append(leaves, leaf{path, n, to})
			}
		}
	}
	for {
		var n yaml.Node
		err := decoder.Decode(&n)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		walk(&n, nil)
	}
	return leaves
}

// otherValue returns another value of the same sort; "" where none is known.
func otherValue(n *yaml.Node) string {
	if n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 || strings.Contains(n.Value, "\n") {
		return ""
	}
	switch n.Tag {
	case "!!int":
		number, err := strconv.Atoi(n.Value)
		if err != nil {
			return ""
		}
		return strconv.Itoa(number + 1)
	case "!!bool":
		return map[string]string{"true": "false", "false": "true"}[n.Value]
	case "!!str":
		if amount, unit, ok := quantity(n.Value); ok {
			return fmt.Sprintf("%d%s", amount+1, unit)
		}
		switch n.Value {
		case "always", "ALL", "all", "NET_BIND_SERVICE", "":
			return ""
		}
		return n.Value + "x"
	}
	return ""
}

// quantity divides "250m" and "10s".
func quantity(text string) (amount int, unit string, ok bool) {
	end := strings.IndexFunc(text, func(r rune) bool { return r < '0' || r > '9' })
	if end <= 0 || !slices.Contains([]string{"m", "Mi", "Gi", "M", "G", "s"}, text[end:]) {
		return 0, "", false
	}
	amount, err := strconv.Atoi(text[:end])
	return amount, text[end:], err == nil
}

// replaced is the text with one leaf changed, and all else where it was.
func replaced(text []byte, l leaf) []byte {
	lines := strings.SplitAfter(string(text), "\n")
	line := []rune(lines[l.node.Line-1])
	head, rest := string(line[:l.node.Column-1]), string(line[l.node.Column-1:])
	lines[l.node.Line-1] = head + strings.Replace(rest, l.node.Value, l.to, 1)
	return []byte(strings.Join(lines, ""))
}
