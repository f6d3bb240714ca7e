package tree

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/source"
)

// explainSyntax turns an error of the YAML library into a finding that says where
// the mistake is, what it is, and what to do about it. The input is the text as
// the library was given it.
func explainSyntax(f *source.File, input []byte, message string, limits Limits) diag.Diagnostic {
	broken := &broken{file: f, data: f.Data, failure: locate(input, message)}
	if len(input) != len(f.Data) {
		broken.offset = originalOffset(f.Data, broken.offset)
	}
	if broken.offset < 0 {
		broken.offset = f.LineStart(broken.line + 1)
	}
	broken.before = scanText(f.Data[:broken.offset])
	for _, known := range explanations {
		if strings.Contains(broken.message, known.message) {
			finding := known.explain(broken)
			if finding.Code == diag.CodeTooDeep {
				return tooDeep(limits.Depth, finding.Subject)
			}
			return finding
		}
	}
	return broken.finding(broken.content(), "this is not valid YAML",
		fmt.Sprintf("The YAML reader says: %s.", broken.message))
}

// originalOffset returns the offset in a text for one in its prepared form.
func originalOffset(data []byte, prepared int) int {
	for i := range data {
		if i >= prepared {
			break
		}
		if data[i] == '\r' && i+1 < len(data) && data[i+1] == '\n' {
			prepared++
		}
	}
	return min(prepared, len(data))
}

// broken is a text that the library refused.
type broken struct {
	file *source.File
	data []byte
	failure
	before scan // of the text up to the failure
}

// explanations are tried in this order.
var explanations = []struct {
	message string // a part of the library's message
	explain func(*broken) diag.Diagnostic
}{
	{"exceeded max depth", (*broken).explainDepth},
	{"unknown anchor", (*broken).explainAnchor},
	{"control characters are not allowed", (*broken).explainCharacter},
	{"found unexpected end of stream", (*broken).explainOpenQuote},
	{"found unexpected document indicator", (*broken).explainOpenQuote},
	{"cannot start any token", (*broken).explainStart},
	{"tab character", (*broken).explainTab},
	{"mapping values are not allowed", (*broken).explainColon},
	{"block sequence entries are not allowed", (*broken).explainDash},
	{"could not find expected ':'", (*broken).explainNoColon},
	{"did not find expected key", (*broken).explainKey},
	{"did not find expected '-' indicator", (*broken).explainItem},
	{"did not find expected ',' or", (*broken).explainBracket},
	{"did not find expected node content", (*broken).explainNoValue},
	{"did not find expected <document start>", (*broken).explainTrailing},
	{"expected alphabetic or numeric character", (*broken).explainName},
	{"unknown escape character", (*broken).explainEscape},
	{"hexdecimal number", (*broken).explainEscape},
	{"invalid Unicode character escape code", (*broken).explainEscape},
	{"comment or line break", (*broken).explainBlockHeader},
	{"indentation indicator", (*broken).explainBlockHeader},
	{"incompatible YAML document", (*broken).explainVersion},
	{"version number", (*broken).explainVersion},
	{"directive", (*broken).explainDirective},
	{"tag", (*broken).explainTag},
	{"expected '>'", (*broken).explainTag},
}

func (b *broken) finding(at source.Range, summary, detail string) diag.Diagnostic {
	return diag.Diagnostic{
		Severity: diag.Error,
		Code:     diag.CodeSyntax,
		Summary:  summary,
		Detail:   detail,
		Subject:  at,
	}
}

// lastContent returns the offset of the last visible character before the failure.
func (b *broken) lastContent() int {
	i := min(b.offset, len(b.data)) - 1
	for i > 0 && isBlank(b.data[i]) {
		i--
	}
	return max(i, 0)
}

// content returns the visible part of the line on which reading failed.
func (b *broken) content() source.Range { return b.lineContent(b.lastContent()) }

// lineContent returns the visible part of an offset's line.
func (b *broken) lineContent(offset int) source.Range {
	start, end := lineStart(b.data, offset), lineEnd(b.data, min(offset, len(b.data)))
	text := b.data[start:end]
	end -= len(text) - len(bytes.TrimRight(text, " \t"))
	start += len(text) - len(bytes.TrimLeft(text, " \t"))
	return b.file.Range(start, end)
}

// lastOf returns the offset of the last of some characters that the library can
// have seen before it failed; -1 when there is none within its reach.
func (b *broken) lastOf(characters string, reach int) int {
	from := max(0, b.offset-reach)
	if i := bytes.LastIndexAny(b.data[from:b.offset], characters); i >= 0 {
		return from + i
	}
	return -1
}

// character returns the range of the character at an offset, or the line on
// which reading failed when the offset is -1.
func (b *broken) character(offset int) source.Range {
	if offset < 0 {
		return b.content()
	}
	return b.file.Range(offset, offset+1)
}

// firstOf is lastOf from the other end of the reach.
func (b *broken) firstOf(characters string, reach int) int {
	from := max(0, b.offset-reach)
	if i := bytes.IndexAny(b.data[from:b.offset], characters); i >= 0 {
		return from + i
	}
	return -1
}
