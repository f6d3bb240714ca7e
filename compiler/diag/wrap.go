package diag

import (
	"strings"

	"github.com/rivo/uniseg"
)

// wrap breaks a text into lines of at most width terminal columns, at spaces. A
// word that is longer has a line of its own. Lines that begin with a space are
// kept as they are: they are examples.
func wrap(text string, width int) []string {
	var lines []string
	for paragraph := range strings.SplitSeq(text, "\n") {
		if paragraph == "" || strings.HasPrefix(paragraph, " ") {
			lines = append(lines, paragraph)
			continue
		}
		line, used := "", 0
		for _, word := range strings.Fields(paragraph) {
			columns := uniseg.StringWidth(word)
			switch {
			case line == "":
				line, used = word, columns
			case used+1+columns > width:
				lines = append(lines, line)
				line, used = word, columns
			default:
				line += " " + word
				used += 1 + columns
			}
		}
		lines = append(lines, line)
	}
	return lines
}
