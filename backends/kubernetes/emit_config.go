package kubernetes

import (
	"fmt"
	"path"
	"strings"
	"unicode/utf8"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/decamp-dev/decamp/compiler/ir"
)

// config is a config of the app and the ConfigMap that holds it.
type config struct {
	source   *ir.Config
	name     string
	object   string   // name of the ConfigMap
	keys     []string // of the ConfigMap, in the order of the entries
	files    []string // names of the files that the keys stand for
	texts    []ir.Text
	rendered bool // holds secrets, which an init container fills in
}

// single reports whether the config is one file and not a folder.
func (c *config) single() bool { return len(c.source.Entries) == 0 }

// index returns where a file of a folder is, 0 for the only file.
func (c *config) index(file string) int {
	for i, f := range c.files {
		if f == file {
			return i
		}
	}
	return 0
}

const maxConfigMap = 1 << 20

// emitConfigs writes one ConfigMap for each config.
func (e *emitter) emitConfigs() {
	f := e.file("configs.yaml")
	for i := range e.app.Configs {
		item := &e.app.Configs[i]
		e.configs[item.Key] = newConfig(item.Key, &item.Value)
	}
	for i := range e.app.Configs {
		e.emitConfig(f, e.configs[e.app.Configs[i].Key])
	}
	e.finishEarly(f)
}

func newConfig(name string, source *ir.Config) *config {
	c := &config{source: source, name: name, object: name}
	if c.single() {
		file := path.Base(source.Origin)
		if source.Origin == "" {
			file = name
		}
		c.files, c.texts = []string{file}, []ir.Text{source.Content}
	}
	for _, entry := range source.Entries {
		c.files, c.texts = append(c.files, entry.Key), append(c.texts, entry.Value)
	}
	taken := map[string]bool{}
	for i, file := range c.files {
		key := configKey(file)
		for taken[key] {
			key = shorten(key, maxLabel) + "-" + hash(file, 6)
		}
		taken[key] = true
		c.keys = append(c.keys, key)
		c.rendered = c.rendered || c.texts[i].HasRef(ir.RefSecret)
	}
	return c
}

// configKey writes a file's name with the characters that keys may have.
func configKey(file string) string {
	key := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-._", r) {
			return r
		}
		return '_'
	}, file)
	if key == "" || key == "." || strings.HasPrefix(key, "..") {
		key = "_" + hash(file, 6)
	}
	return key
}

func (e *emitter) emitConfig(f *file, c *config) {
	at := ir.JoinPath("configs", c.name)
	m := &corev1.ConfigMap{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"}}
	var all strings.Builder
	for i, key := range c.keys {
		text := e.configContent(c.texts[i], at)
		fmt.Fprintf(&all, "%d:%s%d:%s", len(key), key, len(text), text)
		if utf8.ValidString(text) {
			if m.Data == nil {
				m.Data = map[string]string{}
			}
			m.Data[key] = text
			continue
		}
		if m.BinaryData == nil {
			m.BinaryData = map[string][]byte{}
		}
		m.BinaryData[key] = []byte(text)
	}
	if all.Len() > maxConfigMap {
		e.fail(codeConfig, at, fmt.Sprintf("the config has %d bytes, and a ConfigMap holds at most %d", all.Len(), maxConfigMap), "Put large content into the image or a volume.")
	}
	if e.pass(passHashedConfigs) {
		c.object = c.name + "-" + hash(all.String(), 8)
	}
	m.ObjectMeta = e.metadataOf("", at, nil, nil).object(c.object)
	e.add(f, at, "ConfigMap", c.object, m)
}

// configContent resolves all that is known; a secret stays as a mark that an init
// container fills in.
func (e *emitter) configContent(t ir.Text, at string) string {
	return t.Write(func(s string) string {
		if t.HasRef(ir.RefSecret) && strings.Contains(s, markStart) {
			e.fail(codeConfig, at, fmt.Sprintf("the config holds %q beside secrets", markStart), "decamp marks the places of secrets so. Write it in another way.")
		}
		return s
	}, func(r ir.Ref) string {
		if r.Kind == ir.RefSecret {
			return markStart + strings.TrimPrefix(e.markName(r), markPrefix) + "}"
		}
		text, _ := e.constant(r)
		return text
	})
}

// configText is the content of a config that is used as a value.
func (e *emitter) configText(r ir.Ref) ir.Text {
	c := e.app.Configs.Ref(r.Name)
	if c == nil {
		return nil
	}
	if r.Field != "" {
		text, _ := c.Entries.Get(r.Field)
		return text
	}
	return c.Content
}
