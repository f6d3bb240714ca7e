package score

import (
	"fmt"

	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// piece is a part of a Score file that is carried: the keys to it, and what stands
// there.
type piece struct {
	path  []string
	value *tree.Node
}

// carry keeps pieces of a workload's file as they stand, as one entry of the ledger.
func (r *reader) carry(w *workload, why, exit string, at *tree.Node, pieces ...piece) {
	entry := ir.PlatformEntry{Platform: Name, On: w.path(), Why: why, Exit: exit, Patch: &ir.Value{Kind: ir.MapValue}}
	entry.Path = fmt.Sprintf("platform.%s[%d]", Name, len(r.app.Platform))
	for _, p := range pieces {
		put(entry.Patch, p.path, valueOf(p.value))
	}
	r.positions.Set(entry.Path, at)
	r.app.Platform = append(r.app.Platform, entry)
}

// put sets a value within a map of maps.
func put(into *ir.Value, path []string, value *ir.Value) {
	for ; len(path) > 1; path = path[1:] {
		next := into.Get(path[0])
		if next == nil || next.Kind != ir.MapValue {
			next = &ir.Value{Kind: ir.MapValue}
			into.Members.Set(path[0], next)
		}
		into = next
	}
	into.Members.Set(path[0], value)
}

// extras are open members of a mapping as pieces.
func extras(path []string, others members[*tree.Node]) []piece {
	var pieces []piece
	for _, o := range others {
		pieces = append(pieces, piece{join(path, o.Name), o.Value})
	}
	return pieces
}

// join appends to a path without touching it.
func join(path []string, more ...string) []string {
	return append(append([]string{}, path...), more...)
}

// valueOf copies a node as it stands.
func valueOf(n *tree.Node) *ir.Value {
	switch {
	case n.IsNull():
		return &ir.Value{Kind: ir.NullValue}
	case n.Kind == tree.Mapping:
		v := &ir.Value{Kind: ir.MapValue}
		for _, p := range n.Pairs {
			v.Members.Set(p.Key.Value, valueOf(p.Value))
		}
		return v
	case n.Kind == tree.Sequence:
		v := &ir.Value{Kind: ir.ListValue}
		for _, item := range n.Items {
			v.Items = append(v.Items, valueOf(item))
		}
		return v
	}
	kinds := map[tree.Kind]ir.ValueKind{tree.Bool: ir.BoolValue, tree.Int: ir.NumberValue, tree.Float: ir.NumberValue, tree.String: ir.StringValue}
	return &ir.Value{Kind: kinds[n.Kind], Text: n.Value}
}
