package document

import (
	"fmt"
	"slices"
)

// Merge applies a patch to base, in place. Maps merge key by key; null deletes
// a key; scalars and lists replace, except that two lists of maps that all have
// a "name" merge by that name, new names last. An item of such a list with
// "$patch: delete" removes the item of its name, and with "$patch: replace"
// replaces it. A list whose first item is nothing but "$patch: replace" takes the
// place of the whole list.
//
// Blocks are patched in the way that JSON writes HCL: a map patches the only
// block of its key, or, keyed by their first labels, all blocks of its key; a
// block patches the one with its labels or is added.
//
// The patch is not changed and shares nothing with base afterwards. The error is
// a *PathError that names the key where a map, a list and a scalar meet; base is
// then patched in part.
func Merge(base, patch *Value) error {
	if base == nil || patch == nil || !mapping(base.Kind) || !mapping(patch.Kind) {
		return &PathError{Err: fmt.Errorf("cannot merge %s into %s", kindOf(patch), kindOf(base))}
	}
	if err := mergeMembers(base, patch); err != nil {
		return prependNothing(err)
	}
	return nil
}

func kindOf(v *Value) Kind {
	if v == nil {
		return KindNull
	}
	return v.Kind
}

func mergeMembers(base, patch *Value) error {
	for i := range patch.Members {
		m := &patch.Members[i]
		if err := mergeMember(base, m); err != nil {
			return atKey(m.Key, err)
		}
	}
	return nil
}

func mergeMember(base *Value, m *Member) error {
	if kindOf(m.Value) == KindNull {
		base.Delete(m.Key)
		return nil
	}
	at := slices.IndexFunc(base.Members, func(b Member) bool { return b.Key == m.Key })
	switch {
	case at < 0 && m.Value.Kind == KindBlock:
		base.Members = append(base.Members, Member{Key: m.Key, Value: m.Value.Clone(), Comment: m.Comment})
		return nil
	case at < 0:
		value := withoutNulls(m.Value)
		base.Members = append(base.Members, Member{Key: m.Key, Value: value, Comment: m.Comment})
		return nil
	case isBlock(&base.Members[at]):
		return mergeBlocks(base, m)
	}
	merged, err := mergeValue(base.Members[at].Value, m.Value)
	if err != nil {
		return err
	}
	base.Members[at].Value = merged
	if m.Comment != "" {
		base.Members[at].Comment = m.Comment
	}
	return nil
}

// mergeValue returns what stands in base's place.
func mergeValue(base, patch *Value) (*Value, error) {
	if kindOf(base) == KindNull {
		return withoutNulls(patch), nil
	}
	switch {
	case mapping(base.Kind) && mapping(patch.Kind):
		return base, mergeMembers(base, patch)
	case base.Kind == KindList && patch.Kind == KindList:
		if replaces(patch) {
			return withoutNulls(patch), nil
		}
		if named(base) && named(patch) {
			return base, mergeNamed(base, patch)
		}
		return withoutNulls(patch), nil
	case base.Kind.Scalar() && patch.Kind.Scalar():
		return patch.Clone(), nil
	}
	return nil, fmt.Errorf("cannot merge %s into %s", patch.Kind, base.Kind)
}

// withoutNulls copies a patch that meets nothing: its nulls delete nothing.
func withoutNulls(patch *Value) *Value {
	v := patch.Clone()
	dropNulls(v)
	return v
}

func dropNulls(v *Value) {
	v.Members = slices.DeleteFunc(v.Members, func(m Member) bool { return kindOf(m.Value) == KindNull })
	for i := range v.Members {
		dropNulls(v.Members[i].Value)
	}
	if replaces(v) {
		v.Items = v.Items[1:]
	}
	// Only maps in lists that merge by name are patches themselves.
	if v.Kind == KindList && named(v) {
		for _, item := range v.Items {
			dropNulls(item)
		}
		v.Items = slices.DeleteFunc(v.Items, func(item *Value) bool { return directive(item) == "delete" })
		for _, item := range v.Items {
			item.Delete(patchKey)
		}
	}
}

// named reports a list of maps that all have a name.
func named(list *Value) bool {
	for _, item := range list.Items {
		if nameOf(item) == "" {
			return false
		}
	}
	return len(list.Items) > 0
}

func nameOf(item *Value) string {
	if item == nil || item.Kind != KindMap {
		return ""
	}
	if name := item.Get("name"); name != nil && name.Kind == KindString {
		return name.Text
	}
	return ""
}

// patchKey is the directive of Kubernetes' strategic merge patches.
const patchKey = "$patch"

func directive(item *Value) string {
	if d := item.Get(patchKey); d != nil {
		return d.Text
	}
	return ""
}

// replaces reports a list that begins with "$patch: replace" and takes the place of
// the whole list that it meets.
func replaces(list *Value) bool {
	return list.Kind == KindList && len(list.Items) > 0 && len(list.Items[0].Members) == 1 && directive(list.Items[0]) == "replace"
}

func mergeNamed(base, patch *Value) error {
	for _, item := range patch.Items {
		name := nameOf(item)
		at := slices.IndexFunc(base.Items, func(b *Value) bool { return nameOf(b) == name })
		switch how := directive(item); {
		case how == "delete":
			base.Items = slices.DeleteFunc(base.Items, func(b *Value) bool { return nameOf(b) == name })
		case at < 0 || how == "replace":
			item = withoutNulls(item)
			item.Delete(patchKey)
			if at < 0 {
				base.Items = append(base.Items, item)
			} else {
				base.Items[at] = item
			}
		default:
			if err := mergeMembers(base.Items[at], item); err != nil {
				return prepend("["+name+"]", err)
			}
		}
	}
	return nil
}

// mergeBlocks patches the blocks of a key.
func mergeBlocks(base *Value, m *Member) error {
	var blocks []*Value
	for i := range base.Members {
		if base.Members[i].Key == m.Key {
			blocks = append(blocks, base.Members[i].Value)
		}
	}
	switch {
	case m.Value.Kind == KindBlock:
		same := slices.DeleteFunc(blocks, func(b *Value) bool { return !slices.Equal(b.Labels, m.Value.Labels) })
		if len(same) != 1 {
			addBlock(base, m.Key, m.Value.Clone())
			return nil
		}
		return mergeMembers(same[0], m.Value)
	case m.Value.Kind != KindMap:
		return fmt.Errorf("cannot merge %s into %s", m.Value.Kind, KindBlock)
	case len(blocks[0].Labels) > 0:
		return mergeLabelled(base, m)
	case len(blocks) > 1:
		return fmt.Errorf("cannot choose among %d blocks", len(blocks))
	}
	return mergeMembers(blocks[0], m.Value)
}

// mergeLabelled patches blocks by their first label.
func mergeLabelled(base *Value, m *Member) error {
	for i := range m.Value.Members {
		p := &m.Value.Members[i]
		has := func(b Member) bool {
			return b.Key == m.Key && isBlock(&b) && len(b.Value.Labels) > 0 && b.Value.Labels[0] == p.Key
		}
		at := slices.IndexFunc(base.Members, has)
		switch {
		case kindOf(p.Value) == KindNull:
			base.Members = slices.DeleteFunc(base.Members, has)
		case !mapping(p.Value.Kind):
			return atKey(p.Key, fmt.Errorf("cannot merge %s into %s", p.Value.Kind, KindBlock))
		case at < 0:
			body := withoutNulls(p.Value)
			addBlock(base, m.Key, Block([]string{p.Key}, body.Members...))
		default:
			if err := mergeMembers(base.Members[at].Value, p.Value); err != nil {
				return atKey(p.Key, err)
			}
		}
	}
	return nil
}

// addBlock puts a block behind the last one of its key.
func addBlock(base *Value, key string, block *Value) {
	at := len(base.Members)
	for i := range base.Members {
		if base.Members[i].Key == key {
			at = i + 1
		}
	}
	base.Members = slices.Insert(base.Members, at, Member{Key: key, Value: block})
}
