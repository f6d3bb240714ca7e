package nomad

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/decamp-dev/decamp/backends/internal/document"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/pattern"
)

// environmentLine is a line that go-envparse takes for a variable.
var environmentLine = pattern.New(`^(?:export\s+)?([A-Za-z_][A-Za-z0-9_./]*)\s*=(.*)$`)

// environmentFile reads a template whose lines are variables. References stand in the
// lines as numbers between two characters that texts do not have.
func (r *reader) environmentFile(t *sourceTask, doc *document.Value, text ir.Text) bool {
	var refs []ir.Ref
	flat := text.Write(func(s string) string { return s }, func(ref ir.Ref) string {
		refs = append(refs, ref)
		return fmt.Sprintf("\ue000%d\ue001", len(refs)-1)
	})
	type variable struct {
		name  string
		value ir.Text
	}
	var found []variable
	for _, line := range strings.Split(flat, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		parts := environmentLine().FindStringSubmatch(line)
		var value string
		ok := parts != nil
		if ok {
			value, ok = unquoteEnvironment(parts[2])
		}
		if !ok {
			r.report(diag.Warning, CodeTemplate, r.whereOf(doc), t.path(), "variables are rendered by Nomad, in lines that cannot be read", "The template stays in the ledger, for Nomad only.")
			return false
		}
		found = append(found, variable{parts[1], withRefs(value, refs)})
	}
	for _, v := range found {
		t.out.Env.Set(v.name, v.value)
		r.said(ir.JoinPath(t.path()+".env", v.name), doc)
	}
	return len(found) > 0
}

var referenceMark = pattern.New("\ue000([0-9]+)\ue001")

// withRefs puts references back into a text.
func withRefs(s string, refs []ir.Ref) ir.Text {
	text := ir.Text{}
	at := 0
	for _, found := range referenceMark().FindAllStringSubmatchIndex(s, -1) {
		n, _ := strconv.Atoi(s[found[2]:found[3]])
		if found[0] > at {
			text = append(text, ir.Part{Literal: s[at:found[0]]})
		}
		text = append(text, ir.Part{Ref: refs[n]})
		at = found[1]
	}
	if at < len(s) || len(text) == 0 {
		text = append(text, ir.Part{Literal: s[at:]})
	}
	return text
}

// unquoteEnvironment reads a value as go-envparse does: pieces outside and inside of
// quotes, one after the other; a comment begins with a sign after space.
func unquoteEnvironment(s string) (string, bool) {
	s = strings.TrimSpace(s)
	var b strings.Builder
	for i := 0; i < len(s); {
		switch s[i] {
		case '\'':
			end := strings.IndexByte(s[i+1:], '\'')
			if end < 0 {
				return "", false
			}
			b.WriteString(s[i+1 : i+1+end])
			i += end + 2
		case '"':
			end := i + 1
			for end < len(s) && s[end] != '"' {
				if s[end] == '\\' {
					end++
				}
				end++
			}
			if end >= len(s) {
				return "", false
			}
			var piece string
			if json.Unmarshal([]byte(s[i:end+1]), &piece) != nil {
				piece = s[i+1 : end]
			}
			b.WriteString(piece)
			i = end + 1
		case '#':
			if i == 0 || s[i-1] == ' ' || s[i-1] == '\t' {
				return strings.TrimRight(b.String(), " \t"), true
			}
			b.WriteByte(s[i])
			i++
		default:
			b.WriteByte(s[i])
			i++
		}
	}
	return b.String(), true
}
