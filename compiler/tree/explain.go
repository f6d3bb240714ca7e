package tree

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/decamp-dev/decamp/compiler/diag"
)

func (b *broken) explainDepth() diag.Diagnostic {
	return diag.Diagnostic{Code: diag.CodeTooDeep, Subject: b.character(b.lastContent())}
}

func (b *broken) explainAnchor() diag.Diagnostic {
	name := strings.TrimSuffix(strings.TrimPrefix(b.message, "unknown anchor '"), "' referenced")
	at := b.content()
	if i := bytes.LastIndex(b.data[:b.offset], []byte("*"+name)); i >= 0 {
		at = b.file.Range(i, i+1+len(name))
	}
	return unknownAnchor(name, at)
}

func (b *broken) explainCharacter() diag.Diagnostic {
	finding := b.finding(b.content(), "the file holds a character that YAML forbids", "Delete it, or write it as an escape in double quotes.")
	finding.Code = diag.CodeEncoding
	return finding
}

func (b *broken) explainOpenQuote() diag.Diagnostic {
	start := b.before.openQuote
	if start < 0 {
		start = scanText(b.data).openQuote
	}
	if start < 0 && b.line > 0 {
		start = b.file.LineStart(b.line)
	}
	return b.openQuote(max(start, 0))
}

func (b *broken) openQuote(start int) diag.Diagnostic {
	return b.finding(b.character(start), "a quote is opened and not closed",
		"Close it where the text ends. A quote within a text in double quotes is written \\\", and within single quotes ''.")
}

func (b *broken) explainStart() diag.Diagnostic {
	at := b.firstOf("\t@`%", 5)
	if at < 0 {
		at = b.lastOf("\t@`%", 8)
	}
	if at < 0 {
		return b.finding(b.content(), "a value cannot begin with this character", "Put the text in quotes.")
	}
	if b.data[at] == '\t' {
		return b.explainTab()
	}
	return b.finding(b.character(at), fmt.Sprintf("a value cannot begin with %q", b.data[at]),
		"YAML reserves this character. Put the whole text in quotes.")
}

func (b *broken) explainTab() diag.Diagnostic {
	at := b.lastOf("\t", b.offset)
	if at < 0 {
		return b.finding(b.content(), "a tab stands where spaces are expected", "Indent with spaces.")
	}
	start := lineStart(b.data, at)
	if len(bytes.Trim(b.data[start:at], " \t")) > 0 {
		return b.finding(b.character(at), "a tab stands where a space is expected", "Replace it by a space.")
	}
	end := at + 1
	for end < len(b.data) && (b.data[end] == ' ' || b.data[end] == '\t') {
		end++
	}
	finding := b.finding(b.file.Range(start, end), "the line is indented with a tab",
		"YAML takes only spaces for indentation, because a tab has no width of its own.")
	finding.Fix = &diag.Fix{
		Message: "indent with two spaces for each tab",
		Edits: []diag.Edit{{
			Range:   b.file.Range(start, end),
			NewText: strings.ReplaceAll(string(b.data[start:end]), "\t", "  "),
		}},
	}
	return finding
}

func (b *broken) explainColon() diag.Diagnostic {
	at := b.lastOf(":", 8)
	if at < 0 {
		return b.finding(b.content(), "a colon stands where none is expected", "Put the text in quotes if the colon belongs to it.")
	}
	start := lineStart(b.data, at)
	first := bytes.Index(b.data[start:at], []byte(": "))
	if above, ok := b.lineAbove(start); ok && first < 0 && !bytes.Contains(b.data[above:start], []byte(":")) {
		return b.noColon(above)
	}
	if first < 0 {
		return b.finding(b.lineContent(at), "the line is indented deeper than the key above it allows",
			"That key has a value already, or the line is a part of it. Give both lines the same indentation, or leave the value of the key above empty.")
	}
	finding := b.finding(b.character(at), "a second colon makes a key out of a value",
		"A colon with a space behind it separates a key from its value, and a line has one of them. Put the value in quotes if the colon belongs to it; otherwise begin a new line.")
	from := start + first + 2
	for b.data[from] == ' ' {
		from++
	}
	to := lineEnd(b.data, at)
	value := strings.TrimRight(string(b.data[from:to]), " \t")
	if value != "" && !strings.ContainsAny(value, "\"\\#'[]{}&*!|>%@`") {
		finding.Fix = &diag.Fix{
			Message: "put the value in quotes",
			Edits:   []diag.Edit{{Range: b.file.Range(from, from+len(value)), NewText: `"` + value + `"`}},
		}
	}
	return finding
}

func (b *broken) explainDash() diag.Diagnostic {
	return b.finding(b.character(b.lastOf("-", 8)), "an item of a list cannot begin here",
		`Begin a new line for it below its key, or put the text in quotes if the "-" belongs to it.`)
}

// explainNoColon looks back for the line that is no pair: the library notices
// only at the next one.
func (b *broken) explainNoColon() diag.Diagnostic {
	at := lineStart(b.data, b.lastContent())
	for range 3 {
		line := bytes.TrimSpace(b.data[at:lineEnd(b.data, at)])
		if len(line) > 0 && line[0] != '#' && !bytes.Contains(line, []byte(": ")) && !bytes.HasSuffix(line, []byte(":")) {
			break
		}
		if at == 0 {
			return b.finding(b.content(), "a colon is missing", "A key is followed by a colon and a space.")
		}
		at = lineStart(b.data, at-1)
	}
	return b.noColon(at)
}

func (b *broken) noColon(at int) diag.Diagnostic {
	return b.finding(b.lineContent(at), "a colon is missing in this line",
		"A key is followed by a colon and a space, as in name: web. Begin the line with \"- \" if it is an item of a list.")
}

// lineAbove returns where the line above one with the same indentation begins.
func (b *broken) lineAbove(start int) (above int, ok bool) {
	if start == 0 {
		return 0, false
	}
	above = lineStart(b.data, start-1)
	line, next := b.data[above:start], b.data[start:]
	indent := len(line) - len(bytes.TrimLeft(line, " "))
	content := bytes.TrimSpace(line)
	ok = len(content) > 0 && content[0] != '#' && content[0] != '-' &&
		indent == len(next)-len(bytes.TrimLeft(next, " "))
	return above, ok
}

func (b *broken) explainKey() diag.Diagnostic {
	line := lineStart(b.data, b.lastContent())
	quote, end := b.before.lastQuote, b.before.lastQuoteEnd
	if quote >= 0 && end > line && end <= b.offset {
		if quote < line {
			finding := b.openQuote(quote)
			finding.Related = []diag.Related{{Range: b.file.Range(end-1, end), Message: "the text goes on up to the quote here"}}
			return finding
		}
		if rest := bytes.TrimLeft(b.data[end:lineEnd(b.data, end)], " \t"); len(rest) > 0 && rest[0] != ':' && rest[0] != '#' {
			at := lineEnd(b.data, end) - len(rest)
			return b.finding(b.file.Range(at, at+len(bytes.TrimRight(rest, " \t"))), "text stands behind a closing quote",
				"Move it inside of the quotes, or put the whole value in quotes of the other kind.")
		}
	}
	if at := b.content(); strings.HasPrefix(string(b.data[b.file.Offset(at.Start):]), ":") {
		return b.finding(at, "a key is missing before the colon", "Write a name there, or put the text in quotes if the colon belongs to it.")
	}
	return b.finding(b.content(), "the line does not fit the lines above it",
		"A key is expected here, in the same column as the other keys of its mapping. Compare the indentation with the lines above.")
}

func (b *broken) explainItem() diag.Diagnostic {
	return b.finding(b.content(), "the line does not fit the list above it",
		`An item that begins with "- " is expected here, or a key further to the left. Compare the indentation with the lines above.`)
}

func (b *broken) explainBracket() diag.Diagnostic {
	if len(b.before.open) == 0 {
		return b.finding(b.content(), "a comma or closing bracket is missing", "Separate values within brackets by commas.")
	}
	at := b.before.open[len(b.before.open)-1]
	finding := b.finding(b.character(at), fmt.Sprintf("%q is opened, and a comma or its end is missing", b.data[at]),
		"Separate the values by commas and close the bracket. Put the text in quotes if the bracket belongs to it.")
	finding.Related = []diag.Related{{Range: b.content(), Message: "the comma or the end is missing before or in this line"}}
	return finding
}

func (b *broken) explainNoValue() diag.Diagnostic {
	if b.offset >= len(b.data) && len(b.before.open) > 0 {
		at := b.before.open[len(b.before.open)-1]
		return b.finding(b.character(at), fmt.Sprintf("%q is opened and not closed", b.data[at]),
			"Close the bracket. Put the text in quotes if the bracket belongs to it.")
	}
	return b.finding(b.content(), "a value is missing",
		"A comma or bracket stands where a value is expected. Put the text in quotes if it is meant literally.")
}

func (b *broken) explainTrailing() diag.Diagnostic {
	return b.finding(b.content(), "text follows the end of the document",
		`The value above is complete. Begin another document with a line "---", or indent the line if it is a part of the value.`)
}

func (b *broken) explainName() diag.Diagnostic {
	at := b.firstOf("*&", 8)
	if at < 0 {
		return b.finding(b.content(), "the name of an anchor or alias is missing", "Put the text in quotes if it is meant literally.")
	}
	return b.finding(b.character(at), fmt.Sprintf("%q begins a reference here, and its name is missing", b.data[at]),
		"Put the whole text in quotes if it is meant literally.")
}

func (b *broken) explainEscape() diag.Diagnostic {
	at := bytes.LastIndexByte(b.data[:b.offset], '\\')
	if at < 0 {
		return b.finding(b.content(), "an escape in double quotes is not valid", "Use single quotes, in which a backslash is a plain character.")
	}
	end := min(at+1, len(b.data))
	_, size := utf8.DecodeRune(b.data[end:])
	return b.finding(b.file.Range(at, end+size), fmt.Sprintf("%q is no escape that double quotes know", b.data[at:end+size]),
		`Write \\ for a backslash, or use single quotes, in which a backslash is a plain character.`)
}

func (b *broken) explainBlockHeader() diag.Diagnostic {
	at := b.lastOf("|>", 64)
	return b.finding(b.character(at), "a block of text begins in the line below its mark",
		`Behind "|" or ">" stand only "-", "+" or a digit. Move the text to the next line, indented, or put it in quotes.`)
}

func (b *broken) explainDirective() diag.Diagnostic {
	return b.finding(b.content(), `the line begins with "%" and is no directive of YAML`, "Put the text in quotes if it is meant literally.")
}

func (b *broken) explainTag() diag.Diagnostic {
	return b.finding(b.character(b.lastOf("!", 64)), `"!" begins a tag here, and the tag is not valid`, "Put the whole text in quotes if it is meant literally.")
}

func (b *broken) explainVersion() diag.Diagnostic {
	at := max(0, bytes.LastIndex(b.data[:b.offset], []byte("%YAML")))
	return b.finding(b.lineContent(at), "the line names a version of YAML that is not supported", "Delete the line, or write %YAML 1.2.")
}
