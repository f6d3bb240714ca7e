package document

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// appendHCLString appends a quoted string with the escapes that hclwrite uses;
// false where the text is not UTF-8. References that verbatim accepts stay as
// they are.
func appendHCLString(b []byte, s string, verbatim func(string) bool) ([]byte, bool) {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c != '"' && c != '\\' && c != '$' && c != '%' && characterClass[c] != classControl {
				i++
				continue
			}
			b = append(b, s[start:i]...)
			if c == '$' || c == '%' {
				n := 0
				b, n = appendTemplate(b, s[i:], verbatim)
				i += n
			} else {
				b = appendHCLEscape(b, rune(c))
				i++
			}
			start = i
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 {
			return b, false
		}
		if !isPrint(r) {
			b = append(b, s[start:i]...)
			b = appendHCLEscape(b, r)
			start = i + size
		}
		i += size
	}
	b = append(b, s[start:]...)
	return append(b, '"'), true
}

// appendTemplate appends a run of $ or % and returns its length. In front of a
// brace, one is doubled; of several, readers disagree with writers on how many
// there are, so that these are escaped by number.
func appendTemplate(b []byte, s string, verbatim func(string) bool) ([]byte, int) {
	n := run(s)
	switch {
	case n == len(s) || s[n] != '{':
		return append(b, s[:n]...), n
	case n == 1:
		if end := reference(s, verbatim); end > 0 {
			return append(b, s[:end]...), end
		}
		return append(b, s[0], s[0]), 1
	}
	for range n {
		b = appendHCLEscape(b, rune(s[0]))
	}
	return b, n
}

// run is the number of equal characters at the start.
func run(s string) int {
	n := 1
	for n < len(s) && s[n] == s[0] {
		n++
	}
	return n
}

// reference returns the length of a ${…} that is to stay as it is, or 0.
func reference(s string, verbatim func(string) bool) int {
	if verbatim == nil || s[0] != '$' {
		return 0
	}
	end := strings.IndexByte(s, '}')
	if end < 0 || !traversal(s[2:end]) || !verbatim(s[2:end]) {
		return 0
	}
	return end + 1
}

// traversal reports a name followed by .name and ["key"] parts.
func traversal(s string) bool {
	for first := true; ; first = false {
		if !first && strings.HasPrefix(s, `["`) {
			end := strings.Index(s, `"]`)
			if end < 0 || strings.ContainsAny(s[2:end], "\"\\$%{}\n\r\t") {
				return false
			}
			s = s[end+2:]
		} else {
			if !first {
				if s[0] != '.' {
					return false
				}
				s = s[1:]
			}
			end := strings.IndexAny(s, ".[")
			if end < 0 {
				end = len(s)
			}
			if !identifier(s[:end]) {
				return false
			}
			s = s[end:]
		}
		if s == "" {
			return true
		}
	}
}

func appendHCLEscape(b []byte, r rune) []byte {
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
	width := 4
	if r > 0xFFFF {
		b, width = append(b, `\U`...), 8
	} else {
		b = append(b, `\u`...)
	}
	for shift := 4 * (width - 1); shift >= 0; shift -= 4 {
		b = append(b, "0123456789abcdef"[r>>shift&0xF])
	}
	return b
}

// stringForm is how a string stands behind an equals sign.
type stringForm uint8

const (
	quotedForm stringForm = iota
	flushForm             // <<-EOF, indented with its surroundings
	plainForm             // <<EOF, its lines as they are
)

const heredocMarker = "EOF"

// heredocForm chooses the form in which every byte survives. A heredoc always
// ends with a line end and knows no escapes but those of templates. A single line
// becomes one only where that is preferred.
func heredocForm(s string, literal bool) stringForm {
	if !strings.HasSuffix(s, "\n") || !literal && strings.IndexByte(s, '\n') == len(s)-1 {
		return quotedForm
	}
	form, unindented := flushForm, false
	for line := range strings.Lines(s) {
		line = line[:len(line)-1]
		if !heredocLine(line) {
			return quotedForm
		}
		// A reader takes away the indent that all lines share, and leaves
		// blank lines alone.
		if strings.TrimLeftFunc(line, unicode.IsSpace) == "" {
			continue
		}
		switch c := line[0]; {
		case c >= utf8.RuneSelf: // could combine with the blank before it
			form = plainForm
		case c != ' ' && c != '\t':
			unindented = true
		}
	}
	if !unindented {
		return plainForm
	}
	return form
}

func heredocLine(line string) bool {
	if strings.TrimSpace(line) == heredocMarker {
		return false
	}
	for i := 0; i < len(line); {
		r, size := utf8.DecodeRuneInString(line[i:])
		switch {
		case r == '\t':
		case r == utf8.RuneError && size == 1, !isPrint(r):
			return false
		case r == '$', r == '%':
			size = run(line[i:])
			if size > 1 && i+size < len(line) && line[i+size] == '{' {
				return false
			}
		}
		i += size
	}
	return true
}

// appendHeredoc appends a heredoc up to its closing marker.
func appendHeredoc(b []byte, s string, form stringForm, indent int, verbatim func(string) bool) []byte {
	b = append(b, "<<"...)
	if form == flushForm {
		b = append(b, '-')
	}
	b = append(append(b, heredocMarker...), '\n')
	for line := range strings.Lines(s) {
		if form == flushForm && strings.TrimLeftFunc(line, unicode.IsSpace) != "" {
			b = appendSpaces(b, indent+2)
		}
		for line != "" {
			at := strings.IndexAny(line, "$%")
			if at < 0 {
				b = append(b, line...)
				break
			}
			b = append(b, line[:at]...)
			n := 0
			b, n = appendTemplate(b, line[at:], verbatim)
			line = line[at+n:]
		}
	}
	if form == flushForm {
		b = appendSpaces(b, indent)
	}
	return append(b, heredocMarker...)
}
