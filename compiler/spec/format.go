package spec

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/source"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// CodeNotFormatted is raised for a spec that cannot be laid out without a change of
// what it says.
const CodeNotFormatted diag.Code = "not-formatted"

// Format returns the text of a spec in the one common layout: two spaces a level,
// dashes under their key, brackets where their author wrote them and they fit, quotes
// where they are needed, one empty line between sections. The order of keys, comments,
// single empty lines, anchors, aliases and blocks of text stay. JSON stays JSON.
//
// What the text means and every comment are held against the result; a text that
// cannot be laid out is returned as it is, beside an error.
func Format(f *source.File) ([]byte, diag.List) {
	document, list := Parse(f, tree.Limits{})
	if document == nil {
		return f.Data, list
	}
	if json.Valid(f.Data) {
		var out bytes.Buffer
		_ = json.Indent(&out, bytes.TrimSpace(f.Data), "", "  ") // it is valid
		return append(out.Bytes(), '\n'), nil
	}
	text, err := format(f.Data)
	if err == nil {
		err = unharmed(f, document.Root, text)
	}
	if err != nil {
		return f.Data, diag.List{{Severity: diag.Error, Code: CodeNotFormatted, Subject: source.Range{File: f},
			Summary: "the spec cannot be laid out without a change of what it says",
			Detail:  fmt.Sprintf("The file stays as it is (%s). It uses a form of YAML that is read and not written here; write that place in a plainer form.", err)}}
	}
	return text, nil
}

// format lays a YAML text out.
func format(data []byte) ([]byte, error) {
	text := unixText(data)
	root, err := parseNodes(text)
	if err != nil {
		return nil, err
	}
	prologue, layout, err := readLayout(text, root)
	if err != nil {
		return nil, err
	}
	layout.flow = false
	return writeLayout(prologue, layout), nil
}

// parseNodes returns the library's tree of a text, which still has anchors and
// aliases.
func parseNodes(text string) (root *yaml.Node, err error) {
	defer func() {
		if problem := recover(); problem != nil { // the library panics on some texts
			err = fmt.Errorf("yaml: %v", problem)
		}
	}()
	if strings.HasPrefix(text, "%YAML 1.2") || strings.Contains(text, "\n%YAML 1.2") {
		text = strings.Replace(text, "%YAML 1.2", "%YAML 1.1", 1) // which is as long
	}
	var document yaml.Node
	if err := yaml.Unmarshal([]byte(text), &document); err != nil {
		return nil, err
	}
	if len(document.Content) != 1 || document.Content[0].Kind != yaml.MappingNode {
		return nil, fmt.Errorf("the text does not begin with its document")
	}
	return document.Content[0], nil
}

// unharmed checks that a laid out text holds the values and the comments of the
// original.
func unharmed(f *source.File, before *tree.Node, text []byte) error {
	after, list := tree.Parse(source.NewFile(f.Name, text), tree.Limits{})
	if list.HasErrors() {
		return fmt.Errorf("%s", list[0].Summary)
	}
	if at, ok := differs(before, after); ok {
		return fmt.Errorf("line %d", at.Range().Start.Line)
	}
	old, err := commentsOf(f.Data)
	if err != nil {
		return err
	}
	written, err := commentsOf(text)
	if err == nil && !slices.Equal(old, written) {
		err = fmt.Errorf("a comment has no place")
	}
	return err
}

// differs returns the first node of a tree that another tree has not. Nulls are the
// same however they are written.
func differs(a, b *tree.Node) (*tree.Node, bool) {
	if a == b {
		return nil, false
	}
	if a.Kind != b.Kind || a.Tag != b.Tag || a.Kind != tree.Null && a.Value != b.Value || len(a.Items) != len(b.Items) || len(a.Pairs) != len(b.Pairs) {
		return a, true
	}
	for i := range a.Items {
		if at, ok := differs(a.Items[i], b.Items[i]); ok {
			return at, true
		}
	}
	for i := range a.Pairs {
		if at, ok := differs(a.Pairs[i].Key, b.Pairs[i].Key); ok {
			return at, true
		}
		if at, ok := differs(a.Pairs[i].Value, b.Pairs[i].Value); ok {
			return at, true
		}
	}
	return nil, false
}

// commentsOf returns the comments of a text, sorted.
func commentsOf(data []byte) ([]string, error) {
	text := unixText(data)
	root, err := parseNodes(text)
	if err != nil {
		return nil, err
	}
	var comments []string
	for _, t := range tokensOf(text, root) {
		if t.sign == signComment {
			comments = append(comments, t.text)
		}
	}
	slices.Sort(comments)
	return comments, nil
}
