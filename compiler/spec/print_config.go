package spec

import (
	"io/fs"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// inlineLimit is how many bytes of a config stand in the spec itself.
const inlineLimit = 4096

// config returns where the content of a config is: small texts stand in the spec, all
// else in files beside it. What came from a file stays in that file.
func (p *printer) config(name string, c *ir.Config) *value {
	m := &value{form: mappingForm}
	written, open := p.extras.Written[ir.JoinPath("configs", name)+".content"]
	template := open || len(c.Content.Refs()) > 0
	for i := range c.Entries {
		template = template || len(c.Entries[i].Value.Refs()) > 0
	}
	switch {
	case len(c.Entries) > 0:
		folder := p.origin(c, path.Join("config", name))
		m.add("dir", p.constant(folder))
		for i := range c.Entries {
			p.file(path.Join(folder, c.Entries[i].Key), c.Entries[i].Value, template)
		}
	case c.Origin == "" && inline(c.Content):
		text := content(c.Content, template)
		if open {
			text = written
		}
		m.add("text", usual(text))
	default:
		file := p.origin(c, path.Join("config", name+p.extension(name)))
		m.add("file", p.constant(file))
		p.file(file, c.Content, template)
		if last := len(p.files) - 1; open && p.files[last].Path == path.Clean(file) {
			p.files[last].Data = []byte(written)
		}
	}
	if template {
		m.items = append([]*item{{key: keyOf("template"), value: bare(tree.Bool, "true")}}, m.items...)
		if m.items[1].value.scalar.block == nil {
			m.items[0], m.items[1] = m.items[1], m.items[0]
		}
	}
	return m
}

// origin returns the path that content was read from, or, when it lies outside of the
// spec's folder or is none, another.
func (p *printer) origin(c *ir.Config, otherwise string) string {
	if clean := path.Clean(c.Origin); c.Origin != "" && fs.ValidPath(clean) && clean != "." {
		return c.Origin
	}
	return otherwise
}

func (p *printer) file(name string, t ir.Text, template bool) {
	name = path.Clean(name)
	for _, f := range p.files {
		if f.Path == name {
			return // two configs of one file
		}
	}
	p.files = append(p.files, File{Path: name, Data: []byte(content(t, template))})
}

// content returns a config as its file holds it: only in a template is a dollar more
// than a dollar.
func content(t ir.Text, template bool) string {
	if !template {
		s, _ := t.Plain()
		return s
	}
	return t.String()
}

// inline reports whether a content is a text that a person would write into a spec.
func inline(t ir.Text) bool {
	s := t.String()
	odd := func(r rune) bool { return !unicode.IsPrint(r) && r != '\n' && r != '\t' }
	return len(s) <= inlineLimit && utf8.ValidString(s) && !strings.ContainsFunc(s, odd)
}

// extension returns the ending of the first path at which a container finds a config.
func (p *printer) extension(name string) string {
	if path.Ext(name) != "" {
		return ""
	}
	if p.extensions == nil {
		p.extensions = map[string]string{}
		ir.Walk(p.app, func(f *ir.Fact) {
			if f.Kind == "container.files.config" && p.extensions[f.Word()] == "" {
				p.extensions[f.Word()] = path.Ext(f.Name)
			}
		})
	}
	return p.extensions[name]
}
