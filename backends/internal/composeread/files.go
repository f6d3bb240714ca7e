package composeread

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/decamp-dev/decamp/compiler/pattern"
	"github.com/decamp-dev/decamp/compiler/source"
)

// texts returns the strings of a list, or of one string.
func texts(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		var list []string
		for _, e := range v {
			if e != nil {
				list = append(list, fmt.Sprint(e))
			}
		}
		return list
	}
	return nil
}

// relativeTo returns the path from one folder to another, both within one file system.
func relativeTo(from, to string) string {
	from, to = path.Clean(from), path.Clean(to)
	if from == to {
		return "."
	}
	var a, b []string
	if from != "." {
		a = strings.Split(from, "/")
	}
	if to != "." {
		b = strings.Split(to, "/")
	}
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	return path.Join(append(slices.Repeat([]string{".."}, len(a)), b...)...)
}

// open returns a file of the source.
func (r *reader) open(name string) (*source.File, error) {
	for i, p := range r.source.Paths {
		if p == name && i < len(r.source.Files) {
			return r.source.Files[i], nil
		}
	}
	data, err := r.data(name)
	if err != nil {
		return nil, refuse(nil, codeFileMissing, "a file cannot be read: "+name, "It is named by the files that were read.")
	}
	return source.NewFile(name, data), nil
}

// data returns the bytes of a file beside the source's files.
func (r *reader) data(name string) ([]byte, error) {
	name = path.Clean(name)
	if r.source.FS == nil || !fs.ValidPath(name) {
		return nil, fs.ErrNotExist
	}
	return fs.ReadFile(r.source.FS, name)
}

func (r *reader) exists(name string) bool {
	name = path.Clean(name)
	for _, p := range r.source.Paths {
		if p == name {
			return true
		}
	}
	if r.source.FS == nil || !fs.ValidPath(name) {
		return false
	}
	info, err := fs.Stat(r.source.FS, name)
	return err == nil && !info.IsDir()
}

// templateSign is what only Helm, Jinja and their like fill in. Docker has templates of
// its own, in braces too, which are part of a Compose file.
var templateSign = pattern.New(`\{\{-?\s*(\.Values|\.Release|\.Chart|include|template|toYaml|if|range|end)\b|\{%-?\s*(if|for|set|include|endif|endfor|block|extends|macro)\b`)

// looksTemplated reports whether a file that is no YAML has the marks of a template.
func looksTemplated(f *source.File) bool {
	text := string(f.Data)
	return strings.Contains(text, "{{") && strings.Contains(text, "}}") || strings.Contains(text, "{%") || strings.Contains(text, "[[") && strings.Contains(text, "]]")
}
