package tree

import "bytes"

// scan is what a quick look at the marks of a YAML text tells, without reading
// it: whether it is worth reading, and what was left open where reading failed.
type scan struct {
	nodes     int   // about as many nodes as the text has, rather fewer
	open      []int // offsets of brackets that are not closed
	openQuote int   // offset of a quote that is not closed; -1 for none

	lastQuote, lastQuoteEnd int // the last quoted text; -1 for none
}

// scanText looks for quotes, brackets, comments and block texts. It follows the
// rules of YAML as far as its answers need them; the second line of a plain text,
// for one, is taken for a value of its own.
func scanText(data []byte) scan {
	s := scan{openQuote: -1, lastQuote: -1, lastQuoteEnd: -1}
	begin := true     // a value may begin here, and so may a quote
	indent := 0       // spaces before the first character of the line
	pair := false     // a colon stands before, behind the last comma
	lineStart := true // only spaces and list marks stand before
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case c == '\n' || c == '\r':
			begin, lineStart, indent = true, true, 0
		case c == ' ' || c == '\t':
			if lineStart {
				indent++
			}
		case c == '#' && (i == 0 || isBlank(data[i-1])):
			i = lineEnd(data, i) - 1
		case (c == '"' || c == '\'') && begin:
			end := quoteEnd(data, i, c)
			if end == len(data) && (data[end-1] != c || end == i+1) {
				s.openQuote = i
				return s
			}
			s.lastQuote, s.lastQuoteEnd = i, end
			i, begin, lineStart = end-1, false, false
		case (c == '|' || c == '>') && begin && len(s.open) == 0:
			i = blockEnd(data, i, indent) - 1
			begin, lineStart = false, false
		case (c == '&' || c == '!') && begin:
			for i+1 < len(data) && !isBlank(data[i+1]) {
				i++
			}
			lineStart = false
		case c == '[' || c == '{':
			if begin || len(s.open) > 0 {
				s.open = append(s.open, i)
			}
			begin, lineStart = true, false
		case (c == ']' || c == '}') && len(s.open) > 0:
			s.open = s.open[:len(s.open)-1]
			begin, lineStart = false, false
		case c == ',' && len(s.open) > 0:
			if !pair {
				s.nodes++
			}
			begin, pair = true, false
		case (c == ':' || c == '-' && begin || c == '?' && begin) && (i+1 == len(data) || isBlank(data[i+1])):
			s.nodes++
			if c == ':' {
				s.nodes++
				lineStart, pair = false, true
			}
			begin = true
		case c == ':' && len(s.open) > 0 && i > 0 && data[i-1] == '"':
			begin = true // as in {"a":"b"}
		default:
			begin, lineStart = false, false
		}
	}
	return s
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// lineEnd returns the offset of the line end at or behind an offset.
func lineEnd(data []byte, offset int) int {
	if i := bytes.IndexAny(data[offset:], "\r\n"); i >= 0 {
		return offset + i
	}
	return len(data)
}

// lineStart returns the offset of the first character of an offset's line.
func lineStart(data []byte, offset int) int {
	return bytes.LastIndexAny(data[:min(offset, len(data))], "\r\n") + 1
}

// blockEnd returns the offset behind a block text whose header stands on a line
// of that indentation: its lines are the ones that are indented deeper.
func blockEnd(data []byte, header, indent int) int {
	offset := lineEnd(data, header)
	for offset < len(data) {
		next := offset + 1
		first := next
		for first < len(data) && data[first] == ' ' {
			first++
		}
		blank := first == len(data) || data[first] == '\n' || data[first] == '\r'
		if !blank && first-next <= indent {
			return offset
		}
		offset = lineEnd(data, first)
	}
	return len(data)
}
