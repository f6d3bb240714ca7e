package document

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Classes of ASCII characters, for one look-up a byte.
const (
	classOrdinary uint8 = iota
	classControl
	classQuote // ' " \
	classColon
	classHash
	classFlow // quoted inside [ ] or { }: what ends a scalar there, blanks, and all that readers disagree on
)

// characterClass is a table that nothing writes to.
var characterClass = func() (table [utf8.RuneSelf]uint8) {
	for c := range table {
		switch {
		case c < ' ' || c == 0x7F:
			table[c] = classControl
		case strings.IndexByte(`'"\`, byte(c)) >= 0:
			table[c] = classQuote
		case c == ':':
			table[c] = classColon
		case c == '#':
			table[c] = classHash
		case strings.IndexByte("!&()*,;<>?[]^`{|} ", byte(c)) >= 0:
			table[c] = classFlow
		}
	}
	return table
}()

func isPrint(r rune) bool { return unicode.IsPrint(r) }

const hexDigits = "0123456789ABCDEF"

// appendDoubleQuoted appends the string on one line; false where it is not UTF-8.
func appendDoubleQuoted(b []byte, s string) ([]byte, bool) {
	b = append(b, '"')
	b, ok := appendEscaped(b, s)
	return append(b, '"'), ok
}

// appendQuotedLines appends a string of several lines that cannot be literal,
// each line of the string on a line of the output.
func appendQuotedLines(b []byte, s string, indent int) ([]byte, bool) {
	b = append(b, '"')
	for first := true; s != ""; first = false {
		line, rest := s, ""
		end := strings.IndexByte(s, '\n')
		if end >= 0 {
			line, rest = s[:end], s[end+1:]
		}
		if !first {
			b = append(b, "\\\n"...)
			b = appendSpaces(b, indent)
			if line != "" && line[0] == ' ' {
				b = append(b, '\\') // a reader drops blanks before it
			}
		}
		var ok bool
		if b, ok = appendEscaped(b, line); !ok {
			return b, false
		}
		if end >= 0 {
			b = append(b, `\n`...)
		}
		s = rest
	}
	return append(b, '"'), true
}

// appendEscaped appends text as it stands inside double quotes.
func appendEscaped(b []byte, s string) ([]byte, bool) {
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c != '"' && c != '\\' && characterClass[c] != classControl {
				i++
				continue
			}
			b = append(b, s[start:i]...)
			b = appendEscape(b, rune(c))
			i++
			start = i
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 {
			return b, false
		}
		if !isPrint(r) {
			b = append(b, s[start:i]...)
			b = appendEscape(b, r)
			start = i + size
		}
		i += size
	}
	return append(b, s[start:]...), true
}

func appendEscape(b []byte, r rune) []byte {
	switch r {
	case '"', '\\':
		return append(b, '\\', byte(r))
	case '\n':
		return append(b, `\n`...)
	case '\t':
		return append(b, `\t`...)
	case '\r':
		return append(b, `\r`...)
	}
	width := 2
	switch {
	case r > 0xFFFF:
		b, width = append(b, `\U`...), 8
	case r > 0xFF:
		b, width = append(b, `\u`...), 4
	default:
		b = append(b, `\x`...)
	}
	for shift := 4 * (width - 1); shift >= 0; shift -= 4 {
		b = append(b, hexDigits[r>>shift&0xF])
	}
	return b
}

// canBeLiteral reports text that a literal block keeps exactly, also in the
// hands of editors that strip blanks at the ends of lines.
func canBeLiteral(s string) bool {
	if strings.Trim(s, "\n") == "" {
		return false
	}
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if !printable(r, size) {
				return false
			}
			i += size
			continue
		}
		if c == ' ' || c == '\t' {
			if i+1 == len(s) || s[i+1] == '\n' {
				return false
			}
		} else if c != '\n' && characterClass[c] == classControl {
			return false
		}
		i++
	}
	return true
}

// appendLiteral appends a literal block whose lines have the given indent.
func appendLiteral(b []byte, s string, indent int) []byte {
	b = append(b, '|')
	// A reader takes the indent from the first line, unless it is told.
	if s[0] == ' ' || s[0] == '\t' || s[0] == '\n' {
		b = append(b, '2')
	}
	body := strings.TrimSuffix(s, "\n")
	switch {
	case len(body) == len(s):
		b = append(b, '-')
	case strings.HasSuffix(body, "\n"):
		b = append(b, '+')
	}
	for more := true; more; {
		var line string
		line, body, more = strings.Cut(body, "\n")
		b = append(b, '\n')
		if line != "" {
			b = append(appendSpaces(b, indent), line...)
		}
	}
	return b
}

const blanks = "                                                                "

func appendSpaces(b []byte, n int) []byte {
	for n > len(blanks) {
		b = append(b, blanks...)
		n -= len(blanks)
	}
	return append(b, blanks[:n]...)
}

// appendComment appends a comment, one "#" a line. Whatever could end a comment
// early or hide in it is replaced, so that no comment becomes content.
func appendComment(b []byte, comment string, indent int) []byte {
	if comment == "" {
		return b
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(comment, "\n"), "\n") {
		b = appendSpaces(b, indent)
		b = append(b, '#')
		if line = strings.TrimRight(line, " \t\r"); line != "" {
			b = append(b, ' ')
		}
		for _, r := range line {
			if r == '\t' {
				r = ' '
			} else if !isPrint(r) {
				r = utf8.RuneError
			}
			b = utf8.AppendRune(b, r)
		}
		b = append(b, '\n')
	}
	return b
}
