package document

import (
	"errors"
)

var errTodo = errors.New("not written yet")

func Merge(base, patch *Value) error { return errTodo }

// FoldOptions says which equal maps are folded into one.
type FoldOptions struct {
	Paths      []string // where to look: "services.*.environment", "services.*.logging"
	MinMembers int      // smallest number of scalars that is worth a name; 0 means 2
	Prefix     string   // Hoist: key prefix of the blocks, such as "x-"
}

// Hoisted is one block that Hoist moved to the top.
type Hoisted struct {
	Key   string   // "x-logging"
	Name  string   // the anchor: "logging"
	Value *Value   // the block, with its Anchor set
	Paths []string // where it is referred to
}

func FoldAnchors(v *Value, o FoldOptions) []Hoisted { return nil }
func Hoist(v *Value, o FoldOptions) []Hoisted       { return nil }
