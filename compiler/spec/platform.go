package spec

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/decamp-dev/decamp/compiler/ir"
	"github.com/decamp-dev/decamp/compiler/tree"
)

// platforms collects the ledger: the platform section at the top and those inside of
// workloads.
func (d *decoder) platforms(root *tree.Node) {
	d.ledger(root.Get("platform"), "")
	workloads := root.Get("workloads")
	if workloads == nil || workloads.Kind != tree.Mapping {
		return
	}
	d.push("workloads")
	for _, p := range workloads.Pairs {
		if p.Value.Get("platform") != nil {
			d.push(p.Key.Value)
			d.ledger(p.Value.Get("platform"), d.at())
			d.pop()
		}
	}
	d.pop()
}

// ledger decodes one platform section. base is the path of the workload that it
// stands in, "" at the top.
func (d *decoder) ledger(n *tree.Node, base string) {
	if n.IsNull() {
		return
	}
	d.push("platform")
	defer d.pop()
	if n.Kind != tree.Mapping {
		d.fail(CodeWrongType, n, fmt.Sprintf("a %s stands where a mapping of platforms belongs", n.Kind), "Write platform: {NAME: [{on: …, patch: …, why: …}]}.")
		return
	}
	for _, p := range n.Pairs {
		name := p.Key.Value
		if strings.HasPrefix(name, "x-") {
			continue
		}
		d.push(name)
		if len(d.environment.Platforms) > 0 && !slices.Contains(d.environment.Platforms, name) {
			d.fail(CodeUnknownTarget, p.Key, fmt.Sprintf("there is no platform %q", name), "The platforms are "+strings.Join(d.environment.Platforms, ", ")+"."+didYouMean(name, d.environment.Platforms))
		}
		entries := p.Value.Items
		if p.Value.Kind == tree.Mapping {
			entries = []*tree.Node{p.Value}
		}
		for i, e := range entries {
			d.push(fmt.Sprintf("[%d]", i))
			d.entry(name, base, e)
			d.pop()
		}
		d.pop()
	}
}

func (d *decoder) entry(platform, base string, n *tree.Node) {
	e := ir.PlatformEntry{Platform: platform, Path: d.at()}
	shape := ir.ShapeOf(reflect.TypeFor[ir.PlatformEntry]())
	d.structure(n, reflect.ValueOf(&e).Elem(), shape, nil)
	if n.Kind != tree.Mapping {
		return
	}
	if patch := n.Get("patch"); patch != nil {
		e.Patch = ValueOf(patch)
	}
	for _, o := range n.Get("objects").Elements() {
		e.Objects = append(e.Objects, ValueOf(o))
	}
	e.On = absolute(base, e.On)
	d.checkEntry(n, &e)
	d.app.Platform = append(d.app.Platform, e)
}

// absolute makes a path that is written inside a workload one of the app. Objects of
// the platform (Kind/name) and whole paths stay as they are.
func absolute(base, on string) string {
	switch {
	case base == "" || strings.HasPrefix(on, "workloads.") || strings.Contains(on, "/"):
		return on
	case on == "":
		return base
	}
	return base + "." + on
}

func (d *decoder) checkEntry(n *tree.Node, e *ir.PlatformEntry) {
	said := 0
	for _, given := range []bool{e.Patch != nil, len(e.Objects) > 0, e.Accept != ""} {
		if given {
			said++
		}
	}
	switch {
	case said != 1:
		d.fail(CodePlatformEntry, n, "a platform entry does one thing", "Give exactly one of patch, objects and accept.")
	case e.Accept == "" && e.Why == "":
		d.fail(CodePlatformEntry, n, "a platform entry needs its reason", "Say why it is there: the section is the list of what this team owes to the platform. exit says what to do when leaving.")
	case e.On == "" && len(e.Objects) == 0:
		d.fail(CodePlatformEntry, n, "a platform entry says what it concerns", "Add on: a path of the spec, such as workloads.web, or an object of the platform, such as Service/web.")
	}
}

// ValueOf copies a node into a value that is carried verbatim.
func ValueOf(n *tree.Node) *ir.Value {
	switch {
	case n.IsNull():
		return &ir.Value{Kind: ir.NullValue}
	case n.Kind == tree.Mapping:
		v := &ir.Value{Kind: ir.MapValue}
		for _, p := range n.Pairs {
			v.Members = append(v.Members, ir.Item[*ir.Value]{Key: p.Key.Value, Value: ValueOf(p.Value)})
		}
		return v
	case n.Kind == tree.Sequence:
		v := &ir.Value{Kind: ir.ListValue}
		for _, item := range n.Items {
			v.Items = append(v.Items, ValueOf(item))
		}
		return v
	}
	kinds := map[tree.Kind]ir.ValueKind{tree.Bool: ir.BoolValue, tree.Int: ir.NumberValue, tree.Float: ir.NumberValue, tree.String: ir.StringValue}
	return &ir.Value{Kind: kinds[n.Kind], Text: n.Value}
}
