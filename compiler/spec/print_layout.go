package spec

import (
	"slices"
	"strconv"
	"strings"

	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// appOrder and workloadOrder are the keys in the order in which a person reads them;
// keys that are not listed come at the end.
var (
	appOrder = []string{"name", "labels", "vars", "workloads", "routes", "volumes", "configs", "secrets", "networks",
		"endpoints", "stages", "platform"}
	workloadOrder = []string{"kind", "image", "build", "pull", "schedule", "job", "replicas", "scale", "stateful",
		"entrypoint", "args", "workdir", "hostname", "tty", "stdin", "reaper", "ports", "publish", "env", "files", "mounts",
		"devices", "gpus", "shm", "health", "needs", "resources", "ulimits", "sysctls", "update", "restart", "stop", "hooks",
		"log", "aliases", "networks", "egress", "ingress", "security", "placement", "disruption", "priority",
		"serviceAccount", "labels", "annotations", "init", "sidecars", "platform"}
)

func byRank(order []string) func(a, b *item) int {
	rank := func(it *item) int {
		if i := slices.Index(order, it.key.scalar.text); i >= 0 {
			return i
		}
		return len(order)
	}
	return func(a, b *item) int { return rank(a) - rank(b) }
}

func (v *value) add(key string, member *value) {
	v.items = append(v.items, &item{key: keyOf(key), value: member})
}

// get returns the value of a key; nil when there is none.
func (v *value) get(key string) *value {
	for _, it := range v.items {
		if it.key.scalar.text == key {
			return it.value
		}
	}
	return nil
}

func keyOf(s string) *value {
	plain := quoting(s, false) == noQuotes || s == "on" // which is a word of this language
	return &value{form: scalarForm, scalar: scalar{text: s, kind: tree.String, key: true, plain: plain}}
}

func word(s string) *value {
	return &value{form: scalarForm, scalar: scalar{text: s, kind: tree.String, plain: true}}
}

func bare(kind tree.Kind, s string) *value {
	return &value{form: scalarForm, scalar: scalar{text: s, kind: kind, plain: true}}
}

// printedWidth is how long a line with brackets is made; a person may make it longer.
const printedWidth = 100

// arrange puts what is small on one line.
func arrange(v *value, indent int) {
	for _, it := range v.items {
		below := it.value
		if below.form == scalarForm || below.form == aliasForm {
			continue
		}
		below.flow = !spread(below) && !remarked(below) && indent+columns(it.prefix())+1+columns(below.write(false)) <= printedWidth
		arrange(below, indent+2)
	}
}

// spread reports whether something in a value takes a line of its own.
func spread(v *value) bool {
	if v.spread && len(v.items) > 0 {
		return true
	}
	return slices.ContainsFunc(v.items, func(it *item) bool { return spread(it.value) })
}

// attach puts comments above what they are about, or above the nearest thing that
// holds it.
func attach(root *value, comments map[string]string) {
	places := map[string]*item{}
	index(root, "", places)
	paths := make([]string, 0, len(comments))
	for path := range comments {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	for _, path := range paths {
		segments := ir.SplitPath(path)
		it := places[address(segments)]
		for it == nil && len(segments) > 0 {
			segments = segments[:len(segments)-1]
			it = places[address(segments)]
		}
		if it == nil {
			it = root.items[0]
			it.blank = true // apart from the first key
		}
		for line := range strings.SplitSeq(strings.TrimRight(comments[path], "\n"), "\n") {
			text := strings.TrimRight("# "+strings.TrimSuffix(line, "\r"), " \t")
			it.head = append(it.head, remark{text: text, blank: len(it.head) == 0 && it != root.items[0] && it.blank})
		}
		if it != root.items[0] {
			it.blank = false
		}
	}
}

func index(v *value, path string, places map[string]*item) {
	for i, it := range v.items {
		segment := strconv.Itoa(i)
		if it.key != nil {
			segment = it.key.scalar.text
		}
		at := path + segment + "\x00"
		places[at] = it
		index(it.value, at, places)
	}
}

// address returns segments as index writes them.
func address(segments []string) string {
	if len(segments) == 0 {
		return ""
	}
	return strings.Join(segments, "\x00") + "\x00"
}
