// Package webpage renders what audit, diff and parity found as one HTML file: it needs no
// network and no server, and says by a policy of its own that it loads nothing. What
// is computed comes in as a Document; nothing is computed here.
package webpage

import (
	"crypto/sha256"
	_ "embed" // for the parts of the page
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"

	"github.com/decamp-dev/decamp/compiler/graph"
)

//go:embed page.html
var templateText string

//go:embed page.css
var style string

//go:embed page.js
var script string

// Write renders a document. The same document gives the same bytes.
func Write(w io.Writer, d *Document) error {
	t, err := template.New("webpage").Funcs(template.FuncMap{"count": count, "partner": partner}).Parse(templateText)
	if err != nil {
		return err
	}
	css := style + graph.Style()
	return t.Execute(w, struct {
		*Document
		Policy string
		Style  template.CSS
		Script template.JS
	}{d, policy(css, script), template.CSS(css), template.JS(script)})
}

// policy admits the style and the script of this program and nothing else, so that a
// text that got into the page by a mistake could load and run nothing.
func policy(css, js string) string {
	return fmt.Sprintf("default-src 'none'; style-src 'sha256-%s'; script-src 'sha256-%s'; img-src data:; base-uri 'none'; form-action 'none'", sum(css), sum(js))
}

func sum(text string) string {
	hash := sha256.Sum256([]byte(text))
	return base64.StdEncoding.EncodeToString(hash[:])
}

// count returns a number with its noun: "1 place", "2 places".
func count(n int, noun string) string {
	switch {
	case n == 1:
		return "1 " + noun
	case strings.HasSuffix(noun, "y"):
		return fmt.Sprintf("%d %sies", n, strings.TrimSuffix(noun, "y"))
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
