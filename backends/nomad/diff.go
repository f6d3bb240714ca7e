package nomad

import (
	"slices"
	"strconv"

	"github.com/decamp-dev/decamp/backends/internal/document"
)

// differ finds the patch that makes of one document the other, as mergeBody applies
// it. Both are normalized.
type differ struct {
	schema schema
	// identity returns what a block of the wanted document is a counterpart of; ""
	// when of nothing.
	identity func(key string, block *document.Value) string
	batch    bool                                // the job is of type batch, which has other defaults
	carried  func(*document.Value)               // told of each value that is carried
	moved    map[*document.Value]*document.Value // services of tasks that the group has in the wanted job, by that
}

// findMoved finds the services of tasks that the wanted job has in the group.
func (d *differ) findMoved(have, want *document.Value) {
	for _, m := range want.Members {
		if m.Key != "service" || d.identity == nil || d.identity("service", m.Value) == "" {
			continue
		}
		for _, task := range blocksOf(have, "task") {
			if at := identified(task, "service", d.identity("service", m.Value)); at >= 0 {
				if d.moved == nil {
					d.moved = map[*document.Value]*document.Value{}
				}
				service := task.Members[at].Value
				d.moved[m.Value], d.moved[service] = service, m.Value
			}
		}
	}
}

// body returns the patch for a body, nil when there is nothing to change. What is a
// default of Nomad may be said or not.
func (d *differ) body(have, want *document.Value, b *body) *document.Value {
	patch := document.Map()
	d.findMoved(have, want)
	for _, key := range keysOf(want, have) {
		f := b.fields[key]
		if f == nil {
			continue
		}
		if change := d.field(have, want, key, f, b); change != nil {
			patch.Set(key, change)
		}
	}
	if len(patch.Members) == 0 {
		return nil
	}
	return patch
}

// keysOf lists the keys of two bodies, each once.
func keysOf(bodies ...*document.Value) []string {
	var keys []string
	seen := map[string]bool{}
	for _, v := range bodies {
		if v == nil {
			continue
		}
		for _, m := range v.Members {
			if !seen[m.Key] {
				seen[m.Key] = true
				keys = append(keys, m.Key)
			}
		}
	}
	return keys
}

func (d *differ) field(have, want *document.Value, key string, f *bodyField, b *body) *document.Value {
	h, w := have.Get(key), want.Get(key)
	switch f.form {
	case blockForm:
		return d.block(h, w, f.body)
	case labelledForm:
		return d.labelled(have, want, key, f.body)
	case blocksForm:
		switch {
		case key == "constraint" || key == "affinity":
			return d.rules(have, want, key, f.body)
		case identities[key] != nil:
			return d.identified(have, want, key, f.body)
		}
		return d.list(have, want, key, f.body)
	case freeForm:
		return d.free(h, w)
	case textsForm, headersForm:
		return d.texts(h, w)
	}
	return d.scalar(h, w, b.name+"."+key)
}

// scalar compares attributes.
func (d *differ) scalar(have, want *document.Value, name string) *document.Value {
	otherwise, known := defaults[name]
	if other, differs := defaults[name+"@batch"]; differs && d.batch {
		otherwise = other
	}
	if name == "Job.datacenters" && have == nil && want != nil && len(want.Items) == 1 && want.Items[0].Text == "*" {
		return nil // every one, the default
	}
	switch {
	case have == nil && want == nil, have != nil && want != nil && have.Equal(want):
		return nil
	case want == nil && known && have.Text == otherwise, have == nil && (known && want.Text == otherwise || !known && empty(want)):
		return nil
	case want == nil:
		return document.Null()
	}
	return d.carry(want)
}

// empty reports what says nothing in the API's types without pointers.
func empty(v *document.Value) bool {
	return v.Kind == document.KindList && len(v.Items) == 0 || v.Kind == document.KindString && v.Text == "" ||
		v.Kind == document.KindBool && v.Text == "false"
}

func (d *differ) block(have, want *document.Value, b *body) *document.Value {
	switch {
	case want == nil && have == nil:
		return nil
	case want == nil:
		if d.body(document.Block(nil), have, b) == nil {
			return nil // defaults only
		}
		return document.Null()
	case have == nil:
		change := d.body(document.Block(nil), want, b)
		if change == nil && len(want.Members) == 0 && !inert[b.name] {
			return document.Map()
		}
		return change
	}
	return d.body(have, want, b)
}

// inert lists blocks that say nothing when they are empty.
var inert = map[string]bool{
	"RestartPolicy": true, "UpdateStrategy": true, "ReschedulePolicy": true, "MigrateStrategy": true, "EphemeralDisk": true,
	"Resources": true, "LogConfig": true, "DNSConfig": true,
}

func (d *differ) labelled(have, want *document.Value, key string, b *body) *document.Value {
	patch := document.Map()
	seen := map[string]bool{}
	for _, m := range want.Members {
		if m.Key != key || len(m.Value.Labels) == 0 {
			continue
		}
		label := m.Value.Labels[0]
		name := label
		if d.identity != nil {
			if id := d.identity(key, m.Value); id != "" {
				name = id
			}
		}
		seen[name] = true
		counterpart := labelled(have, key, name)
		if counterpart == nil {
			patch.Set(name, d.added(m.Value, b))
			continue
		}
		change := d.body(counterpart, m.Value, b)
		if name != label {
			if change == nil {
				change = document.Map()
			}
			change.Members = append([]document.Member{{Key: "name", Value: document.String(label)}}, change.Members...)
		}
		if change != nil {
			patch.Set(name, change)
		}
	}
	for _, m := range have.Members {
		if m.Key == key && len(m.Value.Labels) > 0 && !seen[m.Value.Labels[0]] {
			patch.Set(m.Value.Labels[0], document.Null())
		}
	}
	if len(patch.Members) == 0 {
		return nil
	}
	return patch
}

// identified compares blocks that repeat without labels by their identities.
func (d *differ) identified(have, want *document.Value, key string, b *body) *document.Value {
	patch := document.Map()
	seen := map[string]bool{}
	for _, m := range want.Members {
		if m.Key != key {
			continue
		}
		name := ""
		if d.identity != nil {
			name = d.identity(key, m.Value)
		}
		if name == "" && b == nil {
			name = identityOf(key, m.Value) // a mount is what is mounted at its place
		}
		at := -1
		if name != "" && !seen[name] {
			at = identified(have, key, name)
		}
		counterpart := d.moved[m.Value]
		if at >= 0 {
			counterpart = have.Members[at].Value
		}
		if counterpart == nil {
			name = d.fresh(have, want, key, m.Value, seen)
			seen[name] = true
			patch.Set(name, d.added(m.Value, b))
			continue
		}
		seen[name] = true
		var change *document.Value
		if b == nil {
			change = d.freeBody(counterpart, m.Value)
		} else {
			change = d.body(counterpart, m.Value, b)
		}
		if change == nil && at < 0 {
			change = document.Map() // moved, and otherwise the same
		}
		if change != nil {
			patch.Set(name, change)
		}
	}
	for _, m := range have.Members {
		if m.Key == key && !seen[identityOf(key, m.Value)] && d.moved[m.Value] == nil {
			patch.Set(identityOf(key, m.Value), document.Null())
		}
	}
	if len(patch.Members) == 0 {
		return nil
	}
	return patch
}

// added is the patch that adds a block: all of it but for defaults.
func (d *differ) added(block *document.Value, b *body) *document.Value {
	if b == nil {
		return d.carry(block)
	}
	patch := d.body(document.Block(nil), block, b)
	if patch == nil {
		patch = document.Map()
	}
	return patch
}

// fresh names a block that has no counterpart.
func (d *differ) fresh(have, want *document.Value, key string, block *document.Value, seen map[string]bool) string {
	name := identityOf(key, block)
	if v := block.Get("name"); v != nil && key == "service" && v.Text != "" {
		name = v.Text
	}
	if name == "" {
		name = key
	}
	inTasks := func(name string) bool {
		for _, task := range blocksOf(have, "task") {
			if identified(task, key, name) >= 0 {
				return true
			}
		}
		return false
	}
	unique := name
	for n := 2; seen[unique] || identified(have, key, unique) >= 0 || inTasks(unique); n++ {
		unique = name + "-" + strconv.Itoa(n)
	}
	return unique
}

// rules compares rules about nodes, whose order does not count: those that are more
// are added, under the attribute that they are about.
func (d *differ) rules(have, want *document.Value, key string, b *body) *document.Value {
	missing := blocksOf(have, key)
	var more []*document.Value
	for _, w := range blocksOf(want, key) {
		if at := slices.IndexFunc(missing, func(h *document.Value) bool { return d.body(h, w, b) == nil }); at >= 0 {
			missing = slices.Delete(slices.Clone(missing), at, at+1)
		} else {
			more = append(more, w)
		}
	}
	if len(missing) > 0 {
		return d.list(have, want, key, b)
	}
	patch := document.Map()
	seen := map[string]bool{}
	for _, w := range more {
		name := d.fresh(have, want, key, w, seen)
		seen[name] = true
		patch.Set(name, d.carry(w))
	}
	if len(patch.Members) == 0 {
		return nil
	}
	return patch
}

// list compares blocks that nothing tells apart: all or nothing.
func (d *differ) list(have, want *document.Value, key string, b *body) *document.Value {
	h, w := blocksOf(have, key), blocksOf(want, key)
	same := len(h) == len(w)
	for i := range w {
		same = same && d.body(h[i], w[i], b) == nil
	}
	switch {
	case same:
		return nil
	case len(w) == 0:
		return document.Null()
	case len(h) == 1 && len(w) == 1:
		return d.body(h[0], w[0], b)
	case len(h) == 0 && len(w) == 1:
		return d.carry(w[0])
	}
	out := document.List()
	for _, block := range w {
		out.Items = append(out.Items, d.carry(block))
	}
	return out
}

func blocksOf(v *document.Value, key string) []*document.Value {
	var out []*document.Value
	for _, m := range v.Members {
		if m.Key == key {
			out = append(out, m.Value)
		}
	}
	return out
}

func (d *differ) texts(have, want *document.Value) *document.Value {
	patch := document.Map()
	if want != nil {
		for _, m := range want.Members {
			if h := have.Get(m.Key); h == nil || !h.Equal(m.Value) {
				patch.Set(m.Key, d.carry(m.Value))
			}
		}
	}
	if have != nil {
		for _, m := range have.Members {
			if want.Get(m.Key) == nil {
				patch.Set(m.Key, document.Null())
			}
		}
	}
	if len(patch.Members) == 0 {
		return nil
	}
	return patch
}
