package composeread

import "strings"

// piece is a part of a text in which Compose fills variables in: a literal, or a
// variable with what is done when it has no value.
type piece struct {
	literal  string
	name     string
	operator string // "", ":-", "-", ":+", "+", ":?" or "?"
	word     string // behind the operator; may hold variables itself
}

// template splits a text into pieces, as Compose reads it: $NAME, ${NAME} and
// ${NAME:-word}; $$ is a dollar. false when it is none.
func template(s string) (pieces []piece, ok bool) {
	var literal strings.Builder
	flush := func() {
		if literal.Len() > 0 {
			pieces = append(pieces, piece{literal: literal.String()})
			literal.Reset()
		}
	}
	for i := 0; i < len(s); i++ {
		if s[i] != '$' || i+1 == len(s) {
			literal.WriteByte(s[i])
			continue
		}
		rest := s[i+1:]
		switch {
		case rest[0] == '$':
			literal.WriteByte('$')
			i++
		case rest[0] == '{':
			end := closing(rest)
			if end < 0 {
				return nil, false
			}
			p, valid := braced(rest[1:end])
			if !valid {
				return nil, false
			}
			flush()
			pieces = append(pieces, p)
			i += end + 1
		case nameLength(rest) > 0:
			flush()
			n := nameLength(rest)
			pieces = append(pieces, piece{name: rest[:n]})
			i += n
		default:
			literal.WriteByte('$')
		}
	}
	flush()
	return pieces, true
}

// closing returns where the brace that a text begins with is closed, -1 when it is not.
func closing(s string) int {
	depth := 0
	for i := range len(s) {
		switch s[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

func nameLength(s string) int {
	n := 0
	for n < len(s) && (s[n] == '_' || s[n]|0x20 >= 'a' && s[n]|0x20 <= 'z' || n > 0 && s[n] >= '0' && s[n] <= '9') {
		n++
	}
	return n
}

func braced(s string) (piece, bool) {
	n := nameLength(s)
	if n == 0 {
		return piece{}, false
	}
	p := piece{name: s[:n]}
	for _, operator := range []string{":-", ":+", ":?", "-", "+", "?"} {
		if word, ok := strings.CutPrefix(s[n:], operator); ok {
			p.operator, p.word = operator, word
			return p, true
		}
	}
	return p, n == len(s)
}
