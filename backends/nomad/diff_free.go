package nomad

import (
	"slices"

	"github.com/decamp-dev/decamp/backends/internal/document"
)

func (d *differ) carry(v *document.Value) *document.Value {
	if d.carried != nil {
		d.carried(v)
	}
	return carry(v)
}

func (d *differ) free(have, want *document.Value) *document.Value {
	switch {
	case want == nil && have == nil:
		return nil
	case want == nil:
		return document.Null()
	case have == nil:
		return d.carry(want)
	}
	return d.freeBody(have, want)
}

// freeBody compares bodies that only a plugin understands.
func (d *differ) freeBody(have, want *document.Value) *document.Value {
	patch := document.Map()
	for _, key := range keysOf(want, have) {
		if change := d.freeField(have, want, key); change != nil {
			patch.Set(key, change)
		}
	}
	if len(patch.Members) == 0 {
		return nil
	}
	return patch
}

func (d *differ) freeField(have, want *document.Value, key string) *document.Value {
	h, w := have.Get(key), want.Get(key)
	switch {
	case w == nil:
		return document.Null()
	case identities[key] != nil && w.Kind == document.KindBlock && len(w.Labels) == 0:
		if !d.sameOrder(have, want, key) {
			return d.carryAll(blocksOf(want, key)) // to Nomad it is another configuration
		}
		return d.identified(have, want, key, nil)
	case w.Kind == document.KindBlock && len(w.Labels) > 0:
		return d.freeLabelled(have, want, key)
	case h == nil:
		if blocks := blocksOf(want, key); len(blocks) > 1 {
			return d.carryAll(blocks)
		}
		return d.carry(w)
	case w.Kind == document.KindBlock && len(blocksOf(want, key)) > 1:
		blocks := blocksOf(want, key)
		if others := blocksOf(have, key); slices.EqualFunc(blocks, others, sameFree) {
			return nil
		}
		return d.carryAll(blocks)
	case (w.Kind == document.KindBlock || w.Kind == document.KindMap) && (h.Kind == document.KindBlock || h.Kind == document.KindMap):
		return d.freeBody(h, w)
	case sameFree(h, w):
		return nil
	}
	return d.carry(w)
}

// sameOrder reports whether the blocks of a key come in the order of the wanted body
// when those that are new follow the others.
func (d *differ) sameOrder(have, want *document.Value, key string) bool {
	var order, wanted []string
	for _, block := range blocksOf(want, key) {
		wanted = append(wanted, identityOf(key, block))
	}
	for _, block := range blocksOf(have, key) {
		if id := identityOf(key, block); slices.Contains(wanted, id) {
			order = append(order, id)
		}
	}
	for _, id := range wanted {
		if !slices.Contains(order, id) {
			order = append(order, id)
		}
	}
	return slices.Equal(order, wanted)
}

func (d *differ) freeLabelled(have, want *document.Value, key string) *document.Value {
	patch := document.Map()
	for _, m := range want.Members {
		if m.Key != key || len(m.Value.Labels) == 0 {
			continue
		}
		h := labelled(have, key, m.Value.Labels[0])
		switch {
		case h == nil:
			patch.Set(m.Value.Labels[0], d.carry(m.Value))
		default:
			if change := d.freeBody(h, m.Value); change != nil {
				patch.Set(m.Value.Labels[0], change)
			}
		}
	}
	for _, m := range have.Members {
		if m.Key == key && len(m.Value.Labels) > 0 && labelled(want, key, m.Value.Labels[0]) == nil {
			patch.Set(m.Value.Labels[0], document.Null())
		}
	}
	if len(patch.Members) == 0 {
		return nil
	}
	return patch
}

// sameFree compares values of a plugin's configuration: it takes "80" for 80.
func sameFree(a, b *document.Value) bool {
	if a.Kind.Scalar() && b.Kind.Scalar() {
		return a.Text == b.Text
	}
	if len(a.Items) != len(b.Items) || len(a.Members) != len(b.Members) {
		return false
	}
	for i := range a.Items {
		if !sameFree(a.Items[i], b.Items[i]) {
			return false
		}
	}
	for _, m := range a.Members {
		if other := b.Get(m.Key); other == nil || !sameFree(m.Value, other) {
			return false
		}
	}
	return true
}

func (d *differ) carryAll(blocks []*document.Value) *document.Value {
	out := document.List()
	for _, b := range blocks {
		out.Items = append(out.Items, d.carry(b))
	}
	return out
}

// carry copies a value as it is said in a patch.
func carry(v *document.Value) *document.Value {
	if v.Kind == document.KindBlock {
		return carryBody(v)
	}
	return v.Clone()
}

// carryBody writes a body as a patch does: blocks as maps, by their labels where they
// have some, and as lists where they repeat.
func carryBody(v *document.Value) *document.Value {
	out := document.Map()
	for _, m := range v.Members {
		if m.Value.Kind != document.KindBlock {
			out.Set(m.Key, carry(m.Value))
			continue
		}
		body := carryBody(m.Value)
		held := out.Get(m.Key)
		switch {
		case len(m.Value.Labels) > 0:
			if held == nil {
				held = document.Map()
				out.Set(m.Key, held)
			}
			held.Set(m.Value.Labels[0], body)
		case held == nil && identities[m.Key] == nil && len(blocksOf(v, m.Key)) == 1:
			out.Set(m.Key, body)
		case held == nil:
			out.Set(m.Key, document.List(body))
		default:
			held.Items = append(held.Items, body)
		}
	}
	return out
}
