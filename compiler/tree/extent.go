package tree

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// The YAML library tells where a value begins and not where it ends. These
// functions find the end in the text, walking each stretch once.

// scalarEnd returns the offset behind a scalar that begins at an offset.
func scalarEnd(data []byte, offset int, n *yaml.Node) int {
	offset = skipProperties(data, offset, n)
	if offset >= len(data) {
		return len(data)
	}
	switch {
	case n.Style&yaml.DoubleQuotedStyle != 0:
		return quoteEnd(data, offset, '"')
	case n.Style&yaml.SingleQuotedStyle != 0:
		return quoteEnd(data, offset, '\'')
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		header := len(data) - offset
		if i := bytes.IndexAny(data[offset:], "\r\n"); i >= 0 {
			header = i
		}
		trimmed := bytes.TrimRight(data[offset:offset+header], " \t")
		if strings.Trim(n.Value, " \t\r\n") == "" {
			return offset + len(trimmed)
		}
		return matchWords(data, offset+header, n.Value)
	}
	if end := offset + len(n.Value); end <= len(data) && string(data[offset:end]) == n.Value {
		return end
	}
	return matchWords(data, offset, n.Value)
}

// skipProperties returns the offset behind a node's tag and anchor.
func skipProperties(data []byte, offset int, n *yaml.Node) int {
	if n.Anchor == "" && n.Style&yaml.TaggedStyle == 0 {
		return offset
	}
	for offset < len(data) && (data[offset] == '&' || data[offset] == '!') {
		for offset < len(data) && strings.IndexByte(" \t\r\n", data[offset]) < 0 {
			offset++
		}
		next := skipBlanks(data, offset)
		if n.Kind == yaml.ScalarNode && n.Value == "" && n.Style&^yaml.TaggedStyle == 0 &&
			(next >= len(data) || data[next] != '&' && data[next] != '!' || bytes.IndexByte(data[offset:next], '\n') >= 0) {
			return offset // an empty value ends with its properties
		}
		offset = next
	}
	return offset
}

// skipBlanks returns the offset behind white space, line ends and comments.
func skipBlanks(data []byte, offset int) int {
	for offset < len(data) {
		switch data[offset] {
		case ' ', '\t', '\r', '\n':
			offset++
		case '#':
			end := bytes.IndexAny(data[offset:], "\r\n")
			if end < 0 {
				return len(data)
			}
			offset += end
		default:
			return offset
		}
	}
	return offset
}

// quoteEnd returns the offset behind a quoted text that opens at an offset.
func quoteEnd(data []byte, offset int, quote byte) int {
	for i := offset + 1; i < len(data); i++ {
		switch {
		case data[i] == '\\' && quote == '"':
			i++
		case data[i] != quote:
		case quote == '\'' && i+1 < len(data) && data[i+1] == quote:
			i++
		default:
			return i + 1
		}
	}
	return len(data)
}

// matchWords returns the offset behind the last character of a value whose line
// breaks and indentation may have been folded.
func matchWords(data []byte, offset int, value string) int {
	end := offset
	for i := 0; i < len(value); {
		r, size := utf8.DecodeRuneInString(value[i:])
		i += size
		if isSpace(r) {
			continue
		}
		for offset < len(data) {
			found, width := utf8.DecodeRune(data[offset:])
			if !isSpace(found) {
				break
			}
			offset += width
		}
		if offset+size > len(data) || string(data[offset:offset+size]) != value[i-size:i] {
			return end
		}
		offset += size
		end = offset
	}
	return end
}

func isSpace(r rune) bool {
	switch r {
	case ' ', '\t', '\r', '\n', '\u0085', '\u2028', '\u2029':
		return true
	}
	return false
}

// flowEnd returns the offset behind the bracket that closes a flow sequence or
// mapping, from the end of its last child or from its own bracket.
func flowEnd(data []byte, offset int, closing byte) int {
	for {
		offset = skipBlanks(data, offset)
		switch {
		case offset >= len(data):
			return len(data)
		case data[offset] == closing:
			return offset + 1
		case data[offset] != ',' && data[offset] != ':' && data[offset] != '?':
			return offset
		}
		offset++
	}
}
