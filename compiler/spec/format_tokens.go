package spec

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// The YAML library tells where values begin, and mixes up some comments. So the text
// between the values is read here, where nothing but marks and comments can stand.

// token is a mark, a value or a comment of a YAML text.
type token struct {
	sign   byte   // one of - ? : , [ ] { }, or one of the signs below
	text   string // of comments, directives, anchors and tags
	node   *yaml.Node
	block  *block // of a literal or folded value
	line   int
	column int
	behind bool // something else stands before it on its line
	blank  bool // an empty line stands above it
	long   bool // a value that takes several lines
}

// The signs of tokens that are no marks.
const (
	signValue     = 'v'
	signComment   = '#'
	signProperty  = '&' // an anchor or a tag
	signDirective = '%'
	signDocument  = '=' // ---
)

// lexer walks a text from value to value.
type lexer struct {
	text     string
	lines    []int        // offsets
	values   []*yaml.Node // scalars and aliases to come, in the order of the text
	first    int          // offset of the first of them
	tokens   []token
	offset   int
	line     int
	newlines int  // since the last token
	used     bool // something stands before on the line
}

// tokensOf reads the tokens of a text that holds one document. The nodes are those
// that the library made of the same text.
func tokensOf(text string, root *yaml.Node) []token {
	l := &lexer{text: text, newlines: 1}
	l.lines = lineStarts(text)
	l.collect(root)
	l.findFirst()
	for l.offset < len(text) {
		l.next()
	}
	return l.tokens
}

// lineStarts returns the offsets of the lines as the library counts them: YAML 1.1
// has three more ends of lines.
func lineStarts(text string) []int {
	starts := []int{0}
	for i, r := range text {
		switch r {
		case '\n', '\u0085', '\u2028', '\u2029':
			starts = append(starts, i+utf8.RuneLen(r))
		}
	}
	return starts
}

// collect lists the values that have a text of their own.
func (l *lexer) collect(n *yaml.Node) {
	switch {
	case n.Kind == yaml.AliasNode || n.Kind == yaml.ScalarNode && !empty(n):
		l.values = append(l.values, n)
	case n.Kind != yaml.ScalarNode:
		for _, child := range n.Content {
			l.collect(child)
		}
	}
}

// empty reports a value that is said by nothing at all: a null.
func empty(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Value == "" && n.Style&^yaml.TaggedStyle == 0
}

// findFirst finds the place of the next value.
func (l *lexer) findFirst() {
	l.first = len(l.text)
	if len(l.values) == 0 || l.values[0].Line < 1 || l.values[0].Line > len(l.lines) {
		return
	}
	l.first = l.lines[l.values[0].Line-1]
	for range l.values[0].Column - 1 {
		_, size := utf8.DecodeRuneInString(l.text[l.first:])
		l.first += size
	}
}

func (l *lexer) add(t token, end int) {
	t.line = l.line
	t.column = l.offset - (strings.LastIndexByte(l.text[:l.offset], '\n') + 1)
	t.behind, t.blank = l.used, l.newlines > 1
	l.tokens = append(l.tokens, t)
	l.line += strings.Count(l.text[l.offset:end], "\n")
	l.newlines, l.used = 0, true
	l.offset = end
}

// next reads one token, or passes over white space.
func (l *lexer) next() {
	rest := l.text[l.offset:]
	begin := !l.used && (l.offset == 0 || l.text[l.offset-1] == '\n')
	switch c := rest[0]; {
	case c == '\n':
		l.newlines++
		l.line++
		l.used = false
		l.offset++
	case c == ' ' || c == '\t':
		l.offset++
	case c == '#':
		l.add(token{sign: signComment, text: strings.TrimRight(lineOf(rest), " \t")}, l.offset+len(lineOf(rest)))
	case begin && c == '%':
		l.add(token{sign: signDirective, text: strings.TrimRight(lineOf(rest), " \t")}, l.offset+len(lineOf(rest)))
	case begin && marker(rest, "---"):
		l.add(token{sign: signDocument}, l.offset+3)
	case begin && marker(rest, "..."):
		l.offset += 3
	case c == '&' || c == '!':
		end := propertyEnd(rest)
		l.add(token{sign: signProperty, text: rest[:end]}, l.offset+end)
	case l.offset >= l.first:
		l.value()
	default:
		_, size := utf8.DecodeRuneInString(rest)
		l.add(token{sign: c}, l.offset+size)
	}
}

func lineOf(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

func marker(s, mark string) bool {
	rest, ok := strings.CutPrefix(s, mark)
	return ok && (rest == "" || strings.ContainsAny(rest[:1], " \t\n"))
}

func propertyEnd(s string) int {
	if strings.HasPrefix(s, "!<") {
		return strings.IndexByte(s+">", '>') + 1
	}
	if end := strings.IndexAny(s, " \t\n,[]{}"); end > 0 {
		return end
	}
	return len(s)
}

// value reads a scalar or an alias.
func (l *lexer) value() {
	n := l.values[0]
	l.values = l.values[1:]
	l.findFirst()
	t := token{sign: signValue, node: n}
	rest := l.text[l.offset:]
	var end int
	switch {
	case n.Kind == yaml.AliasNode:
		end = 1 + len(n.Value)
	case n.Style&yaml.DoubleQuotedStyle != 0:
		end = closingQuote(rest, '"')
	case n.Style&yaml.SingleQuotedStyle != 0:
		end = closingQuote(rest, '\'')
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		l.blockValue(t)
		return
	default:
		end = plainEnd(rest, n.Value)
	}
	end = min(end, len(rest))
	t.long = strings.Contains(rest[:end], "\n")
	l.add(t, l.offset+end)
}

func closingQuote(s string, quote byte) int {
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '\\' && quote == '"':
			i++
		case s[i] == quote && quote == '\'' && i+1 < len(s) && s[i+1] == quote:
			i++
		case s[i] == quote:
			return i + 1
		}
	}
	return len(s)
}

// plainEnd returns where a value without quotes ends: line ends and what stands
// around them count for nothing.
func plainEnd(s, value string) int {
	i := 0
	for _, r := range value {
		if isSpace(r) {
			continue
		}
		for i < len(s) {
			next, size := utf8.DecodeRuneInString(s[i:])
			i += size
			if next == r || !isSpace(next) {
				break
			}
		}
	}
	return i
}

func isSpace(r rune) bool {
	return r == ' ' || r == '\t' || r == '\n' || r == '\u0085' || r == '\u2028' || r == '\u2029'
}

// blockValue reads a literal or folded value, and the comment in its header.
func (l *lexer) blockValue(t token) {
	n := t.node
	rest := l.text[l.offset:]
	header := lineOf(rest)
	comment := strings.IndexByte(header, '#')
	if comment < 0 {
		comment = len(header)
	}
	lines := strings.Split(strings.TrimPrefix(rest[len(header):], "\n"), "\n")
	indent := leadingSpaces(firstText(lines)) - leadingSpaces(firstText(strings.Split(n.Value, "\n")))
	count, last := 0, 0
	for count < len(lines) && (strings.TrimSpace(lines[count]) == "" || firstText(strings.Split(n.Value, "\n")) != "" && leadingSpaces(lines[count]) >= indent) {
		if strings.TrimSpace(lines[count]) != "" {
			last = count + 1
		}
		count++
	}
	t.block = &block{style: header[0]}
	for _, line := range lines[:last] {
		t.block.lines = append(t.block.lines, line[min(max(indent, 0), len(line)):])
	}
	ends := len(n.Value) - len(strings.TrimRight(n.Value, "\n"))
	keeps := strings.Contains(header[:comment], "+")
	switch {
	case last == 0:
		t.block = nil // nothing but white space: quotes show it
	case ends == 0:
		t.block.chomp = "-"
	case ends > 1:
		t.block.chomp = "+"
		for range ends - 1 {
			t.block.lines = append(t.block.lines, "")
		}
	}
	l.add(t, l.offset+len(strings.TrimRight(header[:comment], " \t")))
	for l.offset < len(l.text) && l.text[l.offset] != '\n' {
		l.next() // the comment of the header
	}
	body := last
	if keeps {
		body = count
	}
	for range body {
		if i := strings.IndexByte(l.text[l.offset+1:], '\n'); i >= 0 && l.offset+1 <= len(l.text) {
			l.offset += 1 + i
			l.line++
			continue
		}
		l.offset = len(l.text)
	}
}

func firstText(lines []string) string {
	for _, line := range lines {
		if strings.TrimSpace(line) != "" {
			return line
		}
	}
	return ""
}

func leadingSpaces(s string) int { return len(s) - len(strings.TrimLeft(s, " ")) }

// unixText returns a text without byte order mark and with one kind of line ends.
func unixText(data []byte) string {
	data = bytes.TrimPrefix(data, []byte("\uFEFF"))
	data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	return string(bytes.ReplaceAll(data, []byte("\r"), []byte("\n")))
}
