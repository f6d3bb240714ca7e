package tree

import (
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/source"
)

// add notes a finding with the path of the value at hand.
func (c *converter) add(finding diag.Diagnostic) {
	finding.Path = joinPath(c.path)
	c.list = append(c.list, finding)
	if len(c.list) >= maxFindings && !c.stopped {
		c.stopped = true
		c.list = append(c.list, tooManyFindings(finding.Subject))
	}
}

// stop notes a finding after which nothing more is read.
func (c *converter) stop(finding diag.Diagnostic) {
	if c.stopped {
		return
	}
	finding.Path = joinPath(c.path)
	c.list = append(c.list, finding)
	c.stopped = true
}

func tooManyFindings(at source.Range) diag.Diagnostic {
	return diag.Diagnostic{
		Severity: diag.Error,
		Code:     diag.CodeTooManyFindings,
		Summary:  "the file has more mistakes than are shown",
		Detail:   "Reading ends here. Correct those above first, then run again.",
		Subject:  at,
	}
}

// anchorRange returns where an anchored node begins.
func (c *converter) anchorRange(n *yaml.Node) source.Range {
	start := newPlaces(c.file).at(n.Line, n.Column)
	return source.Range{File: c.file, Start: start.pos, End: start.pos}
}

// segment is one step of a data path: a key, or an index when that is not -1.
type segment struct {
	key   string
	index int
}

// joinPath returns a path such as services.web.ports[0] or labels["a.b"].
func joinPath(path []segment) string {
	var text strings.Builder
	for _, step := range path {
		switch {
		case step.key == "" && step.index >= 0:
			text.WriteString("[" + strconv.Itoa(step.index) + "]")
		case step.key == "" || strings.ContainsAny(step.key, ".[]\" \t\r\n"):
			text.WriteString("[" + strconv.Quote(step.key) + "]")
		default:
			if text.Len() > 0 {
				text.WriteByte('.')
			}
			text.WriteString(step.key)
		}
	}
	return text.String()
}
