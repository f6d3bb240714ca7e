package tree

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/source"
)

// Limits bound what Parse accepts. A zero field means its default.
type Limits struct {
	Bytes int // length of the text; default 64 MiB
	Depth int // levels of nesting; default 200
	Nodes int // nodes after the expansion of aliases and merge keys; default 5,000,000
}

// The defaults of Limits.
const (
	DefaultBytes = 64 << 20
	DefaultDepth = 200
	DefaultNodes = 5_000_000
)

func (l Limits) withDefaults() Limits {
	if l.Bytes <= 0 {
		l.Bytes = DefaultBytes
	}
	if l.Depth <= 0 {
		l.Depth = DefaultDepth
	}
	if l.Nodes <= 0 {
		l.Nodes = DefaultNodes
	}
	return l
}

// Parse reads a file that holds at most one document. An empty file gives a Null
// node. After errors, the node holds what could be read; it is never nil.
func Parse(f *source.File, l Limits) (*Node, diag.List) {
	documents, list := ParseAll(f, l)
	if len(documents) == 0 {
		empty := &Node{Kind: Null}
		empty.setRange(f, firstPlace, firstPlace)
		return empty, list
	}
	if len(documents) > 1 {
		list = append(list, diag.Diagnostic{
			Severity: diag.Error,
			Code:     diag.CodeMultipleDocuments,
			Summary:  fmt.Sprintf("the file holds %d documents, and one is expected", len(documents)),
			Detail:   `A line "---" begins another document. Put each document into a file of its own.`,
			Subject:  documents[1].Range(),
			Related:  []diag.Related{{Range: documents[0].Range(), Message: "the first document is here"}},
		})
	}
	return documents[0], list
}

// ParseAll reads all documents of a YAML file, or the one value of a JSON file.
// Empty documents are left out. After errors, the nodes hold what could be read.
//
// A text is JSON when its file's name ends in .json, or when it begins with a
// brace or bracket and is valid JSON; everything else is YAML.
func ParseAll(f *source.File, l Limits) ([]*Node, diag.List) {
	limits := l.withDefaults()
	if len(f.Data) > limits.Bytes {
		return nil, diag.List{{
			Severity: diag.Error,
			Code:     diag.CodeTooLarge,
			Summary:  fmt.Sprintf("the file has %d bytes, more than the limit of %d", len(f.Data), limits.Bytes),
			Detail:   "Is this the right file? Split it when it is.",
			Subject:  source.Range{File: f},
		}}
	}
	if finding, bad := checkEncoding(f); bad {
		return nil, diag.List{finding}
	}
	named := strings.HasSuffix(strings.ToLower(f.Name), ".json")
	text := bytes.TrimLeft(f.Data, " \t\r\n")
	var documents []*Node
	var list diag.List
	if named && len(text) > 0 || len(text) > 0 && (text[0] == '{' || text[0] == '[') && json.Valid(text) {
		documents, list = parseJSON(f, limits)
	} else {
		documents, list = parseYAML(f, limits)
	}
	for i := range list {
		redact(&list[i])
	}
	return documents, list
}

// firstPlace is where every file begins.
var firstPlace = source.Pos{Line: 1, Column: 1}

// tooManyNodes is the finding for a file with more nodes than the limit.
func tooManyNodes(limit int, at source.Range) diag.Diagnostic {
	return diag.Diagnostic{
		Severity: diag.Error,
		Code:     diag.CodeTooLarge,
		Summary:  fmt.Sprintf("the file holds more than %d values", limit),
		Detail:   "Is this the right file? Split it when it is.",
		Subject:  at,
	}
}

// tooDeep is the finding for nesting beyond the limit.
func tooDeep(limit int, at source.Range) diag.Diagnostic {
	return diag.Diagnostic{
		Severity: diag.Error,
		Code:     diag.CodeTooDeep,
		Summary:  fmt.Sprintf("values are nested deeper than %d levels", limit),
		Detail:   "No configuration that people write is nested so deep. Look for brackets that are opened and never closed.",
		Subject:  at,
	}
}
