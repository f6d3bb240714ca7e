package backendtest

import (
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	sourcefile "github.com/decamp-dev/decamp/compiler/source"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// Sources are files of a platform that describe one app.
type Sources struct {
	FS    fs.FS
	Paths []string // within FS
	Name  string   // of the app, where the files have none
}

// Read has a backend read the sources.
func (s Sources) Read(b *backend.Backend) (backend.Reading, diag.List) {
	source := backend.Source{FS: s.FS, Name: s.Name, Root: "."}
	for _, p := range s.Paths {
		data, err := fs.ReadFile(s.FS, p)
		if err != nil {
			return backend.Reading{}, diag.List{{Severity: diag.Error, Code: "file-missing", Summary: err.Error()}}
		}
		source.Paths = append(source.Paths, p)
		source.Files = append(source.Files, sourcefile.NewFile(p, data))
	}
	return b.Read(source)
}

// SourceExemption is a leaf of source files that may be changed without effect.
type SourceExemption struct {
	// Path of the leaf as path.Match reads it, its keys joined by slashes and each
	// index a star: "containers/*/files/*/noExpand".
	Path    string
	Because string
}

// LossOptions say how SourceLoss looks.
type LossOptions struct {
	// Most is how many leaves of a file are tried, spread evenly; 0 means all.
	Most int
	// Others returns further values for a leaf, for those that take few words only, and for names of what else is in the
	// document; nil where that is no tree.
	Others     func(document *tree.Node, path []string, value string) []string
	Exemptions []SourceExemption
	// Observe says what is made of the sources, for each of Views, so that what all of them need is done once; nil: what
	// the backend reads, which is a single view without a name.
	Observe func(Sources) []Observation
	Views   []string
}

// views are the names of what is observed.
func (o *LossOptions) views() []string {
	if o.Observe == nil {
		return []string{""}
	}
	return o.Views
}

// Observation is what was made of source files.
type Observation struct {
	Refused bool   // they have errors
	Output  string // all that came of them, findings too
	// Messages in which the name of a leaf counts as a report of its loss, for outputs
	// that lack things by intent; may be empty.
	Messages string
	// Losses are places of which a finding says that something is lost there.
	Losses []sourcefile.Range
}

// LossCount counts the leaves that SourceLoss tried.
type LossCount struct {
	Leaves, Silent, Exempt int
}

// Add adds what was counted elsewhere.
func (c *LossCount) Add(other LossCount) {
	c.Leaves, c.Silent, c.Exempt = c.Leaves+other.Leaves, c.Silent+other.Silent, c.Exempt+other.Exempt
}

// SourceLoss changes each single value of files in YAML or JSON, and where the new
// value is refused leaves it out, and demands that what is read says something else:
// the app with its ledger, the vars, the expressions or the findings. A leaf without
// effect is lost in silence, and a violation. There is a count for each view; files that
// cannot be read as they are give none.
func SourceLoss(b *backend.Backend, s Sources, o LossOptions) ([]Violation, []LossCount) {
	trial := newTrial(o)
	for _, p := range s.Paths {
		data, err := fs.ReadFile(s.FS, p)
		if err != nil {
			continue
		}
		documents, problems := tree.ParseAll(sourcefile.NewFile(p, data), tree.Limits{})
		if problems.HasErrors() {
			continue
		}
		l := &lossCheck{sources: s, path: p, documents: documents}
		l.observe = o.Observe
		if l.observe == nil {
			l.observe = func(s Sources) []Observation { return []Observation{observe(b, s)} }
		}
		// losses are places in the text as it is, not as it is written for a change
		trial.begin(l.with(nil, ""), l.observe(s))
		leaves := leavesOf(documents)
		for i, leaf := range leaves {
			if o.tries(i, len(leaves)) {
				trial.leaf(leaf.path, leaf.node.Range(), l.values(leaf, o), func(value string) []Observation { return l.with(leaf.node, value) },
					func() string {
						return fmt.Sprintf("%s: a change of %s (%q)", p, strings.Join(leaf.path, "."), short(leaf.node.Value))
					})
			}
		}
	}
	return trial.violations, trial.counts
}

// leaf is a single value of a document.
type leaf struct {
	document, node *tree.Node
	path           []string // keys and indices
}

func leavesOf(documents []*tree.Node) []leaf {
	var leaves []leaf
	seen := map[*tree.Node]bool{} // what aliases share is one leaf
	var visit func(document, n *tree.Node, path []string)
	visit = func(document, n *tree.Node, path []string) {
		switch {
		case n.IsNull() || seen[n]:
		case n.Kind == tree.Mapping:
			for _, p := range n.Pairs {
				if !strings.HasPrefix(p.Key.Value, "x-") {
					visit(document, p.Value, append(path[:len(path):len(path)], p.Key.Value))
				}
			}
		case n.Kind == tree.Sequence:
			for i, item := range n.Items {
				visit(document, item, append(path[:len(path):len(path)], strconv.Itoa(i)))
			}
		default:
			seen[n] = true
			leaves = append(leaves, leaf{document, n, path})
		}
	}
	for _, d := range documents {
		visit(d, d, nil)
	}
	return leaves
}

// tries reports whether the leaf of this index is one of those that are tried.
func (o *LossOptions) tries(i, all int) bool {
	return o.Most <= 0 || all <= o.Most || i == 0 || i*o.Most/all != (i-1)*o.Most/all
}

func (o *LossOptions) exempt(at []string) bool {
	segments := make([]string, len(at))
	for i, s := range at {
		segments[i] = strings.ReplaceAll(s, "/", "|") // a slash within a key is not one between keys
		if _, err := strconv.Atoi(s); err == nil {
			segments[i] = "*"
		}
	}
	for _, e := range o.Exemptions {
		if ok, _ := path.Match(e.Path, strings.Join(segments, "/")); ok {
			return true
		}
	}
	return false
}

// lossCheck tries the leaves of one file.
type lossCheck struct {
	observe   func(Sources) []Observation
	sources   Sources
	path      string
	documents []*tree.Node
}

// values are other values of a leaf.
func (l *lossCheck) values(at leaf, o LossOptions) []string {
	values := []string{otherScalar(at.node)}
	if o.Others != nil {
		values = append(values, o.Others(at.document, at.path, at.node.Value)...)
	}
	return values
}

// otherScalar returns another value of the same kind, as YAML text.
func otherScalar(n *tree.Node) string {
	switch n.Kind {
	case tree.Bool:
		return map[bool]string{true: "false", false: "true"}[n.Value == "true" || n.Value == "True" || n.Value == "TRUE"]
	case tree.Int, tree.Float:
		if i, err := strconv.ParseInt(n.Value, 10, 64); err == nil {
			return strconv.FormatInt(i+1, 10)
		}
		return "1" + n.Value
	}
	if n.Value != "" && n.Value[0] >= '0' && n.Value[0] <= '9' {
		return quoted("1" + n.Value)
	}
	return quoted(n.Value + "x")
}

// with observes the documents with one leaf changed, or without it.
func (l *lossCheck) with(changed *tree.Node, value string) []Observation {
	var text strings.Builder
	for i, d := range l.documents {
		if i > 0 {
			text.WriteString("\n---\n")
		}
		writeFlow(&text, d, changed, value)
	}
	s := l.sources
	s.FS = replacedFile{s.FS, l.path, []byte(text.String())}
	return l.observe(s)
}

// observe has a backend read the sources.
func observe(b *backend.Backend, s Sources) Observation {
	reading, list := s.Read(b)
	if reading.App == nil || list.HasErrors() {
		return Observation{Refused: true}
	}
	for _, p := range ir.Verify(reading.App) {
		list = append(list, diag.Diagnostic{Severity: diag.Error, Code: diag.Code(p.Code), Path: p.Path, Summary: p.Summary})
	}
	return Observation{Output: everything(reading, list)}
}

// everything writes all that a reading says.
func everything(reading backend.Reading, list diag.List) string {
	var b strings.Builder
	if err := ir.Print(&b, reading.App); err != nil {
		fmt.Fprintf(&b, "%+v", reading.App)
	}
	fmt.Fprintf(&b, "\n%v\n%v\n", reading.Vars, reading.Expressions)
	b.WriteString(Messages(list))
	return b.String()
}

// Messages writes findings as a text without places.
func Messages(list diag.List) string {
	var b strings.Builder
	for _, d := range list.Normalize() {
		fmt.Fprintln(&b, d.Severity, d.Code, d.Path, d.Summary, d.Detail)
	}
	return b.String()
}

// writeFlow writes a node as YAML in brackets, which for a tree of JSON is JSON.
func writeFlow(b *strings.Builder, n, changed *tree.Node, value string) {
	switch {
	case n == changed && n != nil:
		b.WriteString(value)
		return
	case n.IsNull():
		b.WriteString("null")
		return
	case n.Tag != "":
		b.WriteString(n.Tag + " ")
	}
	switch n.Kind {
	case tree.Mapping:
		b.WriteString("{")
		first := true
		for _, p := range n.Pairs {
			if p.Value == changed && changed != nil && value == "" {
				continue
			}
			if !first {
				b.WriteString(", ")
			}
			first = false
			b.WriteString(quoted(p.Key.Value) + ": ")
			writeFlow(b, p.Value, changed, value)
		}
		b.WriteString("}")
	case tree.Sequence:
		b.WriteString("[")
		first := true
		for _, item := range n.Items {
			if item == changed && changed != nil && value == "" {
				continue
			}
			if !first {
				b.WriteString(", ")
			}
			first = false
			writeFlow(b, item, changed, value)
		}
		b.WriteString("]")
	case tree.String:
		b.WriteString(quoted(n.Value))
	default:
		b.WriteString(n.Value)
	}
}

// quoted writes a string as JSON and YAML both read it.
func quoted(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < 0x20 || r == 0x7f || r >= 0x80 && r < 0xa0 || r == 0x2028 || r == 0x2029 || r == 0xfeff:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// replacedFile is a file system in which one file has another content.
type replacedFile struct {
	fs.FS
	path string
	data []byte
}

// ReadFile implements fs.ReadFileFS.
func (r replacedFile) ReadFile(name string) ([]byte, error) {
	if name == r.path {
		return r.data, nil
	}
	return fs.ReadFile(r.FS, name)
}
