package tree

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/source"
)

// checkEncoding returns a finding for the first character that no YAML or JSON
// text may hold.
func checkEncoding(f *source.File) (finding diag.Diagnostic, bad bool) {
	data := f.Data
	offset := firstForbidden(data)
	if offset < 0 {
		return diag.Diagnostic{}, false
	}
	r, size := utf8.DecodeRune(data[offset:])
	finding = diag.Diagnostic{
		Severity: diag.Error,
		Code:     diag.CodeEncoding,
		Subject:  f.Range(offset, offset+size),
	}
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")), r == 0 && offset < 4:
		finding.Summary = "the file is not UTF-8, but looks like UTF-16 or a binary file"
		finding.Detail = "Save it as UTF-8."
		finding.Redact = true
	case r == utf8.RuneError && size == 1:
		finding.Summary = "the file is not valid UTF-8"
		finding.Detail = fmt.Sprintf("Byte %#x stands where a character is expected. Save the file as UTF-8.", data[offset])
	case r == 0:
		finding.Summary = "the file holds a NUL byte"
		finding.Detail = "It is damaged or binary. Text files hold no NUL bytes."
	case r == '\ufeff':
		finding.Summary = "a byte order mark stands in the middle of the file"
		finding.Detail = "This happens when files are joined. Delete the invisible character at this place."
	default:
		finding.Summary = fmt.Sprintf("the file holds the control character U+%04X", r)
		finding.Detail = `Delete it, or write it as an escape in double quotes, such as "\e".`
	}
	return finding, true
}

// firstForbidden returns the offset of the first such character, -1 for none.
func firstForbidden(data []byte) int {
	for i := 0; i < len(data); {
		c := data[i]
		if c < utf8.RuneSelf {
			if c < ' ' && c != '\n' && c != '\t' && c != '\r' || c == 0x7f {
				return i
			}
			i++
			continue
		}
		r, size := utf8.DecodeRune(data[i:])
		switch {
		case r == utf8.RuneError && size == 1,
			r < 0xa0 && r != 0x85,
			r == '\ufeff', r == '\ufffe', r == '\uffff':
			return i
		}
		i += size
	}
	return -1
}
