package nomad

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/decamp-dev/decamp/compiler/source"
)

// commentsOf finds the comments that stand on lines of their own, by the line below.
func commentsOf(f *source.File) map[int]string {
	tokens, _ := hclsyntax.LexConfig(f.Data, f.Name, hcl.InitialPos)
	out := map[int]string{}
	var lines []string
	next := 0
	first := true // nothing but space came before on the line
	for _, t := range tokens {
		switch {
		case t.Type == hclsyntax.TokenComment && first:
			if t.Range.Start.Line != next {
				lines = nil
			}
			lines = append(lines, commentLines(string(t.Bytes))...)
			next = t.Range.End.Line
			if t.Range.End.Column > 1 {
				next++
			}
			out[next] = strings.Join(lines, "\n")
		case t.Type == hclsyntax.TokenNewline:
			first = true
		default:
			first = false
		}
	}
	return out
}

func commentLines(text string) []string {
	text = strings.TrimSpace(text)
	if inner, ok := strings.CutPrefix(text, "/*"); ok {
		text = strings.TrimSuffix(inner, "*/")
	}
	var out []string
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		line = strings.TrimSpace(line)
		line = strings.TrimLeft(line, "#")
		line = strings.TrimPrefix(strings.TrimPrefix(line, "//"), "* ")
		out = append(out, strings.TrimPrefix(strings.TrimRight(line, " \t\r"), " "))
	}
	return out
}
