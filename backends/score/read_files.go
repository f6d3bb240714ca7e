package score

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/decamp-dev/decamp/backends/internal/naming"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// fileConfig is a file of a container, which becomes a config of the app.
type fileConfig struct {
	name    string
	place   string // workload/container/target, for telling names apart
	named   string // place, without the ending where that is not needed
	key     *tree.Node
	content ir.Text
	origin  string
}

// findConfigs names the files of all containers: by the last part of their path, and
// by as many parts more as tell those apart that would have one name.
func (r *reader) findConfigs() {
	for _, w := range r.workloads {
		for i := range w.Containers {
			c := &w.Containers[i]
			for j := range c.Value.Files {
				f := &c.Value.Files[j]
				config := &fileConfig{place: placeOf(w, c.Name, f.Name), key: f.Key}
				r.configs = append(r.configs, config)
				r.configAt[config.place] = config
			}
		}
	}
	stems := map[string]int{}
	for _, c := range r.configs {
		stems[naming.Label(stem(c.place))]++
	}
	for _, c := range r.configs {
		c.named = c.place
		if stems[naming.Label(stem(c.place))] == 1 {
			c.named = stem(c.place)
		}
	}
	tails := map[string]int{}
	for _, c := range r.configs {
		for _, tail := range c.tails() {
			tails[tail]++
		}
	}
	for _, c := range r.configs {
		all := c.tails()
		for i, tail := range all {
			if i == len(all)-1 || tails[tail] == 1 {
				c.name = r.names.configs.Name(tail)
				break
			}
		}
	}
}

// tails returns the names that a file could have, the shortest first.
func (c *fileConfig) tails() []string {
	var all []string
	segments := strings.Split(c.named, "/")
	for from := len(segments) - 1; from >= 0; from-- {
		all = append(all, naming.Label(strings.Join(segments[from:], "-")))
	}
	return all
}

// stem takes the ending off a file's name.
func stem(place string) string {
	if short := strings.TrimSuffix(place, path.Ext(place)); !strings.HasSuffix(short, "/") {
		return short
	}
	return place
}

// placeOf is where a file is: its workload, container and target.
func placeOf(w *workload, container, target string) string {
	return w.name + "/" + container + "/" + strings.Trim(target, "/")
}

// files gives a container its files.
func (r *reader) files(w *workload, c member[container], at string, into *ir.Container) {
	for i := range c.Value.Files {
		f := &c.Value.Files[i]
		config := r.configAt[placeOf(w, c.Name, f.Name)]
		path := ir.JoinPath(at+".files", f.Name)
		r.place(path, f.Key, f.Key)
		mounted := ir.FileMount{Config: config.name}
		if mode := f.Value.Mode; mode.said() {
			r.positions.Set(path+".mode", mode.Node)
			if parsed, err := ir.ParseFileMode(mode.Text); err != nil {
				r.report(diag.Error, CodeValue, mode.Node, path+".mode", err.Error(), "")
			} else {
				mounted.Mode = &parsed
			}
		}
		if into.Files.Has(f.Name) {
			r.report(diag.Error, CodeShape, f.Key, path, fmt.Sprintf("two files have the target %s", f.Name), "Take one of them out.")
		}
		into.Files.Set(f.Name, mounted)
		r.content(w, config, f, path)
	}
}

// content finds what stands in a file. Like Score it expands placeholders in text,
// wherever the text comes from, unless noExpand is said.
func (r *reader) content(w *workload, config *fileConfig, f *member[file], at string) {
	given := 0
	for _, s := range []scalar{f.Value.Content, f.Value.Source, f.Value.BinaryContent} {
		if s.said() {
			given++
		}
	}
	if given != 1 {
		r.report(diag.Error, CodeShape, f.Key, at, fmt.Sprintf("a file has one of content, source and binaryContent, and this has %d", given), "")
		return
	}
	expand := f.Value.NoExpand.Text != "true"
	if s := f.Value.NoExpand; s.said() && s.Text != "true" && s.Text != "false" {
		r.report(diag.Error, CodeValue, s.Node, at, fmt.Sprintf("noExpand: %q is not true or false", s.Text), "")
	}
	contentPath := ir.JoinPath("configs", config.name) + ".content"
	switch {
	case f.Value.BinaryContent.said():
		data, err := base64.StdEncoding.DecodeString(f.Value.BinaryContent.Text)
		if err != nil {
			r.report(diag.Error, CodeValue, f.Value.BinaryContent.Node, at, "binaryContent is no base64", "")
		}
		config.content = ir.Literal(string(data))
	case f.Value.Source.said():
		data, origin, ok := r.sourceFile(w, f.Value.Source, at)
		if !ok {
			config.content = ir.Literal("")
			return
		}
		config.content = ir.Literal(data)
		if expand && utf8.ValidString(data) {
			config.content = r.textOf(w, f.Value.Source.Node, data, contentPath)
		}
		if plain, ok := config.content.Plain(); ok && plain == data {
			config.origin = origin
		}
	case expand:
		config.content = r.text(w, f.Value.Content.Node, contentPath)
	default:
		config.content = ir.Literal(f.Value.Content.Text)
	}
}

// sourceFile reads a file beside the Score file.
func (r *reader) sourceFile(w *workload, s scalar, at string) (data, origin string, ok bool) {
	name := path.Join(w.folder, s.Text)
	if path.IsAbs(s.Text) || !fs.ValidPath(name) || r.source.FS == nil {
		r.report(diag.Error, codeFileMissing, s.Node, at, fmt.Sprintf("file %q is outside of what may be read", s.Text), "Put it beside the Score file, or below.")
		return "", "", false
	}
	content, err := fs.ReadFile(r.source.FS, name)
	if err != nil {
		reason := err
		var p *fs.PathError
		if errors.As(err, &p) {
			reason = p.Err
		}
		r.report(diag.Error, codeFileMissing, s.Node, at, fmt.Sprintf("file %q cannot be read", s.Text), fmt.Sprintf("It is looked for beside the Score file. The system says: %v.", reason))
		return "", "", false
	}
	return string(content), r.relative(name), true
}

// relative returns a path within the file system as one below the root of the app's
// paths; empty where it is not below.
func (r *reader) relative(name string) string {
	if r.source.Root == "" || r.source.Root == "." {
		return name
	}
	below, ok := strings.CutPrefix(name, r.source.Root+"/")
	if !ok {
		return ""
	}
	return below
}

// writeConfigs adds the configs to the app, in the order of the files.
func (r *reader) writeConfigs() {
	for _, c := range r.configs {
		if c.content == nil {
			continue
		}
		path := ir.JoinPath("configs", c.name)
		r.place(path, nil, c.key)
		r.app.Configs.Set(c.name, ir.Config{Content: c.content, Origin: c.origin})
	}
}

// volumeReference is a source that is a resource as a whole.
const volumePrefix, volumeSuffix = "${resources.", "}"

// mounts gives a container its volumes.
func (r *reader) mounts(w *workload, c member[container], at string, into *ir.Container) {
	for i := range c.Value.Volumes {
		m := &c.Value.Volumes[i]
		path := ir.JoinPath(at+".mounts", m.Name)
		r.place(path, m.Key, m.Value.Source.Node)
		mounted := ir.Mount{Subpath: m.Value.Path.Text}
		switch m.Value.ReadOnly.Text {
		case "true":
			mounted.ReadOnly = true
		case "false", "":
		default:
			r.report(diag.Error, CodeValue, m.Value.ReadOnly.Node, path, fmt.Sprintf("readOnly: %q is not true or false", m.Value.ReadOnly.Text), "")
		}
		mounted.Volume = r.mountedVolume(w, m, path)
		if into.Mounts.Has(m.Name) {
			r.report(diag.Error, CodeShape, m.Key, path, fmt.Sprintf("two volumes have the target %s", m.Name), "Take one of them out.")
		}
		into.Mounts.Set(m.Name, mounted)
	}
}

// mountedVolume returns the volume that a source means: a resource, or by its name a
// volume that is there already.
func (r *reader) mountedVolume(w *workload, m *member[mount], path string) string {
	name, isRef := strings.CutPrefix(m.Value.Source.Text, volumePrefix)
	name, closed := strings.CutSuffix(name, volumeSuffix)
	if isRef && closed && w.resources[name] != nil {
		s := w.resources[name]
		if s.kind != "volume" {
			r.report(diag.Warning, CodeResource, m.Value.Source.Node, path, fmt.Sprintf("the volume is a resource of type %q, which is not known", s.kind), "It is taken for an ordinary volume.")
		}
		s.mounters[w.name] = true
		label := r.names.volumes.Name(s.label)
		if s.kind != "volume" {
			r.volume(s)
			s.said = false // the resource itself is carried too
		}
		return label
	}
	source, plain := r.text(w, m.Value.Source.Node, path).Plain()
	delete(r.reading.Expressions, path)
	if !plain || source == "" {
		if m.Value.Source.said() {
			r.report(diag.Error, CodeValue, m.Value.Source.Node, path, "the source of a volume is a resource or the name of a volume", "Write for instance source: ${resources.data}.")
		}
		source = "volume"
	}
	label := r.names.volumes.Name(source)
	if r.mounters[label] == nil {
		r.mounters[label] = map[string]bool{}
		r.place(ir.JoinPath("volumes", label), nil, m.Value.Source.Node)
	}
	r.mounters[label][w.name] = true
	r.app.Volumes.Set(label, ir.Volume{External: source, Shared: len(r.mounters[label]) > 1})
	return label
}
