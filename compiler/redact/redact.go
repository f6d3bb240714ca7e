// Package redact hides what looks like a secret in the text of files that are shown:
// values of names that usually hold secrets in any of the formats that are read,
// contents of objects that are secrets, private keys, passwords in URLs, and every value
// that an app is known to hold as a secret. It hides too much rather than too little.
package redact

import (
	"slices"
	"strings"

	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/pattern"
	"github.com/decamp-dev/decamp/compiler/source"
	"github.com/decamp-dev/decamp/compiler/spec"
)

// Hidden stands where a secret was.
const Hidden = "•••"

// leastKnown is the length of values that are hidden wherever they stand: shorter ones
// would hide words that are none.
const leastKnown = 5

// Redactor hides secrets in texts. The zero value knows no values of an app.
type Redactor struct{ known []string }

// For returns a redactor that also knows the values of variables and options of apps
// that look like secrets.
func For(apps ...*ir.App) *Redactor {
	r := &Redactor{}
	for _, app := range apps {
		for i := range app.Workloads {
			ir.EachContainer(&app.Workloads[i].Value, "", func(_, _ string, _ ir.Role, c *ir.Container) { r.container(c) })
		}
	}
	// The longest first: one value may be a part of another.
	slices.SortFunc(r.known, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	r.known = slices.Compact(r.known)
	return r
}

func (r *Redactor) container(c *ir.Container) {
	for _, v := range c.Env {
		if text, plain := v.Value.Plain(); plain {
			r.learn(v.Key, text)
		}
	}
	for _, command := range []*ir.Command{c.Entrypoint, c.Args} {
		if command == nil {
			continue
		}
		option := ""
		for _, word := range command.Words {
			text := word.String()
			name, value, ok := strings.Cut(text, "=")
			if ok {
				r.learn(optionName(name), value)
			} else if option != "" && !strings.HasPrefix(text, "-") {
				r.learn(option, text)
			}
			option = ""
			if strings.HasPrefix(text, "-") && !ok {
				option = optionName(name)
			}
		}
	}
}

func optionName(word string) string {
	return strings.ReplaceAll(strings.TrimLeft(word, "-"), "-", "_")
}

func (r *Redactor) learn(name, value string) {
	if len(value) >= leastKnown && !strings.Contains(value, "${") && spec.LooksSecret(normal(name), value) {
		r.known = append(r.known, value)
	}
}

// normal writes a name as the names of variables are: dashes and dots are no part of
// the words that secrets are told by.
func normal(name string) string { return strings.NewReplacer("-", "_", ".", "_").Replace(name) }

var password = pattern.New(`(://[^/\s:@"']*:)([^@/\s"']+)@`)

// value hides what is known to be secret, and passwords of URLs.
func (r *Redactor) value(line string) string {
	if strings.Contains(line, "://") {
		line = password().ReplaceAllStringFunc(line, func(match string) string {
			parts := password().FindStringSubmatch(match)
			if strings.HasPrefix(parts[2], "${") || strings.HasPrefix(parts[2], "$(") {
				return match
			}
			return parts[1] + Hidden + "@"
		})
	}
	for _, known := range r.known {
		line = strings.ReplaceAll(line, known, Hidden)
	}
	return line
}

// Lines returns the lines of a file without what looks like a secret. Their count is
// that of the file.
func (r *Redactor) Lines(f *source.File) []string {
	lines := make([]string, f.LineCount())
	for i := range lines {
		lines[i] = f.Line(i + 1)
	}
	s := &scan{r: r, lines: lines}
	s.documents()
	return lines
}
