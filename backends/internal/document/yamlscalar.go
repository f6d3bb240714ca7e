package document

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Where a scalar stands decides which characters it may have when plain.
type place uint8

const (
	placeBlock place = iota
	placeKey
	placeFlow
)

// appendScalar appends a scalar's text; a literal block has its lines two in
// from indent and no line end behind its last line.
func appendScalar(b []byte, v *Value, indent int) ([]byte, error) {
	switch v.Kind {
	case KindNull:
		return append(b, "null"...), nil
	case KindBool:
		if v.Text != "true" && v.Text != "false" {
			return b, fmt.Errorf("boolean is %q", v.Text)
		}
		return append(b, v.Text...), nil
	case KindNumber:
		if !decimal(v.Text) && !specialFloat(v.Text) {
			return b, fmt.Errorf("%q: %s", v.Text, errorInvalidNumber)
		}
		return append(b, v.Text...), nil
	case KindString:
		b, ok := appendString(b, v, indent)
		if !ok {
			return b, errors.New(errorInvalidText)
		}
		return b, nil
	}
	return b, fmt.Errorf("%s where a scalar is expected", v.Kind)
}

// appendString chooses the form of a string that stands in block context; it
// reports false where the text is not UTF-8.
func appendString(b []byte, v *Value, indent int) ([]byte, bool) {
	s := v.Text
	manyLines := strings.IndexByte(s, '\n') >= 0
	if (manyLines || v.Literal) && canBeLiteral(s) {
		return appendLiteral(b, s, indent+2), true
	}
	if manyLines && len(s) > 80 {
		return appendQuotedLines(b, s, indent+2)
	}
	return appendOneLine(b, s, placeBlock)
}

// appendKey appends a key on one line.
func appendKey(b []byte, key string, flow bool) ([]byte, bool) {
	if flow {
		return appendOneLine(b, key, placeFlow)
	}
	return appendOneLine(b, key, placeKey)
}

// appendFlowString appends a string inside [ ] or { }.
func appendFlowString(b []byte, s string) ([]byte, bool) {
	return appendOneLine(b, s, placeFlow)
}

func appendOneLine(b []byte, s string, where place) ([]byte, bool) {
	safe, escapes := plainSafe(s, where)
	switch {
	case safe && !ambiguous(s):
		return append(b, s...), true
	case escapes == singleQuoted:
		return append(append(append(b, '\''), s...), '\''), true
	}
	return appendDoubleQuoted(b, s)
}

// quoting is the cheapest quoted form of a string that cannot be plain.
type quoting uint8

const (
	doubleQuoted quoting = iota
	// Quotes and backslashes, but nothing that needs an escape, read better
	// in single quotes.
	singleQuoted
)

// plainSafe reports whether the characters allow a plain scalar, whatever a
// reader would take it for, and else which quotes suit it.
func plainSafe(s string, where place) (bool, quoting) {
	if s == "" {
		return false, doubleQuoted
	}
	safe := plainStart(s) && s[len(s)-1] != ' ' && s[len(s)-1] != ':'
	special, apostrophe := false, false
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if !printable(r, size) {
				return false, doubleQuoted
			}
			i += size
			continue
		}
		switch characterClass[c] {
		case classControl:
			return false, doubleQuoted
		case classQuote:
			special = special || c != '\''
			apostrophe = apostrophe || c == '\''
		case classColon:
			if where == placeFlow || i+1 < len(s) && s[i+1] == ' ' {
				safe = false
			}
		case classHash:
			if i > 0 && s[i-1] == ' ' {
				safe = false
			}
		case classFlow:
			if where == placeFlow {
				safe = false
			}
		}
		i++
	}
	if special && !apostrophe {
		return safe, singleQuoted
	}
	return safe, doubleQuoted
}

// plainStart reports whether a plain scalar may begin like this.
func plainStart(s string) bool {
	switch s[0] {
	case '?', ':', ',', '[', ']', '{', '}', '#', '&', '*', '!', '|', '>', '\'', '"', '%', '@', '`', ' ':
		return false
	case '-':
		return len(s) > 1 && s[1] != ' ' && !strings.HasPrefix(s, "---")
	case '.':
		return !strings.HasPrefix(s, "...")
	}
	return true
}

// ambiguous reports text that some reader takes for something else than a
// string when it is plain.
func ambiguous(s string) bool {
	switch c := s[0]; {
	case c >= '0' && c <= '9', c == '-', c == '+', c == '.', c == '_':
		return numberLike(s)
	case len(s) > 5 || strings.IndexByte("yYnNtTfFoO~=<", c) < 0:
		return false
	}
	switch strings.ToLower(s) {
	case "y", "n", "yes", "no", "on", "off", "true", "false", "null", "~", "=", "<<":
		return true
	}
	return false
}

// numberLike reports text of the shape of any number, date or time in YAML 1.1
// or 1.2, and some that only resembles one.
func numberLike(s string) bool {
	if s[0] == '-' || s[0] == '+' {
		s = s[1:]
	}
	if lower := strings.ToLower(s); lower == ".inf" || lower == ".nan" {
		return true
	}
	if n := digits(s, 0); n == 4 && len(s) > 5 && s[4] == '-' && s[5] >= '0' && s[5] <= '9' {
		return true // a date
	}
	// Readers drop underscores before they look.
	if strings.IndexByte(s, '_') >= 0 {
		s = strings.ReplaceAll(s, "_", "")
	}
	if len(s) > 2 && s[0] == '0' && strings.IndexByte("xXoObB", s[1]) >= 0 {
		return strings.Trim(s[2:], "0123456789abcdefABCDEF") == ""
	}
	if rest := strings.TrimLeft(s, "0123456789:.,"); rest == "" {
		return digits(s, 0) > 0 && (strings.IndexByte(s, ':') > 0 || strings.Count(s, ".") <= 1) ||
			len(s) > 1 && s[0] == '.' && strings.Count(s, ".") == 1
	} else if rest[0] == 'e' || rest[0] == 'E' {
		mantissa := s[:len(s)-len(rest)]
		exponent := strings.TrimLeft(rest[1:], "+-")
		return mantissa != "" && digits(exponent, 0) == len(exponent)
	}
	return false
}

// printable reports characters beyond ASCII that may stand in the output as
// they are: what a reader accepts and a person can see.
func printable(r rune, size int) bool {
	if r == utf8.RuneError && size == 1 {
		return false
	}
	return isPrint(r)
}
