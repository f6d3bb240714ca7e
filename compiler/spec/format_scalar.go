package spec

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"unicode"

	"github.com/decamp-dev/decamp/compiler/tree"
)

// scalar is a single value and how it is to be written.
type scalar struct {
	text   string
	kind   tree.Kind // by YAML 1.2
	plain  bool      // a person wrote it without quotes
	key    bool      // it is the key of a mapping
	tagged bool      // its tag, not its form, says what it is
	block  *block    // it is written as a block of lines
}

// block is a literal or folded text: its header without the sign for its
// indentation, and its lines without their indentation.
type block struct {
	style byte   // | or >
	chomp string // "", "-" or "+"
	lines []string
}

// write returns the value on one line, for a place between brackets when flow is
// true.
func (s *scalar) write(flow bool) string {
	switch {
	case s.kind == tree.Null && s.text == "" && flow:
		return "null" // {a: } is hard to read
	case s.kind != tree.String:
		return s.text
	case (s.tagged || s.key) && s.plain && plainIn(s.text, flow):
		return s.text
	}
	switch quoting(s.text, flow) {
	case quotesNeeded:
		return quoted(s.text)
	case quotesLeft:
		if !s.plain {
			return quoted(s.text)
		}
	}
	return s.text
}

// header returns what stands behind the key of a block.
func (b *block) header() string {
	indicator := ""
	for _, line := range b.lines {
		if line != "" {
			if line[0] == ' ' || line[0] == '\t' {
				indicator = "2"
			}
			break
		}
	}
	return string(b.style) + indicator + b.chomp
}

// kept reports whether empty lines behind the block belong to it.
func (b *block) kept() bool { return b != nil && b.chomp == "+" }

// need says whether a string is to stand in quotes; its zero value is invalid.
type need uint8

const (
	noQuotes     need = iota + 1
	quotesLeft        // both are usual: addresses, versions, colons between brackets
	quotesNeeded      // without them it would be no string for every reader of YAML
)

// ambiguous are the strings that YAML 1.1 or 1.2 takes for something else.
var ambiguous = sync.OnceValue(func() []*regexp.Regexp {
	return []*regexp.Regexp{
		regexp.MustCompile(`^(?i:y|n|yes|no|on|off|true|false|null|~|<<|=)$`),
		regexp.MustCompile(`^[-+]?(\.?[0-9][0-9_,]*|[0-9][0-9_,]*\.[0-9_]*)([eE][-+]?[0-9]+)?$`),
		regexp.MustCompile(`^[-+]?0[xX][0-9a-fA-F_]+$`),
		regexp.MustCompile(`^[-+]?0[oO][0-7_]+$`),
		regexp.MustCompile(`^[-+]?0[bB][01_]+$`),
		regexp.MustCompile(`^(?i:[-+]?\.inf|\.nan)$`),
		regexp.MustCompile(`^[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?$`),
		regexp.MustCompile(`^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?$`),
	}
})

// numeric are strings of digits and signs that are no numbers.
var numeric = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[-+.0-9][-+.0-9_,:*/ ]*$`) })

func quoting(s string, flow bool) need {
	if s == "" || !plainIn(s, flow) {
		return quotesNeeded
	}
	for _, form := range ambiguous() {
		if form.MatchString(s) {
			return quotesNeeded
		}
	}
	if numeric().MatchString(s) || flow && strings.Contains(s, ":") {
		return quotesLeft
	}
	return noQuotes
}

// plainIn reports whether a text without quotes is read as itself.
func plainIn(s string, flow bool) bool {
	if s == "" || s != strings.TrimSpace(s) || strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return false
	}
	if strings.Contains(s, ": ") || strings.Contains(s, " #") || strings.HasSuffix(s, ":") || strings.HasPrefix(s, "---") || strings.HasPrefix(s, "...") {
		return false
	}
	if s[0] == '-' && (len(s) == 1 || s[1] == ' ') || strings.IndexByte("?:,[]{}#&*!|>'\"%@`", s[0]) >= 0 {
		return false
	}
	return !flow || !strings.ContainsAny(s, ",[]{}?")
}

// quoted writes a text in double quotes, or in single ones where that saves every
// escape.
func quoted(s string) string {
	printable := !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) })
	if printable && strings.ContainsAny(s, `"\`) && !strings.Contains(s, "'") {
		return "'" + s + "'"
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\r':
			b.WriteString(`\r`)
		case unicode.IsPrint(r):
			b.WriteRune(r)
		case r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// literalBlock returns the block that a text of several lines can be written as; nil
// when quotes say it better.
func literalBlock(s string) *block {
	body, chomp := strings.CutSuffix(s, "\n")
	if !strings.Contains(body, "\n") && !chomp || strings.TrimSpace(body) == "" {
		return nil
	}
	b := &block{style: '|', lines: strings.Split(body, "\n")}
	if !chomp {
		b.chomp = "-"
	}
	for i, line := range b.lines {
		odd := strings.ContainsFunc(line, func(r rune) bool { return !unicode.IsPrint(r) && r != '\t' })
		if odd || strings.TrimRight(line, " \t") != line || line == "" && (i == 0 || i == len(b.lines)-1) {
			return nil
		}
	}
	return b
}

// foldedBlock returns the block that a text of one long line can be written as; nil
// when it cannot.
func foldedBlock(s string, width int) *block {
	odd := strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) })
	if odd || strings.Contains(s, "  ") || strings.TrimSpace(s) != s || s == "" {
		return nil
	}
	b := &block{style: '>', chomp: "-"}
	line := ""
	for _, word := range strings.Split(s, " ") {
		if line != "" && columns(line)+1+columns(word) > width {
			b.lines = append(b.lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	b.lines = append(b.lines, line)
	return b
}
