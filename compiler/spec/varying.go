package spec

import (
	"fmt"
	"strings"

	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/source"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// Allowance is a parity entry of a spec: a point of the deliverable that stages may
// vary, with the reason.
type Allowance struct {
	Path string
	Why  string
	At   source.Range
}

// Allowances returns the parity entries of the spec, one for each path.
func (d *Document) Allowances() []Allowance {
	node := d.Root.Get("parity")
	if node.IsNull() {
		return nil
	}
	entries := node.Items
	if node.Kind == tree.Mapping {
		entries = []*tree.Node{node}
	}
	var all []Allowance
	for _, e := range entries {
		if e.Get("why").IsNull() {
			continue
		}
		for _, path := range e.Get("allow").Strings() {
			all = append(all, Allowance{path, e.Get("why").Value, e.Range()})
		}
	}
	return all
}

// Declaration is a point that a stage varies, or a workload that only some stages
// have.
type Declaration struct {
	Stage string
	Path  string
	At    source.Range
}

// Declarations returns what the stages declare to vary, in the order of the spec. A
// stage that extends another declares what that one does.
func (d *Document) Declarations() []Declaration {
	var all []Declaration
	for _, stage := range d.Stages() {
		node := d.Root.Get("stages").Get(stage)
		if vary := node.Get("vary"); vary != nil && vary.Kind == tree.Mapping {
			for _, p := range vary.Pairs {
				all = append(all, Declaration{stage, joined(ir.SplitPath(p.Key.Value)), p.Key.Range()})
			}
		}
		only := node.Get("only")
		for i, name := range only.Strings() {
			at := only.Range()
			if i < len(only.Items) {
				at = only.Items[i].Range()
			}
			all = append(all, Declaration{stage, ir.JoinPath("workloads", name), at})
		}
	}
	return all
}

// MayVary reports whether the language lets a stage vary what is at a path of an app
// without a parity entry, and under which rule.
func MayVary(path string) (rule string, ok bool) {
	segments := ir.SplitPath(path)
	if len(segments) > 2 && segments[0] == "configs" {
		segments[2] = "file" // an app holds the content of what a spec names
	}
	for _, point := range varying {
		if matches(strings.Split(point, "."), segments) {
			return fmt.Sprintf("stages may vary %s", point), true
		}
	}
	return "", false
}
