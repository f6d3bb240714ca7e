package spec

import (
	"fmt"
	"regexp"
	"sync"

	"go.yaml.in/yaml/v3"

	"github.com/decamp-dev/decamp/compiler/tree"
)

// layoutReader makes a layout of the tokens of a text and of the nodes that the
// library made of it. It gives each comment to the item that a person would say it
// belongs to: at the end of a line to what stands on the line, on a line of its own to
// what comes next, or, when it is indented like what came before, to that.
type layoutReader struct {
	tokens []token
	last   *item    // that the last token belongs to
	ended  []*value // blocks that ended with the last token, the innermost first
	tail   *token   // the comment that the next line may go on with
}

// outOfStep is raised when tokens and nodes do not go together.
type outOfStep struct{ token token }

// readLayout returns the layout of a text and the lines above its document.
func readLayout(text string, root *yaml.Node) (prologue []remark, layout *value, err error) {
	defer func() {
		if problem := recover(); problem != nil {
			step, ok := problem.(outOfStep)
			if !ok {
				panic(problem)
			}
			err = fmt.Errorf("line %d", step.token.line+1)
		}
	}()
	r := &layoutReader{tokens: tokensOf(text, root)}
	prologue = r.prologue()
	layout = r.value(&item{}, root, 0)
	r.end(layout)
	return prologue, layout, nil
}

// prologue takes what stands up to the mark at which the document begins, if it has
// one.
func (r *layoutReader) prologue() []remark {
	var lines []remark
	for i, t := range r.tokens {
		switch t.sign {
		case signComment, signDirective:
			lines = append(lines, remark{t.text, t.blank})
			continue
		case signDocument:
			r.tokens = r.tokens[i+1:]
			return append(lines, remark{"---", t.blank})
		}
		break
	}
	return nil
}

// end gives the comments below the last value to their blocks.
func (r *layoutReader) end(root *value) {
	nothing := &item{}
	for len(r.tokens) > 0 {
		t := r.tokens[0]
		r.tokens = r.tokens[1:]
		switch t.sign {
		case signComment:
			r.comment(t, func(c remark) { r.below(t, c, nothing, -1) })
		case ',', ':', '?', signDocument:
		default:
			panic(outOfStep{t})
		}
	}
	root.foot = append(root.foot, nothing.head...)
}

// take returns the next token that is no comment and no separator. Comments before it
// are given to place, if they do not belong to the line before.
func (r *layoutReader) take(sign byte, place func(token, remark)) token {
	t := r.peek(place)
	if t.sign != sign {
		panic(outOfStep{t})
	}
	r.tokens = r.tokens[1:]
	r.tail = nil
	return t
}

// peek passes over comments and separators.
func (r *layoutReader) peek(place func(token, remark)) token {
	for len(r.tokens) > 0 {
		t := r.tokens[0]
		switch t.sign {
		case signComment:
			r.comment(t, func(c remark) { place(t, c) })
		case ',', ':', '?':
		default:
			return t
		}
		r.tokens = r.tokens[1:]
	}
	return token{}
}

// comment gives a comment to the line that it ends or goes on with, else to place.
func (r *layoutReader) comment(t token, place func(remark)) {
	switch {
	case t.behind && r.last != nil:
		r.last.raise() // there is room for one
		r.last.line = []string{t.text}
		r.tail = &t
	case r.tail != nil && r.tail.line+1 == t.line && r.tail.column == t.column && len(r.last.line) > 0:
		r.last.line = append(r.last.line, t.text)
		r.tail = &t
	default:
		r.tail = nil
		place(remark{t.text, t.blank})
	}
}

// below gives a comment to the block that it is indented like, if that has ended and
// stands deeper than column, else to the item that comes next.
func (r *layoutReader) below(t token, c remark, next *item, column int) {
	if len(next.head) == 0 {
		for len(r.ended) > 0 {
			b := r.ended[0]
			if b.column > column && b.column <= t.column && (len(r.ended) == 1 || r.ended[1].column != b.column) {
				b.foot = append(b.foot, c)
				return
			}
			r.ended = r.ended[1:]
		}
	}
	next.head = append(next.head, c)
}

// above returns a place for comments that stand inside of an item: above it.
func above(it *item) func(token, remark) {
	return func(_ token, c remark) { it.above(c) }
}

// begin finds the token with which an item of a block or of brackets begins.
func (r *layoutReader) begin(it *item) token {
	// The column of what comes next decides where comments before it belong.
	column := 0
	for _, t := range r.tokens {
		if t.sign != signComment && t.sign != ',' && t.sign != ':' && t.sign != '?' {
			column = t.column
			break
		}
	}
	t := r.peek(func(t token, c remark) { r.below(t, c, it, column) })
	it.blank = t.blank
	r.ended = nil
	return t
}

// value reads the value of an item.
func (r *layoutReader) value(it *item, n *yaml.Node, depth int) *value {
	v := &value{props: r.properties(it, n)}
	switch n.Kind {
	case yaml.AliasNode:
		r.take(signValue, above(it))
		r.last = it
		v.form, v.scalar = aliasForm, scalar{text: n.Value}
	case yaml.ScalarNode:
		v.form = scalarForm
		if empty(n) {
			v.scalar = scalar{kind: tree.Null, plain: true}
			break
		}
		v.scalar = scalarOf(n, r.take(signValue, above(it)), 2*depth)
		r.last = it
	case yaml.MappingNode:
		v.form = mappingForm
		r.collection(it, n, v, '{', '}', func() {
			for i := 0; i+1 < len(n.Content); i += 2 {
				member := &item{}
				t := r.begin(member)
				r.column(v, t, i)
				r.last = member
				member.key = r.value(member, n.Content[i], depth+1)
				member.key.scalar.key, member.key.scalar.block = true, nil
				r.last = member
				member.value = r.value(member, n.Content[i+1], depth+1)
				v.items = append(v.items, member)
			}
		})
	case yaml.SequenceNode:
		v.form = sequenceForm
		r.collection(it, n, v, '[', ']', func() {
			for i, child := range n.Content {
				member := &item{}
				t := r.begin(member)
				r.column(v, t, i)
				if n.Style&yaml.FlowStyle == 0 {
					r.take('-', above(member))
				}
				r.last = member
				member.value = r.value(member, child, depth+1)
				v.items = append(v.items, member)
			}
		})
	}
	return v
}

func (r *layoutReader) column(v *value, t token, i int) {
	if i == 0 {
		v.column = t.column
	}
}

// collection reads the brackets around the items, if there are any.
func (r *layoutReader) collection(it *item, n *yaml.Node, v *value, opening, closing byte, items func()) {
	v.flow = n.Style&yaml.FlowStyle != 0
	brackets := false
	if v.flow {
		// A pair in a list, as in [a: b], has no brackets of its own.
		brackets = r.peek(above(it)).sign == opening
	}
	if brackets {
		r.take(opening, above(it))
		r.last = it
	}
	items()
	if !v.flow {
		r.ended = append(r.ended, v)
		return
	}
	if brackets {
		r.take(closing, func(_ token, c remark) {
			if len(v.items) == 0 {
				it.above(c)
			} else {
				v.foot = append(v.foot, c)
			}
		})
	}
	r.last = it
}

// properties reads the anchor and the tag of a node as they are written.
func (r *layoutReader) properties(it *item, n *yaml.Node) string {
	count := 0
	if n.Anchor != "" && n.Kind != yaml.AliasNode {
		count++
	}
	if n.Style&yaml.TaggedStyle != 0 {
		count++
	}
	text := ""
	for range count {
		if text != "" {
			text += " "
		}
		text += r.take(signProperty, above(it)).text
		r.last = it
	}
	return text
}

// scalarOf returns a scalar and how it was written.
func scalarOf(n *yaml.Node, t token, indent int) scalar {
	s := scalar{text: n.Value, kind: tree.String, tagged: n.Style&yaml.TaggedStyle != 0, block: t.block}
	if n.Style&^yaml.TaggedStyle == 0 {
		s.plain = true
		if !s.tagged {
			s.kind = kindOf(n.Value)
		}
	}
	if t.long && s.kind == tree.String && indent+columns(s.text) > lineWidth && !s.tagged {
		s.block = foldedBlock(s.text, lineWidth-indent)
	}
	return s
}

// coreNumber are the numbers of YAML 1.2.
var coreNumber = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^([-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$`)
})

// kindOf returns the kind of an unquoted scalar by YAML 1.2; Float for every number.
func kindOf(text string) tree.Kind {
	switch text {
	case "~", "null", "Null", "NULL":
		return tree.Null
	case "true", "True", "TRUE", "false", "False", "FALSE":
		return tree.Bool
	}
	if coreNumber().MatchString(text) {
		return tree.Float
	}
	return tree.String
}
