package spec

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/tree"
)

var configKeys = []string{"file", "text", "dir", "template"}

// configs gives each config its content: from the spec itself, a file or a folder.
func (d *decoder) configs(n *tree.Node) {
	for i := range d.app.Configs {
		c, name := &d.app.Configs[i].Value, d.app.Configs[i].Key
		node := n.Get(name)
		d.push("configs")
		d.push(name)
		d.config(node, c)
		d.pop()
		d.pop()
	}
}

func (d *decoder) config(n *tree.Node, c *ir.Config) {
	if n.IsNull() || n.Kind != tree.Mapping {
		d.fail(CodeMissing, n, "a config needs content", "Give it with file: path, text: | … or dir: path.")
		return
	}
	file, text, dir := n.Get("file"), n.Get("text"), n.Get("dir")
	if (file != nil && text != nil) || (file != nil && dir != nil) || (text != nil && dir != nil) || file == nil && text == nil && dir == nil {
		d.fail(CodeBadValue, n, "the content of a config comes from one place", "Give exactly one of file, text and dir.")
		return
	}
	template := n.Get("template") != nil && n.Get("template").Value == "true"
	switch {
	case text != nil:
		c.Content = d.content(text, text.Value, template)
	case file != nil:
		if data, name, ok := d.read(file); ok {
			c.Content, c.Origin = d.content(file, data, template), name
		}
	default:
		d.folder(dir, c, template)
	}
}

// content makes a text of a config's bytes; only a template refers to anything.
func (d *decoder) content(n *tree.Node, data string, template bool) ir.Text {
	if !template {
		return ir.Literal(data)
	}
	if !utf8.ValidString(data) {
		d.fail(CodeBadValue, n, "a template has to be text in UTF-8", "Take template: true out: the file is given to the app as it is.")
		return ir.Literal(data)
	}
	t, err := d.expand.parse(data)
	if err != nil {
		d.fail(err.code, n, err.summary, err.detail+" The config is a template; without template: true its content is literal.")
	}
	return t
}

func (d *decoder) folder(n *tree.Node, c *ir.Config, template bool) {
	name, ok := d.constant(n)
	if !ok {
		return
	}
	p, ok := d.resolve(n, name)
	if !ok {
		return
	}
	entries, err := fs.ReadDir(d.files(), p)
	if err != nil {
		d.unreadable(n, name, err)
		return
	}
	c.Origin, c.Entries = name, ir.Map[ir.Text]{}
	for _, e := range entries {
		if !e.Type().IsRegular() || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		data, err := fs.ReadFile(d.files(), path.Join(p, e.Name()))
		if err != nil {
			d.unreadable(n, path.Join(name, e.Name()), err)
			continue
		}
		c.Entries = append(c.Entries, ir.Item[ir.Text]{Key: e.Name(), Value: d.content(n, string(data), template)})
	}
	if len(c.Entries) == 0 {
		d.fail(CodeFileMissing, n, fmt.Sprintf("folder %q holds no files", name), "Hidden files and folders within it are left out.")
	}
}

// read returns the content of a file that a node names.
func (d *decoder) read(n *tree.Node) (data, name string, ok bool) {
	name, ok = d.constant(n)
	if !ok {
		return "", "", false
	}
	p, ok := d.resolve(n, name)
	if !ok {
		return "", "", false
	}
	content, err := fs.ReadFile(d.files(), p)
	if err != nil {
		d.unreadable(n, name, err)
		return "", "", false
	}
	return string(content), name, true
}

func (d *decoder) files() fs.FS {
	if d.environment.Files == nil {
		return noFiles{}
	}
	return d.environment.Files
}

// noFiles is a file system without files.
type noFiles struct{}

func (noFiles) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

func (d *decoder) unreadable(n *tree.Node, name string, err error) {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		d.fail(CodeFileMissing, n, fmt.Sprintf("there is no file %q", name), "Paths are relative to the folder of the spec.")
	case strings.Contains(err.Error(), "escapes"):
		d.fail(CodeFileOutside, n, fmt.Sprintf("%q leads outside of the spec's folder", name), "A link in it points elsewhere. Move the file, or compile with --allow-outside.")
	default:
		d.fail(CodeFileMissing, n, fmt.Sprintf("%q cannot be read", name), "The system says: "+errors.Unwrap(unwrapped(err)).Error()+".")
	}
}

// unwrapped makes sure that there is something to unwrap.
func unwrapped(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p
	}
	return fmt.Errorf("%w", err)
}

// envFiles puts the variables of a container's env files into its environment: later
// files win over earlier ones, env over all.
func (d *decoder) envFiles(n *tree.Node, _ ir.Map[ir.Text], c *ir.Container) {
	list := n.Get("envFiles")
	if list.IsNull() {
		return
	}
	d.push("envFiles")
	defer d.pop()
	items := list.Items
	if list.Kind != tree.Sequence {
		items = []*tree.Node{list}
	}
	for i, item := range items {
		d.push(fmt.Sprintf("[%d]", i))
		if data, name, ok := d.read(item); ok {
			d.envFile(item, name, data, c)
		}
		d.pop()
	}
}

func (d *decoder) envFile(n *tree.Node, name, data string, c *ir.Container) {
	for number, line := range strings.Split(strings.TrimPrefix(data, "\uFEFF"), "\n") {
		line = strings.TrimSpace(strings.TrimSuffix(line, "\r"))
		if line == "" || line[0] == '#' {
			continue
		}
		key, value, ok := strings.Cut(strings.TrimPrefix(line, "export "), "=")
		key = strings.TrimSpace(key)
		if !ok || key == "" || strings.ContainsAny(key, " \t") {
			d.fail(CodeEnvFile, n, fmt.Sprintf("line %d of %s is not NAME=VALUE", number+1, name), "Lines are NAME=VALUE, comments begin with #. Values may be quoted; nothing in them is expanded.")
			continue
		}
		c.Env.Set(key, ir.Literal(unquote(strings.TrimSpace(value))))
	}
}

// unquote takes one pair of quotes off a value. Within double quotes \n, \", \\ and
// \$ mean what they mean in a shell.
func unquote(s string) string {
	if len(s) < 2 || s[0] != s[len(s)-1] || s[0] != '"' && s[0] != '\'' {
		if i := strings.Index(s, " #"); i >= 0 {
			s = strings.TrimSpace(s[:i])
		}
		return s
	}
	inner := s[1 : len(s)-1]
	if s[0] == '\'' {
		return inner
	}
	return strings.NewReplacer(`\\`, `\`, `\"`, `"`, `\n`, "\n", `\t`, "\t", `\$`, "$").Replace(inner)
}
