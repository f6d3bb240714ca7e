package tree

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"go.yaml.in/yaml/v3"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/source"
)

// parseYAML reads the documents one after the other, so that the library's
// larger nodes of a document are garbage before the next one is read.
func parseYAML(f *source.File, limits Limits) ([]*Node, diag.List) {
	// The library builds all nodes before any can be counted here.
	if len(f.Data) > limits.Nodes/2 {
		scan := scanText(f.Data)
		if scan.nodes > limits.Nodes {
			return nil, diag.List{tooManyNodes(limits.Nodes, source.Range{File: f})}
		}
	}
	c := newConverter(f, limits)
	input := prepare(f.Data)
	decoder := yaml.NewDecoder(bytes.NewReader(input))
	var documents []*Node
	for !c.stopped {
		var document yaml.Node
		err := decode(decoder, &document)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			c.list = append(c.list, explainSyntax(f, input, err.Error(), limits))
			break
		}
		if node := c.document(&document); node != nil {
			documents = append(documents, node)
		}
	}
	return documents, c.list
}

// decode reads the next document. The library panics on some broken texts; such
// a panic becomes an error.
func decode(decoder *yaml.Decoder, into *yaml.Node) (err error) {
	defer func() {
		if problem := recover(); problem != nil {
			err = fmt.Errorf("yaml: %v", problem)
		}
	}()
	return decoder.Decode(into)
}

// prepare returns the text as the library reads it right. Lines and columns stay
// as they are.
func prepare(data []byte) []byte {
	// The library mixes up comments between Windows line ends.
	if bytes.Contains(data, []byte("\r\n")) {
		data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	}
	return acceptVersion(data)
}

// acceptVersion turns a directive %YAML 1.2 at the start of a text into the 1.1
// that the library accepts. It has no effect on how scalars are understood here.
func acceptVersion(data []byte) []byte {
	for start := 0; start < len(data); start = lineEnd(data, start) + 1 {
		line := data[start:lineEnd(data, start)]
		if bytes.HasPrefix(line, []byte("%YAML 1.2")) {
			data = bytes.Clone(data)
			copy(data[start:], "%YAML 1.1")
			return data
		}
		if len(line) > 0 && line[0] != '%' && line[0] != '#' {
			break
		}
	}
	return data
}
