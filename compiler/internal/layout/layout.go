package layout

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

const step = 2 // columns a level

// Format returns the text in the common layout. The text is valid YAML or JSON.
func Format(text []byte) []byte {
	text = bytes.TrimPrefix(text, []byte("\uFEFF"))
	if json.Valid(text) && len(bytes.TrimSpace(text)) > 0 {
		return formatJSON(text)
	}
	before, ok := parse(text)
	if !ok {
		return text
	}
	// The first candidate that means the same is taken.
	unix := bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	if bytes.ContainsAny(unix, "\r\u0085\u2028\u2029") {
		return text // YAML 1.1 ends lines there too
	}
	for _, indent := range []bool{true, false} {
		candidate := format(unix, indent)
		if after, ok := parse(candidate); ok && same(before, after) {
			return candidate
		}
	}
	return text
}

// formatJSON keeps a file JSON.
func formatJSON(text []byte) []byte {
	var out bytes.Buffer
	if json.Indent(&out, bytes.TrimSpace(text), "", strings.Repeat(" ", step)) != nil {
		return text
	}
	out.WriteByte('\n')
	return out.Bytes()
}

func parse(text []byte) (documents []*yaml.Node, ok bool) {
	defer func() {
		if recover() != nil { // the library panics on some texts
			ok = false
		}
	}()
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	for {
		var document yaml.Node
		switch err := decoder.Decode(&document); err {
		case nil:
			documents = append(documents, &document)
		case io.EOF:
			return documents, true
		default:
			return nil, false
		}
	}
}

// same reports whether two texts hold the same values and the same comments.
func same(a, b []*yaml.Node) bool {
	return slices.EqualFunc(a, b, sameNode)
}

func sameNode(a, b *yaml.Node) bool {
	if a.Kind != b.Kind || a.Tag != b.Tag || a.Value != b.Value || a.Anchor != b.Anchor || a.Style != b.Style {
		return false
	}
	return slices.EqualFunc(a.Content, b.Content, sameNode)
}

// format lays a text out; without indent only what is at the ends of lines changes.
func format(text []byte, indent bool) []byte {
	f := &formatter{lines: strings.Split(string(text), "\n")}
	f.places = make([]place, len(f.lines))
	documents, ok := parse(text)
	if !ok {
		return text
	}
	for _, document := range documents {
		for _, node := range document.Content {
			f.block(node, 0)
		}
	}
	f.scalars(documents)
	if indent {
		f.move()
	}
	return f.print()
}

// place is what is known of a line.
type place struct {
	known   bool // a key or an item begins the line
	column  int  // where the first of them stands, from 0
	want    int  // where it should
	rest    int  // column behind the dashes of items, from 0
	dashes  int  // how many items begin on the line
	literal bool // content of a block scalar: its bytes are a value
}

type formatter struct {
	lines  []string
	places []place
}

// at notes that a node begins at a column and should at another; only the first
// node of a line counts.
func (f *formatter) at(line, column, want int) {
	if p := &f.places[line]; !p.known {
		p.known, p.column, p.want, p.rest = true, column, want, column
	}
}

// block visits the keys and items of a block collection that should stand at want.
func (f *formatter) block(node *yaml.Node, want int) {
	if node.Style&yaml.FlowStyle != 0 {
		return
	}
	switch node.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(node.Content); i += 2 {
			key, value := node.Content[i], node.Content[i+1]
			f.at(key.Line-1, f.start(key), want)
			f.block(value, want+step)
		}
	case yaml.SequenceNode:
		for _, item := range node.Content {
			line, column, ok := f.dash(node, item)
			if !ok {
				continue
			}
			f.at(line, column, want)
			if line == item.Line-1 {
				f.places[line].dashes++
				f.places[line].rest = f.start(item)
			}
			f.block(item, want+step)
		}
	}
}

// start returns the column at which a node begins, with its anchor and tag.
func (f *formatter) start(node *yaml.Node) int { return node.Column - 1 }

// dash returns the place of the dash of an item: all of a sequence stand in the
// column in which the sequence begins.
func (f *formatter) dash(sequence, item *yaml.Node) (line, column int, ok bool) {
	column = sequence.Column - 1
	for line = item.Line - 1; line >= sequence.Line-1; line-- {
		text := f.lines[line]
		if column < len(text) && column >= 0 && text[column] == '-' && (column+1 == len(text) || text[column+1] == ' ') {
			return line, column, true
		}
	}
	return 0, 0, false
}

// scalars notes the lines that belong to the value of an earlier line.
func (f *formatter) scalars(nodes []*yaml.Node) {
	for _, node := range nodes {
		if node.Kind == yaml.ScalarNode && node.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
			f.literal(node)
		}
		f.scalars(node.Content)
	}
}

// literal notes the content of a block scalar: the lines up to the next one that
// stands no deeper than the line on which the scalar begins.
func (f *formatter) literal(node *yaml.Node) {
	owner := node.Line - 1
	limit := indentOf(f.lines[owner])
	if f.places[owner].known && f.places[owner].rest > limit {
		limit = f.places[owner].rest
	}
	for line := owner + 1; line < len(f.lines); line++ {
		text := f.lines[line]
		if strings.TrimSpace(text) != "" && (f.places[line].known || indentOf(text) <= limit) {
			return
		}
		f.places[line].literal = true
	}
}

func indentOf(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }
