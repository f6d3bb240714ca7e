package document

import (
	"slices"
	"strconv"
	"strings"
)

// FoldOptions says which equal maps are worth folding into one.
type FoldOptions struct {
	// Paths are where to look, with * for any key: "services.*.logging".
	// Earlier paths win: nothing is folded inside what they folded.
	Paths []string

	MinScalars int    // the fewest scalars in a map that is worth a name; 0 means 3
	MinUses    int    // the fewest equal maps that are worth a name; 0 means 2
	Prefix     string // Hoist: what the keys of the shared blocks begin with; "" means "x-"
}

// Folded is a group of equal maps that are now one.
type Folded struct {
	Name  string   // of the anchor
	Key   string   // Hoist: the key of the shared block; FoldAnchors: empty
	Value *Value   // the map with the anchor
	Paths []string // of the places that had the map, in document order
}

// FoldAnchors leaves the first of several equal maps in its place, with an
// anchor, and turns the later ones into aliases of it. What the document means
// does not change. Maps whose comments differ are not equal.
func FoldAnchors(v *Value, o FoldOptions) []Folded {
	f := newFolder(v, o)
	f.fold(func(group *foldGroup) Folded {
		name := f.name(group.key)
		group.uses[0].Anchor = name
		for _, use := range group.uses[1:] {
			use.Alias = name
		}
		return Folded{Name: name, Value: group.uses[0], Paths: group.paths}
	})
	return f.folded
}

// Hoist moves each of several equal maps to the top level of the document,
// under a key such as x-logging in front of the first entry that uses one, and
// turns all of them into aliases of it. Apart from these keys, what the document
// means does not change.
func Hoist(v *Value, o FoldOptions) []Folded {
	if o.Prefix == "" {
		o.Prefix = "x-"
	}
	f := newFolder(v, o)
	if kindOf(v) != KindMap {
		return nil
	}
	f.fold(func(group *foldGroup) Folded {
		name := f.name(group.key)
		for v.Get(o.Prefix+name) != nil {
			name = f.name(group.key)
		}
		shared := group.uses[0].Clone()
		shared.Anchor = name
		for _, use := range group.uses {
			use.Alias = name
		}
		return Folded{Name: name, Key: o.Prefix + name, Value: shared, Paths: group.paths}
	})
	if len(f.folded) == 0 {
		return nil
	}
	at := len(v.Members)
	shared := make([]Member, len(f.folded))
	for i, folded := range f.folded {
		shared[i] = Member{Key: folded.Key, Value: folded.Value}
		for j := range v.Members[:at] {
			if key := v.Members[j].Key; strings.HasPrefix(folded.Paths[0], key+".") || folded.Paths[0] == key {
				at = j
				break
			}
		}
	}
	v.Members = slices.Insert(v.Members, at, shared...)
	return f.folded
}

type folder struct {
	root   *Value
	o      FoldOptions
	names  map[string]bool // of all anchors
	folded []Folded
}

// foldGroup is the maps with the same content.
type foldGroup struct {
	key   string // under which the first one stands
	uses  []*Value
	paths []string
}

func newFolder(v *Value, o FoldOptions) *folder {
	if o.MinScalars == 0 {
		o.MinScalars = 3
	}
	if o.MinUses == 0 {
		o.MinUses = 2
	}
	f := &folder{root: v, o: o, names: map[string]bool{}}
	f.collectNames(v)
	return f
}

func (f *folder) collectNames(v *Value) {
	if v == nil {
		return
	}
	if v.Anchor != "" {
		f.names[v.Anchor] = true
	}
	for i := range v.Members {
		f.collectNames(v.Members[i].Value)
	}
	for _, item := range v.Items {
		f.collectNames(item)
	}
}

// name derives a new anchor from a key: logging, logging-2, …
func (f *folder) name(key string) string {
	base := strings.Map(func(r rune) rune {
		if r < 0x80 && validAnchor(string(r)) {
			return r
		}
		return '-'
	}, key)
	name := base
	for n := 2; f.names[name] || name == ""; n++ {
		name = base + "-" + strconv.Itoa(n)
	}
	f.names[name] = true
	return name
}

// fold hands each group that is worth it to join, in the order of the paths and
// then of the document.
func (f *folder) fold(join func(*foldGroup) Folded) {
	for _, path := range f.o.Paths {
		groups := map[string]*foldGroup{}
		var order []*foldGroup
		f.find(f.root, strings.Split(path, "."), "", "", func(v *Value, key, path string) {
			if v.Kind != KindMap || scalars(v) < f.o.MinScalars {
				return
			}
			print := string(appendFingerprint(nil, v))
			group := groups[print]
			if group == nil {
				group = &foldGroup{key: key}
				groups[print] = group
				order = append(order, group)
			}
			group.uses = append(group.uses, v)
			group.paths = append(group.paths, path)
		})
		for _, group := range order {
			if len(group.uses) >= f.o.MinUses {
				f.folded = append(f.folded, join(group))
			}
		}
	}
}

// find calls found for the values at a path, except inside of what has an
// anchor or an alias already: an alias there could come before its anchor.
func (f *folder) find(v *Value, pattern []string, key, path string, found func(v *Value, key, path string)) {
	if v == nil || v.Anchor != "" || v.Alias != "" {
		return
	}
	if len(pattern) == 0 {
		found(v, key, path)
		return
	}
	if v.Kind != KindMap {
		return
	}
	for i := range v.Members {
		m := &v.Members[i]
		if pattern[0] == "*" || pattern[0] == m.Key {
			inner := m.Key
			if path != "" {
				inner = path + "." + m.Key
			}
			f.find(m.Value, pattern[1:], m.Key, inner, found)
		}
	}
}

// scalars counts the scalars in a tree; an alias counts for nothing.
func scalars(v *Value) int {
	if v == nil || v.Alias != "" {
		return 0
	}
	if v.Kind.Scalar() {
		return 1
	}
	n := 0
	for i := range v.Members {
		n += scalars(v.Members[i].Value)
	}
	for _, item := range v.Items {
		n += scalars(item)
	}
	return n
}

// appendFingerprint writes all that is printed of a tree, so that equal bytes
// mean equal trees.
func appendFingerprint(b []byte, v *Value) []byte {
	if v == nil {
		v = Null()
	}
	text := func(s string) {
		b = strconv.AppendInt(b, int64(len(s)), 10)
		b = append(append(b, ':'), s...)
	}
	b = append(b, byte('a'+v.Kind))
	text(v.Text)
	text(v.Anchor)
	text(v.Alias)
	b = strconv.AppendInt(b, int64(len(v.Members)), 10)
	b = append(b, '{')
	for i := range v.Members {
		m := &v.Members[i]
		text(m.Key)
		text(m.Comment)
		if m.Value != nil {
			text(m.Value.Comment)
		}
		b = appendFingerprint(b, m.Value)
	}
	b = strconv.AppendInt(b, int64(len(v.Items)), 10)
	b = append(b, '[')
	for _, item := range v.Items {
		if item != nil {
			text(item.Comment)
		}
		b = appendFingerprint(b, item)
	}
	return b
}
