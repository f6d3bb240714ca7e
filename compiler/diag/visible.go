package diag

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// visible returns a text in which every character is seen: escape sequences in a
// user's file must not steer the terminal, nor may marks that turn the writing
// direction make a line look like another one.
func visible(text string) string {
	if !strings.ContainsFunc(text, isHidden) && utf8.ValidString(text) {
		return text
	}
	var out strings.Builder
	for _, r := range text {
		out.WriteString(visibleRune(r))
	}
	return out.String()
}

// visibleLines is visible for a text that may have several lines.
func visibleLines(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = visible(line)
	}
	return strings.Join(lines, "\n")
}

func visibleRune(r rune) string {
	switch {
	case !isHidden(r):
		return string(r)
	case r == '\n' || r == '\t':
		return " "
	case r <= 0xff:
		return fmt.Sprintf(`\x%02x`, r)
	case r <= 0xffff:
		return fmt.Sprintf(`\u%04x`, r)
	}
	return fmt.Sprintf(`\U%08x`, r)
}

// isHidden reports whether a character has no picture of its own. The joiner is
// kept, since emoji are made with it.
func isHidden(r rune) bool {
	const zeroWidthJoiner = '\u200d'
	return unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp) ||
		unicode.Is(unicode.Cf, r) && r != zeroWidthJoiner
}
